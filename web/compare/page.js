// SPDX-License-Identifier: Apache-2.0
// The page that compares TensorFlow.js PoseNet with this package.
import {
  decodeImage, describeSite, element, fetchImage, listenForFiles, median, milliseconds, note, pixelsOf, say,
} from '../common.js';
import {largestDistance, loadNet, measureAlternately} from './measure.js';
import {graphForAnySize, loadUpstream} from './tensorflow.js';

const MAX_THREADS = 4; // The default of this package.
const DRAWN_SCORE = 0.2;

const {elements} = element('options');
let packages = null; // {upstream, own, skeleton, threads}
let nets = null; // Of the last size and weights: {key, both}.
let userFile = null; // The user's image, if any.

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

// TensorFlow.js turns an image into a tensor of the same size, so those of cameras are scaled down.
const MAX_SIDE = 1280;

function scaledPixels(bitmap) {
  const scale = Math.min(1, MAX_SIDE / Math.max(bitmap.width, bitmap.height));
  return pixelsOf(bitmap, Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
}

async function drawPoses(name, image, poses) {
  const {drawImage, drawPose, lineWidthFor, poseColors} = packages.skeleton;
  const canvas = element(`${name}-canvas`);
  const bitmap = await createImageBitmap(image);
  const context = drawImage(canvas, bitmap, image);
  bitmap.close();
  poses.forEach(({keypoints}, i) => drawPose(
      context, keypoints.map(({score, position}) => ({score, ...position})),
      {color: poseColors[i % poseColors.length], lineWidth: lineWidthFor(image), minScore: DRAWN_SCORE}));
  canvas.setAttribute('aria-label', `The image with ${poses.length} poses`);
}

async function show(image, results) {
  for (const [i, name] of ['upstream', 'own'].entries()) {
    const {poses, times} = results[i];
    await drawPoses(name, image, poses);
    element(`${name}-median`).textContent = milliseconds(median(times));
    element(`${name}-best`).textContent = milliseconds(Math.min(...times));
    element(`${name}-people`).textContent = poses.length;
  }
  const [upstream, own] = results;
  element('ratio').textContent = (median(own.times) / median(upstream.times)).toFixed(2);
  const distance = largestDistance(upstream.poses, own.poses);
  element('distance').textContent =
      Number.isFinite(distance) ? `${distance.toFixed(3)} px` : 'not comparable (different numbers of people)';
}

async function compare() {
  const {size, quantBytes, runs, image: sample} = elements;
  if (!runs.validity.valid) return say('The number of runs must be from 1 to 200.', true);
  element('measure').disabled = true;
  say('Loading both networks…');
  try {
    const bitmap = userFile ? await decodeImage(userFile, userFile.name) : await fetchImage(`images/${sample.value}`);
    const image = scaledPixels(bitmap);
    bitmap.close();
    const both = await prepareNets(Number(size.value), Number(quantBytes.value));
    const count = Number(runs.value);
    const results = await measureAlternately(
        both, image, count, run => say(run < 1 ? 'Warming up…' : `Run ${run} of ${count}…`));
    await show(image, results);
    say('Done.');
  } catch (error) {
    say(error.message, true);
  } finally {
    element('measure').disabled = false;
  }
}

async function loadPackages() {
  const {supportedThreads} = await import('../package/dist/core/index.js');
  const threads = Math.min(await supportedThreads(), MAX_THREADS);
  const [upstream, own, skeleton] = await Promise.all(
      [loadUpstream(threads), import('../package/dist/index.js'), import('../package/dist/skeleton.js')]);
  element('upstream-threads').textContent = upstream.threads;
  // TensorFlow.js may use fewer threads than requested; ours gets the same number.
  element('own-threads').textContent = upstream.threads;
  packages = {upstream: upstream.posenet, own, skeleton, threads: upstream.threads};
}

async function start() {
  const site = await describeSite();
  for (const name of site.images) elements.image.append(new Option(name, name));
  if (site.images.includes('human-sample-body.jpg')) elements.image.value = 'human-sample-body.jpg';
  if (!site.libraries || !site.tfjsShape) {
    say('');
    return note('The package or TensorFlow.js is missing. Run scripts/web to build and install them.');
  }
  await loadPackages();
  element('options').addEventListener('submit', event => {
    event.preventDefault();
    compare();
  });
  elements.image.addEventListener('change', () => { userFile = null; });
  listenForFiles(element('file'), element('stage'), file => {
    userFile = file;
    compare();
  });
  await compare();
}

start().catch(error => say(error.message, true));
