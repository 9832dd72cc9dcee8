// SPDX-License-Identifier: Apache-2.0
// A loop over the frames of a video.

/** Runs a step once per frame, one at a time. */
export class Loop {
  #generation = 0;
  #running = false;

  get isRunning(): boolean {
    return this.#running;
  }

  /** Calls `step` repeatedly until stop() is called or it fails, which is passed to `onError`. Starting again replaces
   *  the running step. */
  start(step: () => Promise<void>, onError: (error: unknown) => void): void {
    const generation = ++this.#generation;
    this.#running = true;
    void this.#run(generation, step).catch(error => {
      if (generation !== this.#generation) return;
      this.#running = false;
      onError(error);
    });
  }

  /** Stops: no further step starts. */
  stop(): void {
    ++this.#generation;
    this.#running = false;
  }

  // A loop rather than recursion, whose chain of promises would grow for as long as the page is open.
  async #run(generation: number, step: () => Promise<void>): Promise<void> {
    while (generation === this.#generation) {
      await step();
      await nextFrame();
    }
  }
}

/** Waits for the next frame of the page, or 16 ms if it draws none (hidden pages, workers). */
function nextFrame(): Promise<void> {
  return new Promise(resolve => {
    if (typeof requestAnimationFrame === 'function' && !(globalThis as {document?: Document}).document?.hidden) {
      requestAnimationFrame(() => resolve());
    } else {
      setTimeout(resolve, 16);
    }
  });
}
