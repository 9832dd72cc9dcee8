// SPDX-License-Identifier: Apache-2.0
// The worker that finds people, as a function that answers with a promise.

export class Engine {
  #worker;
  #waiting = new Map();
  #lastId = 0;

  /** `onProgress(loadedBytes, totalBytes)` is called while a model comes. */
  constructor(onProgress) {
    this.#worker = new Worker(new URL('worker.js', import.meta.url), {type: 'module'});
    this.#worker.onmessage = ({data}) => {
      if (data.loaded !== undefined) return onProgress(data.loaded, data.total);
      const {resolve, reject} = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if (data.error === undefined) resolve(data); else reject(new Error(data.error));
    };
    this.#worker.onerror = event => {
      event.preventDefault();
      const error = new Error(`the engine cannot be started: ${event.message || 'scripts/build-js builds it'}`);
      for (const {reject} of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    };
  }

  /** Who is in `frame`, an ImageBitmap, which is given away. */
  estimate(frame, wanted) {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {resolve, reject});
      this.#worker.postMessage({id, frame, wanted}, [frame]);
    });
  }
}
