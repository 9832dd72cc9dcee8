// SPDX-License-Identifier: Apache-2.0
// Objects that live in a module's memory.
import {PoseNetError} from './errors.js';
import {HeapBuffer} from './heap_buffer.js';
import type {Module} from './module.js';

interface Owned {
  destroy: (pointer: number) => void;
  pointer: number;
  buffers: HeapBuffer[];
}

function release({destroy, pointer, buffers}: Owned): void {
  destroy(pointer);
  for (const buffer of buffers) buffer.free();
}

// Destroys objects that were garbage collected without dispose().
const registry = new FinalizationRegistry<Owned>(release);

/** A handle of the C interface, destroyed by dispose() or some time after it becomes unreachable. */
export abstract class Handle {
  readonly #owned: Owned;

  /** Takes ownership of the handle at `pointer`, which `destroy` frees. `what` names it in messages. */
  protected constructor(protected readonly module: Module, pointer: number, destroy: (pointer: number) => void,
                        private readonly what: string) {
    this.#owned = {destroy, pointer, buffers: []};
    registry.register(this, this.#owned, this);
  }

  /** The handle's address. Errors: 'invalid-argument' after dispose(). */
  protected get pointer(): number {
    if (this.isDisposed) throw new PoseNetError('invalid-argument', `this ${this.what} has been disposed`);
    return this.#owned.pointer;
  }

  /** A new buffer that is freed with the handle. */
  protected createBuffer(): HeapBuffer {
    const buffer = new HeapBuffer(this.module.exports);
    this.#owned.buffers.push(buffer);
    return buffer;
  }

  /** Whether dispose() has been called. */
  get isDisposed(): boolean {
    return this.#owned.pointer === 0;
  }

  /** Frees the object's memory. Using it afterwards is an error; disposing it again is not. */
  dispose(): void {
    if (this.isDisposed) return;
    registry.unregister(this);
    release(this.#owned);
    this.#owned.pointer = 0;
  }
}
