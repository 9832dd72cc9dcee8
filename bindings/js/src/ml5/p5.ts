// SPDX-License-Identifier: Apache-2.0
// What p5 has to do with ml5: functions that a sketch calls in preload() hold setup() back until they are done.

interface P5Prototype {
  registerPreloadMethod?(name: string, owner: object): void;
}

interface Page {
  p5?: {prototype?: P5Prototype};
  _decrementPreload?(): void;
}

const registered = new Set<string>();

/** Tells p5, where it is, which functions of `owner` may be called in preload(). */
export function registerPreloads(owner: object, names: readonly string[]): void {
  const prototype = (globalThis as Page).p5?.prototype;
  if (!prototype?.registerPreloadMethod) return; // No p5, or p5 2, which awaits instead.
  for (const name of names) {
    prototype.registerPreloadMethod(name, owner);
    registered.add(name);
  }
}

/** To be called when what `name` was called for is there, or failed. */
export function preloaded(name: string): void {
  if (registered.has(name)) (globalThis as Page)._decrementPreload?.();
}
