// SPDX-License-Identifier: Apache-2.0
// The page about people: photos, videos and the webcam, looked at by a worker, and drawn with who was found.
import {
  decodePicture, describeSite, element, fetchPicture, listenForCopy, listenForFiles, milliseconds, note, say,
} from '../common.js';
import {COLOURS, drawPicture, drawPose, lineWidthOf} from '../skeleton.js';
import {Engine} from './engine.js';
import {listenForOptions, shownOptions, wantedOptions} from './options.js';
import {Player} from './video.js';

const canvas = element('canvas');
const RATE_MS = 2000; // The time over which frames a second are counted.

let shown = null; // What is on the canvas: {picture, answer, mirror}; the picture is an ImageBitmap.
let player = null;
let videoCount = 0;
let latest = 0; // Of the questions about photos.

const engine = new Engine((loaded, total) => {
  if (element('status').classList.contains('error')) return; // Of something else, which is to be read.
  if (loaded === total) return say('Making the network ready…');
  say(`Fetching the model: ${(loaded / 1e6).toFixed(1)} ${total ? `of ${(total / 1e6).toFixed(1)} ` : ''}MB`);
});

function draw() {
  if (!shown) return;
  const {picture, answer, mirror} = shown;
  const {minPose, minKeypoint, ...parts} = shownOptions();
  element('stage').classList.remove('empty');
  const context = drawPicture(canvas, picture, {width: picture.width, height: picture.height, mirror});
  const poses = answer ? answer.poses.filter(({score}) => score >= minPose) : [];
  const size = lineWidthOf(picture);
  poses.forEach((pose, i) => drawPose(context, pose, {
    ...parts, size, minScore: minKeypoint, colour: COLOURS[(pose.id ?? i) % COLOURS.length],
    label: pose.id === undefined ? pose.score.toFixed(2) : `#${pose.id}  ${pose.score.toFixed(2)}`,
  }));
  canvas.setAttribute('aria-label', answer ? `Picture with ${poses.length} people` : 'Picture');
  element('people').textContent = answer ? poses.length : '–';
}

function setPicture(picture, answer, mirror) {
  if (shown?.picture !== picture) shown?.picture.close();
  shown = {picture, answer, mirror};
  draw();
}

function show(picture, {answer, milliseconds: time, threads}, mirror) {
  setPicture(picture, answer, mirror);
  element('milliseconds').textContent = milliseconds(time);
  element('threads').textContent = threads;
  if (element('json').closest('details').open || !player) element('json').textContent = JSON.stringify(answer, null, 1);
}

// ---- Photos.

async function lookAtPhoto() {
  const question = ++latest;
  const {picture} = shown;
  if (element('status').classList.contains('error')) say(''); // Of the question before.
  try {
    const wanted = wantedOptions();
    const result = await engine.estimate(await createImageBitmap(picture), {...wanted, over: null});
    if (question !== latest) return;
    show(picture, result, wanted.decode.mirror);
    element('rate').textContent = '–';
    const count = result.answer.poses.length;
    say(count === 0 ? 'Nobody was found.' : `Found ${count === 1 ? 'one person' : `${count} people`}.`);
  } catch (error) {
    if (question === latest) say(error.message, true);
  }
}

/** Shows what `decoding`, a promise of an ImageBitmap, resolves with. */
async function showPhoto(decoding) {
  stopPlayer();
  const question = ++latest;
  say('Looking…');
  try {
    const picture = await decoding;
    if (question !== latest) return picture.close();
    setPicture(picture, null, false);
    await lookAtPhoto();
  } catch (error) {
    if (question === latest) say(error.message, true);
  }
}

const showSample = () => showPhoto(fetchPicture('photos/human-sample-body.jpg'));

// ---- Videos and the webcam.

function setButtons() {
  const isCamera = player?.kind === 'camera';
  element('webcam').textContent = isCamera ? 'Stop webcam' : 'Start webcam';
  element('webcam').setAttribute('aria-pressed', String(isCamera));
  element('pause').hidden = player?.kind !== 'file';
  element('pause').textContent = 'Pause';
}

function stopPlayer() {
  player?.stop();
  player = null;
  setButtons();
}

async function takeFrame(mine, times, video, frame, timeSeconds) {
  const copy = await createImageBitmap(frame);
  const wanted = wantedOptions();
  const result = await engine.estimate(frame, {...wanted, over: {...wanted.over, video, timeSeconds}});
  if (player !== mine) return copy.close();
  show(copy, result, wanted.decode.mirror);
  const now = performance.now();
  times.push(now);
  while (now - times[0] > RATE_MS) times.shift();
  if (times.length > 2) element('rate').textContent = (1000 * (times.length - 1) / (now - times[0])).toFixed(1);
  if (element('status').textContent) say('');
}

/** Plays what `start(player)` starts. */
async function play(kind, start) {
  stopPlayer();
  ++latest;
  const mine = player = new Player(element('video'));
  mine.kind = kind;
  setButtons();
  say(kind === 'camera' ? 'Starting the webcam…' : 'Opening the video…');
  const video = ++videoCount;
  const times = [];
  try {
    await start(mine);
    await mine.run((frame, timeSeconds) => takeFrame(mine, times, video, frame, timeSeconds));
  } catch (error) {
    if (player !== mine) return;
    stopPlayer();
    say(error.message, true);
  }
}

function takeFile(file) {
  if (file.type.startsWith('video/')) return play('file', mine => mine.startFile(file));
  return showPhoto(decodePicture(file, file.name || 'what was pasted'));
}

function toggleWebcam() {
  if (player?.kind !== 'camera') return play('camera', mine => mine.startCamera());
  stopPlayer();
  say('');
}

function listen() {
  listenForFiles(element('file'), element('stage'), takeFile);
  listenForCopy(element('copy'), element('json'));
  listenForOptions({draw, ask: () => player ? player.askAgain() : shown && lookAtPhoto()});
  element('webcam').addEventListener('click', toggleWebcam);
  element('sample').addEventListener('click', showSample);
  element('pause').addEventListener('click', () => {
    element('pause').textContent = player.togglePause() ? 'Go on' : 'Pause';
  });
  element('json').closest('details').addEventListener('toggle', () => {
    if (shown?.answer) element('json').textContent = JSON.stringify(shown.answer, null, 1);
  });
  addEventListener('pagehide', stopPlayer);
}

listen();
const site = await describeSite();
if (!site.package) note('The engine is not built: scripts/web builds it.');
else if (site.photos.length > 0 && latest === 0) showSample(); // Unless somebody was quicker.
