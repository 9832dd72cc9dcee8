// SPDX-License-Identifier: Apache-2.0
// Measures engines in turn, round after round, each run of a program pinned to the same cores, and checks what they
// compute. bench/peers/run and bench/peers/chart prepare what it needs.
//
//   node measure.mjs --photo PHOTO.ppm --work FOLDER --rounds N --sizes N,... --threads N,... --models NAME,...
//       [--alone NAME,...] [--end-to-end]
//
// --models are measured in all engines, those of --alone in ours only. Writes FOLDER/results.json. What cannot be
// measured is named there with the reason. Exit status: 0; 1 an engine computes something else, its times are left out;
// 2 the command line is wrong.
import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '../..');
const bin = path.join(root, 'build/release/bin');

// Of logits, which are -15 to 7. Float32 sums in other orders differ by up to 0.0009 at 513x513, a wrong border by 1.
const LARGEST_DIFFERENCE = 2e-3;
// TensorFlow.js makes its weights of uint16 by itself, rounding once; src/import/tfjs_weights.cc tells why we do not.
const LARGEST_DIFFERENCE_OF_OWN_WEIGHTS = 0.1;
// Fewer bits move every logit a little. Roots of mean squares, of the differences by that of the logits: 0.01 for our
// int8, 0.14 for the uniform kind in sums that saturate; another network is off by 1.
const LARGEST_RMS_OF_FEW_BITS = 0.25;
const LARGEST_SCORE_DIFFERENCE = 0.01;
const UNSUPPORTED = 3;

const {values: options} = parseArgs({options: {
  photo: {type: 'string'}, work: {type: 'string'}, rounds: {type: 'string'}, sizes: {type: 'string'},
  threads: {type: 'string'}, models: {type: 'string'}, alone: {type: 'string', default: ''},
  'end-to-end': {type: 'boolean', default: false},
}});
const list = text => (text ?? '').split(',').filter(Boolean);
const [sizes, threadCounts] = [list(options.sizes).map(Number), list(options.threads).map(Number)];
const rounds = Number(options.rounds);
if (!options.photo || !options.work || !(rounds > 0) || !sizes.every(size => size > 0) || sizes.length === 0 ||
    !threadCounts.every(count => count > 0) || threadCounts.length === 0 || !options.models) {
  console.error('measure.mjs: expected --photo, --work, --rounds, --sizes, --threads and --models');
  process.exit(2);
}
const say = text => process.stderr.write(`\x1b[1m== ${text}\x1b[0m\n`);
const inWork = name => path.join(options.work, name);
mkdirSync(options.work, {recursive: true});

/** A binary PPM as {width, height, rgb}. */
function readPpm(file) {
  const bytes = readFileSync(file);
  const [header, width, height] = bytes.toString('latin1', 0, 64).match(/^P6\s+(\d+)\s+(\d+)\s+255\s/) ?? [];
  if (!header) throw new Error(`${file}: expected a binary PPM of 8 bits`);
  return {width: Number(width), height: Number(height), rgb: bytes.subarray(header.length)};
}

/** The photo as a network wants it, stretched to size x size, [rows, columns, 3] of -1 to 1. */
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
const tfjsGraph = name => path.join(root, 'models/node_modules', `weights-${name}`, 'models/posenet.json');

/** Inputs, what our float network answers, which all others are compared with, and models for other engines. */
function prepare(photo, model, size, forPeers) {
  const input = inWork(`input-${size}.f32`);
  writeFileSync(input, networkInput(photo, size));
  const maps = inWork(`maps-${model}-${size}`);
  mkdirSync(maps, {recursive: true});
  const runNetwork = path.join(root, 'build/release/tests/parity/run_network');
  execFileSync(runNetwork, [modelFile(model), input, String(size), String(size), maps]);
  const files = {
    input, heatmap: path.join(maps, 'heatmap.f32'), onnx: inWork(`${model}-${size}.onnx`),
    onnxInt8: inWork(`${model}-${size}-int8.onnx`), onnxOld: inWork(`${model}-${size}-old.onnx`),
  };
  if (!forPeers) return files;
  const command = [path.join(bin, 'posenet'), 'model', 'export', modelFile(model), '--output', files.onnx];
  execFileSync(command[0], [...command.slice(1), '--size', String(size)]);
  // Debian's python3-onnx is for Debian's Python alone. Without it those who read the files say that they are missing.
  const rewrite = (script, ...files) =>
    spawnSync('/usr/bin/python3', [path.join(here, script), ...files], {stdio: ['ignore', 'ignore', 'inherit']});
  rewrite('quantize_onnx.py', files.onnx, maps, files.onnxInt8);
  rewrite('clip_attributes.py', files.onnx, files.onnxOld);
  return files;
}

/** How often a program runs the network: for some tenths of a second; slow engines less often. */
function repeatsAt(size) {
  const repeats = Math.max(3, Math.round(20 * (257 / size) ** 1.5));
  return {repeats, few: Math.max(3, Math.round(repeats / 3))};
}

/** What is measured of one model at one size on some threads: {kind, model, engine, precision, size, threads,
 *  command}. */
function subjectsOf(model, size, threads, files, forPeers) {
  const {repeats, few} = repeatsAt(size);
  const subject = (engine, precision, program, file, count = repeats) => ({
    kind: 'network', model, engine, precision, size, threads,
    command: [...program, file, precision, files.input, size, threads, count, files.heatmap],
  });
  const ours = [path.join(bin, 'network_bench')];
  const int8Model = modelFile(`${model}-int8`);  // Not every model has one.
  const subjects = [
    subject('PoseNet', 'fp32', ours, modelFile(model)),
    subject('PoseNet', 'bf16', ours, modelFile(model)),
    ...(existsSync(int8Model) ? [subject('PoseNet', 'int8', ours, int8Model)] : []),
  ];
  if (!forPeers) return subjects;
  const node = script => [process.execPath, path.join(here, script)];
  const oneDnn = [path.join(bin, 'peers/onednn_network')];
  const onnxRuntime = node('onnxruntime_network.mjs');
  return [
    subject('ONNX Runtime', 'fp32', onnxRuntime, files.onnx),
    ...subjects,
    subject('ONNX Runtime', 'int8', onnxRuntime, files.onnxInt8),
    ...['fp32', 'bf16', 'int8'].map(precision => subject('oneDNN', precision, oneDnn, modelFile(model))),
    subject('OpenCV DNN', 'fp32', [path.join(bin, 'peers/opencv_network')], files.onnxOld, few),
    {...subject('TensorFlow.js WASM', 'fp32', node('tfjs_network.mjs'), tfjsGraph(model), few), has_own_weights: true},
  ];
}

/** From pixels to poses, where another implementation does that. */
function endToEndSubjects(model, size, threads, pixels) {
  const {repeats, few} = repeatsAt(size);
  const subject = (engine, precision, command) =>
    ({kind: 'end to end', model, engine, precision, size, threads, command});
  const ours = (precision, file) => subject(
    'PoseNet', precision, [path.join(bin, 'estimate_bench'), modelFile(file), ...pixels, size, repeats, threads]);
  const theirs = subject('TensorFlow.js WASM', 'fp32',
                         [process.execPath, path.join(here, 'tfjs.mjs'), tfjsGraph(model), ...pixels, size, few]);
  // Ours first: what they find is compared with what we find. Their backend has threads in browsers, none in Node.
  return [ours('fp32', model), ours('int8', `${model}-int8`), ...(threads === 1 ? [theirs] : [])];
}

/** Why the times of `result` are not to be told, or nothing. */
function fault(subject, result, results) {
  if (subject.kind === 'end to end') {
    if (subject.engine === 'PoseNet') return null;
    const ours = results.find(other => other.kind === subject.kind && other.engine === 'PoseNet' &&
                                       other.precision === 'fp32' && other.size === subject.size);
    if (!ours) return null;
    const isSame = ours.poses === result.poses && Math.abs(ours.score - result.score) <= LARGEST_SCORE_DIFFERENCE;
    return isSame ? null : `finds ${result.poses} people of ${result.score}, PoseNet ${ours.poses} of ${ours.score}`;
  }
  const {max_difference: largest, relative_rms_difference: relative} = result;
  if (subject.precision === 'fp32') {
    const allowed = subject.has_own_weights ? LARGEST_DIFFERENCE_OF_OWN_WEIGHTS : LARGEST_DIFFERENCE;
    return largest !== null && largest <= allowed ? null :
      `its heatmap differs by up to ${largest ?? 'infinity'}, allowed are ${allowed}`;
  }
  return relative !== null && relative <= LARGEST_RMS_OF_FEW_BITS ? null :
    `its heatmap differs by ${relative ?? 'infinity'} of its size, allowed are ${LARGEST_RMS_OF_FEW_BITS}`;
}

/** What the machine is, as far as speed goes. */
function machine() {
  const cpuinfo = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : '';
  const flags = new Set((cpuinfo.match(/^flags\s*:\s*(.*)$/m)?.[1] ?? '').split(' '));
  const names = {avx2: 'AVX2', avx512f: 'AVX-512', avx_vnni: 'AVX-VNNI', avx512_vnni: 'AVX512-VNNI',
                 avx512_bf16: 'AVX512-BF16', amx_tile: 'AMX'};
  const governor = '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor';
  return {
    cpu: os.cpus()[0].model.trim(),
    cores: os.cpus().length,
    instructions: Object.keys(names).filter(flag => flags.has(flag)).map(flag => names[flag]),
    is_virtual: flags.has('hypervisor'),
    governor: existsSync(governor) ? readFileSync(governor, 'utf8').trim() : null,
    compiler: execFileSync('c++', ['--version'], {encoding: 'utf8'}).split('\n')[0],
    node: process.version,
  };
}

/** Why a program answered nothing, in a line. */
function reasonOf({command}, {status, signal, error, stderr}) {
  if (!existsSync(command[0])) return 'is not built; is its library installed?';
  const lines = (stderr ?? '').trim().split('\n').filter(Boolean);
  // Node shows the code before the error.
  const line = lines.find(each => /^\w*Error: /.test(each)) ?? lines[0];
  return line?.replace(`${path.basename(command[0])}: `, '') ?? `ended with ${status ?? signal ?? error}`;
}

const nameOf = ({kind, model, engine, precision, size, threads}) =>
  `${engine} ${precision}, ${kind}, ${model}, ${size}x${size}, ${threads} thread${threads > 1 ? 's' : ''}`;

const photo = readPpm(options.photo);
writeFileSync(inWork('photo.rgb'), photo.rgb);
const pixels = [inWork('photo.rgb'), photo.width, photo.height];
const subjects = [];
for (const model of [...list(options.models), ...list(options.alone)]) {
  const forPeers = list(options.models).includes(model);
  for (const size of sizes) {
    const files = prepare(photo, model, size, forPeers);
    for (const threads of threadCounts) {
      if (threads > os.cpus().length) continue;
      subjects.push(...subjectsOf(model, size, threads, files, forPeers));
      if (forPeers && options['end-to-end']) subjects.push(...endToEndSubjects(model, size, threads, pixels));
    }
  }
}

const about = {...machine(), load_before: os.loadavg()[0]};
const results = [];
const left = new Map();  // Subject -> why it is not measured.
let isAnyWrong = false;
for (let round = 1; round <= rounds; ++round) {
  say(`round ${round} of ${rounds}`);
  for (const subject of subjects.filter(each => !left.has(each))) {
    const {command, ...what} = subject;
    const cores = Array.from({length: subject.threads}, (_, i) => i).join(',');
    const run = spawnSync('taskset', ['-c', cores, ...command.map(String)], {encoding: 'utf8', timeout: 600_000});
    if (run.status !== 0) {
      const reason = reasonOf(subject, run);
      left.set(subject, {...what, reason});
      if (run.status !== UNSUPPORTED) console.error(`warning: ${nameOf(subject)} is left out: ${reason}`);
      continue;
    }
    const result = {...what, ...JSON.parse(run.stdout), round};
    const wrong = fault(subject, result, results);
    if (wrong) {
      console.error(`error: ${nameOf(subject)} computes something else: ${wrong}`);
      left.set(subject, {...what, reason: `computes something else: ${wrong}`});
      isAnyWrong = true;
      continue;
    }
    results.push(result);
  }
}
const file = inWork('results.json');
about.load_after = os.loadavg()[0];
const measured = results.filter(result => ![...left.keys()].some(subject => nameOf(subject) === nameOf(result)));
writeFileSync(file, JSON.stringify({machine: about, rounds, left_out: [...left.values()], results: measured}, null, 1));
process.exit(isAnyWrong ? 1 : 0);
