// SPDX-License-Identifier: Apache-2.0
// Writes the camera poses of a scene's images into one file, which camera.html draws.
//
//   node room_poses.mjs SCENE ROOM.json
//
// SCENE is a folder in the layout of 7-Scenes. Poses are world_from_cam matrices in row-major order.
import {readdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';

const DECIMALS = 1e5; // A hundredth of a millimeter.

async function sequencesOf(scene, split) {
  const text = await readFile(path.join(scene, split), 'utf8');
  return [...text.matchAll(/sequence(\d+)/g)].map(([, number]) => `seq-${number.padStart(2, '0')}`);
}

async function readPose(file) {
  const numbers = (await readFile(file, 'utf8')).trim().split(/\s+/).map(Number);
  if (numbers.length !== 16 || !numbers.every(Number.isFinite)) throw new Error(`${file}: expected 16 numbers`);
  return numbers.map(number => Math.round(number * DECIMALS) / DECIMALS);
}

async function readSequence(scene, sequence) {
  const names = (await readdir(path.join(scene, sequence))).filter(name => name.endsWith('.pose.txt')).sort();
  return Promise.all(names.map(async name => ({
    image: `${path.basename(scene)}/${sequence}/${name.replace('.pose.txt', '.color.png')}`,
    worldFromCam: await readPose(path.join(scene, sequence, name)),
  })));
}

async function readSplit(scene, split) {
  const sequences = await sequencesOf(scene, split);
  return Promise.all(sequences.map(sequence => readSequence(scene, sequence)));
}

const [scene, output] = process.argv.slice(2);
if (!output) {
  process.stderr.write('usage: node room_poses.mjs SCENE ROOM.json\n');
  process.exit(2);
}
const [train, test] = await Promise.all([readSplit(scene, 'TrainSplit.txt'), readSplit(scene, 'TestSplit.txt')]);
await writeFile(output, JSON.stringify({
  // The room of 'posenet camera synth' in meters: y points down, the floor is at 0.
  room: {low: [-3, -2.8, -2.5], high: [3, 0, 2.5]},
  // The focal length and the height, relative to the image width.
  camera: {focalByWidth: 525 / 640, heightByWidth: 0.75},
  paths: train.map(frames => frames.map(({worldFromCam}) => [3, 7, 11].map(i => worldFromCam[i]))),
  test: test.flat(),
}));
