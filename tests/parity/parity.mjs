// SPDX-License-Identifier: Apache-2.0
// Proves our importer and engine against ONNX Runtime: generates PoseNets as TensorFlow.js graph models and as ONNX,
// runs both on the same numbers, and compares the raw maps.
//
//   npm ci --ignore-scripts            # once, in this folder
//   node parity.mjs RUN_NETWORK [SEED]
//
// RUN_NETWORK is the program made from run_network.cc. Exit status: 0, 1 when maps differ, 77 without ONNX Runtime.
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

import {mobileNet, resNet50} from './networks.mjs';
import {writeOnnx} from './onnx_writer.mjs';
import {uniform} from './random.mjs';
import {writeTfjs} from './tfjs_writer.mjs';

const SKIPPED = 77;
// Of the largest number of a map. Float32 sums in another order differ by some 1e-6; an error of form by 1e-1.
const TOLERANCE = 1e-4;
// Neither square nor a power of two; valid at every stride (1 modulo 32).
const HEIGHT = 161;
const WIDTH = 129;

// A graph of stride `exported` is run at stride `run`.
const CASES = [
  ...[8, 16].flatMap(run => [0.50, 0.75].map(multiplier => ({multiplier, exported: 16, run}))),
  {multiplier: 0.50, exported: 8, run: 8},
  {multiplier: 0.75, exported: 8, run: 16},
  ...[8, 16, 32].map(run => ({multiplier: 1.0, exported: 16, run})),
  ...[8, 16, 32].map(run => ({multiplier: 1.0, exported: run, run, form: 'spaceToBatch'})),
  {multiplier: 1.0, exported: 8, run: 32},
  ...[32, 16].map(run => ({resnet: true, exported: 32, run})),
  {resnet: true, exported: 16, run: 16, form: 'spaceToBatch'},
  {resnet: true, exported: 16, run: 32},
];

function makeNetwork({resnet, multiplier}, outputStride, seed) {
  const options = {seed, height: HEIGHT, width: WIDTH, outputStride};
  return resnet ? resNet50(options) : mobileNet({multiplier, ...options});
}

/** A picture [height, width, 3] as [3, height, width]. */
function toChw(picture) {
  const pixels = HEIGHT * WIDTH;
  return Float32Array.from({length: 3 * pixels}, (_, i) => picture[i % pixels * 3 + Math.floor(i / pixels)]);
}

async function runOnnx(ort, network, picture) {
  const options = {graphOptimizationLevel: 'disabled'};
  const session = await ort.InferenceSession.create(writeOnnx(network), options);
  const maps = await session.run({image: new ort.Tensor('float32', toChw(picture), [1, 3, HEIGHT, WIDTH])});
  await session.release();
  return maps;
}

function runOurs(runNetwork, model, picture, folder, outputStride) {
  const input = join(folder, 'image.f32');
  writeFileSync(input, picture);
  execFileSync(runNetwork, [model, input, String(HEIGHT), String(WIDTH), folder, String(outputStride)]);
  return role => {
    const bytes = readFileSync(join(folder, `${role}.f32`));
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  };
}

/** The largest difference of two maps, relative to the largest number of `expected`; infinite if sizes differ. */
function relativeError(expected, ours) {
  const [, channels, height, width] = expected.dims;
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

async function check(ort, runNetwork, test, seed) {
  const folder = mkdtempSync(join(tmpdir(), 'posenet-parity-'));
  try {
    const picture = uniform(seed, 'picture', HEIGHT * WIDTH * 3, -1, 1);
    const model = writeTfjs(makeNetwork(test, test.exported, seed), folder, test.form ?? 'attribute');
    const ours = runOurs(runNetwork, model, picture, folder, test.run);
    const maps = await runOnnx(ort, makeNetwork(test, test.run, seed), picture);
    return Object.entries(maps).map(([role, map]) => ({role, error: relativeError(map, ours(role))}));
  } finally {
    rmSync(folder, {recursive: true});
  }
}

const [runNetwork, seed = '1'] = process.argv.slice(2);
if (!runNetwork) {
  console.error('usage: node parity.mjs RUN_NETWORK [SEED]');
  process.exit(2);
}
const ort = await import('onnxruntime-node').catch(() => null);
if (!ort) {
  console.log('skipped: onnxruntime-node is not installed (npm ci --ignore-scripts in tests/parity)');
  process.exit(SKIPPED);
}
let failures = 0;
for (const test of CASES) {
  const errors = await check(ort, runNetwork, test, seed);
  const passed = errors.length === 4 && errors.every(({error}) => error <= TOLERANCE);
  if (!passed) ++failures;
  const name = test.resnet ? 'ResNet50' : `MobileNetV1 ${test.multiplier.toFixed(2)}`;
  const form = test.form === 'spaceToBatch' ? ' (space-to-batch)' : '';
  const details = errors.map(({role, error}) => `${role} ${error.toExponential(1)}`).join(', ');
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name} stride ${test.exported}${form} run at ${test.run}: ${details}`);
}
process.exit(failures > 0 ? 1 : 0);
