// SPDX-License-Identifier: Apache-2.0
// The models that come with the package, by what they are of.
import {PoseNetError} from '../core/errors.js';
import type {ModelConfig, PoseNetQuantBytes} from './types.js';

const SUFFIXES: {readonly [bytes in PoseNetQuantBytes]: string} = {4: '', 2: '-bf16', 1: '-int8'};
const NAMES: {readonly [multiplier: number]: string} = {1: 'mobilenet100', 0.75: 'mobilenet075'};

/** Where a file of the package's models is. */
export function packagedModel(file: string): URL {
  return new URL(`../../models/${file}`, import.meta.url);
}

/** Where the weights for `config` are. Errors: 'not-found' for those that no package has. */
export function modelOf({architecture, multiplier = 1, quantBytes = 4, modelUrl}: ModelConfig): string | URL {
  if (modelUrl) return modelUrl;
  const name = architecture === 'MobileNetV1' ? NAMES[multiplier] : undefined;
  if (!name) {
    const wanted = architecture === 'MobileNetV1' ? `MobileNetV1 ${multiplier}` : architecture;
    throw new PoseNetError('not-found', `this package has no weights of ${wanted}; it has those of MobileNetV1 0.75 and ` +
                                          '1.0. Pass modelUrl, the address of a model file (.safetensors)');
  }
  return packagedModel(`${name}${SUFFIXES[quantBytes]}.safetensors`);
}
