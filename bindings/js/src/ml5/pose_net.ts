// SPDX-License-Identifier: Apache-2.0
// poseNet of ml5 0.x.
import {PoseNetError} from '../core/errors.js';
import type {LoadOptions} from '../core/model.js';
import type {ImageSource} from '../input/index.js';
import type {ModelConfig} from '../posenet/config.js';
import {load, type PoseNet as Net} from '../posenet/posenet_model.js';
import type {Keypoint, Pose} from '../posenet/types.js';
import {getAdjacentKeyPoints} from '../posenet/util.js';
import {Loop} from './loop.js';
import {type Callback, elementOf, sortArguments, untilReady} from './media.js';
import {preloaded} from './p5.js';

export interface PoseNetOptions extends LoadOptions, Pick<
    ModelConfig, 'architecture' | 'outputStride' | 'inputResolution' | 'multiplier' | 'quantBytes' | 'modelUrl'> {
  flipHorizontal: boolean;
  /** Minimum score of both keypoints of a line of `skeleton`. */
  minConfidence: number;
  maxPoseDetections: number;
  scoreThreshold: number;
  nmsRadius: number;
  detectionType: 'single' | 'multiple';
}

const DEFAULTS: PoseNetOptions = {
  architecture: 'MobileNetV1', outputStride: 16, flipHorizontal: false, minConfidence: 0.5, maxPoseDetections: 5,
  scoreThreshold: 0.5, nmsRadius: 20, detectionType: 'multiple', inputResolution: 256, multiplier: 0.75,
  quantBytes: 2, modelUrl: null,
};

/** A keypoint, by the name of its part. */
export interface NamedPart {
  x: number;
  y: number;
  confidence: number;
}

/** A pose whose parts are also available by name: result[0].pose.nose.x. */
export type PoseWithParts = Pose & Record<string, NamedPart | unknown>;

export interface PoseNetResult {
  pose: PoseWithParts;
  /** Pairs of connected keypoints. */
  skeleton: Keypoint[][];
}

/** Estimates poses in each frame of a video, or in single images on request. */
export class PoseNet {
  readonly config: PoseNetOptions;
  video: ImageSource | undefined;
  detectionType: string;
  /** Resolves with this object once the model is loaded and the video has frames; rejects with a PoseNetError. */
  readonly ready: Promise<this>;
  net: Net | null = null;
  readonly #media: ImageSource | undefined; // As passed: possibly p5's wrapper of the video.
  readonly #loop = new Loop();
  readonly #listeners = new Map<string, Set<Callback>>();

  constructor(video: ImageSource | undefined, options: Partial<PoseNetOptions>, callback: Callback | undefined) {
    this.config = {...DEFAULTS, ...options};
    this.#media = video;
    this.video = video && elementOf(video);
    this.detectionType = this.config.detectionType;
    this.ready = this.#load();
    this.ready.then(() => callback?.(undefined, this), error => this.#failed(error, callback))
        .finally(() => preloaded('poseNet'));
  }

  /** Calls `listener` with the poses of each image ('pose'), or with an error ('error'). */
  on(event: 'pose' | 'error', listener: Callback): this {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return this;
  }

  removeListener(event: 'pose' | 'error', listener: Callback): this {
    this.#listeners.get(event)?.delete(listener);
    return this;
  }

  /** Estimates a single pose in an image, by default in the video. Rejects with a PoseNetError. */
  async singlePose(input?: ImageSource | Callback, callback?: Callback): Promise<PoseNetResult[]> {
    return this.#estimate(input, callback, async (net, image) => [
      await net.estimateSinglePose(image, {flipHorizontal: this.config.flipHorizontal})]);
  }

  /** Estimates all poses in an image, by default in the video. Rejects with a PoseNetError. */
  async multiPose(input?: ImageSource | Callback, callback?: Callback): Promise<PoseNetResult[]> {
    const {flipHorizontal, maxPoseDetections, scoreThreshold, nmsRadius} = this.config;
    return this.#estimate(input, callback, (net, image) => net.estimateMultiplePoses(image, {
      flipHorizontal, maxDetections: maxPoseDetections, scoreThreshold, nmsRadius}));
  }

  /** Returns the pairs of connected keypoints that both have at least this confidence. */
  skeleton(keypoints: Keypoint[], confidence = this.config.minConfidence): Keypoint[][] {
    return getAdjacentKeyPoints(keypoints, confidence);
  }

  /** Stops estimating poses in the video. */
  stop(): void {
    this.#loop.stop();
  }

  /** Stops, and frees all memory. */
  dispose(): void {
    this.stop();
    this.#listeners.clear();
    this.net?.dispose();
    this.net = null;
  }

  async #load(): Promise<this> {
    this.net = await load(this.config);
    if (this.#media) {
      await untilReady(this.#media);
      this.#loop.start(() => this.#estimateFrame(), error => this.#failed(error, undefined));
    }
    return this;
  }

  async #estimateFrame(): Promise<void> {
    const {paused, ended} = this.video as HTMLVideoElement;
    if (paused || ended) return; // The frame, and so its poses, are unchanged.
    await (this.detectionType === 'single' ? this.singlePose() : this.multiPose());
  }

  async #estimate(
      input: ImageSource | Callback | undefined, callback: Callback | undefined,
      estimate: (net: Net, image: ImageSource) => Promise<Pose[]>): Promise<PoseNetResult[]> {
    const done = typeof input === 'function' ? input : callback;
    const image = typeof input === 'function' || !input ? this.video : elementOf(input);
    try {
      if (!image) throw new PoseNetError('invalid-argument', 'poseNet has no image; pass an image, a canvas or a video');
      const net = this.net ?? (await this.ready).net as Net;
      const result = (await estimate(net, image)).map(pose => (
        {pose: withParts(pose), skeleton: this.skeleton(pose.keypoints)}));
      this.#emit('pose', result);
      done?.(undefined, result);
      return result;
    } catch (error) {
      done?.(error);
      throw error;
    }
  }

  #emit(event: string, argument: unknown): boolean {
    const listeners = [...this.#listeners.get(event) ?? []];
    for (const listener of listeners) listener(argument);
    return listeners.length > 0;
  }

  // Errors that neither a listener nor a callback handles are logged.
  #failed(error: unknown, callback: Callback | undefined): void {
    const isHandled = this.#emit('error', error);
    callback?.(error);
    if (!callback?.length && !isHandled) console.error(`poseNet: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Creates a PoseNet: `poseNet(video?, options or detection type?, callback?)`. */
export function poseNet(...args: unknown[]): PoseNet {
  const {media, name, options, callback} = sortArguments<PoseNetOptions>(args);
  if (name === undefined) return new PoseNet(media, options, callback);
  return new PoseNet(media, {...options, detectionType: name as PoseNetOptions['detectionType']}, callback);
}

function withParts(pose: Pose): PoseWithParts {
  const parts = pose.keypoints.map(({part, score, position: {x, y}}) => [part, {x, y, confidence: score}]);
  return {...pose, ...Object.fromEntries(parts)} as PoseWithParts;
}
