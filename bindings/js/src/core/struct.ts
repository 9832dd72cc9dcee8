// SPDX-License-Identifier: Apache-2.0
// Structs of the C interface in a module's memory, laid out as a C compiler does for WebAssembly: every member is at the
// next multiple of its size, and so is the end of the struct for its largest member.

interface Scalar {
  readonly bytes: number;
  read(view: DataView, at: number): number;
  write(view: DataView, at: number, value: number): void;
}

const INT32: Scalar = {
  bytes: 4,
  read: (view, at) => view.getInt32(at, true),
  write: (view, at, value) => view.setInt32(at, value, true),
};
const UINT32: Scalar = {
  bytes: 4,
  read: (view, at) => view.getUint32(at, true),
  write: (view, at, value) => view.setUint32(at, value, true),
};

const SCALARS = {
  int32_t: INT32,
  ptrdiff_t: INT32,
  size_t: UINT32,
  pointer: UINT32,
  int64_t: {
    bytes: 8,
    read: (view, at) => Number(view.getBigInt64(at, true)),
    write: (view, at, value) => view.setBigInt64(at, BigInt(value), true),
  },
  uint64_t: {
    bytes: 8,
    read: (view, at) => Number(view.getBigUint64(at, true)),
    write: (view, at, value) => view.setBigUint64(at, BigInt(value), true),
  },
  float: {
    bytes: 4,
    read: (view, at) => view.getFloat32(at, true),
    write: (view, at, value) => view.setFloat32(at, value, true),
  },
  double: {
    bytes: 8,
    read: (view, at) => view.getFloat64(at, true),
    write: (view, at, value) => view.setFloat64(at, value, true),
  },
} satisfies Record<string, Scalar>;

type ScalarName = keyof typeof SCALARS;

/** The type of a member: a number, an address ('pointer'), or an array. Enumerations are int32_t. */
export type MemberType = ScalarName | `${ScalarName}[${number}]`;

/** The types of a struct's members, by their names and in their order. */
export type Members = Readonly<Record<string, MemberType>>;

interface Place {
  offset: number;
  length: number;
  scalar: Scalar;
}

function aligned(offset: number, bytes: number): number {
  return Math.ceil(offset / bytes) * bytes;
}

/** The layout of a struct. */
export class StructType<Type extends Members> {
  /** Size in bytes. */
  readonly size: number;
  readonly #places = new Map<string, Place>();

  /** `name` is that of the struct in C. */
  constructor(readonly name: string, readonly members: Type) {
    let end = 0;
    let alignment = 1;
    for (const [member, type] of Object.entries(members)) {
      const [scalarName, length] = type.split(/[[\]]/) as [ScalarName, string?];
      const scalar = SCALARS[scalarName];
      const place = {offset: aligned(end, scalar.bytes), length: Number(length ?? 1), scalar};
      this.#places.set(member, place);
      end = place.offset + place.length * scalar.bytes;
      alignment = Math.max(alignment, scalar.bytes);
    }
    this.size = aligned(end, alignment);
  }

  /** Where a member is, and what. */
  placeOf(member: string): Place {
    return this.#places.get(member)!;
  }
}

/** Something with memory that may grow. */
export interface Memory {
  /** A view of all memory, valid until it grows. */
  readonly view: DataView;
}

/** A struct in memory. */
export class Struct<Type extends Members> {
  constructor(private readonly memory: Memory, readonly type: StructType<Type>, readonly pointer: number) {}

  get(member: keyof Type & string): number {
    const {offset, scalar} = this.type.placeOf(member);
    return scalar.read(this.memory.view, this.pointer + offset);
  }

  /** The numbers of an array. */
  array(member: keyof Type & string): number[] {
    const {offset, length, scalar} = this.type.placeOf(member);
    const {view} = this.memory;
    return Array.from({length}, (_, i) => scalar.read(view, this.pointer + offset + i * scalar.bytes));
  }

  set(member: keyof Type & string, value: number): void {
    const {offset, scalar} = this.type.placeOf(member);
    scalar.write(this.memory.view, this.pointer + offset, value);
  }
}
