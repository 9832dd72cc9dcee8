// SPDX-License-Identifier: Apache-2.0
// The worker that estimates poses, as an asynchronous function.

export class Engine {
  #worker;
  #pending = new Map();
  #lastId = 0;

  /** `onProgress(loadedBytes, totalBytes)` is called while a model is downloaded. */
  constructor(onProgress) {
    this.#worker = new Worker(new URL('worker.js', import.meta.url), {type: 'module'});
    this.#worker.onmessage = ({data}) => {
      if (data.loaded !== undefined) return onProgress(data.loaded, data.total);
      const {resolve, reject} = this.#pending.get(data.id);
      this.#pending.delete(data.id);
      if (data.error === undefined) resolve(data); else reject(new Error(data.error));
    };
    this.#worker.onerror = event => {
      event.preventDefault();
      const error = new Error(`the engine cannot be started: ${event.message || 'run scripts/build-js to build it'}`);
      for (const {reject} of this.#pending.values()) reject(error);
      this.#pending.clear();
    };
  }

  /** Estimates the poses in `frame`, an ImageBitmap, which is transferred. */
  estimate(frame, options) {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, {resolve, reject});
      this.#worker.postMessage({id, frame, options}, [frame]);
    });
  }
}
