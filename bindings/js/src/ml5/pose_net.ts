// SPDX-License-Identifier: Apache-2.0
// ml5.poseNet of ml5 0.x.
import type {LoadOptions} from '../core/model.js';
import type {PictureSource} from '../input/index.js';
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
  /** Of both keypoints that are joined in `skeleton`. */
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

/** A part of a pose by its name. */
export interface NamedPart {
  x: number;
  y: number;
  confidence: number;
}

/** A pose with its parts by name: result[0].pose.nose.x. */
export type PoseWithParts = Pose & Record<string, NamedPart | unknown>;

export interface PoseNetResult {
  pose: PoseWithParts;
  /** Pairs of joined keypoints. */
  skeleton: Keypoint[][];
}

/** Finds people in a video, frame after frame, or in pictures when it is asked. */
export class PoseNet {
  readonly config: PoseNetOptions;
  video: PictureSource | undefined;
  detectionType: string;
  /** Resolves with this when pictures can be looked at; rejects with a PoseNetError. */
  readonly ready: Promise<this>;
  net: Net | null = null;
  readonly #media: PictureSource | undefined; // As it was given: p5's element around the video, perhaps.
  readonly #loop = new Loop();
  readonly #listeners = new Map<string, Set<Callback>>();

  constructor(video: PictureSource | undefined, options: Partial<PoseNetOptions>, callback: Callback | undefined) {
    this.config = {...DEFAULTS, ...options};
    this.#media = video;
    this.video = video && elementOf(video);
    this.detectionType = this.config.detectionType;
    this.ready = this.#load();
    this.ready.then(() => callback?.(undefined, this), error => this.#failed(error, callback))
        .finally(() => preloaded('poseNet'));
  }

  /** Calls `listener` with the poses of each picture ('pose'), or with what went wrong ('error'). */
  on(event: 'pose' | 'error', listener: Callback): this {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return this;
  }

  removeListener(event: 'pose' | 'error', listener: Callback): this {
    this.#listeners.get(event)?.delete(listener);
    return this;
  }

  /** The one person of a picture, by default of the video. Rejects with a PoseNetError. */
  async singlePose(input?: PictureSource | Callback, callback?: Callback): Promise<PoseNetResult[]> {
    return this.#estimate(input, callback, async (net, picture) => [
      await net.estimateSinglePose(picture, {flipHorizontal: this.config.flipHorizontal})]);
  }

  /** Everybody in a picture, by default of the video. Rejects with a PoseNetError. */
  async multiPose(input?: PictureSource | Callback, callback?: Callback): Promise<PoseNetResult[]> {
    const {flipHorizontal, maxPoseDetections, scoreThreshold, nmsRadius} = this.config;
    return this.#estimate(input, callback, (net, picture) => net.estimateMultiplePoses(picture, {
      flipHorizontal, maxDetections: maxPoseDetections, scoreThreshold, nmsRadius}));
  }

  /** Pairs of joined keypoints that are sure. */
  skeleton(keypoints: Keypoint[], confidence = this.config.minConfidence): Keypoint[][] {
    return getAdjacentKeyPoints(keypoints, confidence);
  }

  /** Looks at no further frame of the video. */
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
      this.#loop.start(() => this.#lookAtVideo(), error => this.#failed(error, undefined));
    }
    return this;
  }

  async #lookAtVideo(): Promise<void> {
    const {paused, ended} = this.video as HTMLVideoElement;
    if (paused || ended) return; // The same picture has the same poses.
    await (this.detectionType === 'single' ? this.singlePose() : this.multiPose());
  }

  async #estimate(
      input: PictureSource | Callback | undefined, callback: Callback | undefined,
      find: (net: Net, picture: PictureSource) => Promise<Pose[]>): Promise<PoseNetResult[]> {
    const done = typeof input === 'function' ? input : callback;
    const picture = typeof input === 'function' || !input ? this.video : elementOf(input);
    try {
      if (!picture) throw new TypeError('poseNet has no picture to look at: pass an image, a canvas or a video');
      const net = this.net ?? (await this.ready).net as Net;
      const result = (await find(net, picture)).map(pose => (
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

  // Whoever listens is told; to a page where nobody does, the console is better than silence.
  #failed(error: unknown, callback: Callback | undefined): void {
    const told = this.#emit('error', error);
    callback?.(error);
    if (!callback?.length && !told) console.error(`poseNet: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** `poseNet(video?, options or detection type?, callback?)`. */
export function poseNet(...args: unknown[]): PoseNet {
  const {media, name, options, callback} = sortArguments<PoseNetOptions>(args);
  if (name === undefined) return new PoseNet(media, options, callback);
  return new PoseNet(media, {...options, detectionType: name as PoseNetOptions['detectionType']}, callback);
}

function withParts(pose: Pose): PoseWithParts {
  const parts = pose.keypoints.map(({part, score, position: {x, y}}) => [part, {x, y, confidence: score}]);
  return {...pose, ...Object.fromEntries(parts)} as PoseWithParts;
}
