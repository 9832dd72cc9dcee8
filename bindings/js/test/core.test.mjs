// SPDX-License-Identifier: Apache-2.0
// The core in Node: the same answers as the native engine, from one thread and from several; errors; memory.
//
//   node --expose-gc --test bindings/js/test/core.test.mjs
import assert from 'node:assert/strict';
import {cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {pathToFileURL} from 'node:url';

import {command, modelPath, nativePoses, readPhoto, shrunk, whyNot, withChannels} from './photos.mjs';

const reason = whyNot();
if (reason) console.log(`skipped: ${reason}`);
const core = reason ? {} : await import('../dist/core/index.js');
const {createSmoother, createTracker, loadModel, PoseNetError, supportedThreads, TFJS_SMOOTHING} = core;

/** Passes when `call` fails with that code and a message that matches. */
async function fails(call, code, message) {
  await assert.rejects(async () => call(), error => {
    assert.ok(error instanceof PoseNetError, `${error.stack}`);
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  });
}

function assertPosesNear(poses, expected, {px, score}) {
  assert.equal(poses.length, expected.length);
  for (const [i, pose] of poses.entries()) {
    assert.ok(Math.abs(pose.score - expected[i].score) <= score, `score ${pose.score}, not ${expected[i].score}`);
    for (const [part, keypoint] of pose.keypoints.entries()) {
      const wanted = expected[i].keypoints[part];
      // Where nobody is sure, ties may break otherwise.
      if (wanted.score < 0.05) continue;
      const distance = Math.hypot(keypoint.x - wanted.x, keypoint.y - wanted.y);
      assert.ok(distance <= px, `keypoint ${part} of pose ${i} is ${distance} px away`);
      assert.ok(Math.abs(keypoint.score - wanted.score) <= score);
    }
  }
}

describe('core', {skip: reason}, () => {
  const photo = reason ? undefined : readPhoto('human-sample-body.jpg');
  const THREADS = [1, 2];
  const SIZE = {inputWidth: 257, inputHeight: 257};

  for (const threads of THREADS) {
    describe(`with ${threads} thread(s)`, () => {
      const models = {};
      before(async () => {
        for (const name of ['mobilenet100', 'mobilenet075-int8', 'mobilenet075-bf16']) {
          models[name] = await loadModel(modelPath(name), {threads});
        }
      });
      after(() => Object.values(models).forEach(model => model.dispose()));

      test('has the threads that it was asked for', async () => {
        assert.equal(await models.mobilenet100.threadsStarted, threads);
        assert.equal(models.mobilenet100.threads, threads);
        assert.equal(models.mobilenet100.isThreaded, threads > 1);
      });

      test('tells what the model says of itself', () => {
        const {info} = models.mobilenet100;
        assert.equal(info.name, 'mobilenet100');
        assert.equal(info.task, 'human-pose');
        assert.equal(info.outputStride, 16);
        assert.equal(info.license, 'Apache-2.0');
        assert.equal(info.parameterCount, 3313907);
      });

      // Both add in another order; the command rounds what it prints.
      const cases = [
        ['mobilenet100', 'fp32', {px: 0.01, score: 0.0001}],
        // Weights of 16 bits, computed in floats: WebAssembly has nothing faster for them.
        ['mobilenet075-bf16', 'fp32', {px: 0.01, score: 0.0001}],
        // A value at the middle of two whole numbers may be rounded to either.
        ['mobilenet075-int8', 'int8', {px: 1.5, score: 0.01}],
      ];
      for (const [name, precision, tolerance] of cases) {
        test(`${name} answers what the native engine answers`,
             {skip: existsSync(command) ? undefined : `${command} is not there`}, () => {
          const estimator = models[name].createEstimator(SIZE);
          assert.equal(estimator.options.threads, threads);
          const native = nativePoses(
            photo, ['--model', modelPath(name), '--precision', precision, '--size', '257']);
          const poses = estimator.estimate(photo);
          assert.ok(poses.length > 0 && poses[0].score > 0.5);
          assertPosesNear(poses, native, tolerance);
          estimator.dispose();
        });
      }

      test('one estimator serves calls with other options', () => {
        const estimator = models.mobilenet100.createEstimator(SIZE);
        const single = estimator.estimateWith(photo, {decoder: 'tfjs-single'});
        assert.equal(single.length, 1);
        const own = models.mobilenet100.createEstimator({...SIZE, decoder: 'tfjs-single'});
        assert.deepEqual(own.estimate(photo), single);
        const mirrored = estimator.estimateWith(photo, {decoder: 'tfjs-single', mirror: true});
        assert.ok(Math.abs(mirrored[0].keypoints[0].x - (photo.width - 1 - single[0].keypoints[0].x)) < 1e-3);
        assert.equal(estimator.estimateWith(photo, {scoreThreshold: 1}).length, 0);
        assert.ok(estimator.estimateWith(photo, {decoder: 'coral', scoreThreshold: 0.2, maxPoses: 1}).length === 1);
        assert.equal(estimator.options.decoder, 'tfjs-multiple');
        own.dispose();
        estimator.dispose();
      });

      test('takes RGB, RGBA and grey', () => {
        const estimator = models.mobilenet100.createEstimator(SIZE);
        const expected = estimator.estimate(photo);
        assert.deepEqual(estimator.estimate(withChannels(photo, 3)), expected);
        assert.ok(estimator.estimate(withChannels(photo, 1)).length > 0);
        estimator.dispose();
      });

      test('several estimators work beside each other', () => {
        const small = models.mobilenet100.createEstimator({inputWidth: 161, inputHeight: 129, outputStride: 8});
        const int8 = models['mobilenet075-int8'].createEstimator(SIZE);
        const first = [small.estimate(photo), int8.estimate(photo)];
        for (let i = 0; i < 3; ++i) assert.deepEqual([small.estimate(photo), int8.estimate(photo)], first);
        assert.equal(small.options.outputStride, 8);
        assert.equal(int8.options.precision, 'int8');
        small.dispose();
        assert.deepEqual(int8.estimate(photo), first[1]);
        int8.dispose();
      });

      test('2000 frames take no memory', () => {
        const estimator = models['mobilenet075-int8'].createEstimator({inputWidth: 65, inputHeight: 65});
        const frame = shrunk(photo, 8);
        const run = count => {
          for (let i = 0; i < count; ++i) estimator.estimateWith(frame, {scoreThreshold: 0.1, maxPoses: 1 + i % 20});
          globalThis.gc?.();
          return {wasm: models.mobilenet100.memoryBytes, heap: process.memoryUsage().heapUsed};
        };
        const start = run(200);
        const end = run(2000);
        assert.equal(end.wasm, start.wasm);
        assert.ok(end.heap - start.heap < 1 << 20, `the heap grew by ${end.heap - start.heap} bytes`);
        estimator.dispose();
      });

      test('dispose frees', async () => {
        const bytes = readFileSync(modelPath('mobilenet075-int8'));
        const cycle = async () => {
          const model = await loadModel(bytes, {threads});
          const estimator = model.createEstimator({inputWidth: 129, inputHeight: 129});
          estimator.estimate(photo);
          estimator.dispose();
          model.dispose();
          return models.mobilenet100.memoryBytes;
        };
        const first = await cycle();
        let last = first;
        for (let i = 0; i < 20; ++i) last = await cycle();
        assert.ok(last <= first + (2 << 20), `${last - first} bytes more after 20 times`);
      });

      test('who forgets to dispose does not lose the memory', {skip: globalThis.gc ? undefined : 'needs --expose-gc'},
           async () => {
        // Far more than memory may be: without the help of the garbage collector this fails.
        const limit = models.mobilenet100.memoryBytes + (128 << 20);
        for (let i = 0; i < 20; ++i) {
          models.mobilenet100.createEstimator({inputWidth: 257, inputHeight: 257}).estimate(shrunk(photo, 8));
          globalThis.gc();
          await new Promise(resolve => setTimeout(resolve, 0));
        }
        assert.ok(models.mobilenet100.memoryBytes < limit, `${models.mobilenet100.memoryBytes} bytes`);
      });

      test('what needs too much memory is an error, and all goes on', async () => {
        const estimator = models.mobilenet100.createEstimator(SIZE);
        await fails(() => models.mobilenet100.createEstimator({inputWidth: 8177, inputHeight: 8177}).estimate(photo),
                    'resource-exhausted', /memory/);
        assert.ok(estimator.estimate(photo).length > 0);
        estimator.dispose();
      });
    });
  }

  test('threads may be left to the library', async () => {
    const model = await loadModel(modelPath('mobilenet075-int8'));
    assert.equal(await model.threadsStarted, Math.min(await supportedThreads(), 4));
    model.dispose();
  });

  test('pictures that are none are errors', async () => {
    const model = await loadModel(modelPath('mobilenet075-int8'), {threads: 1});
    const estimator = model.createEstimator(SIZE);
    const bytes = new Uint8Array(12);
    await fails(() => estimator.estimate({data: new Uint8Array(0), width: 0, height: 0}), 'invalid-argument', /0 x 0/);
    await fails(() => estimator.estimate({data: bytes, width: 5, height: 1}), 'invalid-argument', /12 bytes.*1, 3 or 4/);
    await fails(() => estimator.estimate({data: bytes, width: 3, height: 2}), 'invalid-argument', /12 bytes/);
    await fails(() => estimator.estimate({data: bytes, width: 1.5, height: 2}), 'invalid-argument', /1.5 x 2/);
    await fails(() => estimator.estimate({data: bytes, width: -2, height: -2}), 'invalid-argument', /-2 x -2/);
    await fails(() => estimator.estimate({data: [1, 2, 3], width: 1, height: 1}), 'invalid-argument', /Uint8Array/);
    await fails(() => estimator.estimate(undefined), 'invalid-argument', /Uint8Array/);
    assert.deepEqual(estimator.estimate({data: new Uint8ClampedArray(1), width: 1, height: 1}), []);
    estimator.dispose();
    model.dispose();
  });

  test('options that are none are errors', async () => {
    const model = await loadModel(modelPath('mobilenet075-int8'), {threads: 1});
    const create = options => () => model.createEstimator(options);
    await fails(create({inputWidth: 7}), 'invalid-argument', /input_width_px is 7/);
    await fails(create({inputWidth: 257.5}), 'invalid-argument', /inputWidth is 257.5/);
    await fails(create({inputWidth: Infinity}), 'invalid-argument', /inputWidth/);
    await fails(create({inputWidth: '257'}), 'invalid-argument', /inputWidth is 257; expected a number/);
    await fails(create({outputStride: 12}), 'invalid-argument', /output_stride is 12/);
    await fails(create({outputStride: 32}), 'unsupported', /stride/);
    await fails(create({decoder: 'best'}), 'invalid-argument', /decoder is 'best'; expected tfjs-single/);
    await fails(create({precision: 'fp32'}), 'unsupported', /int8/);
    await fails(create({precision: 'fp16'}), 'invalid-argument', /precision is 'fp16'/);
    await fails(create({fit: 'squeeze'}), 'invalid-argument', /fit/);
    await fails(create({maxPoses: 0}), 'invalid-argument', /max_poses/);
    await fails(create({scoreThreshold: 2}), 'invalid-argument', /score_threshold/);
    await fails(create({nmsRadius: 0}), 'invalid-argument', /nms_radius/);
    await fails(() => model.createLocalizer(), 'unsupported', /camera/);
    const estimator = model.createEstimator(SIZE);
    await fails(() => estimator.estimateWith(photo, {maxPoses: 0.5}), 'invalid-argument', /maxPoses is 0.5/);
    await fails(() => estimator.estimateWith(photo, {nmsRadius: -1}), 'invalid-argument', /nms_radius/);
    estimator.dispose();
    model.dispose();
  });

  test('what was disposed of says so', async () => {
    const model = await loadModel(modelPath('mobilenet075-int8'), {threads: 1});
    const estimator = model.createEstimator(SIZE);
    model.dispose();
    model.dispose();
    assert.ok(model.isDisposed);
    await fails(() => model.createEstimator(), 'invalid-argument', /this model was disposed of/);
    assert.ok(estimator.estimate(photo).length > 0);  // It has what it needs.
    estimator.dispose();
    await fails(() => estimator.estimate(photo), 'invalid-argument', /this estimator was disposed of/);
  });

  test('files that are no models are errors', async () => {
    const good = readFileSync(modelPath('mobilenet075-int8'));
    const load = source => () => loadModel(source, {threads: 1});
    await fails(load('/nowhere/model.safetensors'), 'not-found', /\/nowhere\/model.safetensors: no such file/);
    await fails(load(new URL('file:///nowhere/model.safetensors')), 'not-found', /no such file/);
    await fails(load(new Uint8Array(0)), 'corrupt-data', /the model/);
    await fails(load(new TextEncoder().encode('<!doctype html><p>Not found')), 'corrupt-data', /the model/);
    await fails(load(good.subarray(0, good.length - 1)), 'corrupt-data', /./);
    await fails(load(42), 'invalid-argument', /neither an address nor bytes/);
    // Any byte of the header may be wrong.
    const headerBytes = Number(good.readBigUInt64LE(0));
    for (let i = 0; i < 200; ++i) {
      const bad = new Uint8Array(good);
      bad[8 + Math.floor(i * headerBytes / 200)] ^= 1 + i % 255;
      try {
        (await loadModel(bad, {threads: 1})).dispose();  // Names may be any.
      } catch (error) {
        assert.ok(error instanceof PoseNetError, error.stack);
      }
    }
  });

  test('loads over HTTP, with progress, errors and an end when it is no longer wanted', async () => {
    const bytes = readFileSync(modelPath('mobilenet075-int8'));
    const server = createServer((request, response) => {
      if (request.url === '/model') {
        response.writeHead(200, {'content-length': bytes.length});
        response.end(bytes);
      } else if (request.url === '/slow') {
        response.writeHead(200);
        response.write(bytes.subarray(0, 1000));
      } else {
        response.writeHead(request.url === '/secret' ? 403 : 404);
        response.end('no');
      }
    });
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${server.address().port}`;
    try {
      const progress = [];
      const model = await loadModel(`${base}/model`, {threads: 1, onProgress: (...now) => progress.push(now)});
      assert.equal(model.info.name, 'mobilenet075-int8');
      assert.deepEqual(progress.at(-1), [bytes.length, bytes.length]);
      assert.ok(progress.every(([loaded, total], i) => total === bytes.length && loaded >= (progress[i - 1]?.[0] ?? 0)));
      model.dispose();
      await fails(() => loadModel(`${base}/missing`), 'not-found', /missing: the server answered 404 Not Found/);
      await fails(() => loadModel(new URL(`${base}/secret`)), 'permission-denied', /403/);
      await fails(() => loadModel('http://127.0.0.1:9/model'), 'io', /cannot be loaded/);
      const giveUp = new AbortController();
      const loading = loadModel(`${base}/slow`, {threads: 1, signal: giveUp.signal, onProgress: () => giveUp.abort()});
      await assert.rejects(loading, {name: 'AbortError'});
      await assert.rejects(loadModel(bytes, {signal: AbortSignal.abort()}), {name: 'AbortError'});
    } finally {
      server.closeAllConnections?.();
      server.close();
    }
  });

  test('modules that are not there, and threads that cannot be, are errors', async () => {
    const bytes = readFileSync(modelPath('mobilenet075-int8'));
    await fails(() => loadModel(bytes, {threads: 1, wasmUrl: 'file:///nowhere'}), 'not-found', /posenet.wasm/);
    await fails(() => loadModel(bytes, {threads: 1, wasmUrl: 'not an address'}), 'invalid-argument', /wasmUrl/);
    for (const threads of [0, -1, 1.5, 'many', 1000]) {
      await fails(() => loadModel(bytes, {threads}), 'invalid-argument', /threads is/);
    }
    const blob = await loadModel(new Blob([bytes]), {threads: 1, wasmUrl: new URL('../dist/wasm/', import.meta.url)});
    assert.equal(blob.info.name, 'mobilenet075-int8');
    blob.dispose();
  });

  test('the folder of the modules is all that wasmUrl needs, also for threads', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'posenet-wasm-'));
    try {
      cpSync(new URL('../dist/wasm', import.meta.url), folder, {recursive: true});
      const model = await loadModel(modelPath('mobilenet075-int8'), {threads: 2, wasmUrl: pathToFileURL(folder)});
      assert.equal(await model.threadsStarted, 2);
      model.dispose();
    } finally {
      rmSync(folder, {recursive: true});
    }
  });

  test('threads that do not come are done without', async () => {
    const poses = [];
    for (const script of [undefined, 'throw new Error("no");', null]) {
      const folder = mkdtempSync(join(tmpdir(), 'posenet-wasm-'));
      try {
        cpSync(new URL('../dist/wasm', import.meta.url), folder, {recursive: true});
        if (script === null) rmSync(join(folder, 'thread.js'));
        if (script) writeFileSync(join(folder, 'thread.js'), script);
        const model = await loadModel(modelPath('mobilenet075-int8'), {threads: 2, wasmUrl: pathToFileURL(folder)});
        const estimator = model.createEstimator();
        poses.push(estimator.estimate(photo));  // Whoever has come by now.
        assert.equal(await model.threadsStarted, script === undefined ? 2 : 1);
        assert.equal(model.threads, script === undefined ? 2 : 1);
        poses.push(estimator.estimate(photo));
        estimator.dispose();
        model.dispose();
      } finally {
        rmSync(folder, {recursive: true});
      }
    }
    assert.ok(poses[0].length > 0);
    for (const other of poses) assert.deepEqual(other, poses[0]);
  });

  test('people keep their numbers', async () => {
    const tracker = await createTracker({threads: 1});
    const at = x => ({score: 0.9, keypoints: Array.from({length: 17}, (_, i) => (
      {x: x + 10 * (i % 3), y: 20 * i, score: 0.9}))});
    assert.deepEqual(tracker.update([at(0), at(500)], 0), [1, 2]);
    assert.deepEqual(tracker.update([at(503), at(2)], 0.04), [2, 1]);
    assert.deepEqual(tracker.update([], 0.08), []);
    assert.deepEqual(tracker.update([at(4)], 0.12), [1]);
    const weak = {...at(900), score: 0.3};
    assert.deepEqual(tracker.update([weak, at(4)], 0.16), [0, 1]);
    const trusting = await createTracker({threads: 1, minNewScore: 0});
    assert.deepEqual(trusting.update([weak], 0), [1]);
    trusting.dispose();
    await fails(() => tracker.update([at(4)], 0), 'invalid-argument', /time/);
    await fails(() => tracker.update([{score: 1, keypoints: []}], 1), 'invalid-argument', /0 keypoints/);
    tracker.reset();
    assert.deepEqual(tracker.update([at(4)], 0.2), [3]);
    tracker.dispose();
    await fails(() => tracker.update([], 1), 'invalid-argument', /this tracker was disposed of/);
    await fails(() => createTracker({maxTracks: 0}), 'invalid-argument', /max_tracks/);
    await fails(() => createTracker({minNewScore: 2}), 'invalid-argument', /min_new_score/);
  });

  test('keypoints become steady', async () => {
    for (const options of [{}, TFJS_SMOOTHING]) {
      const smoother = await createSmoother({threads: 1, ...options});
      let seed = 1;
      const noise = () => (seed = seed * 16807 % 2147483647) / 2147483647 - 0.5;
      const still = () => ({score: 0.9, keypoints: Array.from({length: 17}, (_, i) => (
        {x: 100 + 30 * (i % 3) + 4 * noise(), y: 20 * i + 4 * noise(), score: 0.9}))});
      const steps = {raw: 0, smooth: 0};
      let before;
      for (let i = 0; i < 200; ++i) {
        const raw = still();
        const [smooth] = smoother.smooth([raw], [7], i / 25);
        assert.equal(smooth.keypoints.length, 17);
        if (i > 50) {
          steps.raw += Math.abs(raw.keypoints[3].x - before.raw.keypoints[3].x);
          steps.smooth += Math.abs(smooth.keypoints[3].x - before.smooth.keypoints[3].x);
        }
        before = {raw, smooth};
      }
      assert.ok(steps.smooth < 0.9 * steps.raw, `${steps.smooth} of ${steps.raw}`);
      await fails(() => smoother.smooth([still()], [], 100), 'invalid-argument', /0 numbers for 1 poses/);
      await fails(() => smoother.smooth([still(), still()], [1, 1], 100), 'invalid-argument', /./);
      await fails(() => smoother.smooth([still()], [0.5], 100), 'invalid-argument', /0.5/);
      smoother.dispose();
    }
    await fails(() => createSmoother({minCutoffHz: 0}), 'invalid-argument', /min_cutoff/);
  });
});
