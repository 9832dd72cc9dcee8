// SPDX-License-Identifier: Apache-2.0
// The package in headless Chromium: pages, workers, a camera, threads, memory, errors.
//
//   node --test bindings/js/test/browser.test.mjs
//   POSENET_BROWSER_FRAMES=2000 ...        frames of the memory test; default: 300
import assert from 'node:assert/strict';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';

import {launch, serve, browserSkipReason} from './browser_page.mjs';
import * as movingPerson from './moving_person.mjs';
import {imageUrl, readImage, root, skipReason, subsampled} from './fixtures.mjs';

const reason = skipReason() ?? browserSkipReason();
if (reason) console.log(`skipped: ${reason}`);
const FRAMES = Number(process.env.POSENET_BROWSER_FRAMES ?? 300);
const IMAGES = imageUrl('');
// What TensorFlow.js returns for the sample images; tests/golden/README.md says how it was made.
const GOLDEN = join(root, 'tests/golden/tfjs_mobilenet100_513x513_samples.json');

const SKETCH = `<!doctype html><title>Sketch</title>
<script src="/bindings/js/node_modules/p5/lib/p5.min.js"></script>
<script src="/bindings/js/dist/posenet-ml5.js"></script>
<script>
let video, bodyPose, poses = [], readyBeforeSetup;
function preload() { bodyPose = ml5.bodyPose(); }
function setup() {
  readyBeforeSetup = bodyPose.detector !== null;
  createCanvas(${movingPerson.WIDTH}, ${movingPerson.HEIGHT});
  video = createCapture(VIDEO);
  video.size(${movingPerson.WIDTH}, ${movingPerson.HEIGHT});
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
    movingPerson.writeVideo(join(folder, 'person.y4m'), subsampled(readImage('human-sample-body.jpg'), 5));
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

  /** Runs `script(argument)` in a page that is allowed to use the camera. Returns its result. */
  async function run(script, argument, {server = isolated, page: path = '/empty.html', permissions = ['camera']} = {}) {
    const context = await browser.newContext({permissions});
    try {
      const page = await context.newPage();
      const errors = [];
      page.on('pageerror', error => errors.push(error.message));
      await page.goto(server.address + path);
      const result = await page.evaluate(script, argument);
      assert.deepEqual(errors, []);
      return result;
    } finally {
      await context.close();
    }
  }

  test('keypoints are within 1 px of those of TensorFlow.js', async () => {
    const {images} = JSON.parse(readFileSync(GOLDEN, 'utf8'));
    const results = await run(async ({folder, names}) => {
      const posenet = await import('/bindings/js/dist/index.js');
      const net = await posenet.load({inputResolution: 513});
      const all = {};
      for (const name of names) {
        const image = new Image();
        image.src = folder + name;
        await image.decode();
        all[name] = {single: await net.estimateSinglePose(image), multi: await net.estimateMultiplePoses(image)};
      }
      return all;
    }, {folder: IMAGES, names: Object.keys(images)});
    for (const [name, {single, multi}] of Object.entries(images)) {
      assert.equal(results[name].multi.length, multi.length, name);
      // Without confidence, two cells of a heatmap may have nearly equal scores; the single-person decoder takes the
      // best.
      const pairs = [[results[name].single, single, 0.3], ...multi.map((m, i) => [results[name].multi[i], m, 0.05])];
      for (const [pose, expected, minScore] of pairs) {
        assert.ok(Math.abs(pose.score - expected.score) < 0.01, name);
        for (const [i, {score, part, position}] of expected.keypoints.entries()) {
          assert.equal(pose.keypoints[i].part, part);
          if (score < minScore) continue;
          const [dx, dy] = [pose.keypoints[i].position.x - position.x, pose.keypoints[i].position.y - position.y];
          assert.ok(Math.hypot(dx, dy) < 1, `${name} ${part}: ${dx}, ${dy}`);
        }
      }
    }
  });

  for (const isIsolated of [true, false]) {
    test(`accepts every kind of image, ${isIsolated ? 'with' : 'without'} shared memory`, async () => {
      const {noses, threads} = await run(async folder => {
        const {createDetector} = await import('/bindings/js/dist/pose-detection/index.js');
        const {loadModel} = await import('/bindings/js/dist/core/index.js');
        const detector = await createDetector('PoseNet', {multiplier: 0.75, quantBytes: 1, threads: 2});
        const image = new Image();
        image.src = `${folder}human-sample-body.jpg`;
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
      }, IMAGES, {server: isIsolated ? isolated : plain});
      assert.equal(threads, isIsolated ? 2 : 1);
      for (const [x, y] of noses) assert.ok(Math.hypot(x - noses[0][0], y - noses[0][1]) < 1, `${noses}`);
    });
  }

  test('a p5 sketch follows the person in the webcam', async () => {
    const {samples, ready} = await run(async ({barY, dark, step}) => {
      const until = async condition => {
        for (const end = performance.now() + 30000; !condition();) {
          if (performance.now() > end) throw new Error('timed out');
          await new Promise(resolve => setTimeout(resolve, 20));
        }
      };
      await until(() => poses.length > 0);
      bodyPose.detectStop();
      // The frame itself encodes the position of the person.
      const size = {width: video.elt.videoWidth, height: video.elt.videoHeight};
      const canvas = Object.assign(document.createElement('canvas'), size);
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
    }, {barY: movingPerson.HEIGHT - 8, dark: movingPerson.BAR_DARK, step: movingPerson.BAR_STEP}, {page: '/sketch.html'});
    assert.ok(ready, 'p5 did not wait for preload()');
    const shifts = samples.map(({shift}) => shift);
    assert.ok(Math.max(...shifts) - Math.min(...shifts) > movingPerson.SWING / 2, `the video does not play: ${shifts}`);
    const offsets = samples.map(({shift, nose}) => nose - shift).sort((a, b) => a - b);
    const median = offsets[offsets.length >> 1];
    for (const {shift, nose} of samples) {
      assert.ok(Math.abs(nose - shift - median) < 10, `nose at ${nose}, image at ${shift}; median ${median}`);
    }
  });

  test('ml5.poseNet processes a video until stop()', async () => {
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
    const score = await run(folder => new Promise((resolve, reject) => {
      const source = `const {load} = await import('${location.origin}/bindings/js/dist/index.js');
        const net = await load({multiplier: 0.75, quantBytes: 1});
        const response = await fetch('${location.origin}${folder}human-sample-body.jpg');
        const image = await createImageBitmap(await response.blob());
        postMessage((await net.estimateSinglePose(image)).score);`;
      const worker = new Worker(URL.createObjectURL(new Blob([source], {type: 'text/javascript'})), {type: 'module'});
      worker.onmessage = ({data}) => resolve(data);
      worker.onerror = event => reject(new Error(event.message));
    }), IMAGES);
    assert.ok(score > 0.8, `${score}`);
  });

  test(`${FRAMES} frames of two detectors do not grow memory`, async t => {
    const {heap, wasm} = await run(async ({folder, frames}) => {
      const {createDetector} = await import('/bindings/js/dist/pose-detection/index.js');
      const {loadModel} = await import('/bindings/js/dist/core/index.js');
      const image = new Image(96, 96);
      image.src = `${folder}human-sample-face.jpg`;
      await image.decode();
      const config = {multiplier: 0.75, quantBytes: 1, inputResolution: 97, enableTracking: true, enableSmoothing: true};
      const memory = await loadModel('/bindings/js/models/mobilenet075-int8.safetensors');
      const detectors = [await createDetector('PoseNet', config), await createDetector('PoseNet', config)];
      const process = async count => {
        for (let i = 0; i < count; ++i) {
          for (const detector of detectors) await detector.estimatePoses(image, {maxPoses: 3});
        }
        gc();
        return {heap: performance.memory.usedJSHeapSize, wasm: memory.memoryBytes};
      };
      const start = await process(50);
      const end = await process(frames);
      for (const detector of detectors) detector.dispose();
      // Freed memory is reused.
      for (let i = 0; i < 10; ++i) (await createDetector('PoseNet', config)).dispose();
      return {heap: end.heap - start.heap, wasm: memory.memoryBytes - start.wasm};
    }, {folder: IMAGES, frames: FRAMES});
    t.diagnostic(`JS heap ${heap} bytes, WASM memory ${wasm} bytes`);
    assert.ok(heap < 1e6, `the JS heap grew by ${heap} bytes`);
    assert.equal(wasm, 0, `WASM memory grew by ${wasm} bytes`);
  });

  test('errors have a code and a message', async () => {
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
    assert.match(messages.text, /invalid-argument: photo.jpg is not an image/);
  });
});
