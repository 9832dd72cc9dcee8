// SPDX-License-Identifier: Apache-2.0
// Differences of camera poses, given as 4 x 4 matrices in row-major order.

export const centerOf = worldFromCam => [worldFromCam[3], worldFromCam[7], worldFromCam[11]];

export function metersBetween(a, b) {
  const [from, to] = [centerOf(a), centerOf(b)];
  return Math.hypot(...from.map((value, i) => value - to[i]));
}

/** The angle of the rotation between two poses. */
export function degreesBetween(a, b) {
  let trace = 0;
  for (const row of [0, 4, 8]) for (let i = 0; i < 3; ++i) trace += a[row + i] * b[row + i];
  return Math.acos(Math.min(Math.max((trace - 1) / 2, -1), 1)) * 180 / Math.PI;
}
