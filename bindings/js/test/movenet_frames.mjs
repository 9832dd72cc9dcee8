// SPDX-License-Identifier: Apache-2.0
// A short video for MoveNet: a person who moves and, after a cut, two.
import {readImage, subsampled} from './fixtures.mjs';

export const FRAME_MS = 40;
const [WIDTH, HEIGHT] = [320, 240];

/** Returns an image twice, side by side. */
function twice({data, width, height}) {
  const pixels = new Uint8Array(2 * data.length);
  for (let y = 0; y < height; ++y) {
    const row = data.subarray(y * width * 4, (y + 1) * width * 4);
    for (const copy of [0, 1]) pixels.set(row, (2 * y + copy) * width * 4);
  }
  return {data: pixels, width: 2 * width, height};
}

/** Returns frame `i` of an image: a window that moves along a diagonal. */
function frame({data, width, height}, i) {
  const [left, top] = [Math.round((width - WIDTH) / 2) + 6 * i - 15, Math.round((height - HEIGHT) / 2) + 3 * i - 8];
  const pixels = new Uint8Array(WIDTH * HEIGHT * 4);
  for (let y = 0; y < HEIGHT; ++y) {
    for (let x = 0; x < WIDTH; ++x) {
      const [u, v] = [Math.min(Math.max(left + x, 0), width - 1), Math.min(Math.max(top + y, 0), height - 1)];
      pixels.set(data.subarray((v * width + u) * 4, (v * width + u) * 4 + 4), (y * WIDTH + x) * 4);
    }
  }
  return {data: pixels, width: WIDTH, height: HEIGHT};
}

/** Returns the frames: RGBA images of 320 x 240. */
export function frames() {
  const image = readImage('human-sample-body.jpg');
  return [subsampled(image, 5), twice(subsampled(image, 6))].flatMap(scene =>
    Array.from({length: 6}, (_, i) => frame(scene, i)));
}
