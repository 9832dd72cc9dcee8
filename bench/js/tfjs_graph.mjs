// SPDX-License-Identifier: Apache-2.0
// Reads a TensorFlow.js graph model from files, for any input size.
import {readFile} from 'node:fs/promises';
import path from 'node:path';

import {forAnySize} from './engines.mjs';

/** Reads the parts of the graph model at `modelPath`. */
export async function readGraph(modelPath) {
  const {modelTopology, weightsManifest} = JSON.parse(await readFile(modelPath, 'utf8'));
  const folder = path.dirname(modelPath);
  const files = weightsManifest.flatMap(group => group.paths);
  const weights = Buffer.concat(await Promise.all(files.map(file => readFile(path.join(folder, file)))));
  return {modelTopology: forAnySize(modelTopology), weightSpecs: weightsManifest.flatMap(group => group.weights), weights};
}

/** The same as an IOHandler, which TensorFlow.js accepts in place of a URL. */
export async function fileHandler(modelPath) {
  const {weights, ...rest} = await readGraph(modelPath);
  const weightData = weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.length);
  return {load: async () => ({...rest, weightData})};
}
