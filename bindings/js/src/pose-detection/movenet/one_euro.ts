// SPDX-License-Identifier: Apache-2.0
// The filter with which pose-detection smooths MoveNet's keypoints over time. Source: Casiez et al., "1 € Filter" (CHI
// 2012), with the constants of `@tensorflow-models/pose-detection` 2.1, in fractions of the image.
import type {Keypoint} from '../../core/poses.js';

const FREQUENCY_HZ = 30; // Until two samples have shown it.
const MIN_CUTOFF_HZ = 2.5;
const BETA = 300;
const DERIVATIVE_CUTOFF_HZ = 2.5;
// Steps beyond this, which grows with the speed, are compressed to their logarithm.
const MIN_STEP = 0.5;
const STEP_PER_SPEED = 5;

function gainOf(cutoffHz: number, frequencyHz: number): number {
  return 1 / (1 + frequencyHz / (2 * Math.PI * cutoffHz));
}

/** The filter of one coordinate. */
class OneEuroFilter {
  #lastMicroseconds = 0;
  #frequency = FREQUENCY_HZ;
  #speed = 0;
  #last: {raw: number; smooth: number} | undefined;

  /** Returns the smoothed `value`; the value itself if time has not advanced. */
  apply(value: number, microseconds: number): number {
    const now = Math.trunc(microseconds);
    if (now <= this.#lastMicroseconds) return value;
    if (this.#lastMicroseconds !== 0) this.#frequency = 1e6 / (now - this.#lastMicroseconds);
    this.#lastMicroseconds = now;
    if (!this.#last) {
      this.#last = {raw: value, smooth: value};
      return value;
    }
    const speed = (value - this.#last.raw) * this.#frequency;
    this.#speed += gainOf(DERIVATIVE_CUTOFF_HZ, this.#frequency) * (speed - this.#speed);
    const gain = gainOf(MIN_CUTOFF_HZ + BETA * Math.abs(this.#speed), this.#frequency);
    const largest = MIN_STEP + STEP_PER_SPEED * Math.abs(this.#speed);
    const smooth = this.#last.smooth + gain * largest * Math.asinh((value - this.#last.smooth) / largest);
    this.#last = {raw: value, smooth};
    return smooth;
  }
}

/** Smooths the keypoints of one person. */
export class KeypointSmoother {
  readonly #filters: Array<{x: OneEuroFilter; y: OneEuroFilter}> = [];

  /** Returns `keypoints` smoothed. Positions are fractions of the image's sides. */
  apply(keypoints: readonly Keypoint[], microseconds: number): Keypoint[] {
    return keypoints.map(({x, y, score}, i) => {
      const filter = this.#filters[i] ??= {x: new OneEuroFilter(), y: new OneEuroFilter()};
      return {x: filter.x.apply(x, microseconds), y: filter.y.apply(y, microseconds), score};
    });
  }
}
