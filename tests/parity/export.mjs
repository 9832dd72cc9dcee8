// SPDX-License-Identifier: Apache-2.0
// Tests our ONNX exporter with ONNX Runtime: exports networks with generated weights, runs them there and in our engine
// on the same input, and compares the raw outputs. If Debian's python3-onnx is installed, ONNX's own checker also reads
// every file.
//
//   npm ci --ignore-scripts            # once, in this folder
//   node export.mjs RUN_NETWORK WRITE_MODEL POSENET
//
// RUN_NETWORK and WRITE_MODEL are the programs of this folder, POSENET is the command. Exit status: 0; 1 if outputs
// differ; 77 without ONNX Runtime.
import {execFileSync, spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';

import {loadOnnxRuntime, relativeError, runOnnx, runOurs, TOLERANCE} from './compare.mjs';
import {uniform} from './random.mjs';

// Valid at every stride (1 modulo 32), and even sizes, for which SAME padding differs.
const POSE_SIZES = [[161, 129], [96, 130]];
const CAMERA_SIZES = [[80, 96]];
const OPERATION_SIZES = [[33, 46], [40, 35]];

// Each network and stride is exported once for any size and run at all `sizes`, then exported and run for each size.
const CASES = [
  ...[8, 16].map(stride => ({network: 'mobilenet050', stride, sizes: POSE_SIZES})),
  ...[8, 16, 32].map(stride => ({network: 'mobilenet100', stride, sizes: POSE_SIZES})),
  ...[16, 32].map(stride => ({network: 'resnet50', stride, sizes: POSE_SIZES})),
  ...['googlenet', 'googlenet-bn', 'resnet34'].flatMap(
    backbone => ['fc', 'lstm'].map(head => ({network: `camera-${backbone}-${head}`, sizes: CAMERA_SIZES, fixedOnly: true}))),
  {network: 'camera-frames', sizes: CAMERA_SIZES, fixedOnly: true},
  {network: 'open-operations', sizes: OPERATION_SIZES},
  {network: 'operations', sizes: OPERATION_SIZES.slice(0, 1), fixedOnly: true},
];

// Checks the files that it reads the names of; prints a line for each.
const CHECK = `
import onnx, sys
for line in sys.stdin:
    try:
        onnx.checker.check_model(onnx.load(line.rstrip("\\n")), full_check=True)
        print("valid", flush=True)
    except Exception as error:
        print(" ".join(str(error).split()), flush=True)
`;

/** Starts ONNX's checker, once for all files because Python takes seconds to load it. Returns a function that throws if
 *  a file is invalid, or null if no Python has the checker. Only Debian's own Python finds Debian's packages. */
function startChecker() {
  const python = ['/usr/bin/python3', 'python3'].find(name => {
    try {
      execFileSync(name, ['-c', 'import onnx'], {stdio: 'ignore'});
      return true;
    } catch {
      return false;
    }
  });
  if (!python) return null;
  const checker = spawn(python, ['-c', CHECK], {stdio: ['pipe', 'pipe', 'inherit']});
  const verdicts = createInterface(checker.stdout)[Symbol.asyncIterator]();
  return async file => {
    checker.stdin.write(`${file}\n`);
    const {value: verdict = 'the checker has ended'} = await verdicts.next();
    if (verdict !== 'valid') throw new Error(`ONNX's checker: ${verdict}`);
  };
}

function exportModel(posenet, model, file, stride, size) {
  const options = [];
  if (stride) options.push('--output-stride', String(stride));
  if (size) options.push('--size', `${size[1]}x${size[0]}`);
  execFileSync(posenet, ['model', 'export', model, '--output', file, ...options]);
}

/** Returns the largest error of all outputs. */
async function compare(programs, model, file, stride, [height, width], folder) {
  const image = {height, width, numbers: uniform('1', 'image', height * width * 3, -1, 1)};
  const ours = runOurs(programs.runNetwork, model, image, folder, stride);
  const maps = Object.entries(await runOnnx(programs.ort, file, 'input', image));
  return Math.max(...maps.map(([name, map]) => relativeError(map, ours(name))));
}

async function check(programs, test, folder) {
  const model = join(folder, 'model.safetensors');
  const file = join(folder, 'model.onnx');
  execFileSync(programs.writeModel, [test.network, model]);
  const exports = test.sizes.map(size => ({size, runs: [size]}));
  if (!test.fixedOnly) exports.unshift({size: null, runs: test.sizes});
  let passed = true;
  for (const {size, runs} of exports) {
    exportModel(programs.posenet, model, file, test.stride, size);
    await programs.checkFile?.(file);
    for (const run of runs) {
      const error = await compare(programs, model, file, test.stride, run, folder);
      const isGood = error <= TOLERANCE;
      passed &&= isGood;
      const stride = test.stride ? ` stride ${test.stride}` : '';
      const kind = size ? 'for this size' : 'for any size';
      console.log(`${isGood ? 'ok    ' : 'FAILED'} ${test.network}${stride}, ${run.join('x')}, ${kind}: ` +
                  error.toExponential(1));
    }
  }
  return passed;
}

const [runNetwork, writeModel, posenet] = process.argv.slice(2);
if (!posenet) {
  console.error('usage: node export.mjs RUN_NETWORK WRITE_MODEL POSENET');
  process.exit(2);
}
const programs = {runNetwork, writeModel, posenet, ort: await loadOnnxRuntime(), checkFile: startChecker()};
console.log(programs.checkFile ? "ONNX's checker checks every file" :
                                 "note: python3-onnx is not installed, so ONNX's checker does not run");
let failures = 0;
for (const test of CASES) {
  const folder = mkdtempSync(join(tmpdir(), 'posenet-export-'));
  try {
    if (!await check(programs, test, folder)) ++failures;
  } catch (error) {
    console.log(`FAILED ${test.network}: ${error.message}`);
    ++failures;
  } finally {
    rmSync(folder, {recursive: true});
  }
}
process.exit(failures > 0 ? 1 : 0);
