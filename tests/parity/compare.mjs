// SPDX-License-Identifier: Apache-2.0
// Runs networks in ONNX Runtime and in our engine, and compares their outputs.
import {execFileSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

const SKIPPED = 77;
// Relative to the largest value of a map. Another order of float32 additions gives about 1e-6, a wrong operation about
// 1e-1.
export const TOLERANCE = 1e-4;

/** Ends the process as skipped. */
export function skip(reason) {
  console.log(`skipped: ${reason}`);
  process.exit(SKIPPED);
}

/** Loads ONNX Runtime. Without it, the process exits as skipped. */
export async function loadOnnxRuntime() {
  const ort = await import('onnxruntime-node').catch(() => null);
  return ort ?? skip('onnxruntime-node is not installed (npm ci --ignore-scripts in tests/parity)');
}

/** Converts [height, width, 3] to [3, height, width]. */
function toChw({height, width, numbers}) {
  const pixels = height * width;
  return Float32Array.from({length: 3 * pixels}, (_, i) => numbers[i % pixels * 3 + Math.floor(i / pixels)]);
}

/** Runs an ONNX model (bytes or a file) whose input is named `input`. Returns its outputs by name. `image` is {height,
 *  width, numbers}, with numbers [height, width, 3]. */
export async function runOnnx(ort, model, input, image, options = {}) {
  const session = await ort.InferenceSession.create(model, options);
  const {height, width} = image;
  const maps = await session.run({[input]: new ort.Tensor('float32', toChw(image), [1, 3, height, width])});
  await session.release();
  return maps;
}

/** Runs a model, of ours or to be imported, with the program run_network. Returns a function from an output's name to
 *  its values. The default output stride is the model's own. */
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

/** Returns the largest difference of two maps relative to the largest value of `expected`, or infinity if their sizes
 *  differ. `expected` is a tensor [1, channels, height, width] or [1, channels]; `ours` is [height, width, channels].
 *  */
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
