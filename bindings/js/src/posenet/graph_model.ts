// SPDX-License-Identifier: Apache-2.0
// Networks that PoseNet is made of.
import {PoseNetError} from '../core/errors.js';
import {type LoadOptions, loadModel, type Model} from '../core/model.js';
import type {ModelSource} from '../core/source.js';

/** A network of the package or of `source`. `network` names it in messages. Errors: PoseNetError. */
export async function loadGraphModel(
    source: ModelSource | undefined, network: string, options: LoadOptions = {}): Promise<Model> {
  if (source === undefined) {
    throw new PoseNetError('not-found', `no weights of ${network} come with this package; ` +
        'pass modelUrl, the address of a .safetensors file of them');
  }
  const model = await loadModel(source, options);
  if (model.info.task === 'human-pose') return model;
  const {name, task} = model.info;
  model.dispose();
  throw new PoseNetError('unsupported', `the model "${name}" is for ${task}; expected one for human-pose`);
}
