// SPDX-License-Identifier: Apache-2.0
// The types of TensorFlow.js PoseNet.
import type {PictureSource} from '../input/index.js';

export type {Tensor3D, TensorBuffer3D} from './tensor.js';

export interface Vector2D {
  x: number;
  y: number;
}

/** One part of one person. */
export interface Keypoint {
  /** In [0, 1]: how much to believe the position. */
  score: number;
  position: Vector2D;
  /** One of partNames. */
  part: string;
}

/** One person: 17 keypoints in the order of partNames. */
export interface Pose {
  keypoints: Keypoint[];
  /** In [0, 1]. */
  score: number;
}

/** What shows people. */
export type PosenetInput = PictureSource;

export type PoseNetArchitecture = 'MobileNetV1' | 'ResNet50';
export type PoseNetOutputStride = 8 | 16 | 32;
export type MobileNetMultiplier = 0.50 | 0.75 | 1.0;
/** Bytes for each weight. 4 answers what TensorFlow.js answers; 2 halves the download, 1 quarters it and is fastest. */
export type PoseNetQuantBytes = 1 | 2 | 4;
/** One number for both sides, or two. */
export type InputResolution = number | {width: number; height: number};
/** What is padded to each side of a picture, in its pixels. */
export interface Padding {
  top: number;
  bottom: number;
  left: number;
  right: number;
}
