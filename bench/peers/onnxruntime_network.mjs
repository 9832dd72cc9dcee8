// SPDX-License-Identifier: Apache-2.0
// ONNX Runtime on one input: prints one line of JSON with the milliseconds of each run.
//
//   node onnxruntime_network.mjs MODEL.onnx fp32|int8 INPUT.f32 SIZE THREADS REPEATS [HEATMAP.f32]
//
// MODEL.onnx is the output of 'posenet model export --size SIZE', or of quantize_onnx.py for that. The library is the
// same as for C and C++; calling it from Node adds a few hundredths of a millisecond.
import {createRequire} from 'node:module';

import {measureNetwork, transposed, Unsupported} from './network_program.mjs';

const require = createRequire(import.meta.url);

await measureNetwork(async ({model, precision, input, size, threads}) => {
  if (precision === 'bf16') throw new Unsupported('has no bfloat16 kernels for CPUs');
  const ort = require('onnxruntime-node');
  const session = await ort.InferenceSession.create(model, {
    graphOptimizationLevel: 'all', executionMode: 'sequential', intraOpNumThreads: threads, interOpNumThreads: 1,
  });
  const tensor = new ort.Tensor('float32', transposed(input, input.length / 3), [1, 3, size, size]);
  return {
    engine: 'ONNX Runtime',
    version: require('onnxruntime-node/package.json').version,
    run: () => session.run({input: tensor}),
    heatmap: ({heatmap, keypoint_heatmap: ofMoveNet}) => {
      const {data, dims} = heatmap ?? ofMoveNet;
      return transposed(data, dims[1]);
    },
  };
});
