// SPDX-License-Identifier: Apache-2.0
// What bench/ap/run calculates and writes, without running a network: node --test bench/ap/report.test.mjs
import assert from 'node:assert/strict';
import {test} from 'node:test';

import {chartOf} from './chart.mjs';
import {distancesBetween, readPoses} from './distances.mjs';
import {argumentsOf, METHODS, subjectsOf} from './methods.mjs';
import {rowsOf, tableOf, withTable} from './report.mjs';

const PARTS = 17;

// A pose whose keypoint i is at (x + i, y + 2 i); the last two are not confident.
const poseAt = (x, y) =>
  Array.from({length: PARTS}, (_, i) => ({x: x + i, y: y + 2 * i, score: i < PARTS - 2 ? 0.9 : 0.1}));
const photo = (...poses) => new Map([['a.jpg', {longerSide: 640, poses}]]);

test('distances are in pixels of the input, of confident keypoints', () => {
  const moved = poseAt(104, 200);
  moved[0].y += 30;   // One of 15 confident keypoints.
  moved[16].y += 99;  // Not confident.
  const result = distancesBetween(photo(poseAt(100, 200)), photo(poseAt(300, 300), moved), 320);
  assert.equal(result.poses, 1);
  assert.equal(result.found, 1);
  assert.equal(result.keypoints, 15);
  assert.equal(result.median_px, 2);
  assert.equal(result.moved_share, 1 / 15);
});

test('people not found again are counted, not compared', () => {
  const result = distancesBetween(photo(poseAt(100, 200), poseAt(400, 200)), photo(poseAt(130, 200)), 320);
  assert.deepEqual(result, {poses: 2, found: 0, keypoints: 0, median_px: null, moved_share: null});
  assert.equal(distancesBetween(photo(poseAt(100, 200)), new Map(), 320).found, 0);
});

test('poses are read from CSV, also of images without people', () => {
  const row = (pose, part) => `a.jpg,640,427,${pose},0.5,part${part},${10 * pose + part},7,0.25,`;
  const rows = [0, 1].flatMap(pose => Array.from({length: PARTS}, (_, part) => row(pose, part)));
  const csv = ['image,width,height,pose,pose_score,part,x,y,score,error', ...rows, 'b.jpg,300,400,,,,,,,',
               'c.jpg,,,,,,,,,cannot be read', ''].join('\n');
  const poses = readPoses(csv);
  assert.equal(poses.get('a.jpg').longerSide, 640);
  assert.equal(poses.get('a.jpg').poses.length, 2);
  assert.deepEqual(poses.get('a.jpg').poses[1][16], {x: 26, y: 7, score: 0.25});
  assert.deepEqual(poses.get('b.jpg'), {longerSide: 400, poses: []});
  assert.deepEqual(poses.get('c.jpg').poses, []);
});

test('a null leaves an option out', () => {
  const [method] = METHODS.filter(({options}) => options);
  const options = method.options.split(' ');
  assert.deepEqual(argumentsOf({method, size: 257, precision: 'int8', threads: 2}),
                   [...options, '--size', '257', '--precision', 'int8', '--threads', '2']);
  assert.deepEqual(argumentsOf({method, size: null, precision: null, threads: 1}), [...options, '--threads', '1']);
});

test('every method has a name of its own, and fp32 first, with which others are compared', () => {
  assert.equal(new Set(METHODS.map(({name}) => name)).size, METHODS.length);
  for (const {precisions} of METHODS) assert.ok(precisions[0] === null || precisions[0] === 'fp32');
  const subjects = subjectsOf([{sizes: [1, 2], precisions: ['fp32', 'int8']}], [1, 4]);
  assert.equal(subjects.length, 8);
});

const MACHINE = {cpu: 'Test CPU', cores: 4, instructions: [], is_virtual: false, governor: null, compiler: 'c++ 1',
                 node: 'v20', load_before: 0.1, load_after: 0.2};

function resultOf(name, size, precision, threads, ap, times, distances = null) {
  const protocol = {width: size, height: size, precision, images: 32, persons: 66};
  return {name, kind: 'network', threads, protocol, metrics: {AP: ap, AP50: 0.5, AP75: 0.25, AR: 0.4}, distances,
          median_ms: times, mean_ms: times};
}

const RESULTS = [
  resultOf('One & only', 257, 'fp32', 1, 0.2, [30, 10, 20]),
  resultOf('One & only', 257, 'fp32', 4, 0.2, [5]),
  resultOf('One & only', 257, 'int8', 1, 0.19, [8], {median_px: 0.204, moved_share: 0.0312}),
  resultOf('One & only', 257, 'int8', 4, 0.19, [2]),
  resultOf('One & only', 513, 'fp32', 1, 0.3, [90]),
];

test('the table has a row per method, size and precision, with medians by threads', () => {
  const table = tableOf({machine: MACHINE, rounds: 3, results: RESULTS});
  assert.match(table, /^32 photos with 66 labeled persons; 3 rounds\. Machine: Test CPU .*4 cores/);
  const rows = table.split('\n').filter(line => line.startsWith('| '));
  assert.deepEqual(rows, [
    '| method | input | precision | AP (66 persons) | AP50 (66 persons) | AP75 (66 persons) | AR (66 persons) ' +
      '| distance | moved | ms, 1 thread | ms, 4 threads |',
    '| One & only | 257x257 | fp32 | 0.200 | 0.500 | 0.250 | 0.400 |  |  | 20.0 | 5.0 |',
    '|  | 257x257 | int8 | 0.190 | 0.500 | 0.250 | 0.400 | 0.20 px | 3.1 % | 8.0 | 2.0 |',
    '|  | 513x513 | fp32 | 0.300 | 0.500 | 0.250 | 0.400 |  |  | 90.0 |  |',
  ]);
});

test('the table replaces what is between its markers, and nothing else', () => {
  const pageWith = content =>
    `before\n<!-- Written by bench/ap/run; do not edit. -->\n${content}<!-- End of bench/ap/run. -->\nafter\n`;
  const once = withTable(pageWith('old\n'), 'new\n');
  assert.equal(once, pageWith('\nnew\n\n'));
  assert.equal(withTable(once, 'new\n'), once);
  assert.throws(() => withTable('no markers', 'new'), /expected the lines/);
});

test('the chart has a marker for every fp32 and int8 row and thread count, and escaped names', () => {
  const chart = chartOf(rowsOf(RESULTS), 'a note');
  assert.equal(chart.match(/<circle class="mark m0 (fp32|int8)"/g).length, 5 + 1);  // And one in the legend.
  assert.match(chart, /One &amp; only, int8, 257x257: AP 0\.190, 8\.0 ms/);
  assert.match(chart, /66 persons/);
  assert.match(chart, />1 thread</);
  assert.match(chart, />4 threads</);
  assert.doesNotMatch(chart, /NaN|undefined|Infinity/);
});
