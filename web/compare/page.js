// SPDX-License-Identifier: Apache-2.0
// The page that puts TensorFlow.js PoseNet and ours side by side.
import {
  decodePicture, describeSite, element, fetchPicture, listenForFiles, median, milliseconds, note, pixelsOf, say,
} from '../common.js';
import {COLOURS, drawPicture, drawPose, lineWidthOf} from '../skeleton.js';
import {largestDistance, loadNet, measureInTurns} from './measure.js';
import {graphForAnySize, loadUpstream} from './tensorflow.js';

const MOST_THREADS = 4; // As ours takes by itself.
const DRAWN_SCORE = 0.2;

const {elements} = element('options');
let packages = null; // {upstream, own, threads}: the same interface twice.
let nets = null; // Of the last size and weights: {key, both}.
let ownPhoto = null; // A file that was given.

async function prepareNets(size, quantBytes) {
  const key = `${size} ${quantBytes}`;
  if (nets?.key === key) return nets.both;
  nets?.both.forEach(net => net.dispose());
  nets = null;
  const both = [
    await loadNet(packages.upstream, {size, quantBytes: 2, modelUrl: graphForAnySize()}),
    await loadNet(packages.own, {size, quantBytes, threads: packages.threads}),
  ];
  nets = {key, both};
  return both;
}

// Without a quick blow-up of huge photos of cameras, which TensorFlow.js would turn into tensors of that size.
const LONGEST_SIDE = 1280;

function pictureOf(bitmap) {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  return pixelsOf(bitmap, Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
}

async function drawAnswer(name, picture, poses) {
  const canvas = element(`${name}-canvas`);
  const bitmap = await createImageBitmap(picture);
  const context = drawPicture(canvas, bitmap, picture);
  bitmap.close();
  poses.forEach(({keypoints}, i) => drawPose(
      context, {keypoints: keypoints.map(({score, position}) => ({score, ...position}))},
      {colour: COLOURS[i % COLOURS.length], size: lineWidthOf(picture), minScore: DRAWN_SCORE}));
  canvas.setAttribute('aria-label', `The photo with ${poses.length} people`);
}

async function show(picture, results) {
  for (const [i, name] of ['upstream', 'own'].entries()) {
    const {poses, times} = results[i];
    await drawAnswer(name, picture, poses);
    element(`${name}-median`).textContent = milliseconds(median(times));
    element(`${name}-best`).textContent = milliseconds(Math.min(...times));
    element(`${name}-people`).textContent = poses.length;
  }
  const [upstream, own] = results;
  element('ratio').textContent = (median(own.times) / median(upstream.times)).toFixed(2);
  const distance = largestDistance(upstream.poses, own.poses);
  element('distance').textContent = Number.isFinite(distance) ? `${distance.toFixed(3)} px` : 'not comparable (other people)';
}

async function compare() {
  const {size, quantBytes, runs, photo} = elements;
  if (!runs.validity.valid) return say('Runs are a number from 1 to 200.', true);
  element('measure').disabled = true;
  say('Loading both networks…');
  try {
    const bitmap = ownPhoto ? await decodePicture(ownPhoto, ownPhoto.name) : await fetchPicture(`photos/${photo.value}`);
    const picture = pictureOf(bitmap);
    bitmap.close();
    const both = await prepareNets(Number(size.value), Number(quantBytes.value));
    const count = Number(runs.value);
    const results = await measureInTurns(both, picture, count, run => say(run < 1 ? 'Warming up…' : `Run ${run} of ${count}…`));
    await show(picture, results);
    say('Done.');
  } catch (error) {
    say(error.message, true);
  } finally {
    element('measure').disabled = false;
  }
}

async function loadPackages() {
  const {supportedThreads} = await import('../package/dist/core/index.js');
  const threads = Math.min(await supportedThreads(), MOST_THREADS);
  const [upstream, own] = await Promise.all([loadUpstream(threads), import('../package/dist/index.js')]);
  element('upstream-threads').textContent = upstream.threads;
  // TensorFlow.js may take fewer than it is offered: ours has as many as it took.
  element('own-threads').textContent = upstream.threads;
  packages = {upstream: upstream.posenet, own, threads: upstream.threads};
}

async function start() {
  const site = await describeSite();
  for (const name of site.photos) elements.photo.append(new Option(name, name));
  if (site.photos.includes('human-sample-body.jpg')) elements.photo.value = 'human-sample-body.jpg';
  if (!site.libraries || !site.tfjsShape) {
    say('');
    return note('The package or TensorFlow.js is missing. scripts/web builds one and installs the other.');
  }
  await loadPackages();
  element('options').addEventListener('submit', event => {
    event.preventDefault();
    compare();
  });
  elements.photo.addEventListener('change', () => { ownPhoto = null; });
  listenForFiles(element('file'), element('stage'), file => {
    ownPhoto = file;
    compare();
  });
  await compare();
}

start().catch(error => say(error.message, true));
