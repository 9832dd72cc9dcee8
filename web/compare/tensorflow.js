// SPDX-License-Identifier: Apache-2.0
// TensorFlow.js with its WebAssembly backend, and PoseNet on it, as their packages are.

const PACKAGES = 'node_modules/@tensorflow/';
const SCRIPTS = [
  `${PACKAGES}tfjs-core/dist/tf-core.min.js`, `${PACKAGES}tfjs-converter/dist/tf-converter.min.js`,
  `${PACKAGES}tfjs-backend-cpu/dist/tf-backend-cpu.min.js`, `${PACKAGES}tfjs-backend-wasm/dist/tf-backend-wasm.min.js`,
  'node_modules/@tensorflow-models/posenet/dist/posenet.min.js'];
const GRAPH = 'weights/mobilenet100/posenet.json';

function runScript(src) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement('script'), {src, async: false});
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${src} cannot be loaded (scripts/web installs it)`));
    document.head.append(script);
  });
}

/** Their package, made ready; `tf` of the page has the backend. */
export async function loadUpstream(threads) {
  await Promise.all(SCRIPTS.map(runScript)); // In order, for none is asynchronous.
  const {tf, posenet} = window;
  tf.wasm.setWasmPaths(`${PACKAGES}tfjs-backend-wasm/dist/`);
  tf.wasm.setThreadsCount(threads);
  await tf.setBackend('wasm');
  await tf.ready();
  return {posenet, threads: tf.wasm.getThreadsCount()};
}

/** The graph as posenet.load takes it for modelUrl. It was exported for one input size, though nothing in it needs that. */
export function graphForAnySize() {
  const {io} = window.tf;
  const http = io.http(GRAPH);
  return {
    load: async () => {
      const graph = await http.load();
      for (const node of graph.modelTopology.node) {
        if (node.op === 'Placeholder') node.attr.shape.shape.dim.splice(1, 2, {size: '-1'}, {size: '-1'});
      }
      return graph;
    },
  };
}
