// SPDX-License-Identifier: Apache-2.0
// The types of `@tensorflow-models/pose-detection` 2.1 that PoseNet and MoveNet need.
import type {ModelSource} from '../core/source.js';
import type {ImageSource} from '../input/index.js';
import type {ModelConfig} from '../posenet/config.js';

/** The models of upstream. This package has PoseNet and MoveNet. */
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
    /** Default: 0.3. */
    keypointConfidenceThreshold?: number;
    /** Default: COCO's. With PoseNet, no effect; a warning is logged. */
    keypointFalloff?: number[];
    /** Default: 4. With PoseNet, no effect; a warning is logged. */
    minNumberOfKeypoints?: number;
  };
  /** Default: 0.15 for boxes, 0.2 for keypoints. With PoseNet, no effect; a warning is logged. */
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
  /** Refines each pose by a MoveNet for one person, in a crop around the person. This finds more people, more exactly,
   *  than upstream: the package's 'lightning' or 'thunder', or a model file (.safetensors). Default: none. */
  refine?: 'lightning' | 'thunder' | ModelSource | undefined;
}

export interface PoseNetEstimationConfig {
  /** Default: 1, which selects the faster single-person decoder. */
  maxPoses?: number;
  flipHorizontal?: boolean;
  /** Minimum score of the keypoint that a pose is grown from; no effect if maxPoses is 1. Default: 0.5. With `refine`,
   *  the minimum score of a pose; default: 0.25. */
  scoreThreshold?: number;
  /** In pixels of the network's input; no effect if maxPoses is 1, or with `refine`. Default: 20. */
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
  /** PoseNet, with enableTracking: the box around confident keypoints, in pixels. MoveNet MultiPose: the box around the
   *  person, in fractions of the image's sides. */
  box?: BoundingBox;
  /** The track ID; present with enableTracking. */
  id?: number;
}

/** Estimates poses in a sequence of images. */
export interface PoseDetector {
  /** Rejects with a PoseNetError. `timestamp` is in milliseconds; default: the time of the video, otherwise the current
   *  time, or with MoveNet none: such images are not smoothed. */
  estimatePoses(image: PoseDetectorInput, config?: PoseNetEstimationConfig, timestamp?: number): Promise<Pose[]>;
  /** Drops all tracks, because the next image belongs to another video. */
  reset(): void;
  /** Frees all memory. */
  dispose(): void;
}
