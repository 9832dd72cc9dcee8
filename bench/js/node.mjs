// SPDX-License-Identifier: Apache-2.0
// Measures in Node, with one thread each and also two for ours, at two input sizes. Prints JSON.
//
//   node node.mjs ROUNDS
import {readFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import os from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

import {prepareOnnxRuntime, preparePoseNet, prepareTensorFlow, reportOf} from './engines.mjs';
import {readImage} from './sample_image.mjs';
import {fileHandler} from './tfjs_graph.mjs';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('../../', import.meta.url));
const rounds = Number(process.argv[2] ?? 15);

const core = await import('../../bindings/js/dist/core/index.js');
const ort = require('onnxruntime-web');
const tf = require('@tensorflow/tfjs-core');
const wasm = require('@tensorflow/tfjs-backend-wasm');
wasm.setWasmPaths(path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + '/');
wasm.setThreadsCount?.(1);
await tf.setBackend('wasm');
const posenet = require('@tensorflow-models/posenet');

// CPU time of all threads, which other load on the machine affects least.
function cpuMs() {
  const {user, system} = process.cpuUsage();
  return (user + system) / 1000;
}

const image = await readImage(root);
const results = [];
for (const size of [257, 513]) {
  const model = name => readFile(path.join(root, 'models', `${name}.safetensors`));
  const engines = new Map([
    ['ONNX Runtime Web fp32, network alone', await prepareOnnxRuntime({
      ort, threads: 1, size, model: new Uint8Array(await readFile(path.join(root, `build/bench-js/mobilenet100-tfjs-${size}.onnx`))),
    })],
    ['TensorFlow.js PoseNet fp32', await prepareTensorFlow({
      tf, posenet, size, handler: await fileHandler(path.join(root, 'models/node_modules/weights-mobilenet100/models/posenet.json')),
    })],
  ]);
  for (const [precision, name] of [['fp32', 'mobilenet100-tfjs'], ['int8', 'mobilenet100-tfjs-int8']]) {
    for (const threads of [1, 2]) {
      engines.set(`PoseNet ${precision}, ${threads} thread${threads > 1 ? 's' : ''}`,
                  await preparePoseNet({core, model: await model(name), threads, size}));
    }
  }
  results.push(...await reportOf(engines, image, {where: `Node ${process.versions.node}`, size, rounds, cpuMs}));
}
const machine = {cpu: os.cpus()[0].model, cores: os.cpus().length, load: os.loadavg()[0]};
console.log(JSON.stringify({machine, rounds, results}));
process.exit(0);  // ONNX Runtime's threads would keep the process alive.
