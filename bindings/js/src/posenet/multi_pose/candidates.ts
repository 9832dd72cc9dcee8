// SPDX-License-Identifier: Apache-2.0
// Candidates for the root keypoints of poses: local maxima of the heatmaps, best first.
import type {TensorBuffer3D} from '../tensor.js';

/** A cell of a part's heatmap. */
export interface Candidate {
  readonly score: number;
  readonly y: number;
  readonly x: number;
  readonly part: number;
}

/** Yields the cells of at least `threshold` that no neighbor exceeds, in order of their scores. Equal scores are
 *  ordered by a binary heap filled row by row, as in TensorFlow.js; otherwise results for uniform images would differ.
 *  */
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

/** A max-heap. Nodes are numbered from 0, and the children of `i` are 2i and 2i + 1, so that the root has only one
 *  child: this is TensorFlow.js' heap, and the order of equal scores depends on it. */
class Heap {
  readonly #nodes: Candidate[] = [];

  push(candidate: Candidate): void {
    let at = this.#nodes.push(candidate) - 1;
    while (at > 0 && this.#score(at) > this.#score(at >> 1)) {
      this.#swap(at, at >> 1);
      at >>= 1;
    }
  }

  pop(): Candidate | undefined {
    const last = this.#nodes.length - 1;
    if (last < 0) return undefined;
    this.#swap(0, last);
    const best = this.#nodes.pop();
    let at = 0;
    while (2 * at < last) {
      const left = 2 * at;
      const child = left + 1 < last && this.#score(left + 1) > this.#score(left) ? left + 1 : left;
      if (this.#score(child) <= this.#score(at)) break;
      this.#swap(at, child);
      at = child;
    }
    return best;
  }

  #score(node: number): number {
    return (this.#nodes[node] as Candidate).score;
  }

  #swap(a: number, b: number): void {
    [this.#nodes[a], this.#nodes[b]] = [this.#nodes[b] as Candidate, this.#nodes[a] as Candidate];
  }
}
