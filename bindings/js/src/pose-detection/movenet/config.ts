// SPDX-License-Identifier: Apache-2.0
// The configuration of MoveNet in `@tensorflow-models/pose-detection` 2.1: defaults and validation.
import type {LoadOptions} from '../../core/model.js';
import type {ModelSource} from '../../core/source.js';
import {assert} from '../../posenet/util.js';
import type {TrackerConfig, TrackerType} from '../types.js';

/** The variants of MoveNet. */
export const modelType = {
  /** One person, the fastest. */
  SINGLEPOSE_LIGHTNING: 'SinglePose.Lightning',
  /** One person, more accurate. */
  SINGLEPOSE_THUNDER: 'SinglePose.Thunder',
  /** Up to six people. */
  MULTIPOSE_LIGHTNING: 'MultiPose.Lightning',
} as const;

export type MoveNetModelType = typeof modelType[keyof typeof modelType];

/** Options for loading a MoveNet. */
export interface MoveNetModelConfig extends LoadOptions {
  /** Default: that of `modelUrl`, or 'SinglePose.Lightning'. */
  modelType?: string;
  /** A model file (.safetensors) to use instead of the package's: its URL, bytes or Blob. */
  modelUrl?: ModelSource | null | undefined;
  /** Smooths keypoints over time; in MultiPose, only with tracking. Default: true. */
  enableSmoothing?: boolean;
  /** Minimum score of a pose. Default: 0.25. */
  minPoseScore?: number;
  /** MultiPose: the longer side of the network's input, a multiple of 32. Default: 256. */
  multiPoseMaxDimension?: number;
  /** MultiPose: gives each person an `id` that stays the same from frame to frame. Default: true. */
  enableTracking?: boolean;
  /** Default: by boxes. */
  trackerType?: TrackerType;
  trackerConfig?: TrackerConfig;
}

/** Options of a call, for symmetry: as in upstream, MoveNet has none. */
export interface MoveNetEstimationConfig {
  maxPoses?: number;
  flipHorizontal?: boolean;
}

/** A configuration with its defaults. */
export type CompleteMoveNetConfig = MoveNetModelConfig & Required<Pick<
    MoveNetModelConfig, 'enableSmoothing' | 'minPoseScore' | 'multiPoseMaxDimension' | 'enableTracking'>>;

/** Fills in the defaults of `config`. Errors: 'invalid-argument'. */
export function completeConfig(config: MoveNetModelConfig): CompleteMoveNetConfig {
  const {minPoseScore = 0.25, multiPoseMaxDimension = 256, modelType: type} = config;
  const types: readonly string[] = Object.values(modelType);
  assert(type == null || types.includes(type),
      `Invalid modelType ${String(type)}. Should be one of ${types.join(',')}`);
  assert(minPoseScore >= 0 && minPoseScore <= 1,
      `Invalid minPoseScore ${minPoseScore}. Should be in range [0.0, 1.0]`);
  assert(multiPoseMaxDimension % 32 === 0 && multiPoseMaxDimension >= 32,
      `Invalid multiPoseMaxDimension ${multiPoseMaxDimension}. Should be a multiple of 32 and > 0`);
  return {
    ...config, minPoseScore, multiPoseMaxDimension, enableSmoothing: config.enableSmoothing ?? true,
    enableTracking: config.enableTracking ?? true};
}
