// SPDX-License-Identifier: Apache-2.0
// MoveNet: its results beside those of @tensorflow-models/pose-detection 2.1.0 (movenet_golden.mjs), its options and
// errors, and the cascade: PoseNet's poses refined by MoveNet.
//
//   scripts/fetch-models movenet-lightning movenet-thunder movenet-multipose
//   node --test bindings/js/test/movenet.test.mjs
import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import {before, describe, test} from 'node:test';

import {modelPath, readImage, skipReason} from './fixtures.mjs';
import {CASES} from './movenet_cases.mjs';
import {FRAME_MS, frames} from './movenet_frames.mjs';

const missing = ['lightning', 'thunder', 'multipose'].filter(name => !existsSync(modelPath(`movenet-${name}`)));
const reason = skipReason() ??
    (missing.length > 0 ? `scripts/fetch-models ${missing.map(name => `movenet-${name}`).join(' ')} has not run` : undefined);
if (reason) console.log(`skipped: ${reason}`);
const detection = reason ? {} : await import('../dist/pose-detection/index.js');
const core = reason ? {} : await import('../dist/core/index.js');
const ml5 = reason ? {} : await import('../dist/ml5/index.js');
const {createDetectorInWorker} = reason ? {} : await import('../dist/worker/index.js');
const {PersonTracker} = reason ? {} : await import('../dist/pose-detection/movenet/tracker.js');

// Where the network hesitates between two cells, pixels that differ by 1 decide, and the next crop depends on it.
const MAX_DISTANCE_PX = 2;
const MIN_SHARE = 0.98;
const MAX_SCORE_DIFFERENCE = 0.15;
const MAX_BOX_DIFFERENCE = 0.01;
const MIN_SCORE = 0.3; // Weaker keypoints may be anywhere.

const fails = (promise, code, message) => assert.rejects(promise, error => {
  assert.equal(error.code, code, error.stack);
  assert.match(error.message, message);
  return true;
});

const distancesOf = (a, b) => a.keypoints.map(({x, y}, i) => Math.hypot(x - b.keypoints[i].x, y - b.keypoints[i].y));
const median = values => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Compares a pose with upstream's; returns the distances of confident keypoints in pixels. */
function compare({score, keypoints, box, id}, expected, where) {
  assert.ok(Math.abs(score - expected.score) < MAX_SCORE_DIFFERENCE, `${where}: score ${score}, ${expected.score}`);
  assert.equal(id, expected.id, where);
  const edges = box && [box.xMin, box.yMin, box.xMax, box.yMax];
  assert.equal(edges?.length, expected.box?.length, where);
  edges?.forEach((edge, i) =>
    assert.ok(Math.abs(edge - expected.box[i]) < MAX_BOX_DIFFERENCE, `${where}: box ${edges}`));
  return expected.keypoints.flatMap(([x, y, keypointScore], i) =>
    keypointScore < MIN_SCORE ? [] : [Math.hypot(keypoints[i].x - x, keypoints[i].y - y)]);
}

describe('MoveNet', {skip: reason}, () => {
  const image = reason ? undefined : readImage('human-sample-body.jpg');
  const modelUrl = name => modelPath(`movenet-${name}`);
  const create = (name, config) =>
    detection.createDetector(detection.SupportedModels.MoveNet, {modelUrl: modelUrl(name), ...config});
  let golden;
  before(() => {
    golden = JSON.parse(readFileSync(new URL('movenet_golden.json', import.meta.url), 'utf8'));
  });

  for (const {name, model, config} of CASES) {
    test(`${name}: a video has the poses, boxes and IDs of upstream`, async () => {
      const detector = await create(model.replace('movenet-', ''), config);
      const distances = [];
      for (const [i, frame] of frames().entries()) {
        const poses = await detector.estimatePoses(frame, {}, (i + 1) * FRAME_MS);
        assert.equal(poses.length, golden[name][i].length, `frame ${i}`);
        poses.forEach((pose, j) => distances.push(...compare(pose, golden[name][i][j], `frame ${i}, pose ${j}`)));
      }
      detector.dispose();
      assert.ok(median(distances) < 0.5, `${median(distances)}`);
      const near = distances.filter(distance => distance < MAX_DISTANCE_PX).length;
      assert.ok(near >= MIN_SHARE * distances.length, `${near} of ${distances.length}`);
      assert.ok(Math.max(...distances) < 3 * MAX_DISTANCE_PX, `${Math.max(...distances)}`);
    });
  }

  test('keypoints have names; reset() and null forget the person', async () => {
    const [frame] = frames();
    const detector = await create('lightning');
    const [first] = await detector.estimatePoses(frame);
    assert.deepEqual(first.keypoints.map(({name}) => name).slice(0, 2), ['nose', 'left_eye']);
    assert.ok(first.score > 0.5, `${first.score}`);
    assert.notDeepEqual(await detector.estimatePoses(frame), [first]); // In a crop around the person.
    detector.reset();
    assert.deepEqual(await detector.estimatePoses(frame), [first]);
    assert.deepEqual(await detector.estimatePoses(null), []);
    assert.deepEqual(await detector.estimatePoses(frame), [first]);
    detector.dispose();
    await fails(detector.estimatePoses(frame), 'invalid-argument', /disposed/);
  });

  test('an image without anybody has no poses', async () => {
    const gray = {data: new Uint8Array(64 * 48 * 4).fill(128), width: 64, height: 48};
    for (const name of ['lightning', 'multipose']) {
      const detector = await create(name);
      assert.deepEqual(await detector.estimatePoses(gray, {}, 0), []);
      detector.dispose();
    }
  });

  test('MultiPose takes images of any shape, and larger inputs', async () => {
    const detector = await create('multipose', {multiPoseMaxDimension: 384, enableTracking: false, minPoseScore: 0});
    for (const [width, height] of [[1200, 300], [1, 500], [90, 700], [500, 500]]) {
      const data = new Uint8Array(width * height * 3).fill(90);
      for (const {keypoints, id} of await detector.estimatePoses({data, width, height})) {
        assert.ok(keypoints.every(({x, y}) => Number.isFinite(x) && Number.isFinite(y)));
        assert.equal(id, undefined);
      }
    }
    const [pose] = await detector.estimatePoses(image);
    const {xMin, xMax, yMin, yMax, width, height} = pose.box;
    for (const {x, y} of pose.keypoints.filter(({score}) => score > 0.5)) {
      assert.ok(x > (xMin - 0.05) * image.width && x < (xMax + 0.05) * image.width, `${x}`);
      assert.ok(y > (yMin - 0.05) * image.height && y < (yMax + 0.05) * image.height, `${y}`);
    }
    assert.deepEqual([width, height], [xMax - xMin, yMax - yMin]);
    detector.dispose();
  });

  test('a restart of the video resets smoothing', async () => {
    const detector = await create('lightning');
    const [one, other] = frames();
    const [first] = await detector.estimatePoses(one, {}, 1000);
    await detector.estimatePoses(other, {}, 1040);
    assert.deepEqual(await detector.estimatePoses(one, {}, 1), [first]);
    detector.dispose();
  });

  test('works in a worker', async () => {
    const detector = await create('thunder');
    const remote = await createDetectorInWorker('MoveNet', {modelUrl: modelUrl('thunder')});
    assert.deepEqual(await remote.estimatePoses(image), await detector.estimatePoses(image));
    assert.deepEqual(await remote.estimatePoses(image), await detector.estimatePoses(image));
    for (const each of [detector, remote]) each.dispose();
  });

  test('invalid configurations and other models are errors', async () => {
    for (const [config, message] of [
      [{modelType: 'Lightning'}, /modelType Lightning.*SinglePose.Lightning/], [{minPoseScore: 2}, /minPoseScore 2/],
      [{multiPoseMaxDimension: 100}, /multiPoseMaxDimension 100/], [{modelType: 'SinglePose.Thunder'}, /MoveNet MultiPose/],
      [{trackerType: 'face'}, /trackerType face/], [{trackerConfig: {maxTracks: 0}}, /maxTracks 0/],
      [{trackerConfig: {maxAge: 0}}, /maxAge 0/],
      [{trackerType: 'keypoint', trackerConfig: {keypointTrackerParams: {minNumberOfKeypoints: 0}}}, /minNumberOfKeypoints 0/],
      [{trackerType: 'keypoint', trackerConfig: {keypointTrackerParams: {keypointFalloff: [1]}}}, /keypointFalloff/],
    ]) {
      await fails(create('multipose', config), 'invalid-argument', message);
    }
    await fails(create('multipose', {modelUrl: '/no/such.safetensors'}), 'not-found', /no\/such/);
    await fails(create('', {modelUrl: modelPath('mobilenet075-int8')}), 'unsupported', /expected a MoveNet/);
  });

  test('the tracker drops tracks that are too old, and the stalest of too many', () => {
    const at = left => ({keypoints: [], box: {left, top: 0, right: left + 0.1, bottom: 1}});
    const tracker = new PersonTracker('boundingBox', {maxTracks: 2, maxAge: 100});
    assert.deepEqual(tracker.update([at(0), at(0.2)], 0), [1, 2]);
    assert.deepEqual(tracker.update([at(0.21)], 50_000), [2]);
    assert.deepEqual(tracker.update([at(0.6)], 60_000), [3]); // Now 1, the stalest, is dropped.
    assert.deepEqual(tracker.update([at(0), at(0.22), at(0.6)], 70_000), [4, 2, 3]);
    assert.deepEqual(tracker.update([at(0.22)], 200_000), [5]);
  });
});

describe('the cascade', {skip: reason}, () => {
  const image = reason ? undefined : readImage('human-sample-body.jpg');
  const posenet = reason ? '' : modelPath('mobilenet075-int8');
  const refine = reason ? '' : modelPath('movenet-lightning');

  test('the core refines poses by another model', async () => {
    const [model, lightning] = [await core.loadModel(posenet), await core.loadModel(refine)];
    const size = {inputWidth: 257, inputHeight: 257};
    const [plain, refined] = [model.createEstimator(size), model.createEstimator({...size, refine: lightning})];
    lightning.dispose(); // The estimator has what it needs.
    const [[before], [after, ...others]] = [plain.estimate(image), refined.estimate(image)];
    assert.ok(others.every(({score}) => score < after.score));
    const distances = distancesOf(after, before);
    assert.ok(Math.max(...distances) > 1, 'the keypoints have moved');
    assert.ok(median(distances) < 0.03 * image.height, `to the same person: ${distances}`);
    assert.throws(() => refined.estimateBoxed(image), /boxes|MultiPose/);
    assert.throws(() => plain.estimateBoxed(image), /MultiPose/);
    const other = await core.loadModel(refine, {threads: 1});
    if (model.threads > 1 || core.canShareMemory()) {
      assert.throws(() => model.createEstimator({refine: other}), /same threads/);
    }
    assert.throws(() => model.createEstimator({refine: model}), /MoveNet/);
    for (const each of [plain, refined, model, other]) each.dispose();
  });

  test('the PoseNet detector refines poses', async () => {
    const create = config => detection.createDetector('PoseNet', {modelUrl: posenet, ...config});
    const detector = await create({refine, enableTracking: true});
    const [pose, ...others] = await detector.estimatePoses(image, {maxPoses: 5}, 0);
    assert.equal(others.length, 0, 'one person, once');
    assert.equal(pose.id, 1);
    const lightning = await detection.createDetector('MoveNet', {modelUrl: refine, enableSmoothing: false});
    await lightning.estimatePoses(image);
    const [expected] = await lightning.estimatePoses(image);
    const distances = distancesOf(pose, expected);
    assert.ok(median(distances) < 0.015 * image.height, `${distances}`);
    const gray = {data: new Uint8Array(64 * 64).fill(128), width: 64, height: 64};
    assert.deepEqual(await detector.estimatePoses(gray, {maxPoses: 5}, 40), []);
    for (const each of [detector, lightning]) each.dispose();
    await fails(create({refine: posenet}), 'unsupported', /expected a MoveNet/);
  });
});

describe('ml5.bodyPose', {skip: reason}, () => {
  const image = reason ? undefined : readImage('human-sample-body.jpg');

  test('runs MoveNet, with boxes in pixels', async () => {
    const modelUrl = modelPath('movenet-multipose');
    const bodyPose = ml5.bodyPose('MoveNet', {modelType: 'MULTIPOSE_LIGHTNING', modelUrl});
    const mirrored = ml5.bodyPose({flipped: true, modelUrl});
    const [[pose], [other]] = [await bodyPose.detect(image), await mirrored.detect(image)];
    assert.equal(bodyPose.modelName, 'MoveNet');
    assert.equal(pose.id, 1);
    assert.deepEqual(pose.nose, (({x, y, confidence}) => ({x, y, confidence}))(pose.keypoints[0]));
    assert.ok(pose.box.height > 300 && pose.box.yMax <= image.height + 1, JSON.stringify(pose.box));
    assert.ok(Math.abs(image.width - pose.nose.x - other.nose.x) < 0.01);
    assert.ok(Math.abs(image.width - pose.box.xMax - other.box.xMin) < 0.01);
    for (const each of [bodyPose, mirrored]) each.dispose();
  });

  test('runs the single-person variants', async () => {
    const bodyPose = ml5.bodyPose({modelType: 'SINGLEPOSE_THUNDER', modelUrl: modelPath('movenet-thunder')});
    const [pose] = await bodyPose.detect(image);
    assert.equal(pose.id, undefined);
    assert.ok(pose.confidence > 0.5 && pose.box.height > 300);
    bodyPose.dispose();
    await fails(ml5.bodyPose({modelType: 'THUNDER'}).ready, 'invalid-argument', /modelType is THUNDER/);
  });
});
