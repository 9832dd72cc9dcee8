// SPDX-License-Identifier: Apache-2.0
// PoseNet as a detector with the interface of `@tensorflow-models/pose-detection`.
import type {Model} from '../core/model.js';
import type {DecodeOptions} from '../core/options.js';
import type {CorePose} from '../core/poses.js';
import {warnOnce} from '../core/warn.js';
import {type ImageSource, toPixels} from '../input/index.js';
import {EdgePadder} from '../input/pad.js';
import type {BaseModel} from '../posenet/base_model.js';
import {DEFAULT_CONFIG} from '../posenet/config.js';
import {loadRefined, type PoseNet} from '../posenet/posenet_model.js';
import {assert} from '../posenet/util.js';
import {loadNetwork} from './movenet/checkpoints.js';
import {modelType} from './movenet/config.js';
import {videoTimeOf} from './movenet/detector.js';
import {PoseTracking} from './tracking.js';
import {
  type BoundingBox, type Pose, type PoseDetector, type PoseNetEstimationConfig, type PosenetModelConfig, type TrackerConfig,
  TrackerType,
} from './types.js';
import {keypointNames} from './util.js';

const MIN_REFINED_SCORE = 0.25; // As MoveNet's minPoseScore.
const MIN_BOX_SCORE = 0.3; // Weaker keypoints are often outliers, which would enlarge the box.

class PosenetDetector implements PoseDetector {
  readonly #padder = new EdgePadder();

  constructor(
      private readonly net: PoseNet, private readonly isRefined: boolean, private readonly tracking: PoseTracking) {}

  async estimatePoses(
      image: ImageSource, config: PoseNetEstimationConfig = {}, timestamp?: number): Promise<Pose[]> {
    const {maxPoses = 1, flipHorizontal = false, scoreThreshold = 0.5, nmsRadius = 20} = config;
    assert(maxPoses > 0, `Invalid maxPoses ${maxPoses}. Should be > 0.`);
    assert(scoreThreshold >= 0 && scoreThreshold <= 1,
        `Invalid scoreThreshold ${scoreThreshold}. Should be in range [0.0, 1.0]`);
    assert(nmsRadius > 0, `Invalid nmsRadius ${nmsRadius}.`);
    if (image == null) return []; // As upstream does, for a video element that does not exist yet.
    const estimated = this.isRefined ?
        this.#refined(image, maxPoses, config.scoreThreshold ?? MIN_REFINED_SCORE, flipHorizontal) :
        this.#estimate(image, {
          decoder: maxPoses === 1 ? 'tfjs-single' : 'tfjs-multiple', maxPoses, scoreThreshold, nmsRadius,
          mirror: flipHorizontal});
    const {poses, ids} = this.tracking.update(estimated, timestamp ?? timeOf(image));
    return poses.map((pose, index) => poseOf(pose, ids?.[index]));
  }

  reset(): void {
    this.tracking.reset();
  }

  // Everything that may be a person is refined, by descending score; the refiner finds out what is none.
  #refined(image: ImageSource, maxPoses: number, minScore: number, mirror: boolean): CorePose[] {
    const poses = this.#estimate(image, {decoder: 'hough', mirror});
    return poses.filter(({score}) => score >= minScore).slice(0, maxPoses);
  }

  // Upstream's pose-detection pads by repeating the border, unlike its PoseNet, which pads with black.
  #estimate(image: ImageSource, options: DecodeOptions): CorePose[] {
    const {baseModel, inputResolution} = this.net;
    const [inputHeight, inputWidth] = inputResolution;
    const {image: padded, left, top} = this.#padder.pad(toPixels(image), inputWidth / inputHeight);
    const poses = (baseModel as BaseModel).estimate(padded, inputResolution, options);
    if (left === 0 && top === 0) return poses;
    return poses.map(({score, keypoints}) => (
      {score, keypoints: keypoints.map(keypoint => ({...keypoint, x: keypoint.x - left, y: keypoint.y - top}))}));
  }

  dispose(): void {
    this.tracking.dispose();
    this.net.dispose();
  }
}

/** Loads a detector. Rejects with a PoseNetError. */
export async function load(config?: PosenetModelConfig): Promise<PoseDetector> {
  const stride = config?.outputStride ?? 16;
  assert(stride !== 32, 'Invalid outputStride 32. Should be one of 8,16.');
  const refiner = config?.refine ? await loadRefiner(config.refine, config) : undefined;
  const net = await loadRefined(config ?? DEFAULT_CONFIG, refiner).catch(error => {
    refiner?.dispose();
    throw error;
  });
  try {
    return new PosenetDetector(net, refiner !== undefined, await trackingFor(config ?? {}));
  } catch (error) {
    net.dispose();
    throw error;
  }
}

function loadRefiner(
    refine: NonNullable<PosenetModelConfig['refine']>, {signal, threads, wasmUrl}: PosenetModelConfig): Promise<Model> {
  const isName = refine === 'lightning' || refine === 'thunder';
  const type = refine === 'thunder' ? modelType.SINGLEPOSE_THUNDER : modelType.SINGLEPOSE_LIGHTNING;
  return loadNetwork(isName ? undefined : refine, type, {signal, threads, wasmUrl});
}

function trackingFor(config: PosenetModelConfig): Promise<PoseTracking> {
  const {enableTracking = false, enableSmoothing = false, trackerType, trackerConfig = {}, threads, wasmUrl} = config;
  for (const name of optionsWithoutEffect(trackerType, trackerConfig)) {
    warnOnce(`trackerConfig.${name} has no effect in this package`);
  }
  const tracker = {
    similarity: trackerType === TrackerType.BoundingBox ? 'box' as const : 'keypoints' as const,
    maxTracks: trackerConfig.maxTracks, maxAgeMs: trackerConfig.maxAge ?? 1000,
    minKeypointScore: trackerConfig.keypointTrackerParams?.keypointConfidenceThreshold,
  };
  return PoseTracking.create({tracking: enableTracking, smoothing: enableSmoothing, tracker}, {threads, wasmUrl});
}

/** Returns the names of upstream's tracker options that differ from their defaults and that this package lacks. */
function optionsWithoutEffect(type: TrackerType | undefined, config: TrackerConfig): string[] {
  const {minSimilarity, keypointTrackerParams: params} = config;
  const names: string[] = [];
  const defaultSimilarity = type === TrackerType.BoundingBox ? 0.15 : 0.2;
  if (minSimilarity !== undefined && minSimilarity !== defaultSimilarity) names.push('minSimilarity');
  if ((params?.minNumberOfKeypoints ?? 4) !== 4) names.push('keypointTrackerParams.minNumberOfKeypoints');
  if (params?.keypointFalloff) names.push('keypointTrackerParams.keypointFalloff');
  return names;
}

/** Returns the time of `image` in milliseconds: that of a video, otherwise the current time. */
export function timeOf(image: ImageSource): number {
  return videoTimeOf(image) ?? performance.now();
}

function poseOf({score, keypoints}: CorePose, id: number | undefined): Pose {
  const named = keypoints.map(({x, y, score: keypointScore}, index) => (
    {y, x, score: keypointScore, name: keypointNames[index] as string}));
  return {score, keypoints: named, ...(id !== undefined && {id, box: boxOf(keypoints)})};
}

/** Returns the box around confident keypoints, or around all of them if none is confident. */
export function boxOf(keypoints: ReadonlyArray<{x: number; y: number; score: number}>): BoundingBox {
  const confident = keypoints.filter(({score}) => score >= MIN_BOX_SCORE);
  const inside = confident.length > 0 ? confident : keypoints;
  const [xs, ys] = [inside.map(({x}) => x), inside.map(({y}) => y)];
  const [xMin, yMin, xMax, yMax] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  return {xMin, yMin, xMax, yMax, width: xMax - xMin, height: yMax - yMin};
}
