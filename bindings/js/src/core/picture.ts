// SPDX-License-Identifier: Apache-2.0
// Pictures, checked.
import {PoseNetError} from './errors.js';

/** Pixels of 8 bits, row by row: RGBA, RGB or grey, which is told by data.length / (width * height). ImageData is one.
 *  Alpha is ignored. */
export interface Picture {
  data: Uint8Array | Uint8ClampedArray;
  width: number;
  height: number;
}

const MAX_BYTES = 2 ** 30;

function isSide(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1;
}

/** The number of channels of `picture`: 1, 3 or 4. Errors: 'invalid-argument' for what is no picture,
 *  'resource-exhausted' for more than a gigabyte. */
export function channelsOf(picture: Picture): number {
  const {data, width, height} = picture ?? {};
  if (!(data instanceof Uint8Array) && !(data instanceof Uint8ClampedArray)) {
    throw new PoseNetError('invalid-argument', 'a picture needs data: a Uint8Array or Uint8ClampedArray');
  }
  if (!isSide(width) || !isSide(height)) {
    throw new PoseNetError('invalid-argument', `the picture is ${width} x ${height}; expected at least 1 x 1, in whole pixels`);
  }
  const channels = data.length / (width * height);
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new PoseNetError('invalid-argument',
                           `a picture of ${width} x ${height} has ${data.length} bytes; expected 1, 3 or 4 for each pixel`);
  }
  if (data.length > MAX_BYTES) {
    throw new PoseNetError('resource-exhausted', `a picture of ${width} x ${height} is too large`);
  }
  return channels;
}
