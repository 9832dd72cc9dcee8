// SPDX-License-Identifier: Apache-2.0
// ml5.bodyPose of ml5 1.x.
import {PoseNetError} from '../core/errors.js';
import type {LoadOptions} from '../core/model.js';
import {warnOnce} from '../core/warn.js';
import type {PictureSource} from '../input/index.js';
import {boxOf, load} from '../pose-detection/detector.js';
import {
  type BoundingBox, type PoseDetector, SupportedModels, type TrackerConfig, TrackerType,
} from '../pose-detection/types.js';
import {getAdjacentPairs} from '../pose-detection/util.js';
import type {ModelConfig} from '../posenet/config.js';
import {Loop} from './loop.js';
import {type Callback, elementOf, sortArguments, tellError, untilReady} from './media.js';
import {preloaded} from './p5.js';

export interface BodyPoseOptions extends LoadOptions, Pick<
    ModelConfig, 'outputStride' | 'inputResolution' | 'multiplier' | 'quantBytes'> {
  /** Keypoints do not tremble. */
  enableSmoothing: boolean;
  /** People keep their `id`. */
  enableTracking: boolean;
  trackerType: 'boundingBox' | 'keypoint';
  trackerConfig: TrackerConfig;
  /** Poses that are less sure are left out. */
  minPoseScore: number;
  maxPoses: number;
  /** Mirrors positions. */
  flipped: boolean;
  /** A model file (.safetensors) in place of the package's. */
  modelUrl: ModelConfig['modelUrl'];
  /** Which MoveNet ml5 would take; of no effect, which the console is told. */
  modelType: string;
}

const DEFAULTS = {
  enableSmoothing: true, enableTracking: true, trackerType: 'boundingBox', minPoseScore: 0.25, maxPoses: 6,
  flipped: false, multiplier: 0.75, quantBytes: 1, inputResolution: 257,
} as const;

export interface BodyKeypoint {
  x: number;
  y: number;
  confidence: number;
  /** Such as 'left_eye'. */
  name: string;
}

/** A person, its keypoints by name, too: result[0].left_eye.x. */
export type BodyPoseResult = {
  keypoints: BodyKeypoint[];
  confidence: number;
  box: BoundingBox;
  id?: number;
} & Record<string, Omit<BodyKeypoint, 'name'> | unknown>;

/** Finds people in pictures when it is asked, or in a video until it is told to stop. */
export class BodyPose {
  readonly config: typeof DEFAULTS & Partial<BodyPoseOptions>;
  /** Resolves with this when pictures can be looked at; rejects with a PoseNetError. */
  readonly ready: Promise<this>;
  detector: PoseDetector | null = null;
  readonly #loop = new Loop();

  constructor(name: string | undefined, options: Partial<BodyPoseOptions>, callback: Callback | undefined) {
    this.config = {...DEFAULTS, ...options} as typeof this.config;
    this.ready = this.#load(name);
    this.ready.then(() => callback?.(this), error => tellError(callback, error, 'bodyPose'))
        .finally(() => preloaded('bodyPose'));
  }

  get detecting(): boolean {
    return this.#loop.isRunning;
  }

  /** The people in `media`. Rejects with a PoseNetError. */
  async detect(media: PictureSource, callback?: Callback): Promise<BodyPoseResult[]> {
    try {
      const poses = await this.#find(media);
      callback?.(poses);
      return poses;
    } catch (error) {
      if (callback && callback.length >= 2) callback(undefined, error);
      throw error;
    }
  }

  /** Calls `callback` with the people in each frame. An error ends it, and is the callback's second argument; of one that
   *  takes no second, it is on the console. */
  detectStart(media: PictureSource, callback: Callback): void {
    this.#loop.start(async () => {
      const poses = await this.#find(media);
      if (this.#loop.isRunning) callback(poses);
    }, error => tellError(callback, error, 'bodyPose'));
  }

  /** No further call of the callback. */
  detectStop(): void {
    this.#loop.stop();
  }

  /** Indices of keypoints that are joined. */
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
    // MoveNet is what ml5 1.x has by default; its sketches want 17 keypoints of these names, whoever finds them.
    if (name !== undefined && !['posenet', 'movenet'].includes(name.toLowerCase())) {
      throw new PoseNetError('unsupported', `bodyPose has no model "${name}"; expected "PoseNet"`);
    }
    if (name?.toLowerCase() === 'movenet' || this.config.modelType !== undefined) {
      warnOnce('bodyPose runs PoseNet, not MoveNet: the same 17 keypoints, found by another network. ' +
          'bodyPose("PoseNet") says the same without this line');
    }
    this.detector = await load({
      ...this.config, modelUrl: this.config.modelUrl ?? null,
      trackerType: this.config.trackerType === 'boundingBox' ? TrackerType.BoundingBox : TrackerType.Keypoint,
    });
    return this;
  }

  async #find(media: PictureSource): Promise<BodyPoseResult[]> {
    const detector = this.detector ?? (await this.ready).detector;
    if (!detector) throw new PoseNetError('invalid-argument', 'this bodyPose was disposed of');
    await untilReady(media);
    const {maxPoses, flipped, minPoseScore} = this.config;
    // The clock, not the video's time: that of a webcam may stand still.
    const poses = await detector.estimatePoses(elementOf(media), {
      maxPoses: Math.max(maxPoses, 2), flipHorizontal: flipped}, performance.now());
    return poses.filter(({score}) => (score ?? 0) >= minPoseScore).slice(0, maxPoses).map(resultOf);
  }
}

/** `bodyPose(model?, options?, callback?)`. */
export function bodyPose(...args: unknown[]): BodyPose {
  const {name, options, callback} = sortArguments<BodyPoseOptions>(args);
  return new BodyPose(name, options, callback);
}

function resultOf(pose: Awaited<ReturnType<PoseDetector['estimatePoses']>>[number]): BodyPoseResult {
  const scored = pose.keypoints.map(({score = 0, ...keypoint}) => ({...keypoint, score}));
  const keypoints = scored.map(({x, y, score, name = ''}) => ({x, y, confidence: score, name}));
  const parts = keypoints.map(({name, ...place}) => [name, place]);
  return {
    keypoints, confidence: pose.score ?? 0, box: pose.box ?? boxOf(scored), ...(pose.id !== undefined && {id: pose.id}),
    ...Object.fromEntries(parts),
  } as BodyPoseResult;
}
