// SPDX-License-Identifier: Apache-2.0
// The server's page in Chromium: images, the webcam, the keyboard, a phone. The camera shows a person who moves from
// side to side.
//
//   npm ci --ignore-scripts            # once, in this folder
//   node page.mjs POSENET MODEL.safetensors IMAGE.jpg
//
// POSENET is the command; IMAGE is square and shows one person. Exit status: 0; 1 if a test fails; 77 if Chromium,
// Playwright or a file is missing.
import assert from 'node:assert/strict';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';

import {findChromium, imagePixels, launch, Server, skip, temporaryFolder, writeY4m} from './harness.mjs';
import {CAMERA, cameraFrames, findMarker} from './moving_image.mjs';

const [command, model, imageFile] = process.argv.slice(2);
for (const file of [model, imageFile]) if (!existsSync(file ?? '')) skip(`${file} is missing; run scripts/fetch-models`);
const found = await findChromium();
const folder = temporaryFolder();
const jpeg = readFileSync(imageFile);

// A browser's camera is chosen when it starts, and another browser is needed to decode the image.
const cameraFile = join(folder, 'camera.y4m');
{
  const browser = await launch(found);
  await writeY4m(cameraFile, CAMERA, cameraFrames(await imagePixels(browser, jpeg, CAMERA)));
  await browser.close();
}
const browser = await launch(found, [
  '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${cameraFile}`]);
const server = await Server.start(command, ['--model', model]);
test.after(async () => {
  await browser.close();
  assert.equal(await server.stop(), 0);
});

/** Opens the page. Its `failures` collect errors, and requests to other sites. */
async function open(context, url = server.url) {
  const page = await context.newPage();
  page.failures = [];
  page.on('pageerror', (error) => page.failures.push(error.message));
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(url)) page.failures.push(request.url());
  });
  await page.goto(url);
  return page;
}

/** A test with its own page. */
function pageTest(name, run, {contextOptions = {}} = {}) {
  test(name, {timeout: 60_000}, async () => {
    const context = await browser.newContext(contextOptions);
    try {
      const page = await open(context);
      await run(page);
      assert.deepEqual(page.failures, []);
    } finally {
      await context.close();
    }
  });
}

const text = (page, id) => page.locator(`#${id}`).textContent();
const status = (page) => text(page, 'status');

async function waitForResult(page) {
  await page.waitForFunction(() => document.getElementById('json').textContent.includes('"poses"'));
}

async function waitForError(page, pattern) {
  await page.waitForFunction(() => document.getElementById('status').classList.contains('error'));
  assert.match(await status(page), pattern);
}

/** Returns what the page shows: the result, the fraction of the first pose's keypoints of at least `minScore` at which
 *  the canvas has the pose's color, and a row of pixels near the canvas' lower edge. */
function look(page, minScore = 0.2) {
  return page.evaluate((minScore) => {
    const result = JSON.parse(document.getElementById('json').textContent);
    const canvas = document.getElementById('canvas');
    const context = canvas.getContext('2d');
    const scale = canvas.width / result.width;
    const keypoints = result.poses[0].keypoints.filter((keypoint) => keypoint.score >= minScore);
    // The page chooses colors by track ID, or in order.
    const colors = [0x38bdf8, 0xf472b6, 0xa3e635, 0xfbbf24, 0xc084fc, 0xfb7185, 0x2dd4bf, 0xf97316];
    const packed = colors[(result.poses[0].id ?? 0) % colors.length];
    const color = [packed >> 16, (packed >> 8) & 255, packed & 255];
    const isDrawn = ({position}) => {
      const pixel = context.getImageData(
        Math.floor((position.x + 0.5) * scale), Math.floor((position.y + 0.5) * scale), 1, 1).data;
      return color.every((value, channel) => Math.abs(value - pixel[channel]) < 3);
    };
    return {
      result, drawn: keypoints.filter(isDrawn).length / keypoints.length,
      row: Array.from(context.getImageData(0, canvas.height - 4, canvas.width, 1).data)};
  }, minScore);
}

/** Drops a file onto the page, or pastes it. */
function give(page, type, bytes, {name, mime}) {
  return page.evaluate(({type, base64, name, mime}) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], name, {type: mime}));
    const target = document.getElementById('drop');
    const options = {bubbles: true, cancelable: true};
    if (type === 'paste') return void target.dispatchEvent(new ClipboardEvent(type, {...options, clipboardData: transfer}));
    target.dispatchEvent(new DragEvent('dragenter', {...options, dataTransfer: transfer}));
    target.dispatchEvent(new DragEvent(type, {...options, dataTransfer: transfer}));
  }, {type, base64: bytes.toString('base64'), name, mime});
}

const JPEG = {name: 'a.jpg', mime: 'image/jpeg'};

/** Returns the center of the image, 800 x 1200 pixels, as a JPEG rotated by 90 degrees whose EXIF orientation corrects
 *  it. */
async function rotatedImage(page) {
  const base64 = await page.evaluate(async (jpeg) => {
    const blob = await (await fetch(`data:image/jpeg;base64,${jpeg}`)).blob();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [1200, 800];
    const context = canvas.getContext('2d');
    context.transform(0, -1, 1, 0, 0, 800); // (x, y) of the upright image is at (y, 800 - x).
    context.drawImage(await createImageBitmap(blob), -200, 0);
    return canvas.toDataURL('image/jpeg', 0.95).split(',')[1];
  }, jpeg.toString('base64'));
  const rotated = Buffer.from(base64, 'base64');
  const exif = Buffer.from('Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0', 'latin1');
  const head = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
  return Buffer.concat([rotated.subarray(0, 2), head, exif, rotated.subarray(2)]);
}

async function expectSkeleton(page, {width, height}) {
  await waitForResult(page);
  const {result, drawn} = await look(page);
  assert.equal(result.width, width);
  assert.equal(result.height, height);
  assert.equal(await text(page, 'people'), '1');
  assert.equal(drawn, 1);
  assert.equal(await status(page), '');
  return result;
}

pageTest('a chosen image shows the poses that the server returns', async (page) => {
  await page.setInputFiles('#file', imageFile);
  const result = await expectSkeleton(page, {width: 1200, height: 1200});
  const direct = await fetch(`${server.url}/v1/human/poses?max-poses=5`, {
    method: 'POST', body: jpeg, headers: {'Content-Type': 'image/jpeg'}});
  assert.deepEqual(result.poses, (await direct.json()).poses);
  assert.match(await text(page, 'estimate-ms'), /^[\d.]+ ms$/);
  assert.equal(await page.getAttribute('#canvas', 'aria-label'), 'Image with 1 poses');
});

pageTest('images can be dropped and pasted, and their EXIF orientation is respected', async (page) => {
  await give(page, 'drop', jpeg, JPEG);
  const upright = await expectSkeleton(page, {width: 1200, height: 1200});
  await page.reload();
  await give(page, 'paste', jpeg, JPEG);
  assert.deepEqual((await expectSkeleton(page, {width: 1200, height: 1200})).poses, upright.poses);
  await page.goto('about:blank'); // The page's content security policy forbids data: URLs.
  const rotated = await rotatedImage(page);
  await page.goto(server.url);
  await give(page, 'drop', rotated, JPEG);
  const corrected = await expectSkeleton(page, {width: 800, height: 1200});
  const nose = ({poses}) => poses[0].keypoints[0].position;
  assert.ok(Math.abs(nose(corrected).x + 200 - nose(upright).x) < 20);
  assert.ok(Math.abs(nose(corrected).y - nose(upright).y) < 20);
});

pageTest('sliders hide poses and keypoints', async (page) => {
  await page.setInputFiles('#file', imageFile);
  await expectSkeleton(page, {width: 1200, height: 1200});
  await page.locator('#keypoint-score').fill('1');
  assert.equal((await look(page)).drawn, 0);
  await page.locator('#keypoint-score').fill('0.2');
  assert.equal((await look(page)).drawn, 1);
  await page.locator('#pose-score').fill('1');
  assert.equal(await text(page, 'people'), '0');
  assert.equal((await look(page)).drawn, 0);
});

pageTest('files that are not images, and damaged ones, are reported', async (page) => {
  await give(page, 'drop', Buffer.from('hello'), {name: 'a.txt', mime: 'text/plain'});
  await waitForError(page, /not an image/);
  await give(page, 'drop', jpeg.subarray(0, 100), JPEG);
  await waitForError(page, /image could not be processed: ./);
  // The browser decodes SVG, the server does not.
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><rect width="9" height="9"/></svg>';
  await give(page, 'drop', Buffer.from(svg), {name: 'a.svg', mime: 'image/svg+xml'});
  await waitForError(page, /JPEG|could not be processed/);
  await page.setInputFiles('#file', imageFile);
  await expectSkeleton(page, {width: 1200, height: 1200});
});

pageTest('all controls can be reached and used by keyboard', async (page) => {
  const reached = [];
  for (let i = 0; i < 20; ++i) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      const shown = element.id === 'file' ? document.querySelector('label[for=file]') : element;
      return {id: element.id || element.tagName, outline: getComputedStyle(shown).outlineStyle};
    });
    reached.push(focused.id);
    if (focused.id === 'BODY') break;
    assert.notEqual(focused.outline, 'none', `${focused.id} does not show that it has the focus`);
    if (focused.id === 'SUMMARY') await page.keyboard.press('Enter'); // Opens the details.
  }
  for (const id of ['file', 'webcam', 'pose-score', 'keypoint-score', 'max-poses', 'single', 'track', 'smooth', 'token',
    'copy', 'json']) {
    assert.ok(reached.includes(id), `Tab does not reach ${id}, only ${reached}`);
  }
  await page.focus('#pose-score');
  await page.keyboard.press('ArrowRight');
  assert.equal(await text(page, 'pose-value'), '0.16');
  // Playwright does not wait until the browser intercepts file choosers. Setting the focus uses the same channel and so
  // completes after that; otherwise, on a busy machine, the key could open a chooser that is not intercepted.
  const choosing = page.waitForEvent('filechooser');
  await page.focus('#file');
  await page.keyboard.press('Space');
  await (await choosing).setFiles(imageFile);
  await expectSkeleton(page, {width: 1200, height: 1200});
  await page.focus('#webcam');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.getElementById('json').textContent.includes('"frame"'));
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.getElementById('webcam').getAttribute('aria-pressed') === 'false');
});

pageTest('the page fits a phone', async (page) => {
  await page.setInputFiles('#file', imageFile);
  await expectSkeleton(page, {width: 1200, height: 1200});
  const layout = await page.evaluate(() => ({
    width: document.documentElement.clientWidth, content: document.documentElement.scrollWidth,
    canvas: document.getElementById('canvas').getBoundingClientRect().toJSON(),
    heights: [...document.querySelectorAll('.bar .button, button')]
      .filter((button) => button.offsetParent).map((button) => button.offsetHeight)}));
  assert.equal(layout.content, layout.width);
  assert.ok(layout.canvas.left >= 0 && layout.canvas.right <= layout.width, JSON.stringify(layout.canvas));
  assert.ok(layout.canvas.width > 0.8 * layout.width, 'the canvas does not fill the width');
  assert.ok(Math.abs(layout.canvas.width - layout.canvas.height) < 1.5, 'the canvas is not square');
  assert.ok(Math.min(...layout.heights) >= 44, `a button is lower than 44 pixels: ${layout.heights}`);
  if (process.env.POSENET_SCREENSHOTS) await page.screenshot({path: `${process.env.POSENET_SCREENSHOTS}/phone.png`});
}, {contextOptions: {viewport: {width: 360, height: 740}, deviceScaleFactor: 2, hasTouch: true, isMobile: true}});

/** Waits for the result of a frame after number `after`. Returns it with the position of the image in that frame. */
async function nextFrame(page, after) {
  await page.waitForFunction((after) => {
    const frame = /"frame": (\d+)/.exec(document.getElementById('json').textContent);
    return frame && Number(frame[1]) > after;
  }, after);
  const {result, drawn, row} = await look(page);
  return {result, offset: findMarker(row), drawn};
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Returns the median distance between the confident keypoints of `pose` and those of `still`, moved by `offset`. */
function medianError(pose, still, offset) {
  const confident = [...pose.keypoints.keys()].filter((i) => pose.keypoints[i].score > 0.5 && still.keypoints[i].score > 0.5);
  assert.ok(confident.length >= 8, `only ${confident.length} keypoints are confident`);
  return median(confident.map((i) => {
    const [actual, expected] = [pose.keypoints[i].position, still.keypoints[i].position];
    return Math.hypot(actual.x - expected.x - offset, actual.y - expected.y);
  }));
}

/** Returns the pose in the camera frame with the image at offset 0, as estimated by the server. */
async function poseAtOffsetZero() {
  const page = await browser.newPage();
  await page.setContent('<canvas id="canvas"></canvas>');
  const rgba = await imagePixels(browser, jpeg, CAMERA);
  const png = await page.evaluate(async ({rgba, width, height}) => {
    const bytes = Uint8ClampedArray.from(atob(rgba), (letter) => letter.charCodeAt(0));
    const canvas = document.getElementById('canvas');
    [canvas.width, canvas.height] = [width, height];
    canvas.getContext('2d').putImageData(new ImageData(bytes, width, height), 0, 0);
    return canvas.toDataURL('image/png').split(',')[1];
  }, {rgba: cameraFrames(rgba).next().value.toString('base64'), width: CAMERA.width, height: CAMERA.height});
  await page.close();
  const response = await fetch(`${server.url}/v1/human/poses`, {
    method: 'POST', body: Buffer.from(png, 'base64'), headers: {'Content-Type': 'image/png'}});
  return (await response.json()).poses[0];
}

pageTest('the webcam shows poses over the frame that they belong to', async (page) => {
  const still = await poseAtOffsetZero();
  await page.locator('#smooth').uncheck(); // Smoothing would lag behind.
  await page.click('#webcam');
  const offsets = [];
  const errors = [];
  const ids = new Set();
  let frame = 0;
  for (let i = 0; i < 25; ++i) {
    const {result, offset, drawn} = await nextFrame(page, frame);
    frame = result.frame;
    offsets.push(offset);
    assert.ok(result.poses.length >= 1, `no pose in frame ${frame}`);
    const pose = result.poses[0];
    ids.add(pose.id);
    errors.push(medianError(pose, still, offset));
    assert.ok(errors.at(-1) < 12, `keypoints are off by ${errors.at(-1)} pixels at offset ${offset}`);
    assert.equal(drawn, 1, `not all keypoints of ${pose.id} (${pose.score}) are drawn at offset ${offset}`);
  }
  assert.ok(Math.max(...offsets) - Math.min(...offsets) > 60, `the person does not move: ${offsets}`);
  // Poses drawn over the next or the previous frame would be off by at least 8 pixels.
  assert.ok(median(errors) < 5, `keypoints are off by ${median(errors)} pixels`);
  const rate = Number(await text(page, 'rate'));
  assert.ok(rate > 0);
  // On a busy machine, too few frames are processed for tracking.
  if (rate > 5) assert.equal(ids.size, 1, 'the track ID changed');
  if (process.env.POSENET_SCREENSHOTS) await page.screenshot({path: `${process.env.POSENET_SCREENSHOTS}/webcam.png`});
  // The stream is opened again with other options.
  await page.locator('#track').uncheck();
  await page.waitForFunction(() => !document.getElementById('json').textContent.includes('"id"'));
  await page.click('#webcam');
  assert.equal(await text(page, 'webcam'), 'Start webcam');
  assert.equal(await page.evaluate(() => document.getElementById('video').srcObject), null);
});

test('a denied webcam is reported', {timeout: 30_000}, async () => {
  const denied = await launch(found, ['--use-fake-device-for-media-stream', '--deny-permission-prompts']);
  const page = await open(await denied.newContext());
  await page.click('#webcam');
  await waitForError(page, /webcam cannot be used/);
  await denied.close();
});

test('asks for a missing access token, works with it, and reports that the server stops', {timeout: 60_000}, async () => {
  const token = 'correct.horse_battery-staple+/=';
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, `${token}\n`, {mode: 0o600});
  const secured = await Server.start(command, ['--model', model, '--token-file', tokenFile]);
  const context = await browser.newContext();
  const page = await open(context, secured.url);
  await page.setInputFiles('#file', imageFile);
  await waitForError(page, /token/);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'token');
  await page.keyboard.type(token);
  await page.keyboard.press('Enter'); // Sends the same image again.
  await expectSkeleton(page, {width: 1200, height: 1200});
  await page.click('#webcam');
  await nextFrame(page, 0);
  assert.equal(await secured.stop(), 0);
  await waitForError(page, /ended the stream: stopping/);
  assert.equal(await text(page, 'webcam'), 'Start webcam');
  await page.setInputFiles('#file', imageFile);
  await waitForError(page, /server cannot be reached/);
  assert.deepEqual(page.failures, []);
  await context.close();
});
