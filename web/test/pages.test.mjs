// SPDX-License-Identifier: Apache-2.0
// The demo pages as people meet them, in Chromium: the engine finds people and cameras in them, options matter, errors
// can be read, and nothing comes from elsewhere.
//
//   node --test web/test/pages.test.mjs
//
// Needs what scripts/web makes, and tests/browser's npm packages; without them it says so and counts as skipped.
// POSENET_SCREENSHOTS=FOLDER keeps pictures of the pages.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';

import {cameraModel} from '../../bindings/js/test/camera_model.mjs';
import {temporaryFolder} from '../../tests/browser/harness.mjs';
import {
  here, open, overflow, PHOTOS, requireFiles, ROOT, screenshots, startSite, text, waitForStatus,
} from './harness.mjs';

requireFiles(['bindings/js/dist/core/index.js', 'models/mobilenet075-int8.safetensors', 'models/mobilenet100.safetensors']);
const site = await startSite();
test.after(() => site.stop());

/** A test on a page of its own; `prepare` gets its context before. */
function pageTest(name, path, run, {timeout = 120_000, prepare = () => {}, ...options} = {}) {
  test(name, {timeout, ...options}, async () => {
    const context = await site.browser.newContext({viewport: {width: 1280, height: 900}, reducedMotion: 'reduce'});
    try {
      await prepare(context);
      const page = await open(context, site.url + path, site.url);
      await run(page);
      assert.deepEqual(page.failures, []);
    } finally {
      await context.close();
    }
  });
}

/** Narrow windows, and both colour schemes. */
async function checkForm(page, name) {
  await screenshots(page, name);
  await page.setViewportSize({width: 390, height: 844});
  assert.ok(await overflow(page) <= 0, `${name} is ${await overflow(page)} pixels too wide for a phone`);
  await page.setViewportSize({width: 1280, height: 900});
  const unnamed = await page.evaluate(() => [...document.querySelectorAll('button, select, input, canvas, img')].filter(
      control => !(control.labels?.length || control.textContent.trim() || control.getAttribute('aria-label') ||
                   control.alt === '')).map(control => control.outerHTML));
  assert.deepEqual(unnamed, [], 'every control has a name');
}

pageTest('the first page links to the others', '', async page => {
  await page.waitForFunction(() => /offers \d+/.test(document.getElementById('threads').textContent));
  const links = await page.locator('.cards a').evaluateAll(all => all.map(link => link.getAttribute('href')));
  assert.deepEqual(links, ['human.html', 'p5.html', 'camera.html', 'compare.html']);
  await checkForm(page, 'index');
});

const answerOf = async page => JSON.parse(await text(page, 'json'));

/** What the page answers after `act`: another object than before. */
async function answerAfter(page, act) {
  const before = await page.evaluate(() => {
    const json = document.getElementById('json').textContent;
    document.getElementById('json').textContent = '';
    return json;
  });
  await act();
  await page.waitForFunction(() => document.getElementById('json').textContent.includes('"poses"'), null, {timeout: 60_000});
  return {before: JSON.parse(before), after: await answerOf(page)};
}

/** The share of sure keypoints on which the canvas has the colour of the first person. */
function drawnShare(page, colour = [0x38, 0xbd, 0xf8]) {
  return page.evaluate(colour => {
    const answer = JSON.parse(document.getElementById('json').textContent);
    const canvas = document.getElementById('canvas');
    const context = canvas.getContext('2d');
    const scale = canvas.width / answer.width;
    const sure = answer.poses[0].keypoints.filter(({score}) => score >= 0.3);
    const isDrawn = ({x, y}) => {
      const pixel = context.getImageData(Math.floor((x + 0.5) * scale), Math.floor((y + 0.5) * scale), 1, 1).data;
      return colour.every((value, i) => Math.abs(value - pixel[i]) < 3);
    };
    return sure.filter(isDrawn).length / sure.length;
  }, colour);
}

pageTest('human.html finds the person in the sample photo, and options change the answer', 'human.html', async page => {
  await waitForStatus(page, /^Found one person/);
  const first = await answerOf(page);
  assert.equal(first.poses.length, 1);
  assert.deepEqual(first.poses[0].keypoints.map(({name}) => name).slice(0, 2), ['nose', 'left_eye']);
  assert.equal(first.poses[0].keypoints.length, 17);
  assert.ok(first.poses[0].keypoints.filter(({score}) => score > 0.5).length >= 12);
  assert.equal(await drawnShare(page), 1, 'keypoints are drawn where they are');
  assert.ok(parseFloat(await text(page, 'milliseconds')) > 0);
  await page.locator('summary').click();
  await checkForm(page, 'human');

  const larger = await answerAfter(page, () => page.selectOption('[name=size]', '353'));
  assert.equal(larger.after.input.width, 353);
  const finer = await answerAfter(page, () => page.selectOption('[name=stride]', '8'));
  assert.equal(finer.after.input.outputStride, 8);
  const exact = await answerAfter(page, () => page.selectOption('[name=weights]', ''));
  assert.equal(exact.after.input.precision, 'fp32');
  const other = await answerAfter(page, () => page.selectOption('[name=model]', 'mobilenet100'));
  assert.equal(other.after.model, 'mobilenet100');
  const single = await answerAfter(page, () => page.check('[value=tfjs-single]'));
  assert.equal(single.after.poses.length, 1);
  assert.equal(await page.locator('[name=nmsRadius]').isDisabled(), true);
  const mirrored = await answerAfter(page, () => page.check('[name=mirror]'));
  const [nose, noseBefore] = [mirrored.after, mirrored.before].map(answer => answer.poses[0].keypoints[0]);
  assert.ok(Math.abs(nose.x - (mirrored.after.width - 1 - noseBefore.x)) < 1.5, 'the nose is on the other side');
  await page.uncheck('[name=drawSkeleton]'); // Bones would lie over others' keypoints.
  assert.equal(await drawnShare(page), 1, 'and drawn there');
  const reset = await answerAfter(page, () => page.click('[type=reset]'));
  assert.deepEqual(reset.after, first);
});

pageTest('human.html: what is drawn is drawn without asking again', 'human.html', async page => {
  await waitForStatus(page, /^Found/);
  const pixels = () => page.locator('#canvas').evaluate(canvas => canvas.toDataURL());
  const before = await pixels();
  const time = await text(page, 'milliseconds');
  await page.check('[name=drawBox]');
  const boxed = await pixels();
  assert.notEqual(boxed, before);
  for (const name of ['drawBox', 'drawSkeleton', 'drawKeypoints']) await page.uncheck(`[name=${name}]`);
  const bare = await pixels();
  assert.notEqual(bare, before);
  await page.locator('[name=showPose]').fill('1');
  assert.equal(await text(page, 'people'), '0');
  assert.equal(await text(page, 'milliseconds'), time);
});

/** Has a file dropped onto the page. */
function drop(page, file, type) {
  return page.evaluate(async ({base64, type}) => {
    const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], 'dropped', {type}));
    dispatchEvent(new DragEvent('drop', {bubbles: true, cancelable: true, dataTransfer: transfer}));
  }, {base64: readFileSync(file).toString('base64'), type});
}

pageTest('human.html takes files and drops, and says what it cannot take', 'human.html', async page => {
  await waitForStatus(page, /^Found/);
  await answerAfter(page, () => page.setInputFiles('#file', join(PHOTOS, 'human-sample-upper.jpg')));
  assert.ok((await answerOf(page)).poses.length >= 1);
  await answerAfter(page, () => drop(page, join(PHOTOS, 'human-sample-body.jpg'), 'image/jpeg'));
  assert.equal((await answerOf(page)).poses.length, 1);
  await page.setInputFiles('#file', {name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('no picture')});
  await waitForStatus(page, /notes\.png is not a picture/);
  await page.setInputFiles('#file', {name: 'film.mp4', mimeType: 'video/mp4', buffer: Buffer.from('no video')});
  await waitForStatus(page, /film\.mp4 is not a video/);
  await page.click('#sample');
  await waitForStatus(page, /^Found one person/);
});

pageTest('human.html follows the camera', 'human.html', async page => {
  await waitForStatus(page, /^Found/);
  await page.locator('summary').click();
  await page.click('#webcam');
  await page.waitForFunction(() => Number(document.getElementById('rate').textContent) > 0, null, {timeout: 60_000});
  const noses = [];
  const ids = new Set();
  let slowest = Infinity;
  for (let i = 0; i < 20; ++i) {
    const {poses} = await answerOf(page);
    slowest = Math.min(slowest, Number(await text(page, 'rate')));
    if (poses.length > 0) noses.push(poses[0].keypoints[0].x);
    for (const {id} of poses.slice(0, 1)) ids.add(id);
    await page.waitForTimeout(150);
  }
  assert.ok(Math.max(...noses) - Math.min(...noses) > 40, `the person moved: ${noses.map(Math.round)}`);
  // Of a film with a frame here and there on a busy machine, nobody could tell.
  if (slowest >= 5) assert.equal(ids.size, 1, 'and kept their number');
  await screenshots(page, 'human-webcam');
  await page.click('#webcam');
  assert.equal(await page.evaluate(() => document.getElementById('video').srcObject), null);
  assert.equal(await text(page, 'webcam'), 'Start webcam');
  // Options act on the last frame.
  await answerAfter(page, () => page.selectOption('[name=size]', '193'));
});

/** A second of video of the photo, as a file of the browser's own. */
function recordVideo(page) {
  return page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), {width: 320, height: 320});
    const bitmap = await createImageBitmap(await (await fetch('photos/human-sample-body.jpg')).blob());
    const recorder = new MediaRecorder(canvas.captureStream(10), {mimeType: 'video/webm'});
    const parts = [];
    recorder.ondataavailable = ({data}) => parts.push(data);
    const stopped = new Promise(resolve => { recorder.onstop = resolve; });
    recorder.start();
    for (let i = 0; i < 15; ++i) {
      canvas.getContext('2d').drawImage(bitmap, i, 0, 320, 320);
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    recorder.stop();
    await stopped;
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    let letters = '';
    for (const byte of bytes) letters += String.fromCharCode(byte);
    return btoa(letters);
  });
}

pageTest('human.html plays a video file, and pauses it', 'human.html', async page => {
  await waitForStatus(page, /^Found/);
  const buffer = Buffer.from(await recordVideo(page), 'base64');
  await page.setInputFiles('#file', {name: 'film.webm', mimeType: 'video/webm', buffer});
  await page.waitForFunction(() => Number(document.getElementById('rate').textContent) > 0, null, {timeout: 60_000});
  await page.click('#pause');
  assert.equal(await text(page, 'pause'), 'Go on');
  await page.locator('summary').click();
  await page.selectOption('[name=size]', '353');
  await page.waitForFunction(() => document.getElementById('json').textContent.includes('"width": 353')); // A frame may be under way.
  const after = await answerOf(page);
  assert.equal(after.input.width, 353);
  assert.deepEqual([after.width, after.height], [320, 320]);
  assert.ok(after.poses.length >= 1);
});

const hasBundle = here('bindings/js/dist/posenet-ml5.js') && here('web/node_modules/p5/lib/p5.min.js');
const noCamera = /No camera was found/;
test('human.html and p5.html say when there is no camera, or it is refused', {timeout: 180_000}, async () => {
  const {launch} = await import('../../tests/browser/harness.mjs');
  for (const [flags, message] of [
    [['--use-fake-device-for-media-stream', '--deny-permission-prompts'], /camera was not allowed/],
    [['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream=device-count=0'], noCamera],
  ]) {
    const browser = await launch(site.found, flags);
    try {
      const page = await open(await browser.newContext(), `${site.url}human.html`, site.url);
      await page.click('#webcam');
      await waitForStatus(page, message, 20_000);
      assert.equal(await text(page, 'webcam'), 'Start webcam');
      if (!hasBundle) continue;
      const sketch = await open(await browser.newContext(), `${site.url}p5.html`, site.url);
      await sketch.click('#start');
      await waitForStatus(sketch, message === noCamera ? /no camera was found/ : /camera was not allowed/, 30_000);
    } finally {
      await browser.close();
    }
  }
});

test('human.html says when a model is missing', {timeout: 60_000}, async () => {
  const context = await site.browser.newContext();
  await context.route('**/*.safetensors', route => route.fulfill({status: 404, body: 'gone'}));
  const page = await open(context, `${site.url}human.html`, site.url);
  await waitForStatus(page, /mobilenet075-int8\.safetensors.*404/);
  await context.close();
});

pageTest('p5.html: the sketch draws the person whom the camera shows', 'p5.html', async page => {
  await page.waitForFunction(() => document.getElementById('source').textContent.includes('ml5.poseNet(video'));
  await page.click('#start');
  await waitForStatus(page, /Watching/);
  await page.waitForFunction('poses.length > 0 && poses[0].pose.keypoints.length === 17 && poses[0].skeleton.length > 4',
                             null, {timeout: 60_000});
  const noses = [];
  for (let i = 0; i < 15; ++i) {
    noses.push(await page.evaluate('poses[0]?.pose.nose.x ?? NaN'));
    await page.waitForTimeout(150);
  }
  const seen = noses.filter(Number.isFinite);
  assert.ok(Math.max(...seen) - Math.min(...seen) > 40, `the person moved: ${seen.map(Math.round)}`);
  await checkForm(page, 'p5');
}, {skip: !hasBundle && 'bindings/js/dist/posenet-ml5.js or p5 is missing (scripts/web)'});

/** camera.html with a room; answers how far half of the estimates are away, at most. */
async function lookAtRoom(page) {
  await page.waitForFunction(() => /\d m/.test(document.getElementById('metres').textContent), null, {timeout: 60_000});
  const pixels = () => page.locator('#room').evaluate(canvas => canvas.toDataURL());
  const before = await pixels();
  await page.locator('#room').focus();
  await page.keyboard.press('ArrowLeft');
  const turned = await pixels();
  assert.notEqual(turned, before, 'keys go around the room');
  await page.keyboard.press('0');
  assert.equal(await pixels(), before);
  await page.locator('#room').dragTo(page.locator('#room'), {sourcePosition: {x: 100, y: 100}, targetPosition: {x: 180, y: 120}});
  assert.notEqual(await pixels(), before, 'and so does the mouse');
  await page.keyboard.press('0');
  await page.locator('#thumbnails button').nth(3).click();
  await page.waitForFunction(() => document.querySelectorAll('#thumbnails [aria-pressed=true]').length === 1);
  await page.click('#all');
  await waitForStatus(page, /half are within/, 120_000);
  const [, metres, degrees] = /within ([\d.]+) m and ([\d.]+)/.exec(await text(page, 'status')).map(Number);
  await page.setInputFiles('#file', join(PHOTOS, 'human-sample-body.jpg'));
  await page.waitForFunction(() => document.getElementById('metres').textContent === '?');
  return {metres, degrees};
}

const hasRoom = here('build/demo/room.json') && here('build/demo/room.safetensors');
pageTest('camera.html finds cameras in the room', 'camera.html', async page => {
  await page.waitForFunction(() => /\d m/.test(document.getElementById('metres').textContent), null, {timeout: 60_000});
  await checkForm(page, 'camera');
  const {metres, degrees} = await lookAtRoom(page);
  // Who answers the middle of the room is off by 1.2 m and 90 degrees.
  assert.ok(metres < 0.8 && degrees < 30, `${metres} m, ${degrees} degrees`);
  await screenshots(page, 'camera-all');
}, {skip: !hasRoom && 'the room is missing (scripts/web)', timeout: 240_000});

// Learning a room takes minutes; a few photos of one, and a model that knows nothing, take a second.
const hasCommand = here('build/release/bin/posenet');
pageTest('camera.html with any room and any model', 'camera.html', async page => {
  await checkForm(page, 'camera-any');
  const {metres, degrees} = await lookAtRoom(page);
  assert.ok(metres > 0 && metres < 20 && degrees > 0 && degrees <= 180, `${metres} m, ${degrees} degrees`);
}, {prepare: serveAnyRoom, skip: !hasCommand && 'posenet is not built', timeout: 240_000});

/** Has `context` get a small room at the place of the one that scripts/web makes. */
async function serveAnyRoom(context) {
  const folder = temporaryFolder();
  const room = join(folder, 'room');
  execFileSync(join(ROOT, 'build/release/bin/posenet'),
               ['camera', 'synth', '--output', room, '--frames', '40', '--size', '160x120'], {stdio: 'pipe'});
  execFileSync(process.execPath, [join(ROOT, 'web/room_poses.mjs'), room, join(folder, 'room.json')], {stdio: 'pipe'});
  writeFileSync(join(folder, 'room.safetensors'), cameraModel());
  const has = await (await fetch(`${site.url}site.json`)).json();
  await context.route('**/site.json', route => route.fulfill({json: {...has, room: true, roomModel: true}}));
  await context.route(`${site.url}room/**`, route => {
    const path = join(folder, new URL(route.request().url()).pathname.slice('/room/'.length));
    return existsSync(path) ? route.fulfill({path}) : route.fulfill({status: 404, body: 'no such file'});
  });
}

test('camera.html says when there is no room', {timeout: 60_000}, async () => {
  const context = await site.browser.newContext();
  const has = await (await fetch(`${site.url}site.json`)).json();
  await context.route('**/site.json', route => route.fulfill({json: {...has, room: false}}));
  const page = await open(context, `${site.url}camera.html`, site.url);
  await page.waitForFunction(() => !document.getElementById('note').hidden);
  assert.match(await text(page, 'note'), /scripts\/web renders one/);
  assert.deepEqual(page.failures, []);
  await screenshots(page, 'camera-missing');
  await context.close();
});

const hasBoth = here('bindings/js/dist/index.js') && here('web/node_modules/@tensorflow-models/posenet');
pageTest('compare.html: both answer the same', 'compare.html', async page => {
  await waitForStatus(page, /^Done/, 120_000);
  assert.equal(await text(page, 'own-people'), '1');
  assert.equal(await text(page, 'upstream-people'), '1');
  assert.ok(parseFloat(await text(page, 'distance')) < 1, await text(page, 'distance'));
  for (const name of ['own', 'upstream']) assert.ok(parseFloat(await text(page, `${name}-median`)) > 0);
  await checkForm(page, 'compare');
  await page.locator('[name=runs]').fill('2');
  await page.selectOption('[name=quantBytes]', '1');
  await page.selectOption('[name=size]', '353');
  await page.click('#measure');
  await waitForStatus(page, /^Run/);
  await waitForStatus(page, /^Done/, 120_000);
  assert.ok(parseFloat(await text(page, 'distance')) < 20, await text(page, 'distance'));
}, {skip: !hasBoth && 'the package or TensorFlow.js is missing (scripts/web)', timeout: 240_000});
