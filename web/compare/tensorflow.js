// SPDX-License-Identifier: Apache-2.0
// TensorFlow.js with its WebAssembly backend, and its PoseNet, from their unchanged packages.

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
    script.onerror = () => reject(new Error(`${src} cannot be loaded; run scripts/web to install it`));
    document.head.append(script);
  });
}

/** Loads the packages and starts the backend. */
export async function loadUpstream(threads) {
  await Promise.all(SCRIPTS.map(runScript)); // Executed in order, because `async` is false.
  const {tf, posenet} = window;
  tf.wasm.setWasmPaths(`${PACKAGES}tfjs-backend-wasm/dist/`);
  tf.wasm.setThreadsCount(threads);
  await tf.setBackend('wasm');
  await tf.ready();
  return {posenet, threads: tf.wasm.getThreadsCount()};
}

/** The graph in the form that posenet.load takes as modelUrl. It was exported for one input size, but works for any. */
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
