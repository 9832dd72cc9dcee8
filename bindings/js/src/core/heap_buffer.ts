// SPDX-License-Identifier: Apache-2.0
// Memory that images, poses and files are copied to and from.
import {PoseNetError} from './errors.js';
import type {Exports} from './exports.js';

/** A part of a module's heap that grows to the largest size that it was needed for. */
export class HeapBuffer {
  #pointer = 0;
  #bytes = 0;

  constructor(private readonly exports: Pick<Exports, 'malloc' | 'free'>) {}

  /** Returns the address of `bytes` bytes, whose contents are undefined; 0 for none. Errors: 'resource-exhausted'. */
  reserve(bytes: number): number {
    if (bytes <= this.#bytes) return this.#pointer;
    this.free();  // Neither copied nor kept beside the new memory.
    this.#pointer = this.exports.malloc(bytes);
    if (this.#pointer === 0) throw new PoseNetError('resource-exhausted', 'out of memory');
    this.#bytes = bytes;
    return this.#pointer;
  }

  free(): void {
    this.exports.free(this.#pointer);
    this.#pointer = 0;
    this.#bytes = 0;
  }
}
