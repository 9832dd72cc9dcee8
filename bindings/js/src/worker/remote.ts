// SPDX-License-Identifier: Apache-2.0
// The page's side of a worker: calls that answer with promises.
import {PoseNetError} from '../core/errors.js';
import {isNode, startNodeWorker, type WorkerHandle, wrapWorker} from '../core/platform.js';
import type {ReadOptions} from '../core/source.js';
import type {PictureSource} from '../input/index.js';
import type {Answer, ErrorMessage, Kind, Request} from './messages.js';
import {type Packed, packPicture} from './packed.js';

interface Waiting {
  resolve(result: any): void;
  reject(error: unknown): void;
}

async function startHost(): Promise<WorkerHandle> {
  if (isNode) return startNodeWorker(new URL('./host.js', import.meta.url));
  try {
    // Bundlers know this form, and only this: nothing of it may be a variable.
    return wrapWorker(new Worker(new URL('./host.js', import.meta.url), {type: 'module'}));
  } catch (error) {
    throw notStarted(error as Error);
  }
}

/** What lives in a worker of its own. */
export class Remote {
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #sent: Promise<void> = Promise.resolve(); // Pictures are sent in the order of calls, whichever is copied first.
  #failure: Error | undefined;
  #onProgress: ReadOptions['onProgress'];

  private constructor(private readonly worker: WorkerHandle, private readonly what: string) {
    worker.release();
    worker.listen(answer => this.#receive(answer), error => this.#end(notStarted(error)));
  }

  /** Starts a worker that makes a `kind` of `args`; answers what there is to know about it. `what` names it in
   *  messages. Rejects with a PoseNetError, or the reason of the signal. */
  static async create(
      kind: Kind, what: string, {value, transfer}: Packed & {value: unknown[]},
      {onProgress, signal}: ReadOptions): Promise<[Remote, facts: any]> {
    signal?.throwIfAborted();
    const remote = new Remote(await startHost(), what);
    const aborted = () => remote.#end(signal?.reason);
    signal?.addEventListener('abort', aborted);
    if (signal?.aborted) aborted();
    remote.#onProgress = onProgress;
    try {
      return [remote, await remote.#ask({create: kind, args: value}, transfer)];
    } catch (error) {
      remote.#end(error as Error);
      throw error;
    } finally {
      signal?.removeEventListener('abort', aborted);
    }
  }

  /** Calls a method with what `picture` shows now. Rejects with a PoseNetError. */
  async callWithPicture<Result>(method: string, picture: PictureSource, ...args: unknown[]): Promise<Result> {
    const packing = packPicture(picture);
    packing.catch(() => {});
    const sending = this.#sent.then(async () => {
      const {value, transfer} = await packing;
      return {answer: this.#ask({method, args: [value, ...args]}, transfer)};
    });
    this.#sent = sending.then(() => {}, () => {});
    return (await sending).answer;
  }

  /** Calls a method; nobody waits. */
  tell(method: string): void {
    this.#sent = this.#sent.then(() => { this.#ask({method, args: []}, []).catch(() => {}); });
  }

  /** Ends the worker; what is under way is rejected. */
  dispose(): void {
    this.#end(new PoseNetError('invalid-argument', `this ${this.what} was disposed of`));
  }

  #ask(request: Omit<Request, 'id'>, transfer: Transferable[]): Promise<any> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      try {
        this.worker.postMessage({id, ...request}, transfer);
      } catch (error) {
        // A bitmap of another origin's pixels, which may be shown but not read, does not travel.
        return reject(new PoseNetError(request.create ? 'invalid-argument' : 'permission-denied',
            `the worker cannot be given this: ${(error as Error).message}`, {cause: error}));
      }
      this.#waiting.set(id, {resolve, reject});
      this.worker.hold();
    });
  }

  #receive({id, result, error, progress}: Answer): void {
    if (progress) return this.#onProgress?.(...progress);
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.worker.release();
    if (error) waiting?.reject(errorOf(error));
    else waiting?.resolve(result);
  }

  #end(failure: Error): void {
    if (this.#failure) return;
    this.#failure = failure;
    this.worker.terminate();
    for (const {reject} of this.#waiting.values()) reject(failure);
    this.#waiting.clear();
  }
}

function errorOf({code, message}: ErrorMessage): Error {
  return code ? new PoseNetError(code, message) : new Error(message);
}

function notStarted(error: Error): PoseNetError {
  return new PoseNetError('io', `the worker failed: ${error.message}`, {cause: error});
}
