// SPDX-License-Identifier: Apache-2.0
// Camera relocalization in Node: the same estimates as the native command, uncertainty, features and errors.
//
//   node --test bindings/js/test/camera.test.mjs
import assert from 'node:assert/strict';
import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';

import {cameraModel, SCENE} from './camera_model.mjs';
import {command, modelPath, readImage, runNative, skipReason, subsampled} from './fixtures.mjs';

const reason = skipReason();
if (reason) console.log(`skipped: ${reason}`);
const {load, loadLocalizer, PoseNetError} = reason ? {} : await import('../dist/index.js');
const {createDetector} = reason ? {} : await import('../dist/pose-detection/index.js');
const {loadLocalizerInWorker} = reason ? {} : await import('../dist/worker/index.js');

const fails = (promise, code, message) => assert.rejects(promise, error => {
  assert.ok(error instanceof PoseNetError, error.stack);
  assert.equal(error.code, code, error.message);
  assert.match(error.message, message);
  return true;
});

function assertNear(values, expected, tolerance, what) {
  assert.equal(values.length, expected.length);
  for (const [i, value] of values.entries()) {
    assert.ok(Math.abs(value - expected[i]) < tolerance, `${what}: ${values}, not ${expected}`);
  }
}

function assertSameEstimate(estimate, expected) {
  assertNear(estimate.position, expected.position, 1e-4, 'position');
  assertNear(estimate.quaternion, expected.quaternion, 1e-4, 'rotation');
  assertNear(estimate.worldFromCam, expected.world_from_cam.flat(), 1e-3, 'matrix');
}

describe('cameras', {skip: reason}, () => {
  const image = reason ? undefined : readImage('human-sample-body.jpg');
  const images = reason ? [] : [subsampled(image, 5), subsampled(image, 13)];
  const noCommand = existsSync(command) ? undefined : `${command} is missing`;
  let folder, path;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'posenet-camera-'));
    path = join(folder, 'room.safetensors');
    writeFileSync(path, cameraModel());
  });
  after(() => rmSync(folder, {recursive: true, force: true}));
  const nativeEstimate = (frame, ...options) => runNative(frame, ['camera', 'localize', '--model', path, ...options]);

  for (const threads of [1, 2]) {
    test(`estimates equal those of the native command, with ${threads} thread(s)`, {skip: noCommand}, async () => {
      const room = await loadLocalizer(path, {threads});
      assert.deepEqual({...room.scene}, SCENE);
      const estimates = images.map(frame => room.localize(frame));
      for (const [i, estimate] of estimates.entries()) {
        assert.equal(estimate.uncertainty, undefined);
        assertSameEstimate(estimate, nativeEstimate(images[i]));
      }
      // The estimates depend on the image.
      assert.ok(Math.hypot(...estimates[0].position.map((value, axis) => value - estimates[1].position[axis])) > 1e-3);
      room.dispose();
    });
  }

  test('crops, uncertainty and seed work like the options of the command', {skip: noCommand}, async () => {
    const dense = await loadLocalizer(path, {crops: 9, threads: 1});
    assertSameEstimate(dense.localize(images[0]), nativeEstimate(images[0], '--dense', '9'));
    dense.dispose();
    const withUncertainty = await loadLocalizer(path, {uncertaintyPasses: 20, seed: 3, features: true, threads: 1});
    const estimate = withUncertainty.localize(images[0]);
    const expected = nativeEstimate(images[0], '--uncertainty', '20', '--seed', '3');
    assertSameEstimate(estimate, expected);
    const {positionStd, positionTotalStd, rotationStdDegrees} = estimate.uncertainty;
    assertNear([...positionStd, positionTotalStd, rotationStdDegrees],
        [...expected.uncertainty.position, expected.uncertainty.position_total, expected.uncertainty.rotation_deg], 1e-3,
        'uncertainty');
    assert.ok(positionTotalStd > 0.01, `${positionTotalStd}`);
    assert.equal(estimate.features.length, 64);
    assert.ok(estimate.features.some(value => value > 0));
    withUncertainty.dispose();
  });

  test('a localizer in a worker gives the same estimates', async () => {
    const options = {uncertaintyPasses: 5, features: true, threads: 1};
    const [here, there] = await Promise.all([loadLocalizer(path, options), loadLocalizerInWorker(path, options)]);
    assert.deepEqual(there.scene, {...here.scene});
    assert.deepEqual(await there.localize(images[0]), here.localize(images[0]));
    await fails(there.localize({data: new Uint8Array(0), width: 0, height: 0}), 'invalid-argument', /0 x 0/);
    here.dispose();
    there.dispose();
  });

  test('models of another task, missing files and damaged files are errors', async () => {
    const human = modelPath('mobilenet075-int8');
    await fails(loadLocalizer(human), 'unsupported', /for human-pose; expected one for camera-pose/);
    await fails(load({modelUrl: path}), 'unsupported', /for camera-pose; expected one for human-pose/);
    await fails(createDetector('PoseNet', {modelUrl: path}), 'unsupported', /for camera-pose; expected one for human-pose/);
    await fails(loadLocalizer('/no/such.safetensors'), 'not-found', /no\/such/);
    await fails(loadLocalizer(new TextEncoder().encode('<!doctype html>')), 'corrupt-data', /./);
  });

  test('invalid images and options are errors', async () => {
    const room = await loadLocalizer(path, {threads: 1});
    const localize = async image => room.localize(image);
    await fails(localize({data: new Uint8Array(0), width: 0, height: 0}), 'invalid-argument', /0 x 0/);
    await fails(localize({data: new Uint8Array(10), width: 2, height: 2}), 'invalid-argument', /10 bytes/);
    await fails(localize(null), 'invalid-argument', /null is not an image/);
    await fails(localize('photo.jpg'), 'invalid-argument', /photo.jpg is not an image/);
    assert.equal((await localize(images[0])).position.length, 3, 'the localizer works after errors');
    room.dispose();
    await fails(localize(images[0]), 'invalid-argument', /disposed/);
    await fails(loadLocalizer(path, {crops: 0}), 'invalid-argument', /crops/);
    await fails(loadLocalizer(path, {uncertaintyPasses: 1}), 'invalid-argument', /passes/);
    await fails(loadLocalizer(path, {seed: 0.5}), 'invalid-argument', /seed is 0.5/);
  });
});
