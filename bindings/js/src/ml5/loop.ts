// SPDX-License-Identifier: Apache-2.0
// Frame after frame, until it is stopped.

/** Calls a step for each frame, one at a time. */
export class Loop {
  #generation = 0;
  #running = false;

  get isRunning(): boolean {
    return this.#running;
  }

  /** Calls `step` again and again, until stop() or an error, which `onError` gets. Starting anew ends what runs. */
  start(step: () => Promise<void>, onError: (error: unknown) => void): void {
    const generation = ++this.#generation;
    this.#running = true;
    void this.#run(generation, step).catch(error => {
      if (generation !== this.#generation) return;
      this.#running = false;
      onError(error);
    });
  }

  /** No further step begins. */
  stop(): void {
    ++this.#generation;
    this.#running = false;
  }

  // A loop, not steps that call each other: chains of promises would grow for as long as a page is open.
  async #run(generation: number, step: () => Promise<void>): Promise<void> {
    while (generation === this.#generation) {
      await step();
      await nextFrame();
    }
  }
}

/** Waits until the page is drawn; where it is not (hidden pages, workers), a moment. */
function nextFrame(): Promise<void> {
  return new Promise(resolve => {
    if (typeof requestAnimationFrame === 'function' && !(globalThis as {document?: Document}).document?.hidden) {
      requestAnimationFrame(() => resolve());
    } else {
      setTimeout(resolve, 16);
    }
  });
}
