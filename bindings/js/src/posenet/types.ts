// SPDX-License-Identifier: Apache-2.0
// The types of TensorFlow.js PoseNet.

export interface Vector2D {
  x: number;
  y: number;
}

export interface Keypoint {
  /** In [0, 1]. */
  score: number;
  position: Vector2D;
  /** One of partNames. */
  part: string;
}

export interface Pose {
  keypoints: Keypoint[];
  /** In [0, 1]. */
  score: number;
}

export type PoseNetArchitecture = 'MobileNetV1' | 'ResNet50';
export type PoseNetOutputStride = 8 | 16 | 32;
export type MobileNetMultiplier = 0.5 | 0.75 | 1;
export type PoseNetQuantBytes = 1 | 2 | 4;
export type InputResolution = number | {width: number; height: number};

/** What load() takes. */
export interface ModelConfig {
  architecture: PoseNetArchitecture;
  /** Input pixels for each cell of the network's maps: 8, 16 or 32. */
  outputStride: PoseNetOutputStride;
  /** Pixels of the network's input: 257 by default. */
  inputResolution?: InputResolution;
  multiplier?: MobileNetMultiplier;
  /** 4: float32; 2: half of the size; 1: a quarter, and the fastest. Their answers differ by fractions of a pixel. */
  quantBytes?: PoseNetQuantBytes;
  /** A model file (.safetensors) of your own. */
  modelUrl?: string;
  /** Threads that share the work, and where the WebAssembly modules are: see loadModel of "@posenet/posenet/core". */
  threads?: number | 'auto';
  wasmUrl?: string | URL;
}

export interface InferenceConfig {
  /** Mirrors positions, for a webcam that is shown mirrored. */
  flipHorizontal: boolean;
}

export interface SinglePersonInterfaceConfig extends InferenceConfig {}

export interface MultiPersonInferenceConfig extends InferenceConfig {
  maxDetections?: number;
  scoreThreshold?: number;
  nmsRadius?: number;
}

/** The first API's options: one call for both. */
export interface LegacyMultiPersonInferenceConfig extends MultiPersonInferenceConfig {
  decodingMethod: 'multi-person';
}
export interface LegacySinglePersonInferenceConfig extends InferenceConfig {
  decodingMethod: 'single-person';
}

/** Values of a map, as TensorFlow.js' TensorBuffer has them: by row, column and channel. */
export interface TensorBuffer3D {
  readonly shape: readonly number[];
  get(...locations: number[]): number;
}

/** A map whose values can be waited for, as TensorFlow.js' tensors have it. */
export interface Tensor3D {
  readonly shape: readonly number[];
  buffer(): Promise<TensorBuffer3D> | TensorBuffer3D;
}
