// SPDX-License-Identifier: Apache-2.0
// The page of chromium.mjs: measures the engines in the page's own thread, at one input size.
import * as core from '/bindings/js/dist/core/index.js';
import * as ort from '/bench/js/node_modules/onnxruntime-web/dist/ort.wasm.min.mjs';

import {forAnySize, prepareOnnxRuntime, preparePoseNet, prepareTensorFlow, reportOf} from './engines.mjs';

const MODULES = '/bench/js/node_modules';

async function bytesOf(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: the server responded with status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

// `tf` and `posenet` are globals of the page's scripts.
async function prepareTensorFlowOf({tf, posenet}, size) {
  tf.wasm.setWasmPaths(`${MODULES}/@tensorflow/tfjs-backend-wasm/dist/`);
  await tf.setBackend('wasm');
  const http = tf.io.http('/models/node_modules/weights-mobilenet100/models/posenet.json');
  const load = async () => {
    const {modelTopology, ...rest} = await http.load();
    return {...rest, modelTopology: forAnySize(modelTopology)};
  };
  return prepareTensorFlow({tf, posenet, size, handler: {load}});
}

/** Returns the reports of all engines. `cpuMs` returns the CPU time of the page's thread in milliseconds. */
export async function measure({where, size, width, height, rounds, cpuMs}) {
  const image = {data: await bytesOf('/image.rgba'), rgb: await bytesOf('/image.rgb'), width, height};
  ort.env.wasm.wasmPaths = `${MODULES}/onnxruntime-web/dist/`;
  const engines = new Map([
    ['ONNX Runtime Web fp32, network alone', await prepareOnnxRuntime({
      ort, threads: 1, size, model: await bytesOf(`/build/bench-js/mobilenet100-tfjs-${size}.onnx`),
    })],
    ['TensorFlow.js PoseNet fp32', await prepareTensorFlowOf(globalThis, size)],
  ]);
  for (const [precision, name] of [['fp32', 'mobilenet100-tfjs'], ['int8', 'mobilenet100-tfjs-int8']]) {
    const model = await bytesOf(`/models/${name}.safetensors`);
    engines.set(`PoseNet ${precision}, 1 thread`, await preparePoseNet({core, model, threads: 1, size}));
  }
  return reportOf(engines, image, {where, size, rounds, cpuMs});
}
