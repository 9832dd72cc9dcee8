// SPDX-License-Identifier: Apache-2.0
// Objects that live in a module's memory.
import {PoseNetError} from './errors.js';
import type {Module} from './module.js';

interface Owned {
  destroy: (pointer: number) => void;
  pointer: number;
}

// Destroys objects that were garbage collected without dispose().
const registry = new FinalizationRegistry<Owned>(({destroy, pointer}) => destroy(pointer));

/** A C++ object, destroyed by dispose() or some time after it becomes unreachable. */
export abstract class Handle {
  #pointer: number;
  readonly #destroy: (pointer: number) => void;

  /** Takes ownership of the object at `pointer`, which `destroy` frees. `what` names it in messages. */
  protected constructor(protected readonly module: Module, pointer: number, destroy: (pointer: number) => void,
                        private readonly what: string) {
    this.#pointer = pointer;
    this.#destroy = destroy;
    registry.register(this, {destroy, pointer}, this);
  }

  /** The object's address. Errors: 'invalid-argument' after dispose(). */
  protected get pointer(): number {
    if (this.#pointer === 0) throw new PoseNetError('invalid-argument', `this ${this.what} has been disposed`);
    return this.#pointer;
  }

  /** Whether dispose() has been called. */
  get isDisposed(): boolean {
    return this.#pointer === 0;
  }

  /** Frees the object's memory. Using it afterwards is an error; disposing it again is not. */
  dispose(): void {
    if (this.#pointer === 0) return;
    registry.unregister(this);
    this.#destroy(this.#pointer);
    this.#pointer = 0;
  }
}
