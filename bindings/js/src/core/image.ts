// SPDX-License-Identifier: Apache-2.0
// Images in memory, their validation, and their way into a module.
import {PoseNetError} from './errors.js';
import type {HeapBuffer} from './heap_buffer.js';
import type {Module} from './module.js';
import {IMAGE} from './structs.js';

/** 8-bit pixels, row by row. The number of bytes per pixel makes them RGBA (4), RGB (3) or gray (1); alpha is ignored.
 *  ImageData is one. */
export interface PixelImage {
  data: Uint8Array | Uint8ClampedArray;
  width: number;
  height: number;
}

const MAX_BYTES = 2 ** 30;

/** The posenet_pixel_format of an image with that many channels. */
const FORMATS: Readonly<Record<number, number>> = {1: 4, 3: 0, 4: 2};

function isSide(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1;
}

/** The number of channels of `image`: 1, 3 or 4. Errors: 'invalid-argument' if it is not an image,
 *  'resource-exhausted' if it is larger than a gigabyte. */
export function channelsOf(image: PixelImage): number {
  const {data, width, height} = image ?? {};
  if (!(data instanceof Uint8Array) && !(data instanceof Uint8ClampedArray)) {
    throw new PoseNetError('invalid-argument', 'the image has no data; expected a Uint8Array or Uint8ClampedArray');
  }
  if (!isSide(width) || !isSide(height)) {
    throw new PoseNetError('invalid-argument',
                           `the image is ${width} x ${height}; expected whole pixels, at least 1 x 1`);
  }
  const channels = data.length / (width * height);
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new PoseNetError('invalid-argument',
                           `an image of ${width} x ${height} has ${data.length} bytes; expected 1, 3 or 4 per pixel`);
  }
  if (data.length > MAX_BYTES) {
    throw new PoseNetError('resource-exhausted',
                           `an image of ${width} x ${height} has ${data.length} bytes; expected at most ${MAX_BYTES}`);
  }
  return channels;
}

/** Copies `image` to `buffer`. Returns the address of its posenet_image, on the stack. Errors: those of channelsOf;
 *  'resource-exhausted'. */
export function writeImage(module: Module, buffer: HeapBuffer, image: PixelImage): number {
  const channels = channelsOf(image);
  const {data, width, height} = image;
  const pixels = buffer.reserve(data.length);
  module.bytes(pixels, data.length).set(data);
  const struct = module.struct(IMAGE);
  struct.set('data', pixels);
  struct.set('width_px', width);
  struct.set('height_px', height);
  struct.set('row_stride_bytes', 0);
  struct.set('format', FORMATS[channels]!);
  return struct.pointer;
}
