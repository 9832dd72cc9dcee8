// SPDX-License-Identifier: Apache-2.0
// The types of TensorFlow.js PoseNet.
import type {ImageSource} from '../input/index.js';

export type {Tensor3D, TensorBuffer3D} from './tensor.js';

export interface Vector2D {
  x: number;
  y: number;
}

/** One body part of one person. */
export interface Keypoint {
  /** Confidence in the position, in [0, 1]. */
  score: number;
  position: Vector2D;
  /** One of partNames. */
  part: string;
}

/** The pose of one person: 17 keypoints in the order of partNames. */
export interface Pose {
  keypoints: Keypoint[];
  /** Confidence that this is a person, in [0, 1]. */
  score: number;
}

/** An image of people. */
export type PosenetInput = ImageSource;

export type PoseNetArchitecture = 'MobileNetV1' | 'ResNet50';
export type PoseNetOutputStride = 8 | 16 | 32;
export type MobileNetMultiplier = 0.50 | 0.75 | 1.0;
/** Bytes per weight. 4 gives the same results as TensorFlow.js; 2 halves the download; 1 quarters it and is fastest. */
export type PoseNetQuantBytes = 1 | 2 | 4;
/** One number for both sides, or one for each. */
export type InputResolution = number | {width: number; height: number};
/** The padding on each side of an image, in its pixels. */
export interface Padding {
  top: number;
  bottom: number;
  left: number;
  right: number;
}
