// SPDX-License-Identifier: Apache-2.0
// The largest value of each channel.
import {PlainTensor, type Tensor3D} from '../tensor.js';

/** Returns the row and column of the largest value in each channel of [height, width, channels], as [channels, 2]. The
 *  first of equal values wins. */
export function argmax2d(inputs: Tensor3D): PlainTensor<Int32Array> {
  const [, width, channels] = inputs.shape as [number, number, number];
  const values = inputs.dataSync();
  const cells = new Int32Array(2 * channels);
  for (let channel = 0; channel < channels; ++channel) {
    let best = channel;
    for (let i = channel + channels; i < values.length; i += channels) {
      if ((values[i] as number) > (values[best] as number)) best = i;
    }
    const cell = (best - channel) / channels;
    cells[2 * channel] = Math.floor(cell / width);
    cells[2 * channel + 1] = cell % width;
  }
  return new PlainTensor(cells, [channels, 2]);
}
