// SPDX-License-Identifier: Apache-2.0
// Loads TensorFlow.js (WASM backend, SIMD) and PoseNet's graph. The backend has threads in browsers only, so it uses
// one thread here.
import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);

export const ENGINE = 'TensorFlow.js WASM';
export const VERSION = require('@tensorflow/tfjs-backend-wasm/package.json').version;

/** Loads TensorFlow.js with its WASM backend. */
export async function loadTensorFlow() {
  const tf = require('@tensorflow/tfjs-core');
  const wasm = require('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + '/');
  if (wasm.setThreadsCount) wasm.setThreadsCount(1);
  await tf.setBackend('wasm');
  await tf.ready();
  return tf;
}

/** An IOHandler for the graph model in a file, which TensorFlow.js accepts in place of a URL. */
export async function fileHandler(modelPath) {
  const modelJson = JSON.parse(await readFile(modelPath, 'utf8'));
  // The graph was exported for one input size, but nothing else in it depends on the size.
  for (const node of modelJson.modelTopology.node) {
    if (node.op === 'Placeholder') node.attr.shape.shape.dim.splice(1, 2, {size: '-1'}, {size: '-1'});
  }
  const shards = modelJson.weightsManifest.flatMap((group) => group.paths);
  const bytes = Buffer.concat(await Promise.all(shards.map((p) => readFile(path.join(path.dirname(modelPath), p)))));
  return {
    load: async () => ({
      modelTopology: modelJson.modelTopology,
      weightSpecs: modelJson.weightsManifest.flatMap((group) => group.weights),
      weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    }),
  };
}
