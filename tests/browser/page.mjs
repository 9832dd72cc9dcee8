// SPDX-License-Identifier: Apache-2.0
// The server's page as people meet it: photos, the webcam, keys, a phone. Drives it in Chromium, with a camera that shows
// a photo of somebody moving from side to side.
//
//   npm ci --ignore-scripts            # once, in this folder
//   node page.mjs POSENET MODEL.safetensors PHOTO.jpg
//
// POSENET is the command; PHOTO shows one person and is square. Exit status: 0, 1 when a test fails, 77 when Chromium,
// Playwright or a file is missing.
import assert from 'node:assert/strict';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'node:test';

import {findChromium, launch, photoPixels, Server, skip, temporaryFolder, writeY4m} from './harness.mjs';
import {CAMERA, cameraFrames, findMarker} from './moving_photo.mjs';

const [command, model, photoFile] = process.argv.slice(2);
for (const file of [model, photoFile]) if (!existsSync(file ?? '')) skip(`no ${file} (scripts/fetch-models)`);
const found = await findChromium();
const folder = temporaryFolder();
const photo = readFileSync(photoFile);

// The photo as a camera shows it. A browser's camera is chosen when it starts.
const cameraFile = join(folder, 'camera.y4m');
{
  const browser = await launch(found);
  await writeY4m(cameraFile, CAMERA, cameraFrames(await photoPixels(browser, photo, CAMERA)));
  await browser.close();
}
const browser = await launch(found, [
  '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${cameraFile}`]);
const server = await Server.start(command, ['--model', model]);
test.after(async () => {
  await browser.close();
  assert.equal(await server.stop(), 0);
});

/** The page, opened, and what it should not have: errors, and requests to elsewhere. */
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

/** A test on a page of its own. */
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

async function waitForPhoto(page) {
  await page.waitForFunction(() => document.getElementById('json').textContent.includes('"poses"'));
}

async function waitForError(page, pattern) {
  await page.waitForFunction(() => document.getElementById('status').classList.contains('error'));
  assert.match(await status(page), pattern);
}

/**
 * What the page shows at one moment: the answer, the share of its first person's keypoints (of `minScore` and more) on
 * which the canvas has the overlay's colour, and the row of pixels near the canvas' lower edge.
 */
function look(page, minScore = 0.2) {
  return page.evaluate((minScore) => {
    const answer = JSON.parse(document.getElementById('json').textContent);
    const canvas = document.getElementById('canvas');
    const context = canvas.getContext('2d');
    const scale = canvas.width / answer.width;
    const keypoints = answer.poses[0].keypoints.filter((keypoint) => keypoint.score >= minScore);
    // As the page colours people: by number, or in order.
    const colours = [0x38bdf8, 0xf472b6, 0xa3e635, 0xfbbf24, 0xc084fc, 0xfb7185, 0x2dd4bf, 0xf97316];
    const packed = colours[(answer.poses[0].id ?? 0) % colours.length];
    const colour = [packed >> 16, (packed >> 8) & 255, packed & 255];
    const isDrawn = ({position}) => {
      const pixel = context.getImageData(
        Math.floor((position.x + 0.5) * scale), Math.floor((position.y + 0.5) * scale), 1, 1).data;
      return colour.every((value, channel) => Math.abs(value - pixel[channel]) < 3);
    };
    return {
      answer, drawn: keypoints.filter(isDrawn).length / keypoints.length,
      row: Array.from(context.getImageData(0, canvas.height - 4, canvas.width, 1).data)};
  }, minScore);
}

/** Has a file dropped onto the page, or pasted. */
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

/**
 * The middle of the photo, 800 by 1200 pixels, as a camera stores it that was turned to the left: lying, with a note that a
 * quarter clockwise brings it upright.
 */
async function turnedPhoto(page) {
  const base64 = await page.evaluate(async (jpeg) => {
    const blob = await (await fetch(`data:image/jpeg;base64,${jpeg}`)).blob();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [1200, 800];
    const context = canvas.getContext('2d');
    context.transform(0, -1, 1, 0, 0, 800); // (x, y) of the upright picture lies at (y, 800 - x).
    context.drawImage(await createImageBitmap(blob), -200, 0);
    return canvas.toDataURL('image/jpeg', 0.95).split(',')[1];
  }, photo.toString('base64'));
  const jpeg = Buffer.from(base64, 'base64');
  const exif = Buffer.from('Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0', 'latin1');
  const head = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), head, exif, jpeg.subarray(2)]);
}

async function expectSkeleton(page, {width, height}) {
  await waitForPhoto(page);
  const {answer, drawn} = await look(page);
  assert.equal(answer.width, width);
  assert.equal(answer.height, height);
  assert.equal(await text(page, 'people'), '1');
  assert.equal(drawn, 1);
  assert.equal(await status(page), '');
  return answer;
}

pageTest('a chosen photo shows its person, as the server answers', async (page) => {
  await page.setInputFiles('#file', photoFile);
  const answer = await expectSkeleton(page, {width: 1200, height: 1200});
  const direct = await fetch(`${server.url}/v1/human/poses?max-poses=5`, {
    method: 'POST', body: photo, headers: {'Content-Type': 'image/jpeg'}});
  assert.deepEqual(answer.poses, (await direct.json()).poses);
  assert.match(await text(page, 'estimate-ms'), /^[\d.]+ ms$/);
  assert.equal(await page.getAttribute('#canvas', 'aria-label'), 'Picture with 1 people');
});

pageTest('a dropped and a pasted photo do, too, and so does one that the camera was turned for', async (page) => {
  await give(page, 'drop', photo, JPEG);
  const upright = await expectSkeleton(page, {width: 1200, height: 1200});
  await page.reload();
  await give(page, 'paste', photo, JPEG);
  assert.deepEqual((await expectSkeleton(page, {width: 1200, height: 1200})).poses, upright.poses);
  await page.goto('about:blank'); // The page itself loads no data: its security policy says so.
  const lying = await turnedPhoto(page);
  await page.goto(server.url);
  await give(page, 'drop', lying, JPEG);
  const righted = await expectSkeleton(page, {width: 800, height: 1200});
  const nose = ({poses}) => poses[0].keypoints[0].position;
  assert.ok(Math.abs(nose(righted).x + 200 - nose(upright).x) < 20);
  assert.ok(Math.abs(nose(righted).y - nose(upright).y) < 20);
});

pageTest('sliders hide people and keypoints at once', async (page) => {
  await page.setInputFiles('#file', photoFile);
  await expectSkeleton(page, {width: 1200, height: 1200});
  await page.locator('#keypoint-score').fill('1');
  assert.equal((await look(page)).drawn, 0);
  await page.locator('#keypoint-score').fill('0.2');
  assert.equal((await look(page)).drawn, 1);
  await page.locator('#pose-score').fill('1');
  assert.equal(await text(page, 'people'), '0');
  assert.equal((await look(page)).drawn, 0);
});

pageTest('what is no photo, or a broken one, is said', async (page) => {
  await give(page, 'drop', Buffer.from('hello'), {name: 'a.txt', mime: 'text/plain'});
  await waitForError(page, /not a picture/);
  await give(page, 'drop', photo.subarray(0, 100), JPEG);
  await waitForError(page, /this photo: ./);
  // The browser knows SVG, the server does not.
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><rect width="9" height="9"/></svg>';
  await give(page, 'drop', Buffer.from(svg), {name: 'a.svg', mime: 'image/svg+xml'});
  await waitForError(page, /JPEG|this photo/);
  await page.setInputFiles('#file', photoFile);
  await expectSkeleton(page, {width: 1200, height: 1200});
});

pageTest('everything can be reached and done by keys', async (page) => {
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
    assert.notEqual(focused.outline, 'none', `${focused.id} shows that it has the focus`);
    if (focused.id === 'SUMMARY') await page.keyboard.press('Enter'); // What is folded away is opened by keys, too.
  }
  for (const id of ['file', 'webcam', 'pose-score', 'keypoint-score', 'max-poses', 'single', 'track', 'smooth', 'token',
    'copy', 'json']) {
    assert.ok(reached.includes(id), `Tab reaches ${id}, got ${reached}`);
  }
  await page.focus('#pose-score');
  await page.keyboard.press('ArrowRight');
  assert.equal(await text(page, 'pose-value'), '0.16');
  // Playwright asks the browser to hand choosers over and does not wait until it does. The focus, which is set by the same
  // channel, answers after that; a key at once would sometimes be faster on a busy machine, and open a chooser of nobody's.
  const choosing = page.waitForEvent('filechooser');
  await page.focus('#file');
  await page.keyboard.press('Space');
  await (await choosing).setFiles(photoFile);
  await expectSkeleton(page, {width: 1200, height: 1200});
  await page.focus('#webcam');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.getElementById('json').textContent.includes('"frame"'));
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.getElementById('webcam').getAttribute('aria-pressed') === 'false');
});

pageTest('a phone shows it without scrolling sideways', async (page) => {
  await page.setInputFiles('#file', photoFile);
  await expectSkeleton(page, {width: 1200, height: 1200});
  const layout = await page.evaluate(() => ({
    width: document.documentElement.clientWidth, content: document.documentElement.scrollWidth,
    canvas: document.getElementById('canvas').getBoundingClientRect().toJSON(),
    heights: [...document.querySelectorAll('.bar .button, button')]
      .filter((button) => button.offsetParent).map((button) => button.offsetHeight)}));
  assert.equal(layout.content, layout.width);
  assert.ok(layout.canvas.left >= 0 && layout.canvas.right <= layout.width, JSON.stringify(layout.canvas));
  assert.ok(layout.canvas.width > 0.8 * layout.width, 'the picture has the width of the phone');
  assert.ok(Math.abs(layout.canvas.width - layout.canvas.height) < 1.5, 'and its own shape');
  assert.ok(Math.min(...layout.heights) >= 44, `buttons are as high as thumbs need: ${layout.heights}`);
  if (process.env.POSENET_SCREENSHOTS) await page.screenshot({path: `${process.env.POSENET_SCREENSHOTS}/phone.png`});
}, {contextOptions: {viewport: {width: 360, height: 740}, deviceScaleFactor: 2, hasTouch: true, isMobile: true}});

/** The next answer of the webcam with a frame's number above `after`, and where the photo was in that frame. */
async function nextFrame(page, after) {
  await page.waitForFunction((after) => {
    const frame = /"frame": (\d+)/.exec(document.getElementById('json').textContent);
    return frame && Number(frame[1]) > after;
  }, after);
  const {answer, drawn, row} = await look(page);
  return {answer, offset: findMarker(row), drawn};
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** How far the sure keypoints of `pose` are from those of `still`, moved by `offset`. */
function medianError(pose, still, offset) {
  const sure = [...pose.keypoints.keys()].filter((i) => pose.keypoints[i].score > 0.5 && still.keypoints[i].score > 0.5);
  assert.ok(sure.length >= 8, `${sure.length} keypoints are sure`);
  return median(sure.map((i) => {
    const [now, known] = [pose.keypoints[i].position, still.keypoints[i].position];
    return Math.hypot(now.x - known.x - offset, now.y - known.y);
  }));
}

/** The person in the photo at offset 0, by the server. */
async function standingStill() {
  const page = await browser.newPage();
  await page.setContent('<canvas id="canvas"></canvas>');
  const rgba = await photoPixels(browser, photo, CAMERA);
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

pageTest('the webcam shows its person where they are, as they move', async (page) => {
  const still = await standingStill();
  await page.locator('#smooth').uncheck(); // The truth here is of the moment.
  await page.click('#webcam');
  const offsets = [];
  const errors = [];
  const ids = new Set();
  let frame = 0;
  for (let i = 0; i < 25; ++i) {
    const {answer, offset, drawn} = await nextFrame(page, frame);
    frame = answer.frame;
    offsets.push(offset);
    assert.equal(answer.poses.length >= 1, true, `nobody in frame ${frame}`);
    const pose = answer.poses[0];
    ids.add(pose.id);
    errors.push(medianError(pose, still, offset));
    assert.ok(errors.at(-1) < 12, `keypoints are off by ${errors.at(-1)} pixels where the photo is at ${offset}`);
    assert.equal(drawn, 1, `the overlay is where the keypoints of ${pose.id} (${pose.score}) are, at ${offset}`);
  }
  assert.ok(Math.max(...offsets) - Math.min(...offsets) > 60, `the person moved: ${offsets}`);
  // The network sees 5 pixels as 4; over another frame than their own, poses would be 8 off, or more.
  assert.ok(median(errors) < 5, `keypoints are off by ${median(errors)} pixels`);
  const rate = Number(await text(page, 'rate'));
  assert.ok(rate > 0);
  // On a machine that does much else, frames are too few to tell that somebody who is elsewhere is the same.
  if (rate > 5) assert.equal(ids.size, 1, 'and kept their number');
  if (process.env.POSENET_SCREENSHOTS) await page.screenshot({path: `${process.env.POSENET_SCREENSHOTS}/webcam.png`});
  // Other options: the stream begins anew, with them.
  await page.locator('#track').uncheck();
  await page.waitForFunction(() => !document.getElementById('json').textContent.includes('"id"'));
  await page.click('#webcam');
  assert.equal(await text(page, 'webcam'), 'Start webcam');
  assert.equal(await page.evaluate(() => document.getElementById('video').srcObject), null);
});

test('a webcam that is not given is said', {timeout: 30_000}, async () => {
  // Without the switch that says yes to every question, and without the permission, the answer is no.
  const shy = await launch(found, ['--use-fake-device-for-media-stream', '--deny-permission-prompts']);
  const page = await open(await shy.newContext());
  await page.click('#webcam');
  await waitForError(page, /webcam cannot be used/);
  await shy.close();
});

test('a token is asked for, and photos and webcam work with it', {timeout: 60_000}, async () => {
  const token = 'correct.horse_battery-staple+/=';
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, `${token}\n`, {mode: 0o600});
  const closed = await Server.start(command, ['--model', model, '--token-file', tokenFile]);
  const context = await browser.newContext();
  const page = await open(context, closed.url);
  await page.setInputFiles('#file', photoFile);
  await waitForError(page, /token/);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'token');
  await page.keyboard.type(token);
  await page.keyboard.press('Enter'); // Asks for the same photo again.
  await expectSkeleton(page, {width: 1200, height: 1200});
  await page.click('#webcam');
  await nextFrame(page, 0);
  // The server's end is said.
  assert.equal(await closed.stop(), 0);
  await waitForError(page, /ended the stream: stopping/);
  assert.equal(await text(page, 'webcam'), 'Start webcam');
  await page.setInputFiles('#file', photoFile);
  await waitForError(page, /server cannot be reached/);
  assert.deepEqual(page.failures, []);
  await context.close();
});
