// SPDX-License-Identifier: Apache-2.0
// Objects that live in a module's memory.
import {PoseNetError} from './errors.js';
import type {Module} from './module.js';

interface Owned {
  destroy: (pointer: number) => void;
  pointer: number;
}

// For those who forget to dispose.
const forgotten = new FinalizationRegistry<Owned>(({destroy, pointer}) => destroy(pointer));

/** An object of C++ that is destroyed with dispose(), or some time after nobody knows it any more. */
export abstract class Handle {
  #pointer: number;
  readonly #destroy: (pointer: number) => void;

  /** Takes what is at `pointer`; `destroy` frees it. `what` names the object in messages. */
  protected constructor(protected readonly module: Module, pointer: number, destroy: (pointer: number) => void,
                        private readonly what: string) {
    this.#pointer = pointer;
    this.#destroy = destroy;
    forgotten.register(this, {destroy, pointer}, this);
  }

  /** Where the object is. Errors: 'invalid-argument' after dispose(). */
  protected get pointer(): number {
    if (this.#pointer === 0) throw new PoseNetError('invalid-argument', `this ${this.what} was disposed of`);
    return this.#pointer;
  }

  /** Whether dispose() was called. */
  get isDisposed(): boolean {
    return this.#pointer === 0;
  }

  /** Frees the object's memory; using it afterwards is an error, disposing of it again is not. */
  dispose(): void {
    if (this.#pointer === 0) return;
    forgotten.unregister(this);
    this.#destroy(this.#pointer);
    this.#pointer = 0;
  }
}
