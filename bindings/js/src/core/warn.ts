// SPDX-License-Identifier: Apache-2.0
// What programs should know that is no error: on the console, once.

const told = new Set<string>();

/** Writes `message` to the console, unless it was before. */
export function warnOnce(message: string): void {
  if (told.has(message)) return;
  told.add(message);
  console.warn(`PoseNet: ${message}`);
}
