// SPDX-License-Identifier: Apache-2.0
// Cameras in Node: the same answers as the native command, uncertainty and features, errors.
//
//   node --test bindings/js/test/camera.test.mjs
import assert from 'node:assert/strict';
import {existsSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, test} from 'node:test';

import {cameraModel, SCENE} from './camera_model.mjs';
import {command, modelPath, native, readPhoto, shrunk, whyNot} from './photos.mjs';

const reason = whyNot();
if (reason) console.log(`skipped: ${reason}`);
const {load, loadScene, PoseNetError} = reason ? {} : await import('../dist/index.js');
const {createDetector} = reason ? {} : await import('../dist/pose-detection/index.js');
const {loadSceneInWorker} = reason ? {} : await import('../dist/worker/index.js');

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
  const whole = reason ? undefined : readPhoto('human-sample-body.jpg');
  const photos = reason ? [] : [shrunk(whole, 5), shrunk(whole, 13)];
  const noCommand = existsSync(command) ? undefined : `${command} is not there`;
  let folder, path;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'posenet-camera-'));
    path = join(folder, 'room.safetensors');
    writeFileSync(path, cameraModel());
  });
  after(() => rmSync(folder, {recursive: true, force: true}));
  const nativeOf = (photo, ...options) => native(photo, ['camera', 'localize', '--model', path, ...options]);

  for (const threads of [1, 2]) {
    test(`are where the native command finds them, with ${threads} thread(s)`, {skip: noCommand}, async () => {
      const room = await loadScene(path, {threads});
      assert.deepEqual({...room.scene}, SCENE);
      const answers = photos.map(photo => room.localize(photo));
      for (const [i, estimate] of answers.entries()) {
        assert.equal(estimate.uncertainty, undefined);
        assertSameEstimate(estimate, nativeOf(photos[i]));
      }
      // Photos matter: the same answer for all would be the same everywhere, too.
      assert.ok(Math.hypot(...answers[0].position.map((value, axis) => value - answers[1].position[axis])) > 1e-3);
      room.dispose();
    });
  }

  test('options are those of the command', {skip: noCommand}, async () => {
    const dense = await loadScene(path, {crops: 9, threads: 1});
    assertSameEstimate(dense.localize(photos[0]), nativeOf(photos[0], '--dense', '9'));
    dense.dispose();
    const unsure = await loadScene(path, {uncertaintyPasses: 20, seed: 3, features: true, threads: 1});
    const estimate = unsure.localize(photos[0]);
    const expected = nativeOf(photos[0], '--uncertainty', '20', '--seed', '3');
    assertSameEstimate(estimate, expected);
    const {positionStd, positionTotalStd, rotationStdDegrees} = estimate.uncertainty;
    assertNear([...positionStd, positionTotalStd, rotationStdDegrees],
        [...expected.uncertainty.position, expected.uncertainty.position_total, expected.uncertainty.rotation_deg], 1e-3,
        'uncertainty');
    assert.ok(positionTotalStd > 0.01, `${positionTotalStd}`);
    assert.equal(estimate.features.length, 64);
    assert.ok(estimate.features.some(value => value > 0));
    unsure.dispose();
  });

  test('in a worker', async () => {
    const options = {uncertaintyPasses: 5, features: true, threads: 1};
    const [here, there] = await Promise.all([loadScene(path, options), loadSceneInWorker(path, options)]);
    assert.deepEqual(there.scene, {...here.scene});
    assert.deepEqual(await there.localize(photos[0]), here.localize(photos[0]));
    await fails(there.localize({data: new Uint8Array(0), width: 0, height: 0}), 'invalid-argument', /0 x 0/);
    here.dispose();
    there.dispose();
  });

  test('models of something else are errors', async () => {
    const human = modelPath('mobilenet075-int8');
    await fails(loadScene(human), 'unsupported', /for human-pose; expected one for camera-pose/);
    await fails(load({modelUrl: path}), 'unsupported', /for camera-pose; expected one for human-pose/);
    await fails(createDetector('PoseNet', {modelUrl: path}), 'unsupported', /for camera-pose; expected one for human-pose/);
    await fails(loadScene('/no/such.safetensors'), 'not-found', /no\/such/);
    await fails(loadScene(new TextEncoder().encode('<!doctype html>')), 'corrupt-data', /./);
  });

  test('photos and options that are none are errors', async () => {
    const room = await loadScene(path, {threads: 1});
    const localize = async photo => room.localize(photo);
    await fails(localize({data: new Uint8Array(0), width: 0, height: 0}), 'invalid-argument', /0 x 0/);
    await fails(localize({data: new Uint8Array(10), width: 2, height: 2}), 'invalid-argument', /10 bytes/);
    await fails(localize(null), 'invalid-argument', /null is no picture/);
    await fails(localize('photo.jpg'), 'invalid-argument', /photo.jpg is no picture/);
    assert.equal((await localize(photos[0])).position.length, 3, 'errors end nothing');
    room.dispose();
    await fails(localize(photos[0]), 'invalid-argument', /disposed/);
    await fails(loadScene(path, {crops: 0}), 'invalid-argument', /crops/);
    await fails(loadScene(path, {uncertaintyPasses: 1}), 'invalid-argument', /passes/);
    await fails(loadScene(path, {seed: 0.5}), 'invalid-argument', /seed is 0.5/);
  });
});
