// SPDX-License-Identifier: Apache-2.0
// The page about cameras: photos of the made-up room, and where the network says that they were taken.
import {
  decodePicture, describeSite, element, fetchPicture, listenForFiles, median, milliseconds, note, pixelsOf, say,
} from '../common.js';
import {degreesBetween, centreOf, metresBetween} from './pose.js';
import {listenForOrbit, Orbit} from './projection.js';
import {drawRoom} from './view.js';

const TRUE_COLOUR = '#22a06b';
const ESTIMATE_COLOUR = '#f97316';
const THUMBNAILS = 12;

const canvas = element('room');
const orbit = new Orbit([0, -0.9, 0]);
let scene = null;
let localizer = null;
let cameras = []; // What is drawn beside the room.
let errors = [];
let latest = 0;

const draw = () => scene && drawRoom(canvas, orbit, scene, {cameras, errors});

function showNumbers(name, worldFromCam) {
  const position = worldFromCam && centreOf(worldFromCam);
  for (const i of [0, 1, 2]) element(`${name}-${i}`).textContent = position ? position[i].toFixed(2) : '–';
}

function showPhoto(picture) {
  const photo = element('photo');
  photo.height = Math.round(photo.width * picture.height / picture.width);
  photo.getContext('2d').drawImage(picture, 0, 0, photo.width, photo.height);
}

function showAnswer(estimate, truth, time) {
  cameras = [...(truth ? [{worldFromCam: truth, colour: TRUE_COLOUR}] : []),
             {worldFromCam: estimate.worldFromCam, colour: ESTIMATE_COLOUR}];
  errors = truth ? [[centreOf(truth), estimate.position]] : [];
  element('metres').textContent = truth ? `${metresBetween(truth, estimate.worldFromCam).toFixed(2)} m` : '?';
  element('degrees').textContent = truth ? `${degreesBetween(truth, estimate.worldFromCam).toFixed(1)}°` : '?';
  element('milliseconds').textContent = milliseconds(time);
  showNumbers('true', truth);
  showNumbers('estimate', estimate.worldFromCam);
  canvas.setAttribute('aria-label', `The room, with the estimated camera${truth ? ' and the true one' : ''}`);
  draw();
}

function localize(picture) {
  const pixels = pixelsOf(picture);
  const start = performance.now();
  const estimate = localizer.localize(pixels);
  return {estimate, time: performance.now() - start};
}

function unpressThumbnails() {
  for (const button of element('thumbnails').querySelectorAll('button')) button.setAttribute('aria-pressed', 'false');
}

/** Localizes what `decoding`, a promise of a picture, resolves with; `truth` may be undefined. */
async function look(decoding, truth, words) {
  const question = ++latest;
  unpressThumbnails();
  try {
    const picture = await decoding;
    if (question !== latest) return;
    showPhoto(picture);
    element('photo').setAttribute('aria-label', words);
    const {estimate, time} = localize(picture);
    picture.close();
    showAnswer(estimate, truth, time);
    say('');
  } catch (error) {
    if (question === latest) say(error.message, true);
  }
}

function lookAtTest(frame, button) {
  const looking = look(fetchPicture(`room/${frame.photo}`), frame.worldFromCam, 'A photo of the room');
  button.setAttribute('aria-pressed', 'true');
  return looking;
}

function listPhotos() {
  const step = Math.max(1, Math.floor(scene.test.length / THUMBNAILS));
  const frames = scene.test.filter((_, i) => i % step === 0).slice(0, THUMBNAILS);
  frames.forEach((frame, i) => {
    const button = Object.assign(document.createElement('button'), {type: 'button'});
    button.setAttribute('aria-label', `Photo ${i + 1}`);
    button.append(Object.assign(new Image(), {src: `room/${frame.photo}`, alt: '', loading: 'lazy'}));
    button.addEventListener('click', () => lookAtTest(frame, button));
    const item = document.createElement('li');
    item.append(button);
    element('thumbnails').append(item);
  });
  return lookAtTest(frames[0], element('thumbnails').querySelector('button'));
}

async function measureAll() {
  const question = ++latest;
  const [metres, degrees] = [[], []];
  [cameras, errors] = [[], []];
  unpressThumbnails();
  element('all').disabled = true;
  try {
    for (const {photo, worldFromCam} of scene.test) {
      const picture = await fetchPicture(`room/${photo}`);
      if (question !== latest) return;
      const {estimate} = localize(picture);
      picture.close();
      metres.push(metresBetween(worldFromCam, estimate.worldFromCam));
      degrees.push(degreesBetween(worldFromCam, estimate.worldFromCam));
      errors.push([centreOf(worldFromCam), estimate.position]);
      say(`${metres.length} of ${scene.test.length} photos…`);
      draw();
    }
    say(`Of ${metres.length} photos, half are within ${median(metres).toFixed(2)} m and ${median(degrees).toFixed(1)}°.`);
  } catch (error) {
    if (question === latest) say(error.message, true);
  } finally {
    element('all').disabled = false;
  }
}

async function start() {
  const site = await describeSite();
  if (!site.package) return note('The engine is not built: scripts/web builds it.');
  if (!site.room || !site.roomModel) {
    element('all').disabled = element('file').disabled = true;
    return note('There is no room yet. scripts/web renders one and learns it in two minutes, if the trainer can be ' +
                'built (libtorch); then reload this page.');
  }
  say('Fetching the room and its model…');
  const {loadModel} = await import('../package/dist/core/index.js');
  const [answer, model] = await Promise.all([fetch('room/room.json'), loadModel('room/room.safetensors')]);
  scene = await answer.json();
  localizer = model.createLocalizer();
  model.dispose();
  listenForOrbit(canvas, orbit, draw);
  listenForFiles(element('file'), element('stage'), file => look(decodePicture(file, file.name), undefined, file.name));
  element('all').addEventListener('click', measureAll);
  new ResizeObserver(draw).observe(canvas);
  await listPhotos();
}

start().catch(error => say(error.message, true));
