// SPDX-License-Identifier: Apache-2.0
// A video of a person moving from side to side, for Chromium's webcam. The brightness of a bar at the bottom encodes
// the position: BAR_DARK + BAR_STEP * the left edge of the image in pixels.
import {closeSync, openSync, writeSync} from 'node:fs';

const IMAGE = 240;
const MARGIN = 16; // Keypoints would shift if the image touched the side of the frame.
export const WIDTH = 352;
export const HEIGHT = 256; // 240 for the image, 16 for the bar.
export const SWING = WIDTH - IMAGE - 2 * MARGIN;
export const BAR_DARK = 40;
export const BAR_STEP = 2;
const FRAMES = 64;

/** Writes the video of `image` (240 x 240, RGBA) to `path` (.y4m). */
export function writeVideo(path, image) {
  const file = openSync(path, 'w');
  writeSync(file, `YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg XCOLORRANGE=FULL\n`);
  for (let i = 0; i < FRAMES; ++i) {
    const shift = MARGIN + Math.round(SWING * (0.5 - 0.5 * Math.cos(2 * Math.PI * i / FRAMES)) / 2) * 2;
    writeSync(file, 'FRAME\n');
    writeSync(file, frame(image, shift));
  }
  closeSync(file);
}

function frame(image, shift) {
  const planes = Buffer.alloc(WIDTH * HEIGHT * 3 / 2, 128);
  planes.fill(128, 0, WIDTH * HEIGHT);
  planes.fill(BAR_DARK + BAR_STEP * shift, WIDTH * 240, WIDTH * HEIGHT);
  const [blue, red] = [WIDTH * HEIGHT, WIDTH * HEIGHT * 5 / 4];
  for (let y = 0; y < 240; ++y) {
    for (let x = 0; x < 240; ++x) {
      const [r, g, b] = image.data.subarray((y * 240 + x) * 4);
      const luma = 0.299 * r + 0.587 * g + 0.114 * b;
      planes[y * WIDTH + x + shift] = luma;
      if (y % 2 || x % 2) continue;
      const at = y / 2 * WIDTH / 2 + (x + shift) / 2;
      planes[blue + at] = Math.min(255, Math.max(0, 128 + (b - luma) * 0.564));
      planes[red + at] = Math.min(255, Math.max(0, 128 + (r - luma) * 0.713));
    }
  }
  return planes;
}
