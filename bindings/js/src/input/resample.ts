// SPDX-License-Identifier: Apache-2.0
// Bilinear resampling of images for a network, pixel for pixel as TensorFlow.js does it.
import {channelsOf, type PixelImage} from '../core/image.js';

/** A square part of an image, in its pixels; may extend beyond it. */
export interface Region {
  left: number;
  top: number;
  side: number;
}

/** A size in pixels. */
export interface Size {
  width: number;
  height: number;
}

/** The two source pixels of each target pixel along one axis, and the weight of the second. */
interface Taps {
  first: Int32Array;
  second: Int32Array;
  weight: Float32Array;
}

/** Returns the taps of target pixels 0 to `count` at `start` + i * `step`; -1 outside of the `size` source pixels. */
function tapsOf(count: number, size: number, start: number, step: number): Taps {
  const taps = {first: new Int32Array(count).fill(-1), second: new Int32Array(count), weight: new Float32Array(count)};
  for (let i = 0; i < count; ++i) {
    const position = start + i * step;
    if (!(position >= 0 && position <= size - 1)) continue;
    taps.first[i] = Math.floor(position);
    taps.second[i] = Math.ceil(position);
    taps.weight[i] = position - taps.first[i]!;
  }
  return taps;
}

/** Resamples images to RGB. Results share memory: each is valid until the next call. */
export class Resampler {
  #data = new Uint8Array(0);

  /** Returns `region` of `image` as a square of `side` pixels, black outside of the image: tf.image.cropAndResize.
   *  Errors: PoseNetError. */
  crop(image: PixelImage, region: Region, side: number): PixelImage {
    const {width, height} = image;
    // Its corners are at the centers of pixels: those of the whole image at 0 and size - 1.
    const taps = (size: number, start: number) => {
      const scale = (size - 1) / size;
      return tapsOf(side, size, start * scale, region.side * scale / (side - 1));
    };
    return this.#run(image, {width: side, height: side}, taps(width, region.left), taps(height, region.top));
  }

  /** Returns `image` resized to `size`, in the top left corner of a black image of the size `padded`:
   *  tf.image.resizeBilinear and tf.pad. Errors: PoseNetError. */
  resize(image: PixelImage, size: Size, padded: Size): PixelImage {
    const taps = (from: number, to: number, count: number) => {
      const {first, second, weight} = tapsOf(count, from, 0, from / to);
      // Positions beyond the last center repeat the last pixel.
      for (let i = 0; i < to; ++i) if (first[i] === -1) first[i] = second[i] = from - 1;
      for (let i = to; i < count; ++i) first[i] = -1;
      return {first, second, weight};
    };
    return this.#run(image, padded, taps(image.width, size.width, padded.width),
                     taps(image.height, size.height, padded.height));
  }

  #run(image: PixelImage, {width, height}: Size, columns: Taps, rows: Taps): PixelImage {
    const channels = channelsOf(image);
    const [green, blue] = channels === 1 ? [0, 0] : [1, 2];
    const source = image.data;
    const bytes = width * height * 3;
    if (this.#data.length < bytes) this.#data = new Uint8Array(bytes);
    const target = this.#data.subarray(0, bytes).fill(0);
    for (let y = 0, to = 0; y < height; ++y) {
      if (rows.first[y]! < 0) {
        to += width * 3;
        continue;
      }
      const top = rows.first[y]! * image.width;
      const bottom = rows.second[y]! * image.width;
      const down = rows.weight[y]!;
      for (let x = 0; x < width; ++x, to += 3) {
        const left = columns.first[x]!;
        if (left < 0) continue;
        const right = columns.second[x]!;
        const across = columns.weight[x]!;
        const corners = [(top + left) * channels, (top + right) * channels, (bottom + left) * channels,
                         (bottom + right) * channels] as const;
        target[to] = mixed(source, corners, 0, across, down);
        target[to + 1] = mixed(source, corners, green, across, down);
        target[to + 2] = mixed(source, corners, blue, across, down);
      }
    }
    return {data: target, width, height};
  }
}

/** Storing it as a byte drops the fraction, as TensorFlow.js does. */
function mixed(source: Uint8Array | Uint8ClampedArray, corners: readonly [number, number, number, number],
               channel: number, across: number, down: number): number {
  const [topLeft, topRight, bottomLeft, bottomRight] = corners;
  const a = source[topLeft + channel]!;
  const b = source[bottomLeft + channel]!;
  const top = a + (source[topRight + channel]! - a) * across;
  const bottom = b + (source[bottomRight + channel]! - b) * across;
  return top + (bottom - top) * down;
}
