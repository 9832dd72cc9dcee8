// SPDX-License-Identifier: Apache-2.0
// Options as objects, and as structs of the C interface.
import {PoseNetError} from './errors.js';
import type {Module} from './module.js';
import type {Members, Struct, StructType} from './struct.js';

/** How values of options become numbers of members. */
export interface OptionKind {
  /** What values there are, for messages. */
  readonly expected: string;
  /** The number for a value; undefined if the value is invalid. */
  toNumber(value: unknown): number | undefined;
  /** The value for a number; undefined if there is none. By default the number itself. */
  fromNumber?(number: number): unknown;
}

/** The member of a struct that stores an option. If -1 stands for the member's default and so is not a value, the range
 *  of values is given, for messages. */
export type Option<Member extends string = string> = readonly [member: Member, kind: OptionKind, range?: string];

/** The options of an object, by their names. */
export type OptionTable<Member extends string = string> = Readonly<Record<string, Option<Member>>>;

const POSENET_DEFAULT = -1;
const MAX_FLOAT = (2 - 2 ** -23) * 2 ** 127;

function isIntegerIn(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
}

export const INTEGER: OptionKind = {
  expected: 'an integer',
  toNumber: value => isIntegerIn(value, -(2 ** 31), 2 ** 31 - 1) ? value : undefined,
};

/** For members of 64 bits. */
export const BIG_INTEGER: OptionKind = {
  expected: 'an integer from 0 to 2^53 - 1',
  toNumber: value => isIntegerIn(value, 0, Number.MAX_SAFE_INTEGER) ? value : undefined,
};

export const DOUBLE: OptionKind = {
  expected: 'a number',
  toNumber: value => Number.isFinite(value) ? value as number : undefined,
};

export const FLOAT: OptionKind = {
  expected: 'a number',
  // Numbers beyond the largest are larger than any valid option, but must not become infinite.
  toNumber: value => Number.isFinite(value)
    ? Math.fround(Math.min(Math.max(value as number, -MAX_FLOAT), MAX_FLOAT)) : undefined,
  // The number that prints most briefly of those with this value in single precision: 0.3, not 0.30000001192092896.
  fromNumber: number => {
    for (let digits = 1; digits < 9; ++digits) {
      const brief = Number(number.toPrecision(digits));
      if (Math.fround(brief) === number) return brief;
    }
    return number;
  },
};

export const FLAG: OptionKind = {
  expected: 'true or false',
  toNumber: value => typeof value === 'boolean' ? Number(value) : undefined,
  fromNumber: number => number === 1,
};

/** One of `names`, whose indices are the numbers of the enumerators. */
export function choice(names: readonly string[]): OptionKind {
  return {
    expected: `one of ${names.join(', ')}`,
    toNumber: value => {
      const index = names.indexOf(value as string);
      return index < 0 ? undefined : index;
    },
    fromNumber: number => names[number],
  };
}

/** Text of the caller in a message: one line, and not long. */
function printable(text: string): string {
  return text.replace(/[\x00-\x1f\x7f]/g, '?').slice(0, 200);
}

function printed(value: unknown): string {
  // JSON lacks the numbers that are not finite.
  const json = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'number' && !Number.isFinite(part) ? String(part) : part) as string | undefined;
  return printable(json ?? typeof value);
}

function invalid(message: string): PoseNetError {
  return new PoseNetError('invalid-argument', message);
}

/** Sets the members of `struct` that `options` has values for. Errors: 'invalid-argument' for the first value of another
 *  type than its option's, and for options that `table` does not have. */
export function writeOptions<Type extends Members>(
    struct: Struct<Type>, table: OptionTable<keyof Type & string>, options: object): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw invalid(`the options are ${printed(options)}; expected an object`);
  }
  const values = new Map<string, unknown>(Object.entries(options).filter(([, value]) => value !== undefined));
  for (const [name, [member, kind, range]] of Object.entries(table)) {
    if (!values.has(name)) continue;
    const number = kind.toNumber(values.get(name));
    if (number === undefined) throw invalid(`${name} is ${printed(values.get(name))}; expected ${kind.expected}`);
    if (range !== undefined && number === POSENET_DEFAULT) throw invalid(`${member} is ${number}; expected ${range}`);
    struct.set(member, number);
    values.delete(name);
  }
  const [unknown] = values.keys();
  if (unknown !== undefined) {
    throw invalid(`unknown option ${printable(unknown)}; expected one of ${Object.keys(table).join(', ')}`);
  }
}

/** Returns the handle that `create` writes to its second argument, with `options` as its first. Errors: those of
 *  writeOptions and of `create`. */
export function createWithOptions<Type extends Members>(
    module: Module, type: StructType<Type>, table: OptionTable<keyof Type & string>, options: object,
    create: (options: number, handle: number, error: number) => number): number {
  return module.withStack(() => {
    const given = module.initialized(type);
    writeOptions(given, table, options);
    return module.created((handle, error) => create(given.pointer, handle, error));
  });
}

/** The options that `struct` has values for. */
export function readOptions<Type extends Members>(
    struct: Struct<Type>, table: OptionTable<keyof Type & string>): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [name, [member, kind]] of Object.entries(table)) {
    const number = struct.get(member);
    const value = kind.fromNumber ? kind.fromNumber(number) : number;
    if (value !== undefined) options[name] = value;
  }
  return options;
}
