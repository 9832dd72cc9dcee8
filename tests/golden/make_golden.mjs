// SPDX-License-Identifier: Apache-2.0
// Makes golden data with TensorFlow.js PoseNet (README.md beside this file): runs it on the sample photos of the pinned
// npm package and prints its poses as JSON.
//
//   npm ci --prefix web --ignore-scripts           # once: @tensorflow-models/posenet and TensorFlow.js
//   node tests/golden/make_golden.mjs 257x257 > tests/golden/tfjs_mobilenet100_257x257_samples.json
//
// Needs the models that scripts/fetch-models fetched, and djpeg (Debian: libjpeg-turbo-progs).
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const require = createRequire(join(root, 'web/package.json'));
const tf = require('@tensorflow/tfjs-core');
const {setWasmPaths} = require('@tensorflow/tfjs-backend-wasm');
require('@tensorflow/tfjs-converter');
const posenet = require('@tensorflow-models/posenet');

const PACKAGE = join(root, 'models/node_modules/weights-mobilenet100');
const PHOTOS = ['human-sample-body', 'human-sample-upper', 'human-sample-face', 'sample1', 'sample2', 'sample3', 'sample4',
                'sample5', 'sample6', 'sample-me'];
const MULTI = {maxDetections: 5, scoreThreshold: 0.5, nmsRadius: 20};

/** The model file of the package, for TensorFlow.js' loader. */
function modelFile() {
  const json = JSON.parse(readFileSync(join(PACKAGE, 'models/posenet.json'), 'utf8'));
  // The package opened its graph for one size only; nothing in it depends on that.
  const [input] = json.modelTopology.node.filter(node => node.op === 'Placeholder');
  for (const axis of [1, 2]) input.attr.shape.shape.dim[axis].size = '-1';
  const [{paths, weights}] = json.weightsManifest;
  const weightData = Uint8Array.from(Buffer.concat(paths.map(path => readFileSync(join(PACKAGE, 'models', path))))).buffer;
  return {load: async () => ({...json, weightSpecs: weights, weightData})};
}

/** A JPEG file's pixels, [height, width, 3]. */
function readPhoto(file) {
  const ppm = execFileSync('djpeg', ['-ppm', file], {maxBuffer: 1 << 28});
  const [header, width, height] = /^P6\s(\d+) (\d+)\s255\s/.exec(ppm.subarray(0, 64).toString('latin1'));
  const pixels = Int32Array.from(ppm.subarray(header.length));
  return tf.tensor3d(pixels, [Number(height), Number(width), 3], 'int32');
}

const rounded = (value, digits) => Number(value.toFixed(digits));
const compact = ({score, keypoints}) => ({
  score: rounded(score, 5),
  keypoints: keypoints.map(keypoint => ({
    part: keypoint.part,
    score: rounded(keypoint.score, 5),
    position: {x: rounded(keypoint.position.x, 3), y: rounded(keypoint.position.y, 3)},
  })),
});

const [width, height] = (process.argv[2] ?? '').split('x').map(Number);
if (!(width > 0 && height > 0)) {
  console.error('usage: node make_golden.mjs WIDTHxHEIGHT');
  process.exit(2);
}
setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist/'));
await tf.setBackend('wasm');
const inputResolution = {width, height};
const net = await posenet.load({
  architecture: 'MobileNetV1', outputStride: 16, multiplier: 1, inputResolution, modelUrl: modelFile()});
const images = {};
for (const photo of PHOTOS) {
  const image = readPhoto(join(PACKAGE, 'assets', `${photo}.jpg`));
  const single = await net.estimateSinglePose(image);
  const multi = await net.estimateMultiplePoses(image, MULTI);
  const [imageHeight, imageWidth] = image.shape;
  images[`${photo}.jpg`] = {
    width: imageWidth, height: imageHeight, single: compact(single), multi: multi.map(compact)};
  image.dispose();
}
const versions = name => require(`${name}/package.json`).version;
console.log(JSON.stringify({
  reference: `@tensorflow-models/posenet ${versions('@tensorflow-models/posenet')} on tfjs ` +
    `${versions('@tensorflow/tfjs-core')} (wasm)`,
  architecture: 'MobileNetV1', multiplier: 1, outputStride: 16, inputResolution, multi: MULTI, images}));
