// SPDX-License-Identifier: Apache-2.0
// Tests our decoders of MoveNet with TensorFlow.js: estimates poses in sample photos with PoseEstimator and with the
// whole graph, which ends in its own decoder, on the same input, and compares keypoints and scores.
//
//   npm ci --ignore-scripts            # once, in this folder, in models and in models/movenet
//   node movenet_poses.mjs ESTIMATE_POSES
//
// ESTIMATE_POSES is the program of estimate_poses.cc. Exit status: 0; 1 if poses differ; 77 without TensorFlow.js, the
// weights or the photos.
import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

import {loadTensorFlow, modelFile, readModel, samplePhoto} from './movenet_graphs.mjs';

const PHOTOS = ['human-sample-body.jpg', 'human-sample-upper.jpg', 'sample1.jpg', 'sample2.jpg', 'sample3.jpg'];
// The graph of MultiPose takes any multiple of 32.
const CASES = [
  {model: 'movenet-lightning', width: 192, height: 192},
  {model: 'movenet-thunder', width: 256, height: 256},
  {model: 'movenet-multipose', width: 256, height: 256},
  {model: 'movenet-multipose', width: 320, height: 256},
];
const PARTS = 17;
const MAX_DISTANCE_PX = 0.5;
const MAX_SCORE_DIFFERENCE = 1e-3;
// MultiPose always returns six people. Below this score, most are none: their keypoints are maxima of noise.
const MIN_SCORE = 0.1;

/** Splits numbers y, x, score, y, x, score, ... into keypoints in pixels. */
function keypointsOf(numbers, scaleY, scaleX) {
  return Array.from({length: PARTS}, (_, i) =>
    ({y: numbers[3 * i] * scaleY, x: numbers[3 * i + 1] * scaleX, score: numbers[3 * i + 2]}));
}

/** The poses in the graph's output: [1, 1, 17, 3], or [1, 6, 56] with a box and a score after the keypoints. */
function posesOf(output, width, height) {
  const numbers = output.dataSync();
  const size = output.shape.at(-1) === 3 ? 3 * PARTS : output.shape.at(-1);
  return Array.from({length: numbers.length / size}, (_, i) => {
    const row = numbers.subarray(i * size, (i + 1) * size);
    return {score: size > 3 * PARTS ? row[size - 1] : undefined, keypoints: keypointsOf(row, height, width)};
  });
}

function estimate(program, file, photo, {width, height}, folder) {
  const input = join(folder, 'input.rgb');
  const text = execFileSync(program, [file, photo, String(width), String(height), input], {encoding: 'utf8'});
  const poses = text.trim().split('\n').filter(Boolean).map(line => {
    const [score, ...numbers] = line.split(' ').map(Number);
    return {score, keypoints: keypointsOf(numbers, 1, 1)};
  });
  return {poses, pixels: Int32Array.from(readFileSync(input))};
}

/** The largest differences of two lists of poses, NaN or infinity included. */
function compare(expected, actual) {
  if (expected.length !== actual.length) return {distance_px: Infinity, score: Infinity};
  const distances = [0];
  const scores = [0];
  expected.forEach((pose, i) => {
    if (pose.score !== undefined) scores.push(Math.abs(pose.score - actual[i].score));
    pose.keypoints.forEach((keypoint, part) => {
      const ours = actual[i].keypoints[part];
      distances.push(Math.hypot(keypoint.x - ours.x, keypoint.y - ours.y));
      scores.push(Math.abs(keypoint.score - ours.score));
    });
  });
  return {distance_px: Math.max(...distances), score: Math.max(...scores)};
}

function check(tf, graph, program, file, photo, size, folder) {
  const ours = estimate(program, file, photo, size, folder);
  const output = tf.tidy(() => {
    const input = tf.tensor4d(ours.pixels, [1, size.height, size.width, 3], 'int32');
    return tf.keep(graph.execute(input));
  });
  const theirs = posesOf(output, size.width, size.height);
  output.dispose();
  const isPerson = pose => pose.score === undefined || pose.score >= MIN_SCORE;
  const expected = theirs.filter(isPerson);
  const {distance_px, score} = compare(expected, ours.poses.filter((_, i) => i < theirs.length && isPerson(theirs[i])));
  const passed = expected.length > 0 && distance_px <= MAX_DISTANCE_PX && score <= MAX_SCORE_DIFFERENCE;
  return {passed, people: expected.length, distance_px, score};
}

const [program] = process.argv.slice(2);
if (!program) {
  console.error('usage: node movenet_poses.mjs ESTIMATE_POSES');
  process.exit(2);
}
const photos = PHOTOS.map(name => ({name, file: samplePhoto(name)}));
const files = new Map(CASES.map(({model}) => [model, modelFile(model)]));
const {tf, loadGraphModel} = await loadTensorFlow();
const folder = mkdtempSync(join(tmpdir(), 'posenet-movenet-'));
let failures = 0;
try {
  for (const {model, ...size} of CASES) {
    const graph = await loadGraphModel({load: readModel(files.get(model)).load});
    for (const {name, file} of photos) {
      const {passed, people, distance_px, score} = check(tf, graph, program, files.get(model), file, size, folder);
      if (!passed) ++failures;
      console.log(`${passed ? 'ok    ' : 'FAILED'} ${model} ${size.width}x${size.height} ${name}: ${people} people, ` +
                  `keypoints within ${distance_px.toFixed(3)} px, scores within ${score.toExponential(1)}`);
    }
    graph.dispose();
  }
} finally {
  rmSync(folder, {recursive: true});
}
process.exit(failures > 0 ? 1 : 0);
