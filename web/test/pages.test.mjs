// SPDX-License-Identifier: Apache-2.0
// The demo pages in Chromium: estimates of poses and cameras, options, error messages, and no requests to other sites.
//
//   node --test web/test/pages.test.mjs
//
// Needs what scripts/web builds, and tests/browser's npm packages; without them the tests are skipped, with the reason.
// POSENET_SCREENSHOTS=FOLDER saves screenshots.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';

import {cameraModel} from '../../bindings/js/test/camera_model.mjs';
import {temporaryFolder} from '../../tests/browser/harness.mjs';
import {
  exists, IMAGES, open, overflow, requireFiles, ROOT, screenshots, startSite, text, waitForStatus,
} from './harness.mjs';

requireFiles(['bindings/js/dist/core/index.js', 'models/mobilenet100-int8.safetensors', 'models/mobilenet075.safetensors']);
const site = await startSite();
test.after(() => site.stop());

/** A test with its own page; `prepare` receives the page's context before it is opened. */
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

/** Checks that the page fits a phone and that all controls have accessible names; saves screenshots. */
async function checkLayout(page, name) {
  await screenshots(page, name);
  await page.setViewportSize({width: 390, height: 844});
  assert.ok(await overflow(page) <= 0, `${name} is ${await overflow(page)} pixels too wide for a phone`);
  await page.setViewportSize({width: 1280, height: 900});
  const unnamed = await page.evaluate(() => [...document.querySelectorAll('button, select, input, canvas, img')].filter(
      control => !(control.labels?.length || control.textContent.trim() || control.getAttribute('aria-label') ||
                   control.alt === '')).map(control => control.outerHTML));
  assert.deepEqual(unnamed, [], 'controls without accessible names');
}

pageTest('index.html links to the other pages', '', async page => {
  await page.waitForFunction(() => /offers \d+/.test(document.getElementById('threads').textContent));
  const links = await page.locator('.cards a').evaluateAll(all => all.map(link => link.getAttribute('href')));
  assert.deepEqual(links, ['human.html', 'p5.html', 'camera.html', 'compare.html']);
  await checkLayout(page, 'index');
});

const resultOf = async page => JSON.parse(await text(page, 'json'));

/** Runs `act`, which must cause a new result, and returns the results before and after it. */
async function resultAfter(page, act) {
  const before = await page.evaluate(() => {
    const json = document.getElementById('json').textContent;
    document.getElementById('json').textContent = '';
    return json;
  });
  await act();
  await page.waitForFunction(() => document.getElementById('json').textContent.includes('"poses"'), null, {timeout: 60_000});
  return {before: JSON.parse(before), after: await resultOf(page)};
}

/** Returns the fraction of the first pose's confident keypoints at which the canvas has its color. */
function drawnFraction(page, color = [0x38, 0xbd, 0xf8]) {
  return page.evaluate(color => {
    const result = JSON.parse(document.getElementById('json').textContent);
    const canvas = document.getElementById('canvas');
    const context = canvas.getContext('2d');
    const scale = canvas.width / result.width;
    const confident = result.poses[0].keypoints.filter(({score}) => score >= 0.3);
    const isDrawn = ({x, y}) => {
      const pixel = context.getImageData(Math.floor((x + 0.5) * scale), Math.floor((y + 0.5) * scale), 1, 1).data;
      return color.every((value, i) => Math.abs(value - pixel[i]) < 3);
    };
    return confident.filter(isDrawn).length / confident.length;
  }, color);
}

pageTest('human.html estimates the pose in the sample image, and options change the result', 'human.html', async page => {
  await waitForStatus(page, /^Found 1 person/);
  const first = await resultOf(page);
  assert.equal(first.poses.length, 1);
  assert.deepEqual(first.poses[0].keypoints.map(({name}) => name).slice(0, 2), ['nose', 'left_eye']);
  assert.equal(first.poses[0].keypoints.length, 17);
  assert.ok(first.poses[0].keypoints.filter(({score}) => score > 0.5).length >= 12);
  assert.equal(await drawnFraction(page), 1, 'keypoints are drawn at their positions');
  assert.ok(parseFloat(await text(page, 'milliseconds')) > 0);
  await page.locator('summary').click();
  await checkLayout(page, 'human');

  const larger = await resultAfter(page, () => page.selectOption('[name=size]', '353'));
  assert.equal(larger.after.input.width, 353);
  const finer = await resultAfter(page, () => page.selectOption('[name=stride]', '8'));
  assert.equal(finer.after.input.outputStride, 8);
  const exact = await resultAfter(page, () => page.selectOption('[name=weights]', ''));
  assert.equal(exact.after.input.precision, 'fp32');
  const other = await resultAfter(page, () => page.selectOption('[name=model]', 'mobilenet075'));
  assert.equal(other.after.model, 'mobilenet075');
  const single = await resultAfter(page, () => page.check('[value=tfjs-single]'));
  assert.equal(single.after.poses.length, 1);
  assert.equal(await page.locator('[name=nmsRadius]').isDisabled(), true);
  const mirrored = await resultAfter(page, () => page.check('[name=mirror]'));
  const [nose, noseBefore] = [mirrored.after, mirrored.before].map(result => result.poses[0].keypoints[0]);
  assert.ok(Math.abs(nose.x - (mirrored.after.width - 1 - noseBefore.x)) < 1.5, 'the nose is mirrored');
  await page.uncheck('[name=drawSkeleton]'); // Limbs could cover other keypoints.
  assert.equal(await drawnFraction(page), 1, 'mirrored keypoints are drawn at their positions');
  const reset = await resultAfter(page, () => page.click('[type=reset]'));
  assert.deepEqual(reset.after, first);
});

pageTest('human.html: drawing options do not cause a new estimate', 'human.html', async page => {
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

/** Drops a file onto the page. */
function drop(page, file, type) {
  return page.evaluate(async ({base64, type}) => {
    const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], 'dropped', {type}));
    dispatchEvent(new DragEvent('drop', {bubbles: true, cancelable: true, dataTransfer: transfer}));
  }, {base64: readFileSync(file).toString('base64'), type});
}

pageTest('human.html accepts chosen and dropped files, and reports unsupported ones', 'human.html', async page => {
  await waitForStatus(page, /^Found/);
  await resultAfter(page, () => page.setInputFiles('#file', join(IMAGES, 'human-sample-upper.jpg')));
  assert.ok((await resultOf(page)).poses.length >= 1);
  await resultAfter(page, () => drop(page, join(IMAGES, 'human-sample-body.jpg'), 'image/jpeg'));
  assert.equal((await resultOf(page)).poses.length, 1);
  await page.setInputFiles('#file', {name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('not an image')});
  await waitForStatus(page, /notes\.png is not an image/);
  await page.setInputFiles('#file', {name: 'film.mp4', mimeType: 'video/mp4', buffer: Buffer.from('not a video')});
  await waitForStatus(page, /film\.mp4 is not a video/);
  await page.click('#sample');
  await waitForStatus(page, /^Found 1 person/);
});

pageTest('human.html tracks a person in the webcam', 'human.html', async page => {
  await waitForStatus(page, /^Found/);
  await page.locator('summary').click();
  await page.click('#webcam');
  await page.waitForFunction(() => Number(document.getElementById('rate').textContent) > 0, null, {timeout: 60_000});
  const noses = [];
  const ids = new Set();
  let slowest = Infinity;
  for (let i = 0; i < 20; ++i) {
    const {poses} = await resultOf(page);
    slowest = Math.min(slowest, Number(await text(page, 'rate')));
    if (poses.length > 0) noses.push(poses[0].keypoints[0].x);
    for (const {id} of poses.slice(0, 1)) ids.add(id);
    await page.waitForTimeout(150);
  }
  assert.ok(Math.max(...noses) - Math.min(...noses) > 40, `the person does not move: ${noses.map(Math.round)}`);
  // On a busy machine, too few frames are processed for tracking.
  if (slowest >= 5) assert.equal(ids.size, 1, 'the track ID changed');
  await screenshots(page, 'human-webcam');
  await page.click('#webcam');
  assert.equal(await page.evaluate(() => document.getElementById('video').srcObject), null);
  assert.equal(await text(page, 'webcam'), 'Start webcam');
  // Options now apply to the last frame.
  await resultAfter(page, () => page.selectOption('[name=size]', '193'));
});

/** Records a second of video of the sample image with the browser's own encoder. Returns it as base64. */
function recordVideo(page) {
  return page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), {width: 320, height: 320});
    const bitmap = await createImageBitmap(await (await fetch('images/human-sample-body.jpg')).blob());
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

pageTest('human.html plays and pauses a video file', 'human.html', async page => {
  await waitForStatus(page, /^Found/);
  const buffer = Buffer.from(await recordVideo(page), 'base64');
  await page.setInputFiles('#file', {name: 'film.webm', mimeType: 'video/webm', buffer});
  await page.waitForFunction(() => Number(document.getElementById('rate').textContent) > 0, null, {timeout: 60_000});
  await page.click('#pause');
  assert.equal(await text(page, 'pause'), 'Resume');
  await page.locator('summary').click();
  await page.selectOption('[name=size]', '353');
  // The previous frame may still be in progress.
  await page.waitForFunction(() => document.getElementById('json').textContent.includes('"width": 353'));
  const after = await resultOf(page);
  assert.equal(after.input.width, 353);
  assert.deepEqual([after.width, after.height], [320, 320]);
  assert.ok(after.poses.length >= 1);
});

const hasBundle = exists('bindings/js/dist/posenet-ml5.js') && exists('web/node_modules/p5/lib/p5.min.js');
test('human.html and p5.html report a missing or denied camera', {timeout: 180_000}, async () => {
  const {launch} = await import('../../tests/browser/harness.mjs');
  for (const [flags, message, sketchMessage] of [
    [['--use-fake-device-for-media-stream', '--deny-permission-prompts'], /not allowed to use the camera/,
     /camera was not allowed/],
    [['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream=device-count=0'], /No camera was found/,
     /no camera was found/],
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
      await waitForStatus(sketch, sketchMessage, 30_000);
    } finally {
      await browser.close();
    }
  }
});

test('human.html reports a missing model', {timeout: 60_000}, async () => {
  const context = await site.browser.newContext();
  await context.route('**/*.safetensors', route => route.fulfill({status: 404, body: 'gone'}));
  const page = await open(context, `${site.url}human.html`, site.url);
  await waitForStatus(page, /mobilenet100-int8\.safetensors.*404/);
  await context.close();
});

pageTest('p5.html: the sketch follows the person in the webcam', 'p5.html', async page => {
  await page.waitForFunction(() => document.getElementById('source').textContent.includes('ml5.poseNet(video'));
  await page.click('#start');
  await waitForStatus(page, /Running/);
  await page.waitForFunction('poses.length > 0 && poses[0].pose.keypoints.length === 17 && poses[0].skeleton.length > 4',
                             null, {timeout: 60_000});
  const noses = [];
  for (let i = 0; i < 15; ++i) {
    noses.push(await page.evaluate('poses[0]?.pose.nose.x ?? NaN'));
    await page.waitForTimeout(150);
  }
  const seen = noses.filter(Number.isFinite);
  assert.ok(Math.max(...seen) - Math.min(...seen) > 40, `the person does not move: ${seen.map(Math.round)}`);
  await checkLayout(page, 'p5');
}, {skip: !hasBundle && 'bindings/js/dist/posenet-ml5.js or p5 is missing; run scripts/web'});

/** Tries the controls of camera.html with a room. Returns the median errors that it reports. */
async function useRoom(page) {
  await page.waitForFunction(() => /\d m/.test(document.getElementById('meters').textContent), null, {timeout: 60_000});
  const pixels = () => page.locator('#room').evaluate(canvas => canvas.toDataURL());
  const before = await pixels();
  await page.locator('#room').focus();
  await page.keyboard.press('ArrowLeft');
  const turned = await pixels();
  assert.notEqual(turned, before, 'keys rotate the room');
  await page.keyboard.press('0');
  assert.equal(await pixels(), before);
  await page.locator('#room').dragTo(page.locator('#room'), {sourcePosition: {x: 100, y: 100}, targetPosition: {x: 180, y: 120}});
  assert.notEqual(await pixels(), before, 'dragging rotates the room');
  await page.keyboard.press('0');
  await page.locator('#thumbnails button').nth(3).click();
  await page.waitForFunction(() => document.querySelectorAll('#thumbnails [aria-pressed=true]').length === 1);
  await page.click('#all');
  await waitForStatus(page, /Median error/, 120_000);
  const [, meters, degrees] = /: ([\d.]+) m and ([\d.]+)/.exec(await text(page, 'status')).map(Number);
  await page.setInputFiles('#file', join(IMAGES, 'human-sample-body.jpg'));
  await page.waitForFunction(() => document.getElementById('meters').textContent === '?');
  return {meters, degrees};
}

const hasRoom = exists('build/demo/room.json') && exists('build/demo/room.safetensors');
pageTest('camera.html localizes cameras better than guessing the center of the room', 'camera.html', async page => {
  await page.waitForFunction(() => /\d m/.test(document.getElementById('meters').textContent), null, {timeout: 60_000});
  await checkLayout(page, 'camera');
  const {meters, degrees} = await useRoom(page);
  // Always guessing the center of the room gives 1.2 m and 90 degrees.
  assert.ok(meters < 0.8 && degrees < 30, `${meters} m, ${degrees} degrees`);
  await screenshots(page, 'camera-all');
}, {skip: !hasRoom && 'the room is missing; run scripts/web', timeout: 240_000});

// Training on a room takes minutes; a few images of one, and an untrained model, take a second.
const hasCommand = exists('build/release/bin/posenet');
pageTest('camera.html works with an untrained model', 'camera.html', async page => {
  await checkLayout(page, 'camera-untrained');
  const {meters, degrees} = await useRoom(page);
  assert.ok(meters > 0 && meters < 20 && degrees > 0 && degrees <= 180, `${meters} m, ${degrees} degrees`);
}, {prepare: serveSmallRoom, skip: !hasCommand && 'build/release/bin/posenet is missing; run scripts/web', timeout: 240_000});

/** Replaces the room of scripts/web by a small one for the pages of `context`. */
async function serveSmallRoom(context) {
  const folder = temporaryFolder();
  const room = join(folder, 'room');
  execFileSync(join(ROOT, 'build/release/bin/posenet'),
               ['camera', 'synth', '--output', room, '--frames', '40', '--size', '160x120'], {stdio: 'pipe'});
  execFileSync(process.execPath, [join(ROOT, 'web/room_poses.mjs'), room, join(folder, 'room.json')], {stdio: 'pipe'});
  writeFileSync(join(folder, 'room.safetensors'), cameraModel());
  const description = await (await fetch(`${site.url}site.json`)).json();
  await context.route('**/site.json', route => route.fulfill({json: {...description, room: true, roomModel: true}}));
  await context.route(`${site.url}room/**`, route => {
    const path = join(folder, new URL(route.request().url()).pathname.slice('/room/'.length));
    return existsSync(path) ? route.fulfill({path}) : route.fulfill({status: 404, body: 'not found'});
  });
}

test('camera.html reports a missing room', {timeout: 60_000}, async () => {
  const context = await site.browser.newContext();
  const description = await (await fetch(`${site.url}site.json`)).json();
  await context.route('**/site.json', route => route.fulfill({json: {...description, room: false}}));
  const page = await open(context, `${site.url}camera.html`, site.url);
  await page.waitForFunction(() => !document.getElementById('note').hidden);
  assert.match(await text(page, 'note'), /Run scripts\/web/);
  assert.deepEqual(page.failures, []);
  await screenshots(page, 'camera-missing');
  await context.close();
});

const hasBoth = exists('bindings/js/dist/index.js') && exists('web/node_modules/@tensorflow-models/posenet');
pageTest('compare.html: fp32 keypoints are within 1 px of TensorFlow.js, int8 within 20 px', 'compare.html', async page => {
  await waitForStatus(page, /^Done/, 120_000);
  assert.equal(await text(page, 'own-people'), '1');
  assert.equal(await text(page, 'upstream-people'), '1');
  assert.ok(parseFloat(await text(page, 'distance')) < 1, await text(page, 'distance'));
  for (const name of ['own', 'upstream']) assert.ok(parseFloat(await text(page, `${name}-median`)) > 0);
  await checkLayout(page, 'compare');
  await page.locator('[name=runs]').fill('2');
  await page.selectOption('[name=quantBytes]', '1');
  await page.selectOption('[name=size]', '353');
  await page.click('#measure');
  await waitForStatus(page, /^Run/);
  await waitForStatus(page, /^Done/, 120_000);
  assert.ok(parseFloat(await text(page, 'distance')) < 20, await text(page, 'distance'));
}, {skip: !hasBoth && 'the package or TensorFlow.js is missing; run scripts/web', timeout: 240_000});
