// SPDX-License-Identifier: Apache-2.0
// The types of `@tensorflow-models/pose-detection` 2.1, as far as PoseNet needs them.
import type {PictureSource} from '../input/index.js';
import type {ModelConfig} from '../posenet/config.js';

/** Of these, PoseNet is here; the others can be named. */
export enum SupportedModels {
  MoveNet = 'MoveNet',
  BlazePose = 'BlazePose',
  PoseNet = 'PoseNet',
}

/** How people are told apart: by keypoints, or by the boxes around them. */
export enum TrackerType {
  Keypoint = 'keypoint',
  BoundingBox = 'boundingBox',
}

export type PoseDetectorInput = PictureSource;

export interface TrackerConfig {
  /** By default 18. */
  maxTracks?: number;
  /** Milliseconds. By default 1000. */
  maxAge?: number;
  keypointTrackerParams?: {
    keypointConfidenceThreshold?: number;
    /** Of no effect, which the console is told. */
    keypointFalloff?: number[];
    /** Of no effect, which the console is told where it is not 4. */
    minNumberOfKeypoints?: number;
  };
  /** Of no effect, which the console is told where it is not the default: 0.15 for boxes, 0.2 for keypoints. */
  minSimilarity?: number;
}

/** What PoseNet takes, and, as MoveNet has them, people that keep their number and keypoints that are steady. */
export interface PosenetModelConfig extends ModelConfig {
  /** Poses have an `id`: the same person's is the same from frame to frame. By default false. */
  enableTracking?: boolean;
  trackerType?: TrackerType;
  trackerConfig?: TrackerConfig;
  /** Keypoints do not tremble. By default false. */
  enableSmoothing?: boolean;
}

export interface PoseNetEstimationConfig {
  /** By default 1, which finds one person, faster. */
  maxPoses?: number;
  flipHorizontal?: boolean;
  /** Of the keypoint that a person is found by, where there may be several. By default 0.5. */
  scoreThreshold?: number;
  /** In pixels of the network's input, where there may be several people. By default 20. */
  nmsRadius?: number;
}

export interface Keypoint {
  x: number;
  y: number;
  score?: number;
  /** Such as 'left_eye'. */
  name?: string;
}

export interface BoundingBox {
  xMin: number;
  yMin: number;
  xMax: number;
  yMax: number;
  width: number;
  height: number;
}

export interface Pose {
  /** 17, in COCO's order. */
  keypoints: Keypoint[];
  score?: number;
  /** Around confident keypoints. */
  box?: BoundingBox;
  /** Of the person, where enableTracking asks for it. */
  id?: number;
}

/** Finds people in pictures, one after the other. */
export interface PoseDetector {
  /** Rejects with a PoseNetError. `timestamp` is in milliseconds; by default that of a video, or of the call. */
  estimatePoses(image: PoseDetectorInput, config?: PoseNetEstimationConfig, timestamp?: number): Promise<Pose[]>;
  /** Forgets earlier pictures: the next one is from another video. */
  reset(): void;
  /** Frees all memory. */
  dispose(): void;
}
