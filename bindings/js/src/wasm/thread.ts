// SPDX-License-Identifier: Apache-2.0
// The script of a worker that becomes a thread of the module: it has its own instance on the shared memory.
import {importsOf, type ThreadedExports} from '../core/exports.js';
import {listenInWorker, type WorkerPort} from '../core/platform.js';

/** The first and only message to the worker. */
export interface ThreadStart {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  /** The upper end of this worker's stack. */
  stackTop: number;
}

async function run(port: WorkerPort<'ready'>, {module, memory, stackTop}: ThreadStart): Promise<void> {
  const instance = await WebAssembly.instantiate(module, importsOf(memory));
  const exports = instance.exports as unknown as ThreadedExports;
  exports.stackRestore(stackTop);
  exports.emscripten_tls_init();
  exports.posenet_worker_start();
  port.postMessage('ready');
  exports.posenet_worker_run();  // Returns only when the worker is terminated.
}

listenInWorker<ThreadStart, 'ready'>((start, port) => void run(port, start));
