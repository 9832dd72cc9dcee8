// SPDX-License-Identifier: Apache-2.0
// The core in Node, with one thread and with several: the same poses as the native engine, errors, memory.
//
//   node --expose-gc --test bindings/js/test/core.test.mjs
import assert from 'node:assert/strict';
import {cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';
import {pathToFileURL} from 'node:url';

import {command, modelPath, nativePoses, readImage, skipReason, subsampled, tiled, withChannels} from './fixtures.mjs';

const reason = skipReason();
if (reason) console.log(`skipped: ${reason}`);
const core = reason ? {} : await import('../dist/core/index.js');
const {
  createSmoother, createTracker, loadModel, PoseNetError, supportedThreads, TFJS_PRESET, TFJS_SMOOTHING,
} = core;

/** Asserts that `call` fails with this code and a matching message. */
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
      // Positions of keypoints without confidence depend on rounding.
      if (wanted.score < 0.05) continue;
      const distance = Math.hypot(keypoint.x - wanted.x, keypoint.y - wanted.y);
      assert.ok(distance <= px, `keypoint ${part} of pose ${i} is ${distance} px away`);
      assert.ok(Math.abs(keypoint.score - wanted.score) <= score);
    }
  }
}

describe('core', {skip: reason}, () => {
  const image = reason ? undefined : readImage('human-sample-body.jpg');
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

      test('has the requested number of threads', async () => {
        assert.equal(await models.mobilenet100.threadsStarted, threads);
        assert.equal(models.mobilenet100.threads, threads);
        assert.equal(models.mobilenet100.isThreaded, threads > 1);
      });

      test('describes the model', () => {
        const {info} = models.mobilenet100;
        assert.equal(info.name, 'mobilenet100');
        assert.equal(info.task, 'human-pose');
        assert.equal(info.outputStride, 16);
        assert.equal(info.license, 'Apache-2.0');
        assert.equal(info.parameterCount, 3313907);
      });

      // The order of additions differs, and the command rounds its output.
      const cases = [
        ['mobilenet100', 'fp32', {px: 0.01, score: 0.0001}],
        // bfloat16 weights, computed in fp32.
        ['mobilenet075-bf16', 'fp32', {px: 0.01, score: 0.0001}],
        // A value halfway between two integers may be rounded to either.
        ['mobilenet075-int8', 'int8', {px: 1.5, score: 0.01}],
      ];
      for (const [name, precision, tolerance] of cases) {
        test(`${name} gives the poses of the native engine`,
             {skip: existsSync(command) ? undefined : `${command} is missing`}, () => {
          const estimator = models[name].createEstimator(SIZE);
          assert.equal(estimator.options.threads, threads);
          const native = nativePoses(
            image, ['--model', modelPath(name), '--precision', precision, '--size', '257']);
          const poses = estimator.estimate(image);
          assert.ok(poses.length > 0 && poses[0].score > 0.5);
          assertPosesNear(poses, native, tolerance);
          estimator.dispose();
        });
      }

      test('an estimator can be called with other options', () => {
        const estimator = models.mobilenet100.createEstimator(SIZE);
        const single = estimator.estimateWith(image, {decoder: 'tfjs-single'});
        assert.equal(single.length, 1);
        const own = models.mobilenet100.createEstimator({...SIZE, decoder: 'tfjs-single'});
        assert.deepEqual(own.estimate(image), single);
        const mirrored = estimator.estimateWith(image, {decoder: 'tfjs-single', mirror: true});
        assert.ok(Math.abs(mirrored[0].keypoints[0].x - (image.width - 1 - single[0].keypoints[0].x)) < 1e-3);
        assert.equal(estimator.estimateWith(image, {scoreThreshold: 1}).length, 0);
        assert.ok(estimator.estimateWith(image, {decoder: 'coral', scoreThreshold: 0.2, maxPoses: 1}).length === 1);
        assert.equal(estimator.options.decoder, 'hough');
        assert.equal(estimator.options.nmsRadius, 10);
        own.dispose();
        estimator.dispose();
      });

      test('another decoder may find more poses than the estimator was created for', () => {
        const crowd = tiled(subsampled(image, 4), 3);
        const estimator = models.mobilenet100.createEstimator({...SIZE, decoder: 'tfjs-multiple'});
        const hough = models.mobilenet100.createEstimator({...SIZE, decoder: 'hough', scoreThreshold: 0});
        const expected = hough.estimate(crowd);
        assert.equal(estimator.options.maxPoses, 5);
        assert.ok(expected.length > 6, `${expected.length} poses`);
        assert.deepEqual(estimator.estimateWith(crowd, {decoder: 'hough', scoreThreshold: 0}), expected);
        assert.equal(estimator.estimateWith(crowd, {maxPoses: 1}).length, 1);
        hough.dispose();
        estimator.dispose();
      });

      test('TFJS_PRESET sets the options of TensorFlow.js', () => {
        const estimator = models.mobilenet100.createEstimator({...SIZE, ...TFJS_PRESET});
        for (const [name, value] of Object.entries(TFJS_PRESET)) assert.equal(estimator.options[name], value, name);
        assert.equal(estimator.options.inputWidth, 257);
        estimator.dispose();
      });

      test('RGB gives the same poses as RGBA; gray is accepted', () => {
        const estimator = models.mobilenet100.createEstimator(SIZE);
        const expected = estimator.estimate(image);
        assert.deepEqual(estimator.estimate(withChannels(image, 3)), expected);
        assert.ok(estimator.estimate(withChannels(image, 1)).length > 0);
        estimator.dispose();
      });

      test('several estimators can be used alternately', () => {
        const small = models.mobilenet100.createEstimator({
          inputWidth: 161, inputHeight: 129, outputStride: 8, scoreThreshold: 0.3});
        const int8 = models['mobilenet075-int8'].createEstimator(SIZE);
        const first = [small.estimate(image), int8.estimate(image)];
        for (let i = 0; i < 3; ++i) assert.deepEqual([small.estimate(image), int8.estimate(image)], first);
        assert.equal(small.options.outputStride, 8);
        assert.equal(small.options.scoreThreshold, 0.3);
        assert.equal(int8.options.precision, 'int8');
        small.dispose();
        assert.deepEqual(int8.estimate(image), first[1]);
        int8.dispose();
      });

      test('2000 frames do not grow memory', () => {
        const estimator = models['mobilenet075-int8'].createEstimator({inputWidth: 65, inputHeight: 65});
        const frame = subsampled(image, 8);
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

      test('dispose() frees memory', async () => {
        const bytes = readFileSync(modelPath('mobilenet075-int8'));
        const cycle = async () => {
          const model = await loadModel(bytes, {threads});
          const estimator = model.createEstimator({inputWidth: 129, inputHeight: 129});
          estimator.estimate(image);
          estimator.dispose();
          model.dispose();
          return models.mobilenet100.memoryBytes;
        };
        const first = await cycle();
        let last = first;
        for (let i = 0; i < 20; ++i) last = await cycle();
        assert.ok(last <= first + (2 << 20), `memory grew by ${last - first} bytes in 20 cycles`);
      });

      test('the garbage collector frees estimators that were not disposed',
           {skip: globalThis.gc ? undefined : 'needs --expose-gc'}, async () => {
        // 20 estimators need far more memory than this.
        const limit = models.mobilenet100.memoryBytes + (128 << 20);
        for (let i = 0; i < 20; ++i) {
          models.mobilenet100.createEstimator({inputWidth: 257, inputHeight: 257}).estimate(subsampled(image, 8));
          globalThis.gc();
          await new Promise(resolve => setTimeout(resolve, 0));
        }
        assert.ok(models.mobilenet100.memoryBytes < limit, `${models.mobilenet100.memoryBytes} bytes`);
      });

      test('running out of memory is an error, after which estimators still work', async () => {
        const estimator = models.mobilenet100.createEstimator(SIZE);
        await fails(() => models.mobilenet100.createEstimator({inputWidth: 8177, inputHeight: 8177}).estimate(image),
                    'resource-exhausted', /memory/);
        assert.ok(estimator.estimate(image).length > 0);
        estimator.dispose();
      });
    });
  }

  test('the default number of threads is one per core, at most four', async () => {
    const model = await loadModel(modelPath('mobilenet075-int8'));
    assert.equal(await model.threadsStarted, Math.min(await supportedThreads(), 4));
    model.dispose();
  });

  test('invalid images are errors', async () => {
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

  test('invalid options are errors', async () => {
    const model = await loadModel(modelPath('mobilenet075-int8'), {threads: 1});
    const create = options => () => model.createEstimator(options);
    await fails(create({inputWidth: 7}), 'invalid-argument', /input_width_px is 7/);
    await fails(create({inputWidth: 257.5}), 'invalid-argument', /inputWidth is 257.5; expected an integer/);
    await fails(create({inputWidth: 2 ** 31}), 'invalid-argument', /inputWidth is 2147483648; expected an integer/);
    await fails(create({inputWidth: Infinity}), 'invalid-argument', /inputWidth is "Infinity"; expected an integer/);
    await fails(create({scoreThreshold: NaN}), 'invalid-argument', /scoreThreshold is "NaN"; expected a number/);
    await fails(create({inputWidth: '257'}), 'invalid-argument', /inputWidth is "257"; expected an integer/);
    await fails(create({maxPoses: null}), 'invalid-argument', /maxPoses is null; expected an integer/);
    await fails(create({mirror: 1}), 'invalid-argument', /mirror is 1; expected true or false/);
    await fails(create({maxPose: 1}), 'invalid-argument', /unknown option maxPose; expected one of .*maxPoses/);
    await fails(create({decoder: '\ud800'}), 'invalid-argument', /decoder is "\\ud800"; expected one of/); // Not Unicode.
    await fails(create({outputStride: 12}), 'invalid-argument', /output_stride is 12/);
    await fails(create({outputStride: 32}), 'unsupported', /stride/);
    await fails(create({decoder: 'best'}), 'invalid-argument',
                /decoder is "best"; expected one of tfjs-single, tfjs-multiple, coral, hough, movenet-single/);
    await fails(create({precision: 'fp32'}), 'unsupported', /int8/);
    await fails(create({precision: 'fp16'}), 'invalid-argument', /precision is "fp16"/);
    await fails(create({fit: 'squeeze'}), 'invalid-argument', /fit/);
    await fails(create({maxPoses: 0}), 'invalid-argument', /max_poses/);
    await fails(create({scoreThreshold: 2}), 'invalid-argument', /score_threshold/);
    await fails(create({nmsRadius: 0}), 'invalid-argument', /nms_radius/);
    // In the C interface, -1 stands for the default.
    await fails(create({maxPoses: -1}), 'invalid-argument', /max_poses is -1; expected 1 to 10000/);
    await fails(create({scoreThreshold: -1}), 'invalid-argument', /score_threshold is -1; expected 0 to 1/);
    await fails(create({nmsRadius: -1}), 'invalid-argument', /nms_radius_px is -1; expected a finite number above 0/);
    await fails(() => model.createLocalizer(), 'unsupported', /camera/);
    const estimator = model.createEstimator(SIZE);
    await fails(() => estimator.estimateWith(image, {maxPoses: 0.5}), 'invalid-argument', /maxPoses is 0.5/);
    await fails(() => estimator.estimateWith(image, {nmsRadius: -1}), 'invalid-argument', /nms_radius/);
    estimator.dispose();
    model.dispose();
  });

  test('using a disposed object is an error', async () => {
    const model = await loadModel(modelPath('mobilenet075-int8'), {threads: 1});
    const estimator = model.createEstimator(SIZE);
    model.dispose();
    model.dispose();
    assert.ok(model.isDisposed);
    await fails(() => model.createEstimator(), 'invalid-argument', /this model has been disposed/);
    assert.ok(estimator.estimate(image).length > 0);  // It does not need the model.
    estimator.dispose();
    await fails(() => estimator.estimate(image), 'invalid-argument', /this estimator has been disposed/);
  });

  test('missing, foreign, truncated and damaged model files are errors', async () => {
    const good = readFileSync(modelPath('mobilenet075-int8'));
    const load = source => () => loadModel(source, {threads: 1});
    await fails(load('/nowhere/model.safetensors'), 'not-found', /\/nowhere\/model.safetensors: no such file/);
    await fails(load(new URL('file:///nowhere/model.safetensors')), 'not-found', /no such file/);
    await fails(load(new Uint8Array(0)), 'corrupt-data', /the model/);
    await fails(load(new TextEncoder().encode('<!doctype html><p>Not found')), 'corrupt-data', /the model/);
    await fails(load(good.subarray(0, good.length - 1)), 'corrupt-data', /./);
    await fails(load(42), 'invalid-argument', /invalid source of a model/);
    // Damage bytes all over the header.
    const headerBytes = Number(good.readBigUInt64LE(0));
    for (let i = 0; i < 200; ++i) {
      const bad = new Uint8Array(good);
      bad[8 + Math.floor(i * headerBytes / 200)] ^= 1 + i % 255;
      try {
        (await loadModel(bad, {threads: 1})).dispose();  // Damage in a name goes unnoticed.
      } catch (error) {
        assert.ok(error instanceof PoseNetError, error.stack);
      }
    }
  });

  test('loads over HTTP, with progress, errors and cancellation', async () => {
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
      await fails(() => loadModel(`${base}/missing`), 'not-found', /missing: the server responded with status 404 Not Found/);
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

  test('missing modules and invalid numbers of threads are errors', async () => {
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

  test('wasmUrl works with a copy of the folder, also for threads', async () => {
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

  test('a thread that fails to start is not needed', async () => {
    const poses = [];
    for (const script of [undefined, 'throw new Error("no");', null]) {
      const folder = mkdtempSync(join(tmpdir(), 'posenet-wasm-'));
      try {
        cpSync(new URL('../dist/wasm', import.meta.url), folder, {recursive: true});
        if (script === null) rmSync(join(folder, 'thread.js'));
        if (script) writeFileSync(join(folder, 'thread.js'), script);
        const model = await loadModel(modelPath('mobilenet075-int8'), {threads: 2, wasmUrl: pathToFileURL(folder)});
        const estimator = model.createEstimator();
        poses.push(estimator.estimate(image));  // With the threads that have started.
        assert.equal(await model.threadsStarted, script === undefined ? 2 : 1);
        assert.equal(model.threads, script === undefined ? 2 : 1);
        poses.push(estimator.estimate(image));
        estimator.dispose();
        model.dispose();
      } finally {
        rmSync(folder, {recursive: true});
      }
    }
    assert.ok(poses[0].length > 0);
    for (const other of poses) assert.deepEqual(other, poses[0]);
  });

  test('a tracker keeps IDs, leaves weak poses tentative, and rejects invalid input', async () => {
    const tracker = await createTracker({threads: 1});
    const at = x => ({score: 0.9, keypoints: Array.from({length: 17}, (_, i) => (
      {x: x + 10 * (i % 3), y: 20 * i, score: 0.9}))});
    assert.deepEqual(tracker.update([at(0), at(500)], 0), [1, 2]);
    assert.deepEqual(tracker.update([at(503), at(2)], 0.04), [2, 1]);
    assert.deepEqual(tracker.update([], 0.08), []);
    assert.deepEqual(tracker.update([at(4)], 0.12), [1]);
    const weak = {...at(900), score: 0.3};
    assert.deepEqual(tracker.update([weak, at(4)], 0.16), [0, 1]);
    const eager = await createTracker({threads: 1, minNewScore: 0});
    assert.deepEqual(eager.update([weak], 0), [1]);
    eager.dispose();
    await fails(() => tracker.update([at(4)], 0), 'invalid-argument', /time/);
    await fails(() => tracker.update([{score: 1, keypoints: []}], 1), 'invalid-argument', /0 keypoints/);
    tracker.reset();
    assert.deepEqual(tracker.update([at(4)], 0.2), [3]);
    tracker.dispose();
    await fails(() => tracker.update([], 1), 'invalid-argument', /this tracker has been disposed/);
    await fails(() => createTracker({maxTracks: 0}), 'invalid-argument', /max_tracks/);
    await fails(() => createTracker({minNewScore: 2}), 'invalid-argument', /min_new_score/);
  });

  test('a smoother reduces noise, and rejects invalid input', async () => {
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
      await fails(() => smoother.smooth([still()], [], 100), 'invalid-argument', /0 track IDs for 1 poses/);
      await fails(() => smoother.smooth([still(), still()], [1, 1], 100), 'invalid-argument', /./);
      await fails(() => smoother.smooth([still()], [0.5], 100), 'invalid-argument', /0.5/);
      smoother.dispose();
    }
    await fails(() => createSmoother({minCutoffHz: 0}), 'invalid-argument', /min_cutoff/);
  });
});
