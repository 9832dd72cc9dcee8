// SPDX-License-Identifier: Apache-2.0
// Tests our importer and engine with ONNX Runtime: generates PoseNets as TensorFlow.js graph models and as ONNX, runs
// both on the same input, and compares the raw output maps.
//
//   npm ci --ignore-scripts            # once, in this folder
//   node parity.mjs RUN_NETWORK [SEED]
//
// RUN_NETWORK is the program of run_network.cc. Exit status: 0; 1 if maps differ; 77 without ONNX Runtime.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

import {loadOnnxRuntime, relativeError, runOnnx, runOurs, TOLERANCE} from './compare.mjs';
import {mobileNet, resNet50} from './networks.mjs';
import {writeOnnx} from './onnx_writer.mjs';
import {uniform} from './random.mjs';
import {writeTfjs} from './tfjs_writer.mjs';

// Neither square nor a power of two; valid at every stride (1 modulo 32).
const HEIGHT = 161;
const WIDTH = 129;

// A graph exported at stride `exported` is run at stride `run`.
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

async function check(ort, runNetwork, test, seed) {
  const folder = mkdtempSync(join(tmpdir(), 'posenet-parity-'));
  try {
    const numbers = uniform(seed, 'image', HEIGHT * WIDTH * 3, -1, 1);
    const image = {height: HEIGHT, width: WIDTH, numbers};
    const model = writeTfjs(makeNetwork(test, test.exported, seed), folder, test.form ?? 'attribute');
    const ours = runOurs(runNetwork, model, image, folder, test.run);
    const onnx = writeOnnx(makeNetwork(test, test.run, seed));
    const maps = await runOnnx(ort, onnx, 'image', image, {graphOptimizationLevel: 'disabled'});
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
const ort = await loadOnnxRuntime();
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
