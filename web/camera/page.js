// SPDX-License-Identifier: Apache-2.0
// The page about cameras: images of the rendered room, and the poses that the network estimates.
import {
  decodeImage, describeSite, element, fetchImage, listenForFiles, median, milliseconds, note, pixelsOf, say,
} from '../common.js';
import {centerOf, degreesBetween, metersBetween} from './pose.js';
import {listenForOrbit, Orbit} from './projection.js';
import {drawRoom} from './view.js';

const TRUTH_COLOR = '#22a06b';
const ESTIMATE_COLOR = '#f97316';
const THUMBNAILS = 12;

const canvas = element('room');
const orbit = new Orbit([0, -0.9, 0]);
let scene = null;
let localizer = null;
let cameras = []; // Drawn in the room, as are the errors.
let errors = [];
let latestRequest = 0; // Results of earlier requests are ignored.

const draw = () => scene && drawRoom(canvas, orbit, scene, {cameras, errors});

function showPosition(name, worldFromCam) {
  const position = worldFromCam && centerOf(worldFromCam);
  for (const i of [0, 1, 2]) element(`${name}-${i}`).textContent = position ? position[i].toFixed(2) : '–';
}

function showImage(image) {
  const shown = element('image');
  shown.height = Math.round(shown.width * image.height / image.width);
  shown.getContext('2d').drawImage(image, 0, 0, shown.width, shown.height);
}

function showEstimate(estimate, truth, time) {
  cameras = [...(truth ? [{worldFromCam: truth, color: TRUTH_COLOR}] : []),
             {worldFromCam: estimate.worldFromCam, color: ESTIMATE_COLOR}];
  errors = truth ? [[centerOf(truth), estimate.position]] : [];
  element('meters').textContent = truth ? `${metersBetween(truth, estimate.worldFromCam).toFixed(2)} m` : '?';
  element('degrees').textContent = truth ? `${degreesBetween(truth, estimate.worldFromCam).toFixed(1)}°` : '?';
  element('milliseconds').textContent = milliseconds(time);
  showPosition('truth', truth);
  showPosition('estimate', estimate.worldFromCam);
  canvas.setAttribute('aria-label', `The room, with the estimated camera${truth ? ' and the true one' : ''}`);
  draw();
}

function localize(image) {
  const pixels = pixelsOf(image);
  const start = performance.now();
  const estimate = localizer.localize(pixels);
  return {estimate, time: performance.now() - start};
}

function deselectThumbnails() {
  for (const button of element('thumbnails').querySelectorAll('button')) button.setAttribute('aria-pressed', 'false');
}

/** Localizes the image that the promise `decoding` resolves with; `truth` may be undefined. */
async function show(decoding, truth, description) {
  const request = ++latestRequest;
  deselectThumbnails();
  try {
    const image = await decoding;
    if (request !== latestRequest) return;
    showImage(image);
    element('image').setAttribute('aria-label', description);
    const {estimate, time} = localize(image);
    image.close();
    showEstimate(estimate, truth, time);
    say('');
  } catch (error) {
    if (request === latestRequest) say(error.message, true);
  }
}

function showTestImage(frame, button) {
  const showing = show(fetchImage(`room/${frame.image}`), frame.worldFromCam, 'An image of the room');
  button.setAttribute('aria-pressed', 'true');
  return showing;
}

function listTestImages() {
  const step = Math.max(1, Math.floor(scene.test.length / THUMBNAILS));
  const frames = scene.test.filter((_, i) => i % step === 0).slice(0, THUMBNAILS);
  frames.forEach((frame, i) => {
    const button = Object.assign(document.createElement('button'), {type: 'button'});
    button.setAttribute('aria-label', `Test image ${i + 1}`);
    button.append(Object.assign(new Image(), {src: `room/${frame.image}`, alt: '', loading: 'lazy'}));
    button.addEventListener('click', () => showTestImage(frame, button));
    const item = document.createElement('li');
    item.append(button);
    element('thumbnails').append(item);
  });
  return showTestImage(frames[0], element('thumbnails').querySelector('button'));
}

async function evaluateAll() {
  const request = ++latestRequest;
  const [meters, degrees] = [[], []];
  [cameras, errors] = [[], []];
  deselectThumbnails();
  element('all').disabled = true;
  try {
    for (const {image: path, worldFromCam} of scene.test) {
      const image = await fetchImage(`room/${path}`);
      if (request !== latestRequest) return;
      const {estimate} = localize(image);
      image.close();
      meters.push(metersBetween(worldFromCam, estimate.worldFromCam));
      degrees.push(degreesBetween(worldFromCam, estimate.worldFromCam));
      errors.push([centerOf(worldFromCam), estimate.position]);
      say(`${meters.length} of ${scene.test.length} images…`);
      draw();
    }
    say(`Median error of ${meters.length} images: ${median(meters).toFixed(2)} m and ${median(degrees).toFixed(1)}°.`);
  } catch (error) {
    if (request === latestRequest) say(error.message, true);
  } finally {
    element('all').disabled = false;
  }
}

async function start() {
  const site = await describeSite();
  if (!site.package) return note('The engine has not been built. Run scripts/web to build it.');
  if (!site.room || !site.roomModel) {
    element('all').disabled = element('file').disabled = true;
    return note('There is no room yet. Run scripts/web, which renders one and trains a model on it (with libtorch), and ' +
                'reload this page.');
  }
  say('Loading the room and its model…');
  const {loadModel} = await import('../package/dist/core/index.js');
  const [response, model] = await Promise.all([fetch('room/room.json'), loadModel('room/room.safetensors')]);
  scene = await response.json();
  localizer = model.createLocalizer();
  model.dispose();
  listenForOrbit(canvas, orbit, draw);
  listenForFiles(element('file'), element('stage'), file => show(decodeImage(file, file.name), undefined, file.name));
  element('all').addEventListener('click', evaluateAll);
  new ResizeObserver(draw).observe(canvas);
  await listTestImages();
}

start().catch(error => say(error.message, true));
