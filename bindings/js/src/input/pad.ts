// SPDX-License-Identifier: Apache-2.0
// Pictures in the shape of a network's input, their own pixels at the border repeated outwards.
import {channelsOf, type Picture} from '../core/picture.js';

/** A picture with a border, and where the picture begins in it. */
export interface PaddedPicture {
  picture: Picture;
  left: number;
  top: number;
}

// Borders of strips would be nearly all there is, and more than there is memory.
const MAX_GROWTH = 16;

/** Pads pictures. Of one size after the other they share memory: a result is good until the next call. */
export class EdgePadder {
  #data = new Uint8Array(0);

  /** `picture`, centred in the smallest one around it of the shape `aspect` (width / height), to a pixel. What would have
   *  more than 16 times the picture's pixels is left as it is. Errors: PoseNetError. */
  pad(picture: Picture, aspect: number): PaddedPicture {
    const channels = channelsOf(picture);
    const {width, height} = picture;
    const left = Math.max(0, Math.round((height * aspect - width) / 2));
    const top = left > 0 ? 0 : Math.max(0, Math.round((width / aspect - height) / 2));
    const padded = {width: width + 2 * left, height: height + 2 * top};
    const bytes = padded.width * padded.height * channels;
    if ((left === 0 && top === 0) || bytes > MAX_GROWTH * picture.data.length) return {picture, left: 0, top: 0};
    if (this.#data.length < bytes) this.#data = new Uint8Array(bytes);
    const data = this.#data.subarray(0, bytes);
    this.#fill(data, picture, left, top, channels);
    return {picture: {data, ...padded}, left, top};
  }

  #fill(data: Uint8Array, {data: source, width, height}: Picture, left: number, top: number, channels: number): void {
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

/** Both ends of `row`, whose picture is `length` bytes from `start`, become the pixels beside them. */
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
