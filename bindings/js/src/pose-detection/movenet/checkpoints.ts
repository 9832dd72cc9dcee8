// SPDX-License-Identifier: Apache-2.0
// The weights of MoveNet, which the package has if they were fetched before it was built. The URLs are written out, so
// that bundlers find them.
import {PoseNetError} from '../../core/errors.js';
import {type LoadOptions, loadModel, type Model} from '../../core/model.js';
import type {ModelSource} from '../../core/source.js';
import {type MoveNetModelType, modelType} from './config.js';

const FILES: Record<MoveNetModelType, {name: string; url: URL}> = {
  [modelType.SINGLEPOSE_LIGHTNING]: {
    name: 'movenet-lightning', url: new URL('../../../models/movenet-lightning.safetensors', import.meta.url)},
  [modelType.SINGLEPOSE_THUNDER]: {
    name: 'movenet-thunder', url: new URL('../../../models/movenet-thunder.safetensors', import.meta.url)},
  [modelType.MULTIPOSE_LIGHTNING]: {
    name: 'movenet-multipose', url: new URL('../../../models/movenet-multipose.safetensors', import.meta.url)},
};

/** Loads the network of `source`, or else the package's of that type. Rejects with a PoseNetError: 'not-found' if the
 *  package lacks it, 'unsupported' for a network that is not a MoveNet. */
export async function loadNetwork(
    source: ModelSource | null | undefined, type: string, options: LoadOptions): Promise<Model> {
  const {name, url} = FILES[type as MoveNetModelType];
  const model = await loadModel(source || url, options).catch(error => {
    throw source || (error as Partial<PoseNetError>).code !== 'not-found' ? error : missing(name);
  });
  if (isMoveNet(model)) return model;
  const {info} = model;
  model.dispose();
  throw new PoseNetError('unsupported',
      `the model "${info.name}" is ${info.architecture || `for ${info.task}`}; expected a MoveNet`);
}

function missing(name: string): PoseNetError {
  return new PoseNetError('not-found', `this package has no weights of ${name}; pass modelUrl, the URL of a ` +
      `.safetensors file. In the sources of this package, scripts/fetch-models ${name} makes it: ` +
      `models/${name}.safetensors`);
}

export function isMoveNet({info}: Model): boolean {
  return info.architecture.startsWith('MoveNet');
}
