// SPDX-License-Identifier: Apache-2.0
// What a worker runs to be a thread of the module: an instance of its own on the memory of all.
import {importsOf, type ThreadedExports} from '../core/exports.js';

/** What a worker is told once. */
export interface ThreadStart {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  /** The upper end of memory that is this worker's stack. */
  stackTop: number;
}

interface Port {
  postMessage(message: 'ready'): void;
}

async function run(port: Port, {module, memory, stackTop}: ThreadStart): Promise<void> {
  const instance = await WebAssembly.instantiate(module, importsOf(memory));
  const exports = instance.exports as unknown as ThreadedExports;
  exports.stackRestore(stackTop);
  exports.emscripten_tls_init();
  exports.posenet_worker_start();
  port.postMessage('ready');
  exports.posenet_worker_run();  // Until the worker is terminated.
}

// Not awaited at the top: what bundlers make by default of a worker is no module.
async function listenInNode(): Promise<void> {
  const name = 'node:worker_threads';
  const {parentPort} = await import(/* @vite-ignore */ /* webpackIgnore: true */ name);
  parentPort.once('message', (start: ThreadStart) => run(parentPort, start));
}

const isNode = typeof (globalThis as {process?: {versions?: {node?: string}}}).process?.versions?.node === 'string';
if (isNode) {
  void listenInNode();
} else {
  const scope = globalThis as unknown as Port & {onmessage: (event: MessageEvent<ThreadStart>) => void};
  scope.onmessage = event => void run(scope, event.data);
}
