// SPDX-License-Identifier: Apache-2.0
// The network in TensorFlow.js (WASM backend) on one input: prints one line of JSON with the milliseconds of each run.
//
//   node tfjs_network.mjs MODEL.json fp32 INPUT.f32 SIZE 1 REPEATS [HEATMAP.f32]
import {createRequire} from 'node:module';

import {heatmapOf, measureNetwork, Unsupported} from './network_program.mjs';
import {ENGINE, fileHandler, loadTensorFlow, VERSION} from './tfjs_model.mjs';

const require = createRequire(import.meta.url);

await measureNetwork(async ({model, precision, input, size, threads}) => {
  if (precision !== 'fp32') throw new Unsupported('supports fp32 only');
  if (threads !== 1) throw new Unsupported('supports only one thread in Node');
  const tf = await loadTensorFlow();
  const graph = await require('@tensorflow/tfjs-converter').loadGraphModel(await fileHandler(model));
  const image = tf.tensor4d(input, [1, size, size, 3]);
  return {
    engine: ENGINE,
    version: VERSION,
    run: async () => {
      const tensors = [graph.predict(image)].flat();
      const maps = await Promise.all(tensors.map(async tensor => ({shape: tensor.shape, data: await tensor.data()})));
      tf.dispose(tensors);
      return maps;
    },
    heatmap: maps => heatmapOf(maps, ({shape}) => shape[3]).data,
  };
});
