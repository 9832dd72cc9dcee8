// SPDX-License-Identifier: Apache-2.0
// Random numbers that depend only on a seed and a name: a layer has the same weights in every network.

// FNV-1a.
function hash(text) {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; ++i) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** Returns `count` float32 uniformly distributed over [low, high). */
export function uniform(seed, name, count, low, high) {
  let state = hash(`${seed}/${name}`) || 1;
  const numbers = new Float32Array(count);
  for (let i = 0; i < count; ++i) {
    // xorshift32: Marsaglia 2003.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    numbers[i] = low + (high - low) * ((state >>> 0) / 2 ** 32);
  }
  return numbers;
}
