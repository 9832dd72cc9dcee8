// SPDX-License-Identifier: Apache-2.0
// The types of `@tensorflow-models/pose-detection` 2.1 that PoseNet needs.
import type {ImageSource} from '../input/index.js';
import type {ModelConfig} from '../posenet/config.js';

/** The models of upstream. This package has only PoseNet. */
export enum SupportedModels {
  MoveNet = 'MoveNet',
  BlazePose = 'BlazePose',
  PoseNet = 'PoseNet',
}

/** How the similarity of a pose and a track is measured: by keypoints, or by the boxes around them. */
export enum TrackerType {
  Keypoint = 'keypoint',
  BoundingBox = 'boundingBox',
}

export type PoseDetectorInput = ImageSource;

export interface TrackerConfig {
  /** Default: 18. */
  maxTracks?: number;
  /** Milliseconds. Default: 1000. */
  maxAge?: number;
  keypointTrackerParams?: {
    keypointConfidenceThreshold?: number;
    /** No effect; a warning is logged. */
    keypointFalloff?: number[];
    /** No effect; a warning is logged unless it is the default, 4. */
    minNumberOfKeypoints?: number;
  };
  /** No effect; a warning is logged unless it is the default: 0.15 for boxes, 0.2 for keypoints. */
  minSimilarity?: number;
}

/** PoseNet's configuration, plus tracking and smoothing as for MoveNet. */
export interface PosenetModelConfig extends ModelConfig {
  /** Gives each person an `id` that stays the same from frame to frame. Default: false. */
  enableTracking?: boolean;
  trackerType?: TrackerType;
  trackerConfig?: TrackerConfig;
  /** Smooths keypoints over time. Default: false. */
  enableSmoothing?: boolean;
}

export interface PoseNetEstimationConfig {
  /** Default: 1, which selects the faster single-person decoder. */
  maxPoses?: number;
  flipHorizontal?: boolean;
  /** Minimum score of the keypoint that a pose is grown from; no effect if maxPoses is 1. Default: 0.5. */
  scoreThreshold?: number;
  /** In pixels of the network's input; no effect if maxPoses is 1. Default: 20. */
  nmsRadius?: number;
}

export interface Keypoint {
  x: number;
  y: number;
  score?: number;
  /** For example 'left_eye'. */
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
  /** The box around confident keypoints; present with enableTracking. */
  box?: BoundingBox;
  /** The track ID; present with enableTracking. */
  id?: number;
}

/** Estimates poses in a sequence of images. */
export interface PoseDetector {
  /** Rejects with a PoseNetError. `timestamp` is in milliseconds; default: the time of the video, otherwise the current
   *  time. */
  estimatePoses(image: PoseDetectorInput, config?: PoseNetEstimationConfig, timestamp?: number): Promise<Pose[]>;
  /** Drops all tracks, because the next image belongs to another video. */
  reset(): void;
  /** Frees all memory. */
  dispose(): void;
}
