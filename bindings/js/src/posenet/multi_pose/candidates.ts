// SPDX-License-Identifier: Apache-2.0
// Where persons may start: local maxima of the heatmaps, best first.
import type {TensorBuffer3D} from '../tensor.js';

/** A cell of a part's heatmap. */
export interface Candidate {
  readonly score: number;
  readonly y: number;
  readonly x: number;
  readonly part: number;
}

/** Cells of at least `threshold` that no neighbour exceeds, by score. Which of equals comes first is what a binary heap
 *  that was filled row by row says, because TensorFlow.js has one: pictures of one colour would differ otherwise. */
export function* rootCandidates(scores: TensorBuffer3D, threshold: number): Generator<Candidate> {
  const heap = new Heap();
  const [height, width, parts] = scores.shape as [number, number, number];
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      for (let part = 0; part < parts; ++part) {
        const score = scores.get(y, x, part);
        if (score >= threshold && isMaximum(scores, score, y, x, part)) heap.push({score, y, x, part});
      }
    }
  }
  for (let best = heap.pop(); best; best = heap.pop()) yield best;
}

function isMaximum(scores: TensorBuffer3D, score: number, y: number, x: number, part: number): boolean {
  const [height, width] = scores.shape as [number, number];
  for (let row = Math.max(y - 1, 0); row <= Math.min(y + 1, height - 1); ++row) {
    for (let column = Math.max(x - 1, 0); column <= Math.min(x + 1, width - 1); ++column) {
      if (scores.get(row, column, part) > score) return false;
    }
  }
  return true;
}

/** A binary heap, the largest score on top. Nodes are numbered from 1, so that those of `i` are 2i and 2i + 1. */
class Heap {
  readonly #nodes: Candidate[] = [];

  push(candidate: Candidate): void {
    this.#nodes.push(candidate);
    let at = this.#nodes.length;
    while (at > 1 && this.#score(at) > this.#score(at >> 1)) {
      this.#swap(at, at >> 1);
      at >>= 1;
    }
  }

  pop(): Candidate | undefined {
    const best = this.#nodes[0];
    this.#swap(1, this.#nodes.length);
    this.#nodes.pop();
    let at = 1;
    while (2 * at <= this.#nodes.length) {
      const child = 2 * at < this.#nodes.length && this.#score(2 * at + 1) > this.#score(2 * at) ? 2 * at + 1 : 2 * at;
      if (this.#score(child) <= this.#score(at)) break;
      this.#swap(at, child);
      at = child;
    }
    return best;
  }

  #score(node: number): number {
    return (this.#nodes[node - 1] as Candidate).score;
  }

  #swap(a: number, b: number): void {
    if (b < 1) return;
    [this.#nodes[a - 1], this.#nodes[b - 1]] = [this.#nodes[b - 1] as Candidate, this.#nodes[a - 1] as Candidate];
  }
}
