// SPDX-License-Identifier: Apache-2.0
// TensorFlow.js PoseNet (WASM backend, SIMD, one thread) on one decoded photo: prints one line of JSON with the
// milliseconds of each estimateMultiplePoses call and what it found.
//
//   node tfjs.mjs MODEL.json PIXELS.rgb WIDTH HEIGHT SIZE REPEATS
import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-core');
const wasm = require('@tensorflow/tfjs-backend-wasm');
const posenet = require('@tensorflow-models/posenet');

const [modelPath, pixelsPath, ...numbers] = process.argv.slice(2);
const [width, height, size, repeats] = numbers.map(Number);

const wasmFolder = path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + '/';
wasm.setWasmPaths(wasmFolder);
if (wasm.setThreadsCount) wasm.setThreadsCount(1);
await tf.setBackend('wasm');
await tf.ready();

// PoseNet loads its graph by URL; here it comes from a file.
const modelJson = JSON.parse(await readFile(modelPath, 'utf8'));
// The graph was exported for one input size, though nothing in it depends on that.
for (const node of modelJson.modelTopology.node) {
  if (node.op === 'Placeholder') node.attr.shape.shape.dim.splice(1, 2, {size: '-1'}, {size: '-1'});
}
const shards = modelJson.weightsManifest.flatMap((group) => group.paths);
const bytes = Buffer.concat(await Promise.all(shards.map((p) => readFile(path.join(path.dirname(modelPath), p)))));
const handler = {
  load: async () => ({
    modelTopology: modelJson.modelTopology,
    weightSpecs: modelJson.weightsManifest.flatMap((group) => group.weights),
    weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  }),
};
const net = await posenet.load({
  architecture: 'MobileNetV1', outputStride: 16, multiplier: 1.0, quantBytes: 2,
  inputResolution: {width: size, height: size}, modelUrl: handler,
});

const pixels = tf.tensor3d(new Uint8Array(await readFile(pixelsPath)), [height, width, 3], 'int32');
const times = [];
let poses;
for (let i = 0; i < repeats + 3; ++i) {  // Three runs to warm up.
  const start = performance.now();
  poses = await net.estimateMultiplePoses(pixels, {flipHorizontal: false, maxDetections: 5, scoreThreshold: 0.5, nmsRadius: 20});
  if (i >= 3) times.push(performance.now() - start);
}
console.log(JSON.stringify({engine: 'TensorFlow.js WASM', size, times_ms: times, poses: poses.length, score: poses[0]?.score}));
