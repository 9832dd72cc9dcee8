// SPDX-License-Identifier: Apache-2.0
// The photo that all engines look at.
import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);

/** The path of the sample photo in the repository `root`. */
export const photoPath = root =>
  path.join(root, 'models/node_modules/weights-mobilenet100/assets/human-sample-body.jpg');

/** Its pixels: RGBA as `data`, and RGB as `rgb`. */
export async function readPhoto(root) {
  const {data, width, height} = require('jpeg-js').decode(await readFile(photoPath(root)), {useTArray: true});
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; ++i) rgb.set(data.subarray(4 * i, 4 * i + 3), 3 * i);
  return {data, rgb, width, height};
}
