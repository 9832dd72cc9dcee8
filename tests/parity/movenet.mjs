// SPDX-License-Identifier: Apache-2.0
// Tests our importer and engine with TensorFlow.js: imports the MoveNets that scripts/fetch-models fetches, runs them
// in both on the same image, and compares the raw maps before the decoder that the graphs end in.
//
//   npm ci --ignore-scripts            # once, in this folder and in models/movenet
//   node movenet.mjs RUN_NETWORK
//
// RUN_NETWORK is the program of run_network.cc. Exit status: 0; 1 if maps differ; 77 without TensorFlow.js or the
// weights.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

import {runOurs} from './compare.mjs';
import {loadTensorFlow, modelFile, readModel} from './movenet_graphs.mjs';
import {uniform} from './random.mjs';

const CASES = [
  {model: 'movenet-lightning', sizes: [[192, 192]]},
  {model: 'movenet-thunder', sizes: [[256, 256]]},
  {model: 'movenet-multipose', sizes: [[256, 256], [160, 224]]},
];
const SCOPES = {center: 'center_0', keypoint_heatmap: 'kpt_heatmap_0', keypoint_regression: 'kpt_regress_0',
                keypoint_offset: 'kpt_offset_0', box_offset: 'box_offset_0', box_scale: 'box_scale_0'};
const MAX_DIFFERENCE = 1e-3;

/** The results of the graph's heads, as far as it has them: {output: node}. */
function headsOf(nodes) {
  const heads = {};
  for (const [output, scope] of Object.entries(SCOPES)) {
    const inside = nodes.filter(({name, op}) => op !== 'Const' && name.split('/').includes(scope));
    const read = new Set(inside.flatMap(({input}) => input));
    const [result] = inside.filter(({name}) => !read.has(name));
    if (result) heads[output] = result.name;
  }
  return heads;
}

/** Bright and dark blocks with noise, as bytes: [height, width, 3]. */
function testImage(height, width) {
  const coarse = uniform('1', 'blocks', Math.ceil(height / 16) * Math.ceil(width / 16) * 3, 0, 200);
  const fine = uniform('1', 'noise', height * width * 3, 0, 56);
  return fine.map((value, i) => {
    const [y, x, channel] = [Math.floor(i / 3 / width), Math.floor(i / 3) % width, i % 3];
    return Math.floor(value + coarse[(Math.floor(y / 16) * Math.ceil(width / 16) + Math.floor(x / 16)) * 3 + channel]);
  });
}

function largestDifference(expected, actual) {
  if (expected.length !== actual.length) return Infinity;
  return expected.reduce((largest, value, i) => {
    const difference = Math.abs(value - actual[i]);
    return Number.isNaN(difference) ? Infinity : Math.max(largest, difference);
  }, 0);
}

async function check({tf, loadGraphModel}, runNetwork, model, [height, width]) {
  const file = modelFile(model);
  const {nodes, load} = readModel(file);
  const heads = headsOf(nodes);
  const pixels = testImage(height, width);
  const graph = await loadGraphModel({load});
  const input = tf.tensor4d(Int32Array.from(pixels), [1, height, width, 3], 'int32');
  const maps = graph.execute(input, Object.values(heads));
  // The graphs' own factor: 2 / 255 as a number of 16 bits.
  const numbers = pixels.map(value => Math.fround(Math.fround(value * 0.007843017578125) - 1));
  const folder = mkdtempSync(join(tmpdir(), 'posenet-movenet-'));
  try {
    const ours = runOurs(runNetwork, file, {height, width, numbers}, folder);
    return Object.keys(heads).map((output, i) =>
      ({output, difference: largestDifference(maps[i].dataSync(), ours(output))}));
  } finally {
    rmSync(folder, {recursive: true});
  }
}

const [runNetwork] = process.argv.slice(2);
if (!runNetwork) {
  console.error('usage: node movenet.mjs RUN_NETWORK');
  process.exit(2);
}
const tensorFlow = await loadTensorFlow();
let failures = 0;
for (const {model, sizes} of CASES) {
  for (const size of sizes) {
    const maps = await check(tensorFlow, runNetwork, model, size);
    const passed = maps.length >= 4 && maps.every(({difference}) => difference <= MAX_DIFFERENCE);
    if (!passed) ++failures;
    const details = maps.map(({output, difference}) => `${output} ${difference.toExponential(1)}`).join(', ');
    console.log(`${passed ? 'ok    ' : 'FAILED'} ${model} ${size.join('x')}: ${details}`);
  }
}
process.exit(failures > 0 ? 1 : 0);
