// SPDX-License-Identifier: Apache-2.0
// The page about people: images, videos and the webcam, with the poses that a worker estimates in them.
import {
  decodeImage, describeSite, element, fetchImage, listenForCopy, listenForFiles, milliseconds, note, say,
} from '../common.js';
import {Engine} from './engine.js';
import {drawingOptions, estimateOptions, listenForOptions} from './options.js';
import {Player} from './video.js';

// Without the package, the page shows a note instead.
const skeleton = await import('../package/dist/skeleton.js').catch(() => null);

const canvas = element('canvas');
const RATE_MS = 2000; // The period over which the frame rate is measured.

let shown = null; // The content of the canvas: {image, result, mirror}; the image is an ImageBitmap.
let player = null;
let videoCount = 0;
let latestRequest = 0; // Results of earlier requests for single images are ignored.

const engine = new Engine((loaded, total) => {
  if (element('status').classList.contains('error')) return; // Keep another error readable.
  if (loaded === total) return say('Preparing the network…');
  say(`Loading the model: ${(loaded / 1e6).toFixed(1)} ${total ? `of ${(total / 1e6).toFixed(1)} ` : ''}MB`);
});

function draw() {
  if (!shown || !skeleton) return;
  const {drawImage, drawPose, lineWidthFor, poseColors} = skeleton;
  const {image, result, mirror} = shown;
  const {minPoseScore, ...options} = drawingOptions();
  element('stage').classList.remove('empty');
  const context = drawImage(canvas, image, {width: image.width, height: image.height, mirror});
  const poses = result ? result.poses.filter(({score}) => score >= minPoseScore) : [];
  const lineWidth = lineWidthFor(image);
  poses.forEach((pose, i) => drawPose(context, pose.keypoints, {
    ...options, lineWidth, color: poseColors[(pose.id ?? i) % poseColors.length],
    label: pose.id === undefined ? pose.score.toFixed(2) : `#${pose.id}  ${pose.score.toFixed(2)}`,
  }));
  canvas.setAttribute('aria-label', result ? `Image with ${poses.length} poses` : 'Image');
  element('people').textContent = result ? poses.length : '–';
}

function setImage(image, result, mirror) {
  if (shown?.image !== image) shown?.image.close();
  shown = {image, result, mirror};
  draw();
}

function show(image, {result, milliseconds: time, threads}, mirror) {
  setImage(image, result, mirror);
  element('milliseconds').textContent = milliseconds(time);
  element('threads').textContent = threads;
  if (element('json').closest('details').open || !player) element('json').textContent = JSON.stringify(result, null, 1);
}

// ---- Single images.

async function estimateImage() {
  const request = ++latestRequest;
  const {image} = shown;
  if (element('status').classList.contains('error')) say(''); // The error of the previous request.
  try {
    const options = estimateOptions();
    const reply = await engine.estimate(await createImageBitmap(image), {...options, video: null});
    if (request !== latestRequest) return;
    show(image, reply, options.decode.mirror);
    element('rate').textContent = '–';
    const count = reply.result.poses.length;
    say(count === 0 ? 'No people found.' : `Found ${count === 1 ? '1 person' : `${count} people`}.`);
  } catch (error) {
    if (request === latestRequest) say(error.message, true);
  }
}

/** Shows the ImageBitmap that the promise `decoding` resolves with, and its poses. */
async function showImage(decoding) {
  stopPlayer();
  const request = ++latestRequest;
  say('Estimating poses…');
  try {
    const image = await decoding;
    if (request !== latestRequest) return image.close();
    setImage(image, null, false);
    await estimateImage();
  } catch (error) {
    if (request === latestRequest) say(error.message, true);
  }
}

const showSample = () => showImage(fetchImage('images/human-sample-body.jpg'));

// ---- Videos and the webcam.

function updateButtons() {
  const isCamera = player?.kind === 'camera';
  element('webcam').textContent = isCamera ? 'Stop webcam' : 'Start webcam';
  element('webcam').setAttribute('aria-pressed', String(isCamera));
  element('pause').hidden = player?.kind !== 'file';
  element('pause').textContent = 'Pause';
}

function stopPlayer() {
  player?.stop();
  player = null;
  updateButtons();
}

async function takeFrame(mine, times, videoId, frame, timeSeconds) {
  const copy = await createImageBitmap(frame);
  const options = estimateOptions();
  const reply = await engine.estimate(frame, {...options, video: {...options.video, videoId, timeSeconds}});
  if (player !== mine) return copy.close();
  show(copy, reply, options.decode.mirror);
  const now = performance.now();
  times.push(now);
  while (now - times[0] > RATE_MS) times.shift();
  if (times.length > 2) element('rate').textContent = (1000 * (times.length - 1) / (now - times[0])).toFixed(1);
  if (element('status').textContent) say('');
}

/** Plays the video that `start(player)` starts. */
async function play(kind, start) {
  stopPlayer();
  ++latestRequest;
  const mine = player = new Player(element('video'));
  mine.kind = kind;
  updateButtons();
  say(kind === 'camera' ? 'Starting the webcam…' : 'Opening the video…');
  const videoId = ++videoCount;
  const times = [];
  try {
    await start(mine);
    await mine.run((frame, timeSeconds) => takeFrame(mine, times, videoId, frame, timeSeconds));
  } catch (error) {
    if (player !== mine) return;
    stopPlayer();
    say(error.message, true);
  }
}

function takeFile(file) {
  if (file.type.startsWith('video/')) return play('file', mine => mine.startFile(file));
  return showImage(decodeImage(file, file.name || 'What was pasted'));
}

function toggleWebcam() {
  if (player?.kind !== 'camera') return play('camera', mine => mine.startCamera());
  stopPlayer();
  say('');
}

function listen() {
  listenForFiles(element('file'), element('stage'), takeFile);
  listenForCopy(element('copy'), element('json'));
  listenForOptions({draw, estimate: () => player ? player.repeatFrame() : shown && estimateImage()});
  element('webcam').addEventListener('click', toggleWebcam);
  element('sample').addEventListener('click', showSample);
  element('pause').addEventListener('click', () => {
    element('pause').textContent = player.togglePause() ? 'Resume' : 'Pause';
  });
  element('json').closest('details').addEventListener('toggle', () => {
    if (shown?.result) element('json').textContent = JSON.stringify(shown.result, null, 1);
  });
  addEventListener('pagehide', stopPlayer);
}

listen();
const site = await describeSite();
if (!site.package || !skeleton) note('The engine has not been built. Run scripts/web to build it.');
else if (site.images.length > 0 && latestRequest === 0) showSample(); // Unless the user was faster.
