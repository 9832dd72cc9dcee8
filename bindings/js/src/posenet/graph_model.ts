// SPDX-License-Identifier: Apache-2.0
// Loading the network of a PoseNet.
import {PoseNetError} from '../core/errors.js';
import {type LoadOptions, loadModel, type Model} from '../core/model.js';
import type {ModelSource} from '../core/source.js';

/** Loads a network from `source`, or, if it is undefined, fails because the package lacks `network`. Rejects with a
 *  PoseNetError. */
export async function loadGraphModel(
    source: ModelSource | undefined, network: string, options: LoadOptions = {}): Promise<Model> {
  if (source === undefined) {
    throw new PoseNetError('not-found', `this package has no weights of ${network}; ` +
        'pass modelUrl, the URL of a .safetensors file');
  }
  const model = await loadModel(source, options);
  if (model.info.task === 'human-pose') return model;
  const {name, task} = model.info;
  model.dispose();
  throw new PoseNetError('unsupported', `the model "${name}" is for ${task}; expected one for human-pose`);
}
