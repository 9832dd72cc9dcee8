// SPDX-License-Identifier: Apache-2.0
// The interfaces of TensorFlow.js and ml5 in Node: results, defaults and errors.
//
//   node --test bindings/js/test/shapes.test.mjs
import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import {after, before, describe, test} from 'node:test';

import {modelPath, readImage, skipReason, subsampled} from './fixtures.mjs';

const reason = skipReason();
if (reason) console.log(`skipped: ${reason}`);
const posenet = reason ? {} : await import('../dist/index.js');
const detection = reason ? {} : await import('../dist/pose-detection/index.js');
const ml5 = reason ? {} : await import('../dist/ml5/index.js');
const core = reason ? {} : await import('../dist/core/index.js');

const fails = (promise, code, message) => assert.rejects(promise, error => {
  assert.equal(error.name, 'PoseNetError', error.stack);
  assert.equal(error.code, code, error.message);
  assert.match(error.message, message);
  return true;
});

/** Returns the warnings that are logged while `call` runs. */
async function warningsOf(call) {
  const [messages, {warn}] = [[], console];
  console.warn = message => messages.push(message);
  try {
    await call();
  } finally {
    console.warn = warn;
  }
  return messages;
}

/** Crops an RGBA image. */
function crop({data, width}, {left, top, width: newWidth, height}) {
  const rows = Array.from({length: height}, (_, y) => {
    const start = ((top + y) * width + left) * 4;
    return data.subarray(start, start + newWidth * 4);
  });
  return {data: Uint8Array.from(Buffer.concat(rows)), width: newWidth, height};
}

/** Returns output maps with a person at each of `cells` ([x, y, score]), all of whose parts are in that cell. */
function mapsWithPeople(size, cells) {
  const maps = [17, 34, 32, 32].map(channels => {
    const values = new Float32Array(size * size * channels);
    const index = (y, x, c) => (y * size + x) * channels + c;
    const shape = [size, size, channels];
    return {values, shape, index, get: (...at) => values[index(...at)], data: async () => values};
  });
  for (const [x, y, score] of cells) {
    for (let part = 0; part < 17; ++part) {
      maps[0].values[maps[0].index(y, x, part)] = score;
      maps[1].values[maps[1].index(y, x, part)] = 3; // y
      maps[1].values[maps[1].index(y, x, part + 17)] = -2; // x
    }
  }
  return maps;
}

describe('posenet', {skip: reason}, () => {
  const image = reason ? undefined : readImage('human-sample-body.jpg');
  const address = {modelUrl: reason ? '' : modelPath('mobilenet075-int8')};
  let net;
  before(async () => (net = await posenet.load({multiplier: 0.75, ...address})));
  after(() => net.dispose());

  test('a single pose has 17 named keypoints, the confident ones inside the image', async () => {
    const pose = await net.estimateSinglePose(image);
    assert.deepEqual(pose.keypoints.map(({part}) => part), posenet.partNames);
    assert.ok(pose.score > 0.8, `${pose.score}`);
    const {minX, minY, maxX, maxY} = posenet.getBoundingBox(pose.keypoints.filter(({score}) => score > 0.5));
    assert.ok(minX > 0 && minY > 0 && maxX < image.width && maxY < image.height);
  });

  test('scores equal those of the core, whatever the previous options were', async () => {
    const model = await core.loadModel(address.modelUrl);
    const estimator = model.createEstimator({inputWidth: 257, inputHeight: 257, outputStride: 16});
    for (const options of [{maxDetections: 1, scoreThreshold: 0.9, nmsRadius: 5}, {}]) {
      const poses = await net.estimateMultiplePoses(image, options);
      const expected = estimator.estimateWith(image, {
        decoder: 'tfjs-multiple', maxPoses: options.maxDetections, scoreThreshold: options.scoreThreshold,
        nmsRadius: options.nmsRadius});
      assert.deepEqual(poses.map(({score}) => score), expected.map(({score}) => score));
      await net.estimateSinglePose(image);
    }
    estimator.dispose();
    model.dispose();
  });

  test('flipHorizontal mirrors positions, not names', async () => {
    const [pose, flipped] = [
      await net.estimateSinglePose(image), await net.estimateSinglePose(image, {flipHorizontal: true})];
    for (const [i, {part, position}] of pose.keypoints.entries()) {
      assert.equal(flipped.keypoints[i].part, part);
      assert.ok(Math.abs(image.width - 1 - position.x - flipped.keypoints[i].position.x) < 0.01);
    }
  });

  test('accepts tensors', async () => {
    const rgb = Float32Array.from({length: image.width * image.height * 3},
        (_, i) => image.data[Math.floor(i / 3) * 4 + i % 3]);
    const tensor = {shape: [image.height, image.width, 3], dataSync: () => rgb};
    assert.deepEqual(await net.estimateSinglePose(tensor), await net.estimateSinglePose(image));
  });

  test('has the deprecated estimatePoses', async () => {
    const [single] = await net.estimatePoses(image, {decodingMethod: 'single-person'});
    assert.deepEqual(single, await net.estimateSinglePose(image));
    const several = await net.estimatePoses(image, {decodingMethod: 'multi-person', maxDetections: 2});
    assert.deepEqual(several, await net.estimateMultiplePoses(image, {maxDetections: 2}));
  });

  test('rejects the configurations that TensorFlow.js rejects, and rounds sizes like it', async () => {
    for (const [config, message] of [
      [{architecture: 'VGG'}, /architecture VGG/], [{outputStride: 7}, /outputStride 7/],
      [{multiplier: 0.6}, /multiplier 0.6/], [{quantBytes: 3}, /quantBytes 3/],
      [{inputResolution: '257'}, /inputResolution "257"/], [{inputResolution: {width: 1}}, /inputResolution {"width":1}/],
      [{architecture: 'ResNet50', outputStride: 8}, /outputStride 8.*ResNet50/],
      [{outputStride: 32, multiplier: 0.75}, /output stride of 32/],
    ]) {
      await fails(posenet.load(config), 'invalid-argument', message);
    }
    const wide = await posenet.load({...address, inputResolution: {width: 350, height: 200}});
    assert.deepEqual(wide.inputResolution, [193, 337]);
    wide.dispose();
  });

  test('missing weights, invalid options and invalid images are errors', async () => {
    await fails(posenet.load({multiplier: 0.5}), 'not-found', /MobileNetV1 0.5.*modelUrl/);
    await fails(posenet.load({architecture: 'ResNet50'}), 'not-found', /ResNet50.*modelUrl/);
    await fails(posenet.load({modelUrl: '/no/such.safetensors'}), 'not-found', /no\/such/);
    await fails(posenet.load({modelUrl: new Uint8Array(100)}), 'corrupt-data', /./);
    await fails(net.estimateMultiplePoses(image, {maxDetections: 0}), 'invalid-argument', /maxDetections 0/);
    await fails(net.estimateMultiplePoses(image, {scoreThreshold: 2}), 'invalid-argument', /scoreThreshold 2/);
    await fails(net.estimateMultiplePoses(image, {nmsRadius: 0}), 'invalid-argument', /nmsRadius 0/);
    await fails(net.estimateSinglePose({data: new Uint8Array(0), width: 0, height: 0}), 'invalid-argument', /0/);
    await fails(net.estimateSinglePose(null), 'invalid-argument', /null is not an image/);
    await fails(net.estimateSinglePose({shape: [2, 2], dataSync: () => []}), 'invalid-argument', /shape \[2, 2\]/);
    const gone = await posenet.load(address);
    gone.dispose();
    await fails(gone.estimateSinglePose(image), 'invalid-argument', /disposed/);
  });

  test('decodes output maps from elsewhere', async () => {
    const maps = mapsWithPeople(9, [[2, 2, 0.9], [6, 6, 0.8]]);
    const poses = posenet.decodeMultiplePoses(...maps, 16, 5, 0.5, 20);
    assert.deepEqual(poses.map(({score}) => +score.toFixed(3)), [0.9, 0.8]);
    assert.deepEqual(poses[0].keypoints[16].position, {x: 30, y: 35});
    assert.equal(posenet.decodeMultiplePoses(...maps, 16, 5, 0.85, 20).length, 1);
    assert.equal(posenet.decodeMultiplePoses(...maps, 16, 1).length, 1);
    const single = await posenet.decodeSinglePose(maps[0], maps[1], 16);
    assert.deepEqual(single.keypoints[0].position, {x: 30, y: 35});
  });

  test('works with a base model from elsewhere', async () => {
    const [heatmapScores, offsets, displacementFwd, displacementBwd] = mapsWithPeople(9, [[4, 4, 0.9]]);
    let disposed = 0;
    const maps = {heatmapScores, offsets, displacementFwd, displacementBwd};
    for (const map of Object.values(maps)) map.dispose = () => ++disposed;
    const sizes = [];
    const other = new posenet.PoseNet({
      outputStride: 16, dispose() {}, predict: input => (sizes.push(input.shape), maps)}, [129, 129]);
    const pose = await other.estimateSinglePose({data: new Uint8Array(258 * 258 * 3), width: 258, height: 258});
    assert.deepEqual(sizes, [[129, 129, 3]]);
    assert.deepEqual(pose.keypoints[0].position, {x: 124, y: 134});
    assert.equal(disposed, 4);
  });
});

describe('pose-detection', {skip: reason}, () => {
  const image = reason ? undefined : readImage('human-sample-body.jpg');
  const config = {modelUrl: reason ? '' : modelPath('mobilenet075-int8')};

  test('estimates one pose by default, several with maxPoses', async () => {
    const detector = await detection.createDetector(detection.SupportedModels.PoseNet, config);
    const [pose, ...others] = await detector.estimatePoses(image);
    assert.equal(others.length, 0);
    assert.deepEqual(pose.keypoints.map(({name}) => name).slice(0, 2), ['nose', 'left_eye']);
    assert.ok((await detector.estimatePoses(image, {maxPoses: 5, scoreThreshold: 0.3})).length > 1);
    assert.deepEqual(await detector.estimatePoses(null), []);
    await fails(detector.estimatePoses(image, {maxPoses: 0}), 'invalid-argument', /maxPoses 0/);
    detector.dispose();
  });

  test('a person keeps their ID', async () => {
    const detector = await detection.createDetector('PoseNet', {
      ...config, enableTracking: true, enableSmoothing: true});
    for (const time of [0, 40, 80]) {
      const [pose] = await detector.estimatePoses(image, {}, time);
      assert.equal(pose.id, 1);
      assert.ok(pose.box.width > 100 && pose.box.xMax < image.width);
    }
    await detector.estimatePoses(image, {}, 0); // Time may go back.
    detector.dispose();
  });

  test('pads images by repeating their border, like upstream', async () => {
    const model = await core.loadModel(config.modelUrl);
    const estimator = model.createEstimator({inputWidth: 257, inputHeight: 257, outputStride: 16});
    const detector = await detection.createDetector('PoseNet', config);
    const {width, height} = image;
    const [column, row] = [{left: 400, top: 0, width: 401, height}, {left: 0, top: 100, width, height: 601}];
    for (const part of [column, row]) {
      const cropped = crop(image, part);
      const side = Math.max(cropped.width, cropped.height);
      const [left, top] = [Math.round((side - cropped.width) / 2), Math.round((side - cropped.height) / 2)];
      const square = {width: cropped.width + 2 * left, height: cropped.height + 2 * top};
      const data = new Uint8Array(square.width * square.height * 4);
      for (let y = 0; y < square.height; ++y) {
        for (let x = 0; x < square.width; ++x) {
          const from = [Math.min(Math.max(x - left, 0), cropped.width - 1), Math.min(Math.max(y - top, 0), cropped.height - 1)];
          const at = (from[1] * cropped.width + from[0]) * 4;
          data.set(cropped.data.subarray(at, at + 4), (y * square.width + x) * 4);
        }
      }
      const [expected] = estimator.estimateWith({data, ...square}, {decoder: 'tfjs-single'});
      const [pose] = await detector.estimatePoses(cropped);
      assert.deepEqual(pose.keypoints.map(({x, y, score}) => ({x, y, score})),
          expected.keypoints.map(({x, y, score}) => ({x: x - left, y: y - top, score})));
      // Padding with black gives another score. Mirroring refers to the original image.
      const [black] = estimator.estimateWith(cropped, {decoder: 'tfjs-single'});
      assert.notEqual(pose.score, black.score);
      const [mirrored] = await detector.estimatePoses(cropped, {flipHorizontal: true});
      assert.ok(Math.abs(cropped.width - 1 - pose.keypoints[0].x - mirrored.keypoints[0].x) < 1e-3);
    }
    // A narrow strip is not padded to billions of pixels.
    assert.equal((await detector.estimatePoses({data: new Uint8Array(60000), width: 60000, height: 1})).length, 1);
    for (const each of [detector, estimator, model]) each.dispose();
  });

  test('tracker options without effect cause one warning each', async () => {
    const create = trackerConfig => async () =>
      (await detection.createDetector('PoseNet', {...config, enableTracking: true, trackerConfig})).dispose();
    const other = {minSimilarity: 0.5, keypointTrackerParams: {minNumberOfKeypoints: 2, keypointFalloff: [0.1]}};
    const messages = await warningsOf(create(other));
    for (const name of ['minSimilarity', 'minNumberOfKeypoints', 'keypointFalloff']) {
      assert.ok(messages.some(message => message.includes(`${name} has no effect`)), `${messages}`);
    }
    assert.deepEqual(await warningsOf(create(other)), []);
    assert.deepEqual(await warningsOf(create({minSimilarity: 0.2, maxTracks: 3, maxAge: 500})), []);
  });

  test('util has names, sides and connections of keypoints', () => {
    const {util, SupportedModels: {PoseNet, BlazePose}} = detection;
    assert.equal(util.getAdjacentPairs(PoseNet).length, 16);
    assert.equal(util.getKeypointIndexByName(PoseNet).right_ankle, 16);
    assert.deepEqual(util.getKeypointIndexBySide(PoseNet).left, [1, 3, 5, 7, 9, 11, 13, 15]);
    assert.throws(() => util.getAdjacentPairs(BlazePose), /BlazePose is not supported/);
  });

  test('MoveNet without weights is an error that says how to get them', async () => {
    for (const [movenet, name] of [[undefined, 'lightning'], [{modelType: 'SinglePose.Thunder'}, 'thunder']]) {
      if (existsSync(new URL(`../models/movenet-${name}.safetensors`, import.meta.url))) continue;
      await fails(detection.createDetector('MoveNet', movenet), 'not-found',
                  new RegExp(`no weights of movenet-${name}; pass modelUrl.*scripts/fetch-models movenet-${name}`));
    }
    if (existsSync(new URL('../models/movenet-lightning.safetensors', import.meta.url))) return;
    await fails(detection.createDetector('PoseNet', {...config, refine: 'lightning'}), 'not-found', /movenet-lightning/);
  });

  test('models other than PoseNet and MoveNet are errors', async () => {
    await fails(detection.createDetector('BlazePose'), 'unsupported', /does not have BlazePose/);
    await fails(detection.createDetector('Pose'), 'unsupported', /Pose is not a supported model name/);
  });
});

describe('ml5', {skip: reason}, () => {
  const image = reason ? undefined : readImage('human-sample-body.jpg');
  const options = {modelUrl: reason ? '' : modelPath('mobilenet075-int8')};

  test('poseNet passes poses to callbacks and listeners, with parts by name', async () => {
    const called = [];
    const poseNet = ml5.poseNet(options, (error, model) => called.push([error, model]));
    poseNet.on('pose', results => called.push(results));
    assert.equal(await poseNet.ready, poseNet);
    const [{pose, skeleton}] = await poseNet.singlePose(image);
    assert.deepEqual(called[0], [undefined, poseNet]);
    assert.equal(called[1][0].pose, pose);
    assert.equal(pose.nose.x, pose.keypoints[0].position.x);
    assert.equal(pose.nose.confidence, pose.keypoints[0].score);
    assert.ok(skeleton.length >= 8 && skeleton[0].length === 2);
    assert.ok((await poseNet.multiPose(image)).length >= 1);
    await assert.rejects(poseNet.singlePose(), /no image/);
    poseNet.dispose();
  });

  test('bodyPose runs PoseNet if there is no MoveNet, and warns once', async () => {
    const make = (...args) => async () => {
      const bodyPose = ml5.bodyPose(...args);
      await bodyPose.ready;
      bodyPose.dispose();
    };
    assert.deepEqual(await warningsOf(make('PoseNet', options)), []);
    assert.deepEqual(await warningsOf(make(options)), []);
    const messages = await warningsOf(make('MoveNet', options));
    assert.equal(messages.length, 1);
    assert.match(messages[0], /runs PoseNet instead of MoveNet: .*expected a MoveNet/);
    assert.deepEqual(await warningsOf(make('MoveNet', {...options, modelType: 'SINGLEPOSE_LIGHTNING'})), []);
    if (existsSync(new URL('../models/movenet-multipose.safetensors', import.meta.url))) return;
    const [missing] = await warningsOf(make());
    assert.match(missing, /runs PoseNet instead of MoveNet: .*no weights of movenet-multipose/);
  });

  test('bodyPose returns poses with keypoints by name, IDs and boxes', async () => {
    const bodyPose = ml5.bodyPose('PoseNet', options);
    const results = await bodyPose.detect(image, (poses, error) => assert.equal(error, undefined));
    assert.equal(results[0].id, 1);
    assert.deepEqual(results[0].nose, (({x, y, confidence}) => ({x, y, confidence}))(results[0].keypoints[0]));
    assert.ok(results[0].box.height > 100);
    assert.equal(bodyPose.getSkeleton().length, 16);
    bodyPose.dispose();
  });

  test('detectStop ends the calls of the callback', async () => {
    const bodyPose = ml5.bodyPose({...options, inputResolution: 65});
    await bodyPose.ready;
    const small = subsampled(image, 8);
    let frames = 0;
    await new Promise(resolve => bodyPose.detectStart(small, () => ++frames === 5 && (bodyPose.detectStop(), resolve())));
    await new Promise(resolve => setTimeout(resolve, 100));
    assert.equal(frames, 5);
    assert.equal(bodyPose.detecting, false);
    bodyPose.dispose();
  });

  test('errors reach callbacks', async () => {
    const error = await new Promise(resolve => ml5.poseNet({modelUrl: '/no/such.safetensors'}, resolve));
    assert.match(error.message, /no\/such/);
    const other = await new Promise(resolve => ml5.bodyPose('BlazePose', (_, failure) => resolve(failure)));
    assert.match(other.message, /no model "BlazePose"/);
  });
});
