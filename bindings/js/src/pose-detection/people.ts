// SPDX-License-Identifier: Apache-2.0
// People from frame to frame: who is who, and steady keypoints.
import type {ModuleOptions} from '../core/module.js';
import type {CorePose} from '../core/poses.js';
import {createSmoother, createTracker, type Smoother, type Tracker, type TrackerOptions} from '../core/track.js';

/** Poses, and the people they belong to. */
export interface KnownPeople {
  poses: CorePose[];
  /** One for each pose, from 1; nothing when people are not told apart. */
  ids?: number[];
}

/** What is done about time; both wants whom it concerns, so smoothing tracks as well. */
export interface PeopleOptions {
  tracking: boolean;
  smoothing: boolean;
  tracker?: TrackerOptions;
}

export class People {
  #lastSeconds = -Infinity;

  private constructor(
      private readonly showsIds: boolean, private readonly tracker: Tracker | undefined,
      private readonly smoother: Smoother | undefined) {}

  /** Errors: PoseNetError. */
  static async create(options: PeopleOptions, module: ModuleOptions): Promise<People> {
    const {tracking, smoothing} = options;
    const tracker = tracking || smoothing ? await createTracker({...options.tracker, ...module}) : undefined;
    return new People(tracking, tracker, smoothing ? await createSmoother(module) : undefined);
  }

  /** The frame of `milliseconds`. Where time goes back (a video that begins anew), everybody is forgotten. */
  update(poses: CorePose[], milliseconds: number): KnownPeople {
    if (!this.tracker) return {poses};
    const seconds = milliseconds / 1000;
    if (seconds < this.#lastSeconds) this.reset();
    this.#lastSeconds = seconds;
    const ids = this.tracker.update(poses, seconds);
    const steady = this.smoother?.smooth(poses, ids, seconds) ?? poses;
    if (!this.showsIds) return {poses: steady};
    // Poses that are nobody's yet would come and go.
    const isSomebody = (_: unknown, index: number) => ids[index] !== 0;
    return {poses: steady.filter(isSomebody), ids: ids.filter(isSomebody)};
  }

  reset(): void {
    this.#lastSeconds = -Infinity;
    this.tracker?.reset();
    this.smoother?.reset();
  }

  dispose(): void {
    this.tracker?.dispose();
    this.smoother?.dispose();
  }
}
