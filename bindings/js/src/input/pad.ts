// SPDX-License-Identifier: Apache-2.0
// Images padded to the aspect ratio of a network's input by repeating their border pixels.
import {channelsOf, type PixelImage} from '../core/image.js';

/** A padded image, and the position of the original in it. */
export interface PaddedImage {
  image: PixelImage;
  left: number;
  top: number;
}

// The padding of a narrow strip could exceed memory.
const MAX_GROWTH = 16;

/** Pads images. Results share memory: each is valid until the next call. */
export class EdgePadder {
  #data = new Uint8Array(0);

  /** Returns `image` centered in the smallest image around it with the aspect ratio `aspect` (width / height), to
   *  within a pixel. An image that would grow by more than a factor of 16 is returned unpadded. Errors: PoseNetError.
   *  */
  pad(image: PixelImage, aspect: number): PaddedImage {
    const channels = channelsOf(image);
    const {width, height} = image;
    const left = Math.max(0, Math.round((height * aspect - width) / 2));
    const top = left > 0 ? 0 : Math.max(0, Math.round((width / aspect - height) / 2));
    const padded = {width: width + 2 * left, height: height + 2 * top};
    const bytes = padded.width * padded.height * channels;
    if ((left === 0 && top === 0) || bytes > MAX_GROWTH * image.data.length) return {image, left: 0, top: 0};
    if (this.#data.length < bytes) this.#data = new Uint8Array(bytes);
    const data = this.#data.subarray(0, bytes);
    this.#fill(data, image, left, top, channels);
    return {image: {data, ...padded}, left, top};
  }

  #fill(data: Uint8Array, {data: source, width, height}: PixelImage, left: number, top: number, channels: number): void {
    const [rowBytes, paddedBytes] = [width * channels, (width + 2 * left) * channels];
    for (let y = 0; y < height; ++y) {
      const row = data.subarray((y + top) * paddedBytes, (y + top + 1) * paddedBytes);
      row.set(source.subarray(y * rowBytes, (y + 1) * rowBytes), left * channels);
      if (left > 0) repeatEnds(row, left * channels, rowBytes, channels);
    }
    for (let y = 0; y < top; ++y) {
      data.copyWithin(y * paddedBytes, top * paddedBytes, (top + 1) * paddedBytes);
      data.copyWithin((top + height + y) * paddedBytes, (top + height - 1) * paddedBytes, (top + height) * paddedBytes);
    }
  }
}

/** Fills both ends of `row`, outside the `length` bytes from `start`, with the pixels next to them. */
function repeatEnds(row: Uint8Array, start: number, length: number, channels: number): void {
  const end = start + length;
  for (let c = 0; c < channels; ++c) {
    const [first, last] = [row[start + c] as number, row[end - channels + c] as number];
    for (let i = c; i < start; i += channels) {
      row[i] = first;
      row[end + i] = last;
    }
  }
}
