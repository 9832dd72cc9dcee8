// SPDX-License-Identifier: Apache-2.0
// Warnings on the console.

const warned = new Set<string>();

/** Writes `message` to the console, the first time it is given. */
export function warnOnce(message: string): void {
  if (warned.has(message)) return;
  warned.add(message);
  console.warn(`PoseNet: ${message}`);
}
