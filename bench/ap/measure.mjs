// SPDX-License-Identifier: Apache-2.0
// Measures the methods of methods.mjs alternately, in rounds; bench/ap/run builds what it needs.
//
//   node measure.mjs COCO_FOLDER ROUNDS RESULTS.json
//
// Runs 'posenet human eval' for each method, size, precision and number of threads. The first round with one thread
// also compares the poses with those of fp32. Exit status: 0; 1 if a method failed; 2 for an invalid command line.
import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

import {machine, plural} from '../machine.mjs';
import {groupBy} from '../statistics.mjs';
import {distancesBetween, readPoses} from './distances.mjs';
import {argumentsOf, METHODS, subjectsOf} from './methods.mjs';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const posenet = path.join(root, 'build/release/bin/posenet');
// The command's exit status for a model or an option that does not exist.
const USAGE_ERROR = 2;

const [coco, rounds, resultsFile] = [process.argv[2], Number(process.argv[3]), process.argv[4]];
const say = text => process.stderr.write(`\x1b[1m== ${text}\x1b[0m\n`);

/** Returns the annotation file and the folder of images of a COCO folder, or exits. */
function findData(folder) {
  const layouts = [['person_keypoints_val.json', 'images'], ['annotations/person_keypoints_val2017.json', 'val2017']];
  for (const names of layouts) {
    const [annotations, images] = names.map(name => path.join(folder ?? '', name));
    if (folder && existsSync(annotations) && existsSync(images)) return {annotations, images};
  }
  console.error(`${folder ?? ''}: expected a folder with ${layouts.map(names => names.join(' and ')).join(', or ')}`);
  process.exit(2);
}

const nameOf = ({method, size, precision, threads}) =>
  [method.name, size && `${size} px`, precision, plural(threads, 'thread')].filter(Boolean).join(', ');

/** Runs a subject. Returns {status, message, figures, poses}; `poses` only if wanted. */
function run(subject, data, folder, wantsPoses) {
  const [json, csv] = ['figures.json', 'poses.csv'].map(name => path.join(folder, name));
  const command = [
    posenet, 'human', 'eval', '--annotations', data.annotations, '--images', data.images, '--json', json,
    ...(wantsPoses ? ['--csv', csv] : []), ...argumentsOf(subject),
  ];
  const cores = Array.from({length: subject.threads}, (_, i) => i).join(',');
  const {status, signal, error, stderr} = spawnSync('taskset', ['-c', cores, ...command], {encoding: 'utf8'});
  // Notes precede the error.
  const message = (stderr ?? '').trim().split('\n').at(-1) || `failed with ${status ?? signal ?? error}`;
  if (status !== 0) return {status, message};
  const figures = JSON.parse(readFileSync(json, 'utf8'));
  return {status, figures, poses: wantsPoses ? readPoses(readFileSync(csv, 'utf8')) : null};
}

/** Measures all subjects. Returns {results, leftOut, hasFailed}. */
function measure(data, subjects, folder) {
  const results = new Map();
  const leftOut = new Map();
  const references = new Map();  // The poses of fp32, by method and size.
  let hasFailed = false;
  const leaveOut = (subject, reason) => {
    const isNew = ![...leftOut].some(([other, why]) => other.method === subject.method && why === reason);
    if (isNew) console.error(`${nameOf(subject)}: left out: ${reason}`);
    leftOut.set(subject, reason);
    results.delete(subject);
  };
  for (let round = 1; round <= rounds; ++round) {
    say(`round ${round} of ${rounds}`);
    for (const subject of subjects.filter(each => !leftOut.has(each))) {
      const {method, size, precision, threads} = subject;
      const wantsPoses = round === 1 && threads === 1 && precision !== null;
      const {status, message, figures, poses} = run(subject, data, folder, wantsPoses);
      if (status !== 0) {
        leaveOut(subject, message);
        if (status !== USAGE_ERROR) hasFailed = true;
        continue;
      }
      const {protocol, ms_per_image: {median, mean}, ...metrics} = figures;
      const key = `${method.name} ${size}`;
      if (wantsPoses && precision === 'fp32') references.set(key, poses);
      if (!results.has(subject)) {
        const reference = wantsPoses && precision !== 'fp32' ? references.get(key) : undefined;
        const inputSize = Math.max(protocol.width, protocol.height);
        const distances = reference ? distancesBetween(reference, poses, inputSize) : null;
        results.set(subject, {
          name: method.name, kind: method.kind, arguments: argumentsOf(subject), threads, protocol, metrics, distances,
          median_ms: [], mean_ms: [],
        });
      }
      const result = results.get(subject);
      if (result.metrics.AP !== metrics.AP) {
        leaveOut(subject, `AP was ${result.metrics.AP}, and ${metrics.AP} in round ${round}`);
        hasFailed = true;
        continue;
      }
      result.median_ms.push(median);
      result.mean_ms.push(mean);
    }
  }
  // A reason often applies to all sizes and precisions of a method.
  const byReason = groupBy([...leftOut], ([{method}, reason]) => `${method.name}: ${reason}`);
  return {
    results: [...results.values()], hasFailed,
    leftOut: [...byReason].map(([reason, ofReason]) => ({reason, subjects: ofReason.map(([each]) => nameOf(each))})),
  };
}

if (!(rounds > 0) || !resultsFile) {
  console.error('usage: node measure.mjs COCO_FOLDER ROUNDS RESULTS.json');
  process.exit(2);
}
const data = findData(coco);
const cores = os.cpus().length;
const about = {...machine(), load_before: os.loadavg()[0]};
const folder = mkdtempSync(path.join(os.tmpdir(), 'posenet-ap-'));
try {
  const subjects = subjectsOf(METHODS, cores > 1 ? [1, cores] : [1]);
  const {results, leftOut, hasFailed} = measure(data, subjects, folder);
  about.load_after = os.loadavg()[0];
  mkdirSync(path.dirname(resultsFile), {recursive: true});
  writeFileSync(resultsFile, JSON.stringify({machine: about, rounds, left_out: leftOut, results}, null, 1));
  process.exitCode = hasFailed || results.length === 0 ? 1 : 0;
} finally {
  rmSync(folder, {recursive: true});
}
