// SPDX-License-Identifier: Apache-2.0
// The package in headless Chromium: pages, workers, a camera, threads, memory, errors.
//
//   node --test bindings/js/test/browser.test.mjs
//   POSENET_BROWSER_FRAMES=2000 ...        more frames of the memory test; by default 300
import assert from 'node:assert/strict';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';

import {launch, serve, whyNoBrowser} from './browser_page.mjs';
import * as film from './moving_person.mjs';
import {readPhoto, root, shrunk, whyNot} from './photos.mjs';

const reason = whyNot() ?? whyNoBrowser();
if (reason) console.log(`skipped: ${reason}`);
const FRAMES = Number(process.env.POSENET_BROWSER_FRAMES ?? 300);
const PHOTOS = '/models/node_modules/weights-mobilenet100/assets';
const golden = join(process.env.POSENET_EXTRA_DATA_DIR ?? join(root, '../shared/data'),
    'golden/tfjs_mobilenet100_s16_513x513_npm_samples.json');

const SKETCH = `<!doctype html><title>Sketch</title>
<script src="/bindings/js/node_modules/p5/lib/p5.min.js"></script>
<script src="/bindings/js/dist/posenet-ml5.js"></script>
<script>
let video, bodyPose, poses = [], readyBeforeSetup;
function preload() { bodyPose = ml5.bodyPose(); }
function setup() {
  readyBeforeSetup = bodyPose.detector !== null;
  createCanvas(${film.WIDTH}, ${film.HEIGHT});
  video = createCapture(VIDEO);
  video.size(${film.WIDTH}, ${film.HEIGHT});
  video.hide();
  bodyPose.detectStart(video, results => { poses = results; });
}
function draw() {
  image(video, 0, 0, width, height);
  for (const pose of poses) circle(pose.nose.x, pose.nose.y, 8);
}
</script>`;

describe('in Chromium', {skip: reason}, () => {
  let folder, browser, isolated, plain;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'posenet-browser-'));
    film.writeFilm(join(folder, 'person.y4m'), shrunk(readPhoto('human-sample-body.jpg'), 5));
    browser = await launch({camera: join(folder, 'person.y4m')});
    const pages = {'/empty.html': '<!doctype html><title>Test</title>', '/sketch.html': SKETCH};
    isolated = await serve(root, {pages});
    plain = await serve(root, {pages, isolated: false});
  });
  after(async () => {
    await browser?.close();
    isolated?.close();
    plain?.close();
    rmSync(folder, {recursive: true, force: true});
  });

  /** Runs `script(argument)` in a page that may use the camera. */
  async function run(script, argument, {server = isolated, page: path = '/empty.html', permissions = ['camera']} = {}) {
    const context = await browser.newContext({permissions});
    try {
      const page = await context.newPage();
      const errors = [];
      page.on('pageerror', error => errors.push(error.message));
      await page.goto(server.address + path);
      const answer = await page.evaluate(script, argument);
      assert.deepEqual(errors, []);
      return answer;
    } finally {
      await context.close();
    }
  }

  test('answers what TensorFlow.js answers', {skip: existsSync(golden) ? false : 'no golden files'}, async () => {
    const {images} = JSON.parse(readFileSync(golden, 'utf8'));
    const answers = await run(async ({photos, names}) => {
      const posenet = await import('/bindings/js/dist/index.js');
      const net = await posenet.load({inputResolution: 513});
      const all = {};
      for (const name of names) {
        const image = new Image();
        image.src = `${photos}/${name}`;
        await image.decode();
        all[name] = {single: await net.estimateSinglePose(image), multi: await net.estimateMultiplePoses(image)};
      }
      return all;
    }, {photos: PHOTOS, names: Object.keys(images)});
    for (const [name, {single, multi}] of Object.entries(images)) {
      assert.equal(answers[name].multi.length, multi.length, name);
      // Where nobody is sure, two cells of a heatmap may be as good as each other: one person takes the best of all.
      const pairs = [[answers[name].single, single, 0.3], ...multi.map((m, i) => [answers[name].multi[i], m, 0.05])];
      for (const [pose, wanted, unsure] of pairs) {
        assert.ok(Math.abs(pose.score - wanted.score) < 0.01, name);
        for (const [i, {score, part, position}] of wanted.keypoints.entries()) {
          assert.equal(pose.keypoints[i].part, part);
          if (score < unsure) continue;
          const [dx, dy] = [pose.keypoints[i].position.x - position.x, pose.keypoints[i].position.y - position.y];
          assert.ok(Math.hypot(dx, dy) < 1, `${name} ${part}: ${dx}, ${dy}`);
        }
      }
    }
  });

  for (const isIsolated of [true, false]) {
    test(`takes every kind of picture, ${isIsolated ? 'with' : 'without'} shared memory`, async () => {
      const {noses, threads} = await run(async photos => {
        const {createDetector} = await import('/bindings/js/dist/pose-detection/index.js');
        const {loadModel} = await import('/bindings/js/dist/core/index.js');
        const detector = await createDetector('PoseNet', {multiplier: 0.75, quantBytes: 1, threads: 2});
        const image = new Image();
        image.src = `${photos}/human-sample-body.jpg`;
        await image.decode();
        const canvas = Object.assign(document.createElement('canvas'), {width: image.width, height: image.height});
        const context = canvas.getContext('2d');
        context.drawImage(image, 0, 0);
        const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
        const offscreen = new OffscreenCanvas(canvas.width, canvas.height);
        offscreen.getContext('2d').drawImage(image, 0, 0);
        const frame = new VideoFrame(canvas, {timestamp: 0});
        const found = [];
        for (const source of [image, canvas, pixels, offscreen, await createImageBitmap(image), {elt: image}, {canvas}]) {
          const [{keypoints: [{x, y}]}] = await detector.estimatePoses(source);
          found.push([x, y]);
        }
        await detector.estimatePoses(frame);
        frame.close();
        const model = await loadModel('/bindings/js/models/mobilenet075-int8.safetensors', {threads: 2});
        return {noses: found, threads: await model.threadsStarted};
      }, PHOTOS, {server: isIsolated ? isolated : plain});
      assert.equal(threads, isIsolated ? 2 : 1);
      for (const [x, y] of noses) assert.ok(Math.hypot(x - noses[0][0], y - noses[0][1]) < 1, `${noses}`);
    });
  }

  test('a sketch of p5 follows the camera', async () => {
    const {samples, ready} = await run(async ({barY, dark, step}) => {
      const until = async condition => {
        for (const end = performance.now() + 30000; !condition();) {
          if (performance.now() > end) throw new Error('waited in vain');
          await new Promise(resolve => setTimeout(resolve, 20));
        }
      };
      await until(() => poses.length > 0);
      bodyPose.detectStop();
      // The very frame that is looked at tells where the person stands.
      const canvas = Object.assign(document.createElement('canvas'), {width: video.elt.videoWidth, height: video.elt.videoHeight});
      const context = canvas.getContext('2d', {willReadFrequently: true});
      const detector = ml5.bodyPose({enableSmoothing: false});
      const found = [];
      for (let i = 0; i < 25; ++i) {
        context.drawImage(video.elt, 0, 0);
        const [luma] = context.getImageData(10, barY, 1, 1).data;
        const [pose] = await detector.detect(canvas);
        found.push({shift: (luma - dark) / step, nose: pose?.nose.x});
        await new Promise(resolve => setTimeout(resolve, 150));
      }
      return {samples: found, ready: readyBeforeSetup};
    }, {barY: film.HEIGHT - 8, dark: film.BAR_DARK, step: film.BAR_STEP}, {page: '/sketch.html'});
    assert.ok(ready, 'p5 did not wait for preload()');
    const shifts = samples.map(({shift}) => shift);
    assert.ok(Math.max(...shifts) - Math.min(...shifts) > film.SWING / 2, `the film stands: ${shifts}`);
    const places = samples.map(({shift, nose}) => nose - shift).sort((a, b) => a - b);
    const median = places[places.length >> 1];
    for (const {shift, nose} of samples) {
      assert.ok(Math.abs(nose - shift - median) < 10, `nose at ${nose}, photo at ${shift}; median ${median}`);
    }
  });

  test('ml5.poseNet follows a video until it is stopped', async () => {
    const {events, later, pose} = await run(async () => {
      const script = Object.assign(document.createElement('script'), {src: '/bindings/js/dist/posenet-ml5.js'});
      document.head.append(script);
      await new Promise(resolve => (script.onload = resolve));
      const video = Object.assign(document.createElement('video'), {muted: true});
      video.srcObject = await navigator.mediaDevices.getUserMedia({video: true});
      void video.play();
      let count = 0, last;
      const poseNet = ml5.poseNet(video, 'single');
      await new Promise(resolve => poseNet.on('pose', results => ((last = results), ++count === 5 && resolve())));
      poseNet.stop();
      await new Promise(resolve => setTimeout(resolve, 300));
      const stopped = count;
      await new Promise(resolve => setTimeout(resolve, 500));
      return {events: stopped, later: count, pose: last[0].pose};
    });
    assert.equal(later, events);
    assert.ok(pose.nose.confidence > 0.5);
  });

  test('runs in a worker', async () => {
    const score = await run(photos => new Promise((resolve, reject) => {
      const source = `const {load} = await import('${location.origin}/bindings/js/dist/index.js');
        const net = await load({multiplier: 0.75, quantBytes: 1});
        const picture = await createImageBitmap(await (await fetch('${location.origin}${photos}/human-sample-body.jpg')).blob());
        postMessage((await net.estimateSinglePose(picture)).score);`;
      const worker = new Worker(URL.createObjectURL(new Blob([source], {type: 'text/javascript'})), {type: 'module'});
      worker.onmessage = ({data}) => resolve(data);
      worker.onerror = event => reject(new Error(event.message));
    }), PHOTOS);
    assert.ok(score > 0.8, `${score}`);
  });

  test(`${FRAMES} frames of two detectors leave nothing behind`, async t => {
    const {heap, wasm} = await run(async ({photos, frames}) => {
      const {createDetector} = await import('/bindings/js/dist/pose-detection/index.js');
      const {loadModel} = await import('/bindings/js/dist/core/index.js');
      const image = new Image(96, 96);
      image.src = `${photos}/human-sample-face.jpg`;
      await image.decode();
      const config = {multiplier: 0.75, quantBytes: 1, inputResolution: 97, enableTracking: true, enableSmoothing: true};
      const memory = await loadModel('/bindings/js/models/mobilenet075-int8.safetensors');
      const detectors = [await createDetector('PoseNet', config), await createDetector('PoseNet', config)];
      const look = async count => {
        for (let i = 0; i < count; ++i) {
          for (const detector of detectors) await detector.estimatePoses(image, {maxPoses: 3});
        }
        gc();
        return {heap: performance.memory.usedJSHeapSize, wasm: memory.memoryBytes};
      };
      const start = await look(50);
      const end = await look(frames);
      for (const detector of detectors) detector.dispose();
      // What was freed is used again.
      for (let i = 0; i < 10; ++i) (await createDetector('PoseNet', config)).dispose();
      return {heap: end.heap - start.heap, wasm: memory.memoryBytes - start.wasm};
    }, {photos: PHOTOS, frames: FRAMES});
    t.diagnostic(`JS heap ${heap} bytes, WASM memory ${wasm} bytes`);
    assert.ok(heap < 1e6, `the JS heap grew by ${heap} bytes`);
    assert.equal(wasm, 0, `WASM memory grew by ${wasm} bytes`);
  });

  test('errors are readable', async () => {
    const messages = await run(async () => {
      const {load} = await import('/bindings/js/dist/index.js');
      const messageOf = promise => promise.then(() => 'no error', error => `${error.code}: ${error.message}`);
      const net = await load({multiplier: 0.75, quantBytes: 1, inputResolution: 97});
      const empty = Object.assign(document.createElement('canvas'), {width: 0, height: 0});
      return {
        missing: await messageOf(load({modelUrl: '/no/such.safetensors'})),
        wrong: await messageOf(load({modelUrl: '/bindings/js/package.json'})),
        empty: await messageOf(net.estimateSinglePose(empty)),
        video: await messageOf(net.estimateSinglePose(document.createElement('video'))),
        text: await messageOf(net.estimateSinglePose('photo.jpg')),
      };
    });
    assert.match(messages.missing, /not-found: .*such\.safetensors.*404/);
    assert.match(messages.wrong, /(corrupt-data|unsupported): /);
    assert.match(messages.empty, /invalid-argument: .*0 x 0/);
    assert.match(messages.video, /invalid-argument: the video has no frame yet/);
    assert.match(messages.text, /invalid-argument: photo.jpg is no picture/);
  });
});
