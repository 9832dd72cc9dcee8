// SPDX-License-Identifier: Apache-2.0
// The page's side of a worker: calls that return promises.
import {PoseNetError} from '../core/errors.js';
import {isNode, startNodeWorker, type WorkerHandle, wrapWorker} from '../core/platform.js';
import type {ReadOptions} from '../core/source.js';
import type {ImageSource} from '../input/index.js';
import type {ErrorMessage, Kind, Reply, Request} from './messages.js';
import {type Packed, packImage} from './pack.js';

interface PendingCall {
  resolve(result: any): void;
  reject(error: unknown): void;
}

async function startHost(): Promise<WorkerHandle> {
  if (isNode) return startNodeWorker(new URL('./host.js', import.meta.url));
  try {
    // Bundlers recognize this expression only if it is written exactly like this, without variables.
    return wrapWorker(new Worker(new URL('./host.js', import.meta.url), {type: 'module'}));
  } catch (error) {
    throw workerFailed(error as Error);
  }
}

/** An object in a worker. */
export class Remote {
  readonly #pending = new Map<number, PendingCall>();
  #lastId = 0;
  #sent: Promise<void> = Promise.resolve(); // Images are sent in the order of calls, whichever is copied first.
  #failure: Error | undefined;
  #onProgress: ReadOptions['onProgress'];

  private constructor(private readonly worker: WorkerHandle, private readonly what: string) {
    worker.release();
    worker.listen(reply => this.#receive(reply), error => this.#end(workerFailed(error)));
  }

  /** Starts a worker and creates an object of `kind` in it. Resolves with its Remote and its properties. `what` names
   *  it in messages. Rejects with a PoseNetError, or with the reason of `signal`. */
  static async create(
      kind: Kind, what: string, {value, transfer}: Packed & {value: unknown[]},
      {onProgress, signal}: ReadOptions): Promise<[Remote, properties: any]> {
    signal?.throwIfAborted();
    const remote = new Remote(await startHost(), what);
    const aborted = () => remote.#end(signal?.reason);
    signal?.addEventListener('abort', aborted);
    if (signal?.aborted) aborted();
    remote.#onProgress = onProgress;
    try {
      return [remote, await remote.#send({create: kind, args: value}, transfer)];
    } catch (error) {
      remote.#end(error as Error);
      throw error;
    } finally {
      signal?.removeEventListener('abort', aborted);
    }
  }

  /** Calls a method with the current content of `image`. Rejects with a PoseNetError. */
  async callWithImage<Result>(method: string, image: ImageSource, ...args: unknown[]): Promise<Result> {
    const packing = packImage(image);
    packing.catch(() => {});
    const sending = this.#sent.then(async () => {
      const {value, transfer} = await packing;
      return {reply: this.#send({method, args: [value, ...args]}, transfer)};
    });
    this.#sent = sending.then(() => {}, () => {});
    return (await sending).reply;
  }

  /** Calls a method without waiting for it. */
  notify(method: string): void {
    this.#sent = this.#sent.then(() => { this.#send({method, args: []}, []).catch(() => {}); });
  }

  /** Terminates the worker; pending calls are rejected. */
  dispose(): void {
    this.#end(new PoseNetError('invalid-argument', `this ${this.what} has been disposed`));
  }

  #send(request: Omit<Request, 'id'>, transfer: Transferable[]): Promise<any> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      try {
        this.worker.postMessage({id, ...request}, transfer);
      } catch (error) {
        // A bitmap of another origin's pixels, which may be shown but not read, cannot be transferred.
        return reject(new PoseNetError(request.create ? 'invalid-argument' : 'permission-denied',
            `the arguments cannot be sent to the worker: ${(error as Error).message}`, {cause: error}));
      }
      this.#pending.set(id, {resolve, reject});
      this.worker.hold();
    });
  }

  #receive({id, result, error, progress}: Reply): void {
    if (progress) return this.#onProgress?.(...progress);
    const call = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.worker.release();
    if (error) call?.reject(errorOf(error));
    else call?.resolve(result);
  }

  #end(failure: Error): void {
    if (this.#failure) return;
    this.#failure = failure;
    this.worker.terminate();
    for (const {reject} of this.#pending.values()) reject(failure);
    this.#pending.clear();
  }
}

function errorOf({code, message}: ErrorMessage): Error {
  return code ? new PoseNetError(code, message) : new Error(message);
}

function workerFailed(error: Error): PoseNetError {
  return new PoseNetError('io', `the worker failed: ${error.message}`, {cause: error});
}
