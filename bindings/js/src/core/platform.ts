// SPDX-License-Identifier: Apache-2.0
// What browsers and Node do differently: files, workers, and how many cores there are.
import {PoseNetError} from './errors.js';

interface NodeProcess {
  versions?: {node?: string};
}

/** Whether this is Node, or something that has its modules. */
export const isNode = typeof (globalThis as {process?: NodeProcess}).process?.versions?.node === 'string';

/** A module of Node, which bundlers for browsers must not look for. */
async function nodeModule(name: string): Promise<any> {
  return import(/* @vite-ignore */ /* webpackIgnore: true */ `node:${name}`);
}

/** Whether memory can be shared with workers here: browsers want the page to be isolated from other origins. */
export function canShareMemory(): boolean {
  if (typeof SharedArrayBuffer === 'undefined' || (typeof Worker === 'undefined' && !isNode)) return false;
  return isNode || globalThis.crossOriginIsolated === true;
}

/** How many threads share work here: the machine's cores, or 1 where memory cannot be shared. */
export async function supportedThreads(): Promise<number> {
  if (!canShareMemory()) return 1;
  if (!isNode) return Math.max(navigator.hardwareConcurrency ?? 1, 1);
  const os = await nodeModule('os');
  return Math.max(os.availableParallelism?.() ?? os.cpus().length, 1);
}

/** What is in a file. Errors: PoseNetError. */
export async function readFile(path: string | URL): Promise<Uint8Array> {
  const {readFile: read} = await nodeModule('fs/promises');
  try {
    return await read(path);
  } catch (error) {
    const {code, message} = error as {code?: string; message: string};
    if (code === 'ENOENT') throw new PoseNetError('not-found', `${path}: no such file`, {cause: error});
    if (code === 'EACCES' || code === 'EPERM') {
      throw new PoseNetError('permission-denied', `${path}: reading it is not allowed`, {cause: error});
    }
    throw new PoseNetError('io', `${path}: ${message}`, {cause: error});
  }
}

/** A worker that was started: answers messages, or fails. */
export interface WorkerHandle {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  /** Resolves with the worker's first message; rejects when it fails before. */
  firstMessage(): Promise<unknown>;
  /** Calls `onMessage` for each message, and `onFailure` when there will be no more. */
  listen(onMessage: (message: any) => void, onFailure: (error: Error) => void): void;
  /** From now on the worker alone does not keep a program of Node running. */
  release(): void;
  /** And from now on it does again. */
  hold(): void;
  terminate(): void;
}

/** A promise of what `listen` tells first. */
function firstOf(listen: WorkerHandle['listen']): Promise<unknown> {
  const first = new Promise<unknown>(listen);
  first.catch(() => {});
  return first;
}

/** Starts a worker of Node. */
export async function startNodeWorker(url: URL): Promise<WorkerHandle> {
  const {Worker: NodeWorker} = await nodeModule('worker_threads');
  // Options of the program's own, such as --input-type of one on a command line, are not for a file of this package.
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

/** The same of a worker of a page. */
export function wrapWorker(worker: Worker): WorkerHandle {
  const listen: WorkerHandle['listen'] = (onMessage, onFailure) => {
    worker.addEventListener('message', event => onMessage(event.data));
    worker.addEventListener('messageerror', () => onFailure(new Error('the worker could not be told what to do')));
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

/** Starts a thread's worker; its script is in `folder`, or in the package. */
export async function startThreadWorker(folder: URL | undefined): Promise<WorkerHandle> {
  if (isNode) {
    return startNodeWorker(folder ? new URL('thread.js', folder) : new URL('../wasm/thread.js', import.meta.url));
  }
  // Bundlers know this form, and only this: nothing of it may be a variable.
  if (!folder) return wrapWorker(new Worker(new URL('../wasm/thread.js', import.meta.url), {type: 'module'}));
  return wrapWorker(new Worker(new URL('thread.js', folder), {type: 'module'}));
}
