// SPDX-License-Identifier: Apache-2.0
// bodyPose of ml5 1.x.
import {PoseNetError} from '../core/errors.js';
import type {LoadOptions} from '../core/model.js';
import {warnOnce} from '../core/warn.js';
import {type ImageSource, sizeOf} from '../input/index.js';
import {boxOf, load as loadPoseNet} from '../pose-detection/detector.js';
import {modelType as modelTypes} from '../pose-detection/movenet/config.js';
import {load as loadMoveNet} from '../pose-detection/movenet/detector.js';
import {
  type BoundingBox, type Pose, type PoseDetector, type PosenetModelConfig, SupportedModels, type TrackerConfig,
  TrackerType,
} from '../pose-detection/types.js';
import {getAdjacentPairs} from '../pose-detection/util.js';
import type {ModelConfig} from '../posenet/config.js';
import {Loop} from './loop.js';
import {type Callback, elementOf, sortArguments, reportError, untilReady} from './media.js';
import {preloaded} from './p5.js';

export interface BodyPoseOptions extends LoadOptions, Pick<
    ModelConfig, 'outputStride' | 'inputResolution' | 'multiplier' | 'quantBytes'> {
  /** Smooths keypoints over time. */
  enableSmoothing: boolean;
  /** Gives each person an `id` that stays the same from frame to frame. */
  enableTracking: boolean;
  trackerType: 'boundingBox' | 'keypoint';
  trackerConfig: TrackerConfig;
  /** Minimum score of the poses that are returned. */
  minPoseScore: number;
  maxPoses: number;
  /** Mirrors positions. */
  flipped: boolean;
  /** A model file (.safetensors) to use instead of the package's. */
  modelUrl: ModelConfig['modelUrl'];
  /** The variant of MoveNet. */
  modelType: keyof typeof modelTypes;
  /** The longer side of the input of MoveNet's MULTIPOSE_LIGHTNING, a multiple of 32. */
  multiPoseMaxDimension: number;
  /** Refines the poses of PoseNet by a MoveNet. */
  refine: PosenetModelConfig['refine'];
}

const DEFAULTS = {
  enableSmoothing: true, enableTracking: true, trackerType: 'boundingBox', minPoseScore: 0.25, maxPoses: 6,
  flipped: false, multiplier: 0.75, quantBytes: 1, inputResolution: 257, multiPoseMaxDimension: 256,
} as const;
const DEFAULT_MODEL_TYPE = 'MULTIPOSE_LIGHTNING';

export interface BodyKeypoint {
  x: number;
  y: number;
  confidence: number;
  /** For example 'left_eye'. */
  name: string;
}

/** A pose. Its keypoints are also available by name: result[0].left_eye.x. */
export type BodyPoseResult = {
  keypoints: BodyKeypoint[];
  confidence: number;
  box: BoundingBox;
  id?: number;
} & Record<string, Omit<BodyKeypoint, 'name'> | unknown>;

/** Estimates poses in single images (detect), or in a video until it is stopped (detectStart, detectStop). */
export class BodyPose {
  readonly config: typeof DEFAULTS & Partial<BodyPoseOptions>;
  /** Resolves with this object once the model is loaded; rejects with a PoseNetError. */
  readonly ready: Promise<this>;
  detector: PoseDetector | null = null;
  /** The network that runs, once it is loaded. */
  modelName: 'MoveNet' | 'PoseNet' = 'MoveNet';
  readonly #loop = new Loop();

  constructor(name: string | undefined, options: Partial<BodyPoseOptions>, callback: Callback | undefined) {
    this.config = {...DEFAULTS, ...options} as typeof this.config;
    this.ready = this.#load(name);
    this.ready.then(() => callback?.(this), error => reportError(callback, error, 'bodyPose'))
        .finally(() => preloaded('bodyPose'));
  }

  get detecting(): boolean {
    return this.#loop.isRunning;
  }

  /** Estimates the poses in `media`. Rejects with a PoseNetError. */
  async detect(media: ImageSource, callback?: Callback): Promise<BodyPoseResult[]> {
    try {
      const poses = await this.#estimate(media);
      callback?.(poses);
      return poses;
    } catch (error) {
      if (callback && callback.length >= 2) callback(undefined, error);
      throw error;
    }
  }

  /** Calls `callback` with the poses in each frame. An error stops the loop and is passed as the callback's second
   *  argument, or logged if the callback takes only one. */
  detectStart(media: ImageSource, callback: Callback): void {
    this.#loop.start(async () => {
      const poses = await this.#estimate(media);
      if (this.#loop.isRunning) callback(poses);
    }, error => reportError(callback, error, 'bodyPose'));
  }

  /** Stops: the callback is not called again. */
  detectStop(): void {
    this.#loop.stop();
  }

  /** Returns the pairs of keypoint indices that a skeleton connects. */
  getSkeleton(): Array<[number, number]> {
    return getAdjacentPairs(SupportedModels.PoseNet);
  }

  /** Stops, and frees all memory. */
  dispose(): void {
    this.detectStop();
    this.detector?.dispose();
    this.detector = null;
  }

  async #load(name: string | undefined): Promise<this> {
    if (name !== undefined && !['posenet', 'movenet'].includes(name.toLowerCase())) {
      throw new PoseNetError('unsupported', `bodyPose has no model "${name}"; expected "MoveNet" or "PoseNet"`);
    }
    const {modelUrl = null, trackerType, ...config} = this.config;
    const common = {
      ...config, modelUrl, trackerType: trackerType === 'boundingBox' ? TrackerType.BoundingBox : TrackerType.Keypoint};
    const moveNet = name?.toLowerCase() === 'posenet' ? undefined :
        await this.#loadMoveNet(common, name !== undefined);
    this.modelName = moveNet ? 'MoveNet' : 'PoseNet';
    this.detector = moveNet ?? await loadPoseNet(common);
    return this;
  }

  /** Returns undefined if `modelUrl` is a PoseNet, or if there is none and the package has no MoveNet. Sketches then run
   *  with PoseNet, which has the same 17 keypoints. */
  async #loadMoveNet(
      {modelType, ...config}: Omit<Partial<BodyPoseOptions>, 'trackerType'> & {trackerType: TrackerType},
      isNamed: boolean): Promise<PoseDetector | undefined> {
    const type = modelTypes[modelType ?? DEFAULT_MODEL_TYPE];
    if (!type) {
      throw new PoseNetError('invalid-argument',
          `modelType is ${modelType}; expected one of ${Object.keys(modelTypes).join(', ')}`);
    }
    try {
      // A file is of the type that it is, unless the sketch asks for one.
      return await loadMoveNet({...config, ...((modelType || !config.modelUrl) && {modelType: type})});
    } catch (error) {
      const {code, message} = error as Partial<PoseNetError>;
      const isMissing = code === 'not-found' && !config.modelUrl;
      const isPoseNet = code === 'unsupported' && Boolean(config.modelUrl);
      if (!isMissing && !isPoseNet) throw error;
      if (isMissing || isNamed || modelType) {
        warnOnce(`bodyPose runs PoseNet instead of MoveNet: ${message}. ` +
            'Call bodyPose("PoseNet") to silence this warning');
      }
      return undefined;
    }
  }

  async #estimate(media: ImageSource): Promise<BodyPoseResult[]> {
    const detector = this.detector ?? (await this.ready).detector;
    if (!detector) throw new PoseNetError('invalid-argument', 'this bodyPose has been disposed');
    await untilReady(media);
    const {maxPoses, flipped, minPoseScore} = this.config;
    const image = elementOf(media);
    // Not the video's own time: a webcam's may not advance.
    const poses = await detector.estimatePoses(
        image, {maxPoses: Math.max(maxPoses, 2), flipHorizontal: flipped}, performance.now());
    const best = poses.filter(({score}) => (score ?? 0) >= minPoseScore).slice(0, maxPoses);
    if (this.modelName === 'PoseNet') return best.map(resultOf);
    // As in ml5, positions are mirrored here, and boxes become pixels.
    const size = sizeOf(image);
    return best.map(pose => resultOf(withBoxInPixels(flipped ? mirrored(pose, size.width) : pose, size)));
  }
}

/** Creates a BodyPose: `bodyPose(model?, options?, callback?)`. */
export function bodyPose(...args: unknown[]): BodyPose {
  const {name, options, callback} = sortArguments<BodyPoseOptions>(args);
  return new BodyPose(name, options, callback);
}

function mirrored({keypoints, box, ...pose}: Pose, width: number): Pose {
  return {
    ...pose, keypoints: keypoints.map(keypoint => ({...keypoint, x: width - keypoint.x})),
    ...(box && {box: {...box, xMin: 1 - box.xMax, xMax: 1 - box.xMin}})};
}

function withBoxInPixels(pose: Pose, {width, height}: {width: number; height: number}): Pose {
  if (!pose.box) return pose;
  const {xMin, xMax, yMin, yMax} = pose.box;
  const box = {xMin: xMin * width, xMax: xMax * width, yMin: yMin * height, yMax: yMax * height};
  return {...pose, box: {...box, width: box.xMax - box.xMin, height: box.yMax - box.yMin}};
}

function resultOf(pose: Pose): BodyPoseResult {
  const scored = pose.keypoints.map(({score = 0, ...keypoint}) => ({...keypoint, score}));
  const keypoints = scored.map(({x, y, score, name = ''}) => ({x, y, confidence: score, name}));
  const parts = keypoints.map(({name, ...place}) => [name, place]);
  return {
    keypoints, confidence: pose.score ?? 0, box: pose.box ?? boxOf(scored), ...(pose.id !== undefined && {id: pose.id}),
    ...Object.fromEntries(parts),
  } as BodyPoseResult;
}
