// SPDX-License-Identifier: Apache-2.0
// Writes movenet_golden.json: what @tensorflow-models/pose-detection 2.1.0 returns for the frames of movenet_frames.mjs.
//
//   npm ci --ignore-scripts                                       # in tests/parity and models/movenet
//   npm pack @tensorflow-models/pose-detection@2.1.0              # and unpack it
//   node bindings/js/test/movenet_golden.mjs FOLDER_OF_THE_PACKAGE FOLDER_OF_THE_GRAPHS > movenet_golden.json
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join, resolve} from 'node:path';

import {CASES} from './movenet_cases.mjs';
import {FRAME_MS, frames} from './movenet_frames.mjs';

const [packageFolder, graphs] = process.argv.slice(2).map(path => resolve(path));
const require = createRequire(new URL('../../../tests/parity/package.json', import.meta.url));
const tf = require('@tensorflow/tfjs-core');
const wasm = require('@tensorflow/tfjs-backend-wasm');
wasm.setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
await tf.setBackend('wasm');
// Kernels that this backend lacks.
for (const [kernelName, of] of Object.entries({Reciprocal: x => 1 / x})) {
  tf.registerKernel({
    kernelName, backendName: 'wasm',
    kernelFunc: ({inputs: {x}, backend}) => {
      const result = backend.makeOutput(x.shape, x.dtype);
      backend.typedArrayFromHeap(result).set(backend.typedArrayFromHeap(x).map(of));
      return result;
    }});
}
const {load} = createRequire(join(packageFolder, 'package.json'))('./dist/movenet/detector.js');

/** A graph as TensorFlow.js loads it. */
function handlerOf(file) {
  const json = JSON.parse(readFileSync(file, 'utf8'));
  const [{paths, weights}] = json.weightsManifest;
  const weightData = Uint8Array.from(Buffer.concat(paths.map(path => readFileSync(join(dirname(file), path))))).buffer;
  return {load: async () => ({...json, weightSpecs: weights, weightData})};
}

const rounded = (value, digits) => Number(value.toFixed(digits));

const golden = {};
for (const {name, model, config} of CASES) {
  const detector = await load({...config, modelUrl: handlerOf(join(graphs, `${model}.json`))});
  golden[name] = [];
  for (const [i, {data, width, height}] of frames().entries()) {
    const rgb = Int32Array.from({length: width * height * 3}, (_, j) => data[Math.floor(j / 3) * 4 + j % 3]);
    const poses = await detector.estimatePoses(tf.tensor3d(rgb, [height, width, 3], 'int32'), {}, (i + 1) * FRAME_MS);
    golden[name].push(poses.map(({score, keypoints, box, id}) => ({
      score: rounded(score, 3),
      keypoints: keypoints.map(keypoint => [rounded(keypoint.x, 2), rounded(keypoint.y, 2), rounded(keypoint.score, 3)]),
      ...(box && {box: [box.xMin, box.yMin, box.xMax, box.yMax].map(value => rounded(value, 4))}),
      ...(id !== undefined && {id})})));
  }
}
const lines = Object.entries(golden).map(([name, results]) =>
  ` ${JSON.stringify(name)}: [\n${results.map(poses => `  ${JSON.stringify(poses)}`).join(',\n')}\n ]`);
process.stdout.write(`{\n${lines.join(',\n')}\n}\n`);
