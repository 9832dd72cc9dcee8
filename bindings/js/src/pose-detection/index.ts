// SPDX-License-Identifier: Apache-2.0
// The exports of `@tensorflow-models/pose-detection` 2.1 that concern PoseNet and MoveNet, with this package's engine.
import {PoseNetError} from '../core/errors.js';
import {load} from './detector.js';
import {type MoveNetModelConfig, modelType} from './movenet/config.js';
import {load as loadMoveNet} from './movenet/detector.js';
import {type PoseDetector, type PosenetModelConfig, SupportedModels} from './types.js';
import * as util from './util.js';

export {PoseNetError} from '../core/errors.js';
export type {MoveNetEstimationConfig, MoveNetModelConfig} from './movenet/config.js';
export * from './types.js';
export {util};

/** The variants of MoveNet. */
export const movenet = {modelType};

/** Loads a detector. Rejects with a PoseNetError: 'unsupported' for models other than PoseNet and MoveNet. */
export async function createDetector(
    model: SupportedModels, config?: PosenetModelConfig | MoveNetModelConfig): Promise<PoseDetector> {
  if (model === SupportedModels.PoseNet) return load(config as PosenetModelConfig | undefined);
  if (model === SupportedModels.MoveNet) return loadMoveNet(config as MoveNetModelConfig | undefined);
  const known = Object.values(SupportedModels).includes(model);
  throw new PoseNetError('unsupported',
      `${known ? `this package does not have ${model}` : `${String(model)} is not a supported model name`}; ` +
      'expected SupportedModels.PoseNet or SupportedModels.MoveNet');
}
