// SPDX-License-Identifier: Apache-2.0
// PoseNet as a detector of `@tensorflow-models/pose-detection`.
import type {ModuleOptions} from '../core/module.js';
import type {DecodeOptions} from '../core/options.js';
import type {CorePose} from '../core/poses.js';
import {warnOnce} from '../core/warn.js';
import {type PictureSource, toPicture} from '../input/index.js';
import {EdgePadder} from '../input/pad.js';
import type {BaseModel} from '../posenet/base_model.js';
import {load as loadPoseNet, type PoseNet} from '../posenet/posenet_model.js';
import {assert} from '../posenet/util.js';
import {People} from './people.js';
import {
  type BoundingBox, type Pose, type PoseDetector, type PoseNetEstimationConfig, type PosenetModelConfig, type TrackerConfig,
  TrackerType,
} from './types.js';
import {keypointNames} from './util.js';

const MIN_BOX_SCORE = 0.3; // Below it a keypoint's position is a guess, which would blow up boxes.

class PosenetDetector implements PoseDetector {
  readonly #padder = new EdgePadder();

  constructor(private readonly net: PoseNet, private readonly people: People) {}

  async estimatePoses(
      image: PictureSource, config: PoseNetEstimationConfig = {}, timestamp?: number): Promise<Pose[]> {
    const {maxPoses = 1, flipHorizontal = false, scoreThreshold = 0.5, nmsRadius = 20} = config;
    assert(maxPoses > 0, `Invalid maxPoses ${maxPoses}. Should be > 0.`);
    assert(scoreThreshold >= 0 && scoreThreshold <= 1,
        `Invalid scoreThreshold ${scoreThreshold}. Should be in range [0.0, 1.0]`);
    assert(nmsRadius > 0, `Invalid nmsRadius ${nmsRadius}.`);
    if (image == null) return []; // As upstream: a video that is not there yet.
    const found = this.#find(image, {
      decoder: maxPoses === 1 ? 'tfjs-single' : 'tfjs-multiple', maxPoses, scoreThreshold, nmsRadius,
      mirror: flipHorizontal});
    const {poses, ids} = this.people.update(found, timestamp ?? timeOf(image));
    return poses.map((pose, index) => poseOf(pose, ids?.[index]));
  }

  reset(): void {
    this.people.reset();
  }

  // As upstream, whose pose-detection repeats a picture's border where its PoseNet pads with black.
  #find(image: PictureSource, options: DecodeOptions): CorePose[] {
    const {baseModel, inputResolution} = this.net;
    const [inputHeight, inputWidth] = inputResolution;
    const {picture, left, top} = this.#padder.pad(toPicture(image), inputWidth / inputHeight);
    const found = (baseModel as BaseModel).estimate(picture, inputResolution, options);
    if (left === 0 && top === 0) return found;
    return found.map(({score, keypoints}) => (
      {score, keypoints: keypoints.map(({x, y, score: sure}) => ({x: x - left, y: y - top, score: sure}))}));
  }

  dispose(): void {
    this.people.dispose();
    this.net.dispose();
  }
}

/** Loads a detector. Rejects with a PoseNetError. */
export async function load(config?: PosenetModelConfig): Promise<PoseDetector> {
  const stride = config?.outputStride ?? 16;
  assert(stride !== 32, 'Invalid outputStride 32. Should be one of 8,16.');
  const net = await loadPoseNet(config);
  try {
    return new PosenetDetector(net, await peopleOf(config ?? {}));
  } catch (error) {
    net.dispose();
    throw error;
  }
}

function peopleOf(config: PosenetModelConfig): Promise<People> {
  const {enableTracking = false, enableSmoothing = false, trackerType, trackerConfig = {}} = config;
  const module: ModuleOptions = {
    ...(config.threads !== undefined && {threads: config.threads}),
    ...(config.wasmUrl !== undefined && {wasmUrl: config.wasmUrl}),
  };
  for (const name of optionsWithoutEffect(trackerType, trackerConfig)) {
    warnOnce(`trackerConfig.${name} has no effect here: the tracker keeps to the default`);
  }
  const tracker = {
    similarity: trackerType === TrackerType.BoundingBox ? 'box' as const : 'keypoints' as const,
    maxTracks: trackerConfig.maxTracks, maxAgeMs: trackerConfig.maxAge ?? 1000,
    minKeypointScore: trackerConfig.keypointTrackerParams?.keypointConfidenceThreshold,
  };
  return People.create({tracking: enableTracking, smoothing: enableSmoothing, tracker}, module);
}

/** Names of what is asked of upstream's trackers, is not their default, and this package's does not have. */
function optionsWithoutEffect(type: TrackerType | undefined, config: TrackerConfig): string[] {
  const {minSimilarity, keypointTrackerParams: params} = config;
  const names: string[] = [];
  const defaultSimilarity = type === TrackerType.BoundingBox ? 0.15 : 0.2;
  if (minSimilarity !== undefined && minSimilarity !== defaultSimilarity) names.push('minSimilarity');
  if ((params?.minNumberOfKeypoints ?? 4) !== 4) names.push('keypointTrackerParams.minNumberOfKeypoints');
  if (params?.keypointFalloff) names.push('keypointTrackerParams.keypointFalloff');
  return names;
}

/** When `image` was taken, in milliseconds. */
export function timeOf(image: PictureSource): number {
  const {currentTime} = image as Partial<HTMLVideoElement>;
  return currentTime === undefined ? performance.now() : currentTime * 1000;
}

function poseOf({score, keypoints}: CorePose, id: number | undefined): Pose {
  const named = keypoints.map(({x, y, score: keypointScore}, index) => (
    {y, x, score: keypointScore, name: keypointNames[index] as string}));
  return {score, keypoints: named, ...(id !== undefined && {id, box: boxOf(keypoints)})};
}

/** The box around the keypoints that are sure; all of them when none is. */
export function boxOf(keypoints: ReadonlyArray<{x: number; y: number; score: number}>): BoundingBox {
  const sure = keypoints.filter(({score}) => score >= MIN_BOX_SCORE);
  const inside = sure.length > 0 ? sure : keypoints;
  const [xs, ys] = [inside.map(({x}) => x), inside.map(({y}) => y)];
  const [xMin, yMin, xMax, yMax] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  return {xMin, yMin, xMax, yMax, width: xMax - xMin, height: yMax - yMin};
}
