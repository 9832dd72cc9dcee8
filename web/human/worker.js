// SPDX-License-Identifier: Apache-2.0
// Estimates poses outside the page's thread. Receives {id, frame, options}; replies with {id, result, ...} or {id,
// error}, and before that with {id, loaded, total} while a model is downloaded.
import {createSmoother, createTracker, loadModel} from '../package/dist/core/index.js';
import {keypointNames} from '../package/dist/pose-detection/util.js';
import {boxAround} from '../package/dist/skeleton.js';

const models = new Map(); // Promises by URL.
let estimator = null; // The current one, with the key of its options.
let tracking = null; // The tracker and the smoother of the current video.
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
  estimator = null; // The next line may fail.
  const network = model.createEstimator({inputWidth: size, inputHeight: size, outputStride: stride});
  return estimator = {key, network, name: model.info.name, threads: model.threads};
}

function pixelsOf(frame) {
  if (canvas?.width !== frame.width || canvas.height !== frame.height) canvas = new OffscreenCanvas(frame.width, frame.height);
  const context = canvas.getContext('2d', {willReadFrequently: true});
  context.drawImage(frame, 0, 0);
  return context.getImageData(0, 0, frame.width, frame.height);
}

// Tracks and smooths poses; each video has its own tracker and smoother.
async function trackAndSmooth(poses, {track, smooth, videoId, timeSeconds}) {
  if (tracking?.videoId !== videoId) {
    tracking?.tracker.dispose();
    tracking?.smoother.dispose();
    tracking = null;
    tracking = {videoId, tracker: await createTracker(), smoother: await createSmoother()};
  }
  const ids = tracking.tracker.update(poses, timeSeconds);
  const smoothed = smooth ? tracking.smoother.smooth(poses, ids, timeSeconds) : poses;
  return track ? smoothed.map((pose, i) => ({...pose, id: ids[i]})).filter(({id}) => id !== 0) : smoothed;
}

async function estimate({id, frame, options}) {
  const {network, name, threads} = await prepare(options, id);
  const start = performance.now();
  const image = pixelsOf(frame);
  const {decode, video, minBoxScore} = options;
  let poses = network.estimateWith(image, decode);
  if (video && (video.track || video.smooth)) poses = await trackAndSmooth(poses, video);
  const {inputWidth, inputHeight, outputStride, precision} = network.options;
  return {
    milliseconds: performance.now() - start, threads,
    result: {
      model: name, input: {width: inputWidth, height: inputHeight, outputStride, precision},
      width: image.width, height: image.height,
      poses: poses.map(({score, id: trackId, keypoints}) => ({
        ...(trackId === undefined ? {} : {id: trackId}), score, box: boxAround(keypoints, minBoxScore),
        keypoints: keypoints.map((keypoint, i) => ({name: keypointNames[i], ...keypoint})),
      })),
    },
  };
}

let queue = Promise.resolve(); // Requests are processed one at a time, in order.
addEventListener('message', ({data}) => {
  queue = queue.then(() => estimate(data)).then(
      reply => postMessage({id: data.id, ...reply}), error => postMessage({id: data.id, error: error.message}));
  queue = queue.finally(() => data.frame.close());
});
