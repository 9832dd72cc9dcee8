// SPDX-License-Identifier: Apache-2.0
// TensorFlow.js PoseNet (WASM backend, SIMD, one thread) on one decoded image: prints one line of JSON with the
// milliseconds of each estimateMultiplePoses call, the number of poses and the score of the first.
//
//   node tfjs.mjs MODEL.json PIXELS.rgb WIDTH HEIGHT SIZE REPEATS
import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';

import {ENGINE, fileHandler, loadTensorFlow, VERSION} from './tfjs_model.mjs';

const require = createRequire(import.meta.url);

const [modelPath, pixelsPath, ...numbers] = process.argv.slice(2);
const [width, height, size, repeats] = numbers.map(Number);

const tf = await loadTensorFlow();
const net = await require('@tensorflow-models/posenet').load({
  architecture: 'MobileNetV1', outputStride: 16, multiplier: 1.0, quantBytes: 2,
  inputResolution: {width: size, height: size}, modelUrl: await fileHandler(modelPath),
});

const pixels = tf.tensor3d(new Uint8Array(await readFile(pixelsPath)), [height, width, 3], 'int32');
const options = {flipHorizontal: false, maxDetections: 5, scoreThreshold: 0.5, nmsRadius: 20};
const times = [];
let poses;
for (let i = 0; i < repeats + 3; ++i) {  // Three warm-up runs.
  const start = performance.now();
  poses = await net.estimateMultiplePoses(pixels, options);
  if (i >= 3) times.push(performance.now() - start);
}
console.log(JSON.stringify({
  engine: ENGINE, version: VERSION, precision: 'fp32', size, threads: 1, times_ms: times,
  poses: poses.length, score: poses[0]?.score ?? 0,
}));
