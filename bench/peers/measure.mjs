// SPDX-License-Identifier: Apache-2.0
// Measures engines alternately, in rounds, each process pinned to the same cores, and checks their results.
// bench/peers/run prepares what it needs.
//
//   node measure.mjs --image IMAGE.ppm --work FOLDER --rounds N --sizes N,... --threads N,... --models NAME,...
//       [--end-to-end]
//
// NAME@SIZE is measured at that size only. Writes FOLDER/results.json, which also lists what could not be measured, with
// the reason. Exit status: 0; 1 if the results of an engine are wrong, in which case its times are omitted; 2 for an
// invalid command line.
import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

import {machine} from '../machine.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '../..');
const bin = path.join(root, 'build/release/bin');

// For logits, which range from -15 to 7. Another order of float32 additions changes them by up to 0.0009 at 513x513, a
// wrong border by 1.
const MAX_DIFFERENCE = 2e-3;
// TensorFlow.js dequantizes its uint16 weights with one rounding fewer; src/import/tfjs_weights.cc says why we do not.
const MAX_DIFFERENCE_OF_OWN_WEIGHTS = 0.1;
// Low precision changes every logit slightly. The root mean square difference, relative to that of the logits, is 0.01
// for our int8 and 0.14 for uniform quantization with saturating sums; for another network it would be 1.
const MAX_RMS_OF_LOW_PRECISION = 0.25;
const MAX_SCORE_DIFFERENCE = 0.01;
const UNSUPPORTED = 3;

const {values: options} = parseArgs({options: {
  image: {type: 'string'}, work: {type: 'string'}, rounds: {type: 'string'}, sizes: {type: 'string'},
  threads: {type: 'string'}, models: {type: 'string'}, 'end-to-end': {type: 'boolean', default: false},
}});
const list = text => (text ?? '').split(',').filter(Boolean);
const [sizes, threadCounts] = [list(options.sizes).map(Number), list(options.threads).map(Number)];
const rounds = Number(options.rounds);
if (!options.image || !options.work || !(rounds > 0) || !sizes.every(size => size > 0) || sizes.length === 0 ||
    !threadCounts.every(count => count > 0) || threadCounts.length === 0 || !options.models) {
  console.error('measure.mjs: expected --image, --work, --rounds, --sizes, --threads and --models');
  process.exit(2);
}
const say = text => process.stderr.write(`\x1b[1m== ${text}\x1b[0m\n`);
const inWork = name => path.join(options.work, name);
mkdirSync(options.work, {recursive: true});

/** Reads a binary PPM as {width, height, rgb}. */
function readPpm(file) {
  const bytes = readFileSync(file);
  const [header, width, height] = bytes.toString('latin1', 0, 64).match(/^P6\s+(\d+)\s+(\d+)\s+255\s/) ?? [];
  if (!header) throw new Error(`${file}: expected an 8-bit binary PPM`);
  return {width: Number(width), height: Number(height), rgb: bytes.subarray(header.length)};
}

/** Converts the image to a network's input: stretched to size x size, [rows, columns, 3] in [-1, 1]. */
function networkInput({width, height, rgb}, size) {
  const numbers = new Float32Array(size * size * 3);
  for (let i = 0; i < numbers.length; ++i) {
    const [row, column, channel] = [Math.floor(i / (size * 3)), Math.floor(i / 3) % size, i % 3];
    const [y, x] = [row * (height - 1) / (size - 1), column * (width - 1) / (size - 1)];
    const [top, left] = [Math.min(Math.floor(y), height - 2), Math.min(Math.floor(x), width - 2)];
    const at = (dy, dx) => rgb[((top + dy) * width + left + dx) * 3 + channel];
    const between = dy => at(dy, 0) + (at(dy, 1) - at(dy, 0)) * (x - left);
    numbers[i] = (between(0) + (between(1) - between(0)) * (y - top)) / 127.5 - 1;
  }
  return numbers;
}

const modelFile = name => path.join(root, 'models', `${name}.safetensors`);
const isMoveNet = name => name.startsWith('movenet-');
// TensorFlow.js has the graph of mobilenet100-tfjs under the name of the weights.
const tfjsGraph = name =>
  path.join(root, 'models/node_modules', `weights-${name.replace(/-tfjs$/, '')}`, 'models/posenet.json');

/** Writes the input, the output of our float network, which is the reference, and the models for other engines. */
function prepare(image, model, size) {
  const input = inWork(`input-${size}.f32`);
  writeFileSync(input, networkInput(image, size));
  const maps = inWork(`maps-${model}-${size}`);
  mkdirSync(maps, {recursive: true});
  const runNetwork = path.join(root, 'build/release/tests/parity/run_network');
  execFileSync(runNetwork, [modelFile(model), input, String(size), String(size), maps]);
  const files = {
    input, heatmap: path.join(maps, isMoveNet(model) ? 'keypoint_heatmap.f32' : 'heatmap.f32'),
    onnx: inWork(`${model}-${size}.onnx`),
    onnxInt8: inWork(`${model}-${size}-int8.onnx`), onnxOld: inWork(`${model}-${size}-old.onnx`),
  };
  const command = [path.join(bin, 'posenet'), 'model', 'export', modelFile(model), '--output', files.onnx];
  execFileSync(command[0], [...command.slice(1), '--size', String(size)]);
  // Debian's python3-onnx works only with Debian's Python. Without it, the engines report the missing files.
  const rewrite = (script, ...files) =>
    spawnSync('/usr/bin/python3', [path.join(here, script), ...files], {stdio: ['ignore', 'ignore', 'inherit']});
  rewrite('quantize_onnx.py', files.onnx, maps, files.onnxInt8);
  rewrite('clip_attributes.py', files.onnx, files.onnxOld);
  return files;
}

/** The number of runs per process: a few tenths of a second; `few` is for slow engines. */
function repeatsAt(size) {
  const repeats = Math.max(3, Math.round(20 * (257 / size) ** 1.5));
  return {repeats, few: Math.max(3, Math.round(repeats / 3))};
}

/** Returns what to measure for a model, an input size and a number of threads: {kind, model, engine, precision, size,
 *  threads, command}. */
function subjectsOf(model, size, threads, files) {
  const {repeats, few} = repeatsAt(size);
  const subject = (engine, precision, program, file, count = repeats) => ({
    kind: 'network', model, engine, precision, size, threads,
    command: [...program, file, precision, files.input, size, threads, count, files.heatmap],
  });
  const ours = [path.join(bin, 'network_bench')];
  const int8Model = modelFile(`${model}-int8`);  // Not every model has an int8 version.
  const subjects = [
    subject('PoseNet', 'fp32', ours, modelFile(model)),
    subject('PoseNet', 'bf16', ours, modelFile(model)),
    ...(existsSync(int8Model) ? [subject('PoseNet', 'int8', ours, int8Model)] : []),
  ];
  const node = script => [process.execPath, path.join(here, script)];
  const oneDnn = [path.join(bin, 'peers/onednn_network')];
  const onnxRuntime = node('onnxruntime_network.mjs');
  return [
    subject('ONNX Runtime', 'fp32', onnxRuntime, files.onnx),
    ...subjects,
    subject('ONNX Runtime', 'int8', onnxRuntime, files.onnxInt8),
    ...['fp32', 'bf16', 'int8'].map(precision => subject('oneDNN', precision, oneDnn, modelFile(model))),
    subject('OpenCV DNN', 'fp32', [path.join(bin, 'peers/opencv_network')], files.onnxOld, few),
    // MoveNet's graphs end in their decoder.
    ...(isMoveNet(model) ? [] : [{
      ...subject('TensorFlow.js WASM', 'fp32', node('tfjs_network.mjs'), tfjsGraph(model), few), has_own_weights: true,
    }]),
  ];
}

/** Returns the end-to-end measurements, from pixels to poses. */
function endToEndSubjects(model, size, threads, pixels) {
  const {repeats, few} = repeatsAt(size);
  const subject = (engine, precision, command) =>
    ({kind: 'end to end', model, engine, precision, size, threads, command});
  const ours = (precision, file) => subject(
    'PoseNet', precision, [path.join(bin, 'estimate_bench'), modelFile(file), ...pixels, size, repeats, threads]);
  const theirs = subject('TensorFlow.js WASM', 'fp32',
                         [process.execPath, path.join(here, 'tfjs.mjs'), tfjsGraph(model), ...pixels, size, few]);
  // Ours first, because it is the reference. The TensorFlow.js backend has no threads in Node.
  return [ours('fp32', model), ours('int8', `${model}-int8`), ...(threads === 1 ? [theirs] : [])];
}

/** Returns why the times of `result` must not be reported, or null. */
function fault(subject, result, results) {
  if (subject.kind === 'end to end') {
    if (subject.engine === 'PoseNet') return null;
    const ours = results.find(other => other.kind === subject.kind && other.engine === 'PoseNet' &&
                                       other.precision === 'fp32' && other.size === subject.size);
    if (!ours) return null;
    const isSame = ours.poses === result.poses && Math.abs(ours.score - result.score) <= MAX_SCORE_DIFFERENCE;
    return isSame ? null : `it finds ${result.poses} poses, the first with score ${result.score}; ` +
      `expected ${ours.poses} and ${ours.score}`;
  }
  const {max_difference: largest, relative_rms_difference: relative} = result;
  if (subject.precision === 'fp32') {
    const allowed = subject.has_own_weights ? MAX_DIFFERENCE_OF_OWN_WEIGHTS : MAX_DIFFERENCE;
    return largest !== null && largest <= allowed ? null :
      `its heatmap differs by up to ${largest ?? 'infinity'}; at most ${allowed} is allowed`;
  }
  return relative !== null && relative <= MAX_RMS_OF_LOW_PRECISION ? null :
    `its heatmap has a relative RMS difference of ${relative ?? 'infinity'}; at most ${MAX_RMS_OF_LOW_PRECISION} is allowed`;
}

/** Returns in one line why a program failed. */
function reasonOf({command}, {status, signal, error, stderr}) {
  if (!existsSync(command[0])) return 'is not built; its library may be missing';
  const lines = (stderr ?? '').trim().split('\n').filter(Boolean);
  // Node prints the source line before the error.
  const line = lines.find(each => /^\w*Error: /.test(each)) ?? lines[0];
  return line?.replace(`${path.basename(command[0])}: `, '') ?? `failed with ${status ?? signal ?? error}`;
}

const nameOf = ({kind, model, engine, precision, size, threads}) =>
  `${engine} ${precision}, ${kind}, ${model}, ${size}x${size}, ${threads} thread${threads > 1 ? 's' : ''}`;

const image = readPpm(options.image);
writeFileSync(inWork('image.rgb'), image.rgb);
const pixels = [inWork('image.rgb'), image.width, image.height];
const subjects = [];
for (const text of list(options.models)) {
  const [model, ownSize] = text.split('@');
  for (const size of ownSize ? [Number(ownSize)] : sizes) {
    const files = prepare(image, model, size);
    for (const threads of threadCounts) {
      if (threads > os.cpus().length) continue;
      subjects.push(...subjectsOf(model, size, threads, files));
      const isEndToEnd = options['end-to-end'] && !isMoveNet(model);
      if (isEndToEnd) subjects.push(...endToEndSubjects(model, size, threads, pixels));
    }
  }
}

const about = {...machine(), load_before: os.loadavg()[0]};
const results = [];
const skipped = new Map();  // The reason by subject.
let isAnyWrong = false;
for (let round = 1; round <= rounds; ++round) {
  say(`round ${round} of ${rounds}`);
  for (const subject of subjects.filter(each => !skipped.has(each))) {
    const {command, ...what} = subject;
    const cores = Array.from({length: subject.threads}, (_, i) => i).join(',');
    const run = spawnSync('taskset', ['-c', cores, ...command.map(String)], {encoding: 'utf8', timeout: 600_000});
    if (run.status !== 0) {
      const reason = reasonOf(subject, run);
      skipped.set(subject, {...what, reason});
      if (run.status !== UNSUPPORTED) console.error(`warning: skipped ${nameOf(subject)}: ${reason}`);
      continue;
    }
    const result = {...what, ...JSON.parse(run.stdout), round};
    const wrong = fault(subject, result, results);
    if (wrong) {
      console.error(`error: wrong results of ${nameOf(subject)}: ${wrong}`);
      skipped.set(subject, {...what, reason: `wrong results: ${wrong}`});
      isAnyWrong = true;
      continue;
    }
    results.push(result);
  }
}
const file = inWork('results.json');
about.load_after = os.loadavg()[0];
const measured = results.filter(result => ![...skipped.keys()].some(subject => nameOf(subject) === nameOf(result)));
writeFileSync(file, JSON.stringify({machine: about, rounds, left_out: [...skipped.values()], results: measured}, null, 1));
process.exit(isAnyWrong ? 1 : 0);
