// SPDX-License-Identifier: Apache-2.0
// Finds people away from the page, so that the page never waits. Asked with {id, frame, wanted}, answers with
// {id, answer} or {id, error}; {id, loaded, total} in between while a model comes.
import {createSmoother, createTracker, loadModel} from '../package/dist/core/index.js';
import {boxOf, NAMES} from '../skeleton.js';

const models = new Map(); // By address: promises.
let estimator = null; // The one in use, with the key of what it was made of.
let people = null; // Who is who, in one video.
let canvas = null;

function load(url, id) {
  if (!models.has(url)) {
    const loading = loadModel(url, {onProgress: (loaded, total) => postMessage({id, loaded, total})});
    models.set(url, loading);
    loading.catch(() => models.delete(url));
  }
  return models.get(url);
}

async function prepare({modelUrl, size, stride}, id) {
  const key = `${modelUrl} ${size} ${stride}`;
  if (estimator?.key === key) return estimator;
  const model = await load(modelUrl, id);
  estimator?.network.dispose();
  estimator = null; // What follows may fail.
  const network = model.createEstimator({inputWidth: size, inputHeight: size, outputStride: stride});
  return estimator = {key, network, name: model.info.name, threads: model.threads};
}

function pixelsOf(frame) {
  if (canvas?.width !== frame.width || canvas.height !== frame.height) canvas = new OffscreenCanvas(frame.width, frame.height);
  const context = canvas.getContext('2d', {willReadFrequently: true});
  context.drawImage(frame, 0, 0);
  return context.getImageData(0, 0, frame.width, frame.height);
}

// Numbers people and steadies them; every video begins anew.
async function follow(poses, {track, smooth, video, timeSeconds}) {
  if (people?.video !== video) {
    people?.tracker.dispose();
    people?.smoother.dispose();
    people = null;
    people = {video, tracker: await createTracker(), smoother: await createSmoother()};
  }
  const ids = people.tracker.update(poses, timeSeconds);
  const steady = smooth ? people.smoother.smooth(poses, ids, timeSeconds) : poses;
  return track ? steady.map((pose, i) => ({...pose, id: ids[i]})).filter(({id}) => id !== 0) : steady;
}

async function estimate({id, frame, wanted}) {
  const {network, name, threads} = await prepare(wanted, id);
  const start = performance.now();
  const picture = pixelsOf(frame);
  let poses = network.estimateWith(picture, wanted.decode);
  if (wanted.over && (wanted.over.track || wanted.over.smooth)) poses = await follow(poses, wanted.over);
  const {inputWidth, inputHeight, outputStride, precision} = network.options;
  return {
    milliseconds: performance.now() - start, threads,
    answer: {
      model: name, input: {width: inputWidth, height: inputHeight, outputStride, precision},
      width: picture.width, height: picture.height,
      poses: poses.map(({score, id: number, keypoints}) => ({
        ...(number === undefined ? {} : {id: number}), score, box: boxOf(keypoints, wanted.boxScore),
        keypoints: keypoints.map((keypoint, i) => ({name: NAMES[i], ...keypoint})),
      })),
    },
  };
}

let queue = Promise.resolve(); // One at a time, in order.
addEventListener('message', ({data}) => {
  queue = queue.then(() => estimate(data)).then(
      result => postMessage({id: data.id, ...result}), error => postMessage({id: data.id, error: error.message}));
  queue = queue.finally(() => data.frame.close());
});
