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
  postMessage(message: unknown): void;
  /** Resolves with the worker's first message; rejects when it fails before. */
  firstMessage(): Promise<unknown>;
  /** From now on the worker alone does not keep a program of Node running. */
  release(): void;
  terminate(): void;
}

async function startNodeWorker(url: URL): Promise<WorkerHandle> {
  const {Worker: NodeWorker} = await nodeModule('worker_threads');
  const worker = new NodeWorker(url);
  const first = new Promise<unknown>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error(`${url}: the worker ended`)));
  });
  first.catch(() => {});
  return {
    postMessage: message => worker.postMessage(message),
    firstMessage: () => first,
    release: () => worker.unref(),
    terminate: () => void worker.terminate(),
  };
}

function wrapWorker(worker: Worker): WorkerHandle {
  const first = new Promise<unknown>((resolve, reject) => {
    worker.onmessage = event => resolve(event.data);
    worker.onmessageerror = () => reject(new Error('the worker could not be told what to do'));
    worker.onerror = event => {
      event.preventDefault();
      reject(new Error(event.message || 'the worker could not be started'));
    };
  });
  first.catch(() => {});
  return {
    postMessage: message => worker.postMessage(message),
    firstMessage: () => first,
    release: () => {},
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
