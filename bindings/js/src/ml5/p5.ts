// SPDX-License-Identifier: Apache-2.0
// p5 and ml5: functions that a sketch calls in preload() delay setup() until they have finished.

interface P5Prototype {
  registerPreloadMethod?(name: string, owner: object): void;
}

interface Page {
  p5?: {prototype?: P5Prototype};
  _decrementPreload?(): void;
}

const registered = new Set<string>();

/** Registers functions of `owner` with p5, if it is loaded, for calls in preload(). */
export function registerPreloads(owner: object, names: readonly string[]): void {
  const prototype = (globalThis as Page).p5?.prototype;
  if (!prototype?.registerPreloadMethod) return; // No p5, or p5 2, which uses await instead.
  for (const name of names) {
    prototype.registerPreloadMethod(name, owner);
    registered.add(name);
  }
}

/** Called when the work of function `name` has finished or failed. */
export function preloaded(name: string): void {
  if (registered.has(name)) (globalThis as Page)._decrementPreload?.();
}
