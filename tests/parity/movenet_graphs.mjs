// SPDX-License-Identifier: Apache-2.0
// The MoveNets that scripts/fetch-models fetches, and the runtime that they were made for.
import {existsSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

import {skip} from './compare.mjs';

const MODELS = join(dirname(fileURLToPath(import.meta.url)), '../../models');
const WEIGHTS = join(MODELS, 'movenet/node_modules/weights-movenet/models');

/** The file of a model's graph. Without it, the process exits as skipped. */
export function modelFile(name) {
  const file = join(WEIGHTS, `${name}.json`);
  return existsSync(file) ? file : skip('the weights are missing (scripts/fetch-models movenet-thunder)');
}

/** A sample photo of the npm package of mobilenet100. Without it, the process exits as skipped. */
export function samplePhoto(name) {
  const file = join(MODELS, 'node_modules/weights-mobilenet100/assets', name);
  return existsSync(file) ? file : skip('the sample photos are missing (scripts/fetch-models mobilenet100)');
}

/** The backend lacks an operation of MultiPose's graph: 1 / x. */
function registerReciprocal(tf) {
  const kernelFunc = ({inputs: {x}, backend}) => {
    const result = backend.makeOutput(x.shape, 'float32');
    backend.typedArrayFromHeap(result).set(Array.from(backend.readSync(x.dataId), value => 1 / value));
    return result;
  };
  tf.registerKernel({kernelName: 'Reciprocal', backendName: 'wasm', kernelFunc});
}

/** Loads TensorFlow.js: {tf, loadGraphModel}. Without it, the process exits as skipped. */
export async function loadTensorFlow() {
  const require = createRequire(import.meta.url);
  try {
    const tf = require('@tensorflow/tfjs-core');
    const {setWasmPaths} = require('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')), '/'));
    await tf.setBackend('wasm');
    registerReciprocal(tf);
    return {tf, loadGraphModel: require('@tensorflow/tfjs-converter').loadGraphModel};
  } catch {
    return skip('TensorFlow.js is not installed (npm ci --ignore-scripts in tests/parity)');
  }
}

/** The graph of a model, and a loader of it for TensorFlow.js. */
export function readModel(file) {
  const json = JSON.parse(readFileSync(file, 'utf8'));
  const [{paths, weights}] = json.weightsManifest;
  const weightData = Uint8Array.from(Buffer.concat(paths.map(path => readFileSync(join(dirname(file), path))))).buffer;
  return {nodes: json.modelTopology.node, load: async () => ({...json, weightSpecs: weights, weightData})};
}
