// SPDX-License-Identifier: Apache-2.0
// Detectors and networks in workers, in Node and in Chromium: the same results as without a worker, errors, order and
// end.
//
//   node --test bindings/js/test/worker.test.mjs
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {after, before, describe, test} from 'node:test';

import {launch, serve, browserSkipReason} from './browser_page.mjs';
import {imageUrl, modelPath, readImage, root, skipReason, subsampled} from './fixtures.mjs';

const reason = skipReason();
if (reason) console.log(`skipped: ${reason}`);
const workers = reason ? {} : await import('../dist/worker/index.js');
const detection = reason ? {} : await import('../dist/pose-detection/index.js');
const posenet = reason ? {} : await import('../dist/index.js');
const INT8 = modelPath('mobilenet075-int8');

const fails = (promise, code, message) => assert.rejects(promise, error => {
  assert.ok(error instanceof workers.PoseNetError, error.stack);
  assert.equal(error.code, code, error.message);
  assert.match(error.message, message);
  return true;
});

describe('in a worker of Node', {skip: reason}, () => {
  const image = reason ? undefined : readImage('human-sample-body.jpg');
  const config = {modelUrl: INT8, enableTracking: true, threads: 2};

  test('a detector gives the same poses', async () => {
    const [here, there] = await Promise.all([
      detection.createDetector('PoseNet', config), workers.createDetectorInWorker('PoseNet', config)]);
    for (const options of [undefined, {maxPoses: 5, scoreThreshold: 0.3}, {flipHorizontal: true}]) {
      assert.deepEqual(await there.estimatePoses(image, options, 100), await here.estimatePoses(image, options, 100));
    }
    assert.deepEqual(await there.estimatePoses(null), []);
    const before = await there.estimatePoses(image, {}, 200);
    there.reset();
    const [{id}] = await there.estimatePoses(image, {}, 100); // Time may go back.
    assert.notEqual(id, before[0].id);
    here.dispose();
    there.dispose();
  });

  test('a network gives the same poses', async () => {
    const net = await posenet.load({modelUrl: INT8});
    const remote = await workers.loadInWorker({modelUrl: new URL(`file://${INT8}`)});
    assert.deepEqual(remote.inputResolution, [257, 257]);
    assert.deepEqual(await remote.estimateSinglePose(image), await net.estimateSinglePose(image));
    const options = {maxDetections: 3, scoreThreshold: 0.2};
    assert.deepEqual(await remote.estimateMultiplePoses(image, options), await net.estimateMultiplePoses(image, options));
    assert.ok(image.data.length > 0, 'the image was transferred');
    net.dispose();
    remote.dispose();
  });

  test('concurrent calls resolve in order, with the image at the time of the call', async () => {
    const detector = await workers.createDetectorInWorker('PoseNet', {modelUrl: INT8, inputResolution: 129, threads: 1});
    const frame = subsampled(image, 4);
    const [expected] = await detector.estimatePoses(frame);
    const order = [];
    const calls = Array.from({length: 10}, (_, i) => detector.estimatePoses(frame).then(([pose]) => {
      order.push(i);
      return pose;
    }));
    frame.data.fill(0); // Too late.
    for (const pose of await Promise.all(calls)) assert.deepEqual(pose, expected);
    assert.deepEqual(order, [...order.keys()]);
    detector.dispose();
  });

  test('errors of the worker have their code and message', async () => {
    const {createDetectorInWorker, loadInWorker, loadLocalizerInWorker} = workers;
    await fails(createDetectorInWorker('BlazePose'), 'unsupported', /does not have BlazePose/);
    await fails(createDetectorInWorker('PoseNet', {modelUrl: '/no/such.safetensors'}), 'not-found', /no\/such/);
    await fails(createDetectorInWorker('PoseNet', {threads: 0}), 'invalid-argument', /threads is 0/);
    await fails(createDetectorInWorker('PoseNet', {threads: () => 1}), 'invalid-argument', /cannot be sent to the worker/);
    await fails(loadInWorker({multiplier: 0.6}), 'invalid-argument', /multiplier 0.6/);
    await fails(loadInWorker({modelUrl: new Uint8Array(100)}), 'corrupt-data', /./);
    await fails(loadInWorker({modelUrl: INT8, wasmUrl: 'file:///nowhere/'}), 'not-found', /nowhere/);
    await fails(loadLocalizerInWorker(INT8), 'unsupported', /human-pose; expected one for camera-pose/);
    const detector = await createDetectorInWorker('PoseNet', {modelUrl: INT8});
    await fails(detector.estimatePoses({data: new Uint8Array(0), width: 0, height: 0}), 'invalid-argument', /0 x 0/);
    await fails(detector.estimatePoses('photo.jpg'), 'invalid-argument', /photo.jpg is not an image/);
    await fails(detector.estimatePoses(image, {maxPoses: 0}), 'invalid-argument', /maxPoses 0/);
    assert.equal((await detector.estimatePoses(image)).length, 1, 'the detector works after errors');
    detector.dispose();
  });

  test('dispose() rejects pending calls', async () => {
    const detector = await workers.createDetectorInWorker('PoseNet', {modelUrl: INT8});
    const call = detector.estimatePoses(image);
    await Promise.resolve();
    detector.dispose();
    await fails(call, 'invalid-argument', /this detector has been disposed/);
    await fails(detector.estimatePoses(image), 'invalid-argument', /this detector has been disposed/);
    detector.dispose();
    detector.reset();
  });

  test('loading reports progress and can be canceled', async () => {
    const progress = [];
    (await workers.loadInWorker({modelUrl: INT8, onProgress: loaded => progress.push(loaded)})).dispose();
    assert.ok(progress.at(-1) > 1e6);
    await assert.rejects(workers.loadInWorker({signal: AbortSignal.abort()}), {name: 'AbortError'});
    const controller = new AbortController();
    const loading = workers.loadInWorker({modelUrl: INT8, signal: controller.signal});
    controller.abort();
    await assert.rejects(loading, {name: 'AbortError'});
  });

  test('a program that does not dispose a detector ends', () => {
    const script = `
      import {createDetectorInWorker} from '${new URL('../dist/worker/index.js', import.meta.url)}';
      const detector = await createDetectorInWorker('PoseNet', {modelUrl: ${JSON.stringify(INT8)}, threads: 2});
      const poses = await detector.estimatePoses({data: new Uint8Array(300), width: 10, height: 10});
      console.log(poses.length);`;
    const options = {encoding: 'utf8', timeout: 60_000};
    assert.equal(execFileSync(process.execPath, ['--input-type=module', '-e', script], options), '1\n');
  });
});

const noBrowser = reason ?? browserSkipReason();
describe('in a worker of Chromium', {skip: noBrowser}, () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  /** Runs `script` in a page, cross-origin isolated or not. Returns its result. */
  async function run(script, {isolated = true, pages = {}} = {}) {
    const server = await serve(root, {isolated, pages: {'/deep/page.html': '<!doctype html><title>Test</title>', ...pages}});
    const page = await browser.newPage();
    try {
      const errors = [];
      page.on('pageerror', error => errors.push(error.message));
      await page.goto(`${server.address}/deep/page.html`);
      const result = await page.evaluate(script, imageUrl('human-sample-body.jpg'));
      assert.deepEqual(errors, []);
      return result;
    } finally {
      await page.close();
      server.close();
    }
  }

  for (const isolated of [true, false]) {
    test(`accepts every kind of image, ${isolated ? 'with' : 'without'} shared memory`, async () => {
      const {here, there, sized} = await run(async url => {
        const {createDetector} = await import('/bindings/js/dist/pose-detection/index.js');
        const {createDetectorInWorker} = await import('/bindings/js/dist/worker/index.js');
        // Relative to the page, not to the worker.
        const config = {modelUrl: '../bindings/js/models/mobilenet075-int8.safetensors'};
        const image = new Image();
        image.src = url;
        await image.decode();
        const canvas = Object.assign(document.createElement('canvas'), {width: image.width, height: image.height});
        const context = canvas.getContext('2d');
        context.drawImage(image, 0, 0);
        const offscreen = new OffscreenCanvas(canvas.width, canvas.height);
        offscreen.getContext('2d').drawImage(image, 0, 0);
        const bitmap = await createImageBitmap(image);
        const frame = new VideoFrame(canvas, {timestamp: 0});
        const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
        const tensor = {shape: [canvas.height, canvas.width, 4], dataSync: () => pixels.data};
        const sources = [image, canvas, pixels, offscreen, bitmap, {elt: image}, tensor, frame];
        const nosesOf = async detector => {
          const noses = [];
          for (const source of [...sources, ...sources]) { // Twice: sources must not be transferred.
            const [{keypoints: [{x, y}]}] = await detector.estimatePoses(source);
            noses.push([x, y]);
          }
          const half = Object.assign(image.cloneNode(), {width: 600, height: 400});
          await half.decode();
          const [{keypoints: [{x, y}]}] = await detector.estimatePoses(half);
          detector.dispose();
          return [noses, [x, y]];
        };
        const [noses, own] = await nosesOf(await createDetector('PoseNet', config));
        const [others, other] = await nosesOf(await createDetectorInWorker('PoseNet', config));
        frame.close();
        return {here: noses, there: others, sized: [own, other]};
      }, {isolated});
      const near = ([x, y], [a, b], px) => assert.ok(Math.hypot(x - a, y - b) < px, `${[x, y]}, not ${[a, b]}`);
      for (const [i, nose] of there.entries()) near(nose, here[i], 1);
      near(...sized, 3); // The browser scales elements differently for a canvas and for a bitmap.
    });
  }

  test('the page stays responsive', async () => {
    const {longest, milliseconds} = await run(async url => {
      const {createDetectorInWorker} = await import('/bindings/js/dist/worker/index.js');
      const image = new Image();
      image.src = url;
      await image.decode();
      // A few hundred milliseconds per image.
      const detector = await createDetectorInWorker('PoseNet', {multiplier: 1, inputResolution: 801, threads: 1});
      await detector.estimatePoses(image);
      let [last, worst] = [performance.now(), 0];
      const ticking = setInterval(() => {
        worst = Math.max(worst, performance.now() - last);
        last = performance.now();
      }, 5);
      const start = performance.now();
      for (let i = 0; i < 3; ++i) await detector.estimatePoses(image, {maxPoses: 5});
      clearInterval(ticking);
      detector.dispose();
      return {longest: worst, milliseconds: (performance.now() - start) / 3};
    });
    assert.ok(longest < milliseconds / 2, `the page was blocked for ${longest} of ${milliseconds} ms`);
  });

  test('errors reach the page with code and message', async () => {
    const errors = await run(async url => {
      const {createDetectorInWorker, loadInWorker, loadLocalizerInWorker} = await import('/bindings/js/dist/worker/index.js');
      const messageOf = promise => promise.then(() => 'no error', error => `${error.name} ${error.code}: ${error.message}`);
      const config = {multiplier: 0.75, quantBytes: 1, inputResolution: 97};
      const detector = await createDetectorInWorker('PoseNet', config);
      const image = new Image();
      const messages = {
        missing: await messageOf(loadInWorker({modelUrl: 'no/such.safetensors'})),
        wrong: await messageOf(loadInWorker({modelUrl: '/bindings/js/package.json'})),
        human: await messageOf(loadLocalizerInWorker('/bindings/js/models/mobilenet075-int8.safetensors')),
        video: await messageOf(detector.estimatePoses(document.createElement('video'))),
        text: await messageOf(detector.estimatePoses('photo.jpg')),
      };
      image.src = url;
      await image.decode();
      messages.score = (await detector.estimatePoses(image))[0].score;
      const pending = detector.estimatePoses(image);
      await new Promise(resolve => setTimeout(resolve, 0));
      detector.dispose();
      messages.disposed = await messageOf(pending);
      return messages;
    });
    assert.match(errors.missing, /PoseNetError not-found: .*\/deep\/no\/such\.safetensors.*404/);
    assert.match(errors.wrong, /PoseNetError (corrupt-data|unsupported): /);
    assert.match(errors.human, /PoseNetError unsupported: .*expected one for camera-pose/);
    assert.match(errors.video, /PoseNetError invalid-argument: the video has no frame yet/);
    assert.match(errors.text, /PoseNetError invalid-argument: photo.jpg is not an image/);
    assert.ok(errors.score > 0.5);
    assert.match(errors.disposed, /PoseNetError invalid-argument: this detector has been disposed/);
  });

  test('a worker that the page forbids, or that fails to load, is an error', async () => {
    const create = async () => {
      const {createDetectorInWorker} = await import('/bindings/js/dist/worker/index.js');
      return createDetectorInWorker('PoseNet', {}).then(() => 'no error', error => `${error.code}: ${error.message}`);
    };
    const policy = '<!doctype html><meta http-equiv="Content-Security-Policy" content="worker-src \'none\'"><title>Test</title>';
    assert.match(await run(create, {pages: {'/deep/page.html': policy}}), /^io: the worker failed: /);
    assert.match(await run(create, {pages: {'/bindings/js/dist/worker/host.js': 'throw new Error("nothing here")'}}),
        /^io: the worker failed: .*nothing here/);
  });
});
