// SPDX-License-Identifier: Apache-2.0
// The exports of `@tensorflow-models/pose-detection` 2.1 that concern PoseNet, with this package's engine.
import {PoseNetError} from '../core/errors.js';
import {load} from './detector.js';
import {type PoseDetector, type PosenetModelConfig, SupportedModels} from './types.js';
import * as util from './util.js';

export {PoseNetError} from '../core/errors.js';
export * from './types.js';
export {util};

/** Loads a detector. Rejects with a PoseNetError: 'unsupported' for models other than PoseNet. */
export async function createDetector(model: SupportedModels, config?: PosenetModelConfig): Promise<PoseDetector> {
  if (model !== SupportedModels.PoseNet) {
    const known = Object.values(SupportedModels).includes(model);
    throw new PoseNetError('unsupported', known ?
        `this package does not have ${model}; expected SupportedModels.PoseNet` :
        `${String(model)} is not a supported model name; expected SupportedModels.PoseNet`);
  }
  return load(config);
}
