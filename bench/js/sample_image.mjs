// SPDX-License-Identifier: Apache-2.0
// The image that all engines process.
import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);

/** The path of the sample image in the repository `root`. */
export const imagePath = root =>
  path.join(root, 'models/node_modules/weights-mobilenet100/assets/human-sample-body.jpg');

/** Reads its pixels: RGBA as `data`, and RGB as `rgb`. */
export async function readImage(root) {
  const {data, width, height} = require('jpeg-js').decode(await readFile(imagePath(root)), {useTArray: true});
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; ++i) rgb.set(data.subarray(4 * i, 4 * i + 3), 3 * i);
  return {data, rgb, width, height};
}
