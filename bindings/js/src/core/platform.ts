// SPDX-License-Identifier: Apache-2.0
// What browsers and Node do differently: files, workers, and the number of cores.
import {PoseNetError} from './errors.js';

interface NodeProcess {
  versions?: {node?: string};
}

/** Whether this is Node, or another runtime with Node's modules. */
export const isNode = typeof (globalThis as {process?: NodeProcess}).process?.versions?.node === 'string';

/** A module of Node. Bundlers for browsers must not try to resolve it. */
async function nodeModule(name: string): Promise<any> {
  return import(/* @vite-ignore */ /* webpackIgnore: true */ `node:${name}`);
}

/** Whether memory can be shared with workers. Browsers require a cross-origin isolated page. */
export function canShareMemory(): boolean {
  if (typeof SharedArrayBuffer === 'undefined' || (typeof Worker === 'undefined' && !isNode)) return false;
  return isNode || globalThis.crossOriginIsolated === true;
}

/** The number of threads that can share work: one per core, or 1 if memory cannot be shared. */
export async function supportedThreads(): Promise<number> {
  if (!canShareMemory()) return 1;
  if (!isNode) return Math.max(navigator.hardwareConcurrency ?? 1, 1);
  const os = await nodeModule('os');
  return Math.max(os.availableParallelism?.() ?? os.cpus().length, 1);
}

/** Reads a file. Rejects with a PoseNetError. */
export async function readFile(path: string | URL): Promise<Uint8Array> {
  const {readFile: read} = await nodeModule('fs/promises');
  try {
    return await read(path);
  } catch (error) {
    const {code, message} = error as {code?: string; message: string};
    if (code === 'ENOENT') throw new PoseNetError('not-found', `${path}: no such file`, {cause: error});
    if (code === 'EACCES' || code === 'EPERM') {
      throw new PoseNetError('permission-denied', `${path}: permission denied`, {cause: error});
    }
    throw new PoseNetError('io', `${path}: ${message}`, {cause: error});
  }
}

/** A running worker. */
export interface WorkerHandle {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  /** Resolves with the worker's first message; rejects if the worker fails before that. */
  firstMessage(): Promise<unknown>;
  /** Calls `onMessage` for each message, and `onFailure` once if there can be no more. */
  listen(onMessage: (message: any) => void, onFailure: (error: Error) => void): void;
  /** Lets a Node program end while the worker runs. */
  release(): void;
  /** Keeps a Node program running as long as the worker does. */
  hold(): void;
  terminate(): void;
}

/** Resolves with the first message, or rejects with the first failure. */
function firstOf(listen: WorkerHandle['listen']): Promise<unknown> {
  const first = new Promise<unknown>(listen);
  first.catch(() => {});
  return first;
}

/** Starts a worker thread of Node. */
export async function startNodeWorker(url: URL): Promise<WorkerHandle> {
  const {Worker: NodeWorker} = await nodeModule('worker_threads');
  // The program's own options, such as --input-type, do not apply to a file of this package.
  const worker = new NodeWorker(url, {execArgv: []});
  const listen: WorkerHandle['listen'] = (onMessage, onFailure) => {
    worker.on('message', onMessage);
    worker.on('error', onFailure);
    worker.on('exit', () => onFailure(new Error(`${url}: the worker ended`)));
  };
  const first = firstOf(listen);
  return {
    postMessage: (message, transfer) => worker.postMessage(message, transfer),
    firstMessage: () => first,
    listen,
    release: () => worker.unref(),
    hold: () => worker.ref(),
    terminate: () => void worker.terminate(),
  };
}

/** Wraps a Web Worker. */
export function wrapWorker(worker: Worker): WorkerHandle {
  const listen: WorkerHandle['listen'] = (onMessage, onFailure) => {
    worker.addEventListener('message', event => onMessage(event.data));
    worker.addEventListener('messageerror', () => onFailure(new Error('a message could not be deserialized')));
    worker.addEventListener('error', event => {
      event.preventDefault();
      onFailure(new Error(event.message || 'the worker could not be started'));
    });
  };
  const first = firstOf(listen);
  return {
    postMessage: (message, transfer = []) => worker.postMessage(message, transfer),
    firstMessage: () => first,
    listen,
    release: () => {},
    hold: () => {},
    terminate: () => worker.terminate(),
  };
}

/** Starts the worker of a thread. Its script is in `folder`, by default the package's own. */
export async function startThreadWorker(folder: URL | undefined): Promise<WorkerHandle> {
  if (isNode) {
    return startNodeWorker(folder ? new URL('thread.js', folder) : new URL('../wasm/thread.js', import.meta.url));
  }
  // Bundlers recognize this expression only if it is written exactly like this, without variables.
  if (!folder) return wrapWorker(new Worker(new URL('../wasm/thread.js', import.meta.url), {type: 'module'}));
  return wrapWorker(new Worker(new URL('thread.js', folder), {type: 'module'}));
}

/** The side of a worker: somewhere to send messages. */
export interface WorkerPort<Outgoing> {
  postMessage(message: Outgoing): void;
}

/** Called in a worker: calls `receive` for each message that it is sent. */
export function listenInWorker<Incoming, Outgoing>(
    receive: (message: Incoming, port: WorkerPort<Outgoing>) => void): void {
  if (isNode) {
    // Not awaited at the top level: bundlers make workers classic scripts by default.
    void nodeModule('worker_threads').then(({parentPort}) => {
      parentPort.on('message', (message: Incoming) => receive(message, parentPort));
    });
  } else {
    const scope = globalThis as unknown as WorkerPort<Outgoing> & {onmessage: (event: MessageEvent<Incoming>) => void};
    scope.onmessage = event => receive(event.data, scope);
  }
}
