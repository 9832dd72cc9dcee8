// SPDX-License-Identifier: Apache-2.0
// Running networks here and there, and comparing what they answer.
import {execFileSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const SKIPPED = 77;
// Of the largest number of a map. Float32 sums in another order differ by some 1e-6; an error of form by 1e-1.
export const TOLERANCE = 1e-4;

/** ONNX Runtime; without it the process ends as skipped. */
export async function loadOnnxRuntime() {
  const ort = await import('onnxruntime-node').catch(() => null);
  if (ort) return ort;
  console.log('skipped: onnxruntime-node is not installed (npm ci --ignore-scripts in tests/parity)');
  process.exit(SKIPPED);
}

/** Numbers [height, width, 3] as [3, height, width]. */
function toChw({height, width, numbers}) {
  const pixels = height * width;
  return Float32Array.from({length: 3 * pixels}, (_, i) => numbers[i % pixels * 3 + Math.floor(i / pixels)]);
}

/** The outputs, by name, of an ONNX model (bytes or a file) whose input is called `input`. A picture is {height, width,
 *  numbers}, its numbers [height, width, 3]. */
export async function runOnnx(ort, model, input, picture, options = {}) {
  const session = await ort.InferenceSession.create(model, options);
  const {height, width} = picture;
  const maps = await session.run({[input]: new ort.Tensor('float32', toChw(picture), [1, 3, height, width])});
  await session.release();
  return maps;
}

/** The outputs of a model of ours, or of one to be imported, as run_network.cc writes them: a function of their names.
 *  Without an output stride it is the model's own. */
export function runOurs(runNetwork, model, {height, width, numbers}, folder, outputStride) {
  const input = join(folder, 'image.f32');
  writeFileSync(input, numbers);
  const stride = outputStride ? [String(outputStride)] : [];
  execFileSync(runNetwork, [model, input, String(height), String(width), folder, ...stride]);
  return name => {
    const bytes = readFileSync(join(folder, `${name}.f32`));
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  };
}

/** The largest difference of two maps, `expected` a tensor [1, channels, height, width] or [1, channels] and `ours`
 *  [height, width, channels], relative to the largest number of `expected`; infinite if sizes differ. */
export function relativeError(expected, ours) {
  const [, channels, height = 1, width = 1] = expected.dims;
  if (ours.length !== expected.data.length) return Infinity;
  let largest = 0;
  let error = 0;
  for (let pixel = 0; pixel < height * width; ++pixel) {
    for (let c = 0; c < channels; ++c) {
      const value = expected.data[c * height * width + pixel];
      const difference = Math.abs(value - ours[pixel * channels + c]);
      if (Number.isNaN(difference)) return Infinity;
      largest = Math.max(largest, Math.abs(value));
      error = Math.max(error, difference);
    }
  }
  return largest > 0 ? error / largest : Infinity;
}
