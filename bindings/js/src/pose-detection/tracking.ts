// SPDX-License-Identifier: Apache-2.0
// Tracking and smoothing of a detector's poses.
import type {ModuleOptions} from '../core/module.js';
import type {CorePose} from '../core/poses.js';
import {createSmoother, createTracker, type Smoother, type Tracker, type TrackerOptions} from '../core/track.js';

/** Poses and their track IDs. */
export interface TrackedPoses {
  poses: CorePose[];
  /** One per pose, from 1; absent without tracking. */
  ids?: number[];
}

/** Which of the two is wanted. Smoothing needs track IDs, so it runs the tracker as well. */
export interface TrackingOptions {
  tracking: boolean;
  smoothing: boolean;
  tracker?: TrackerOptions;
}

/** A tracker and a smoother for one video, if wanted. */
export class PoseTracking {
  #lastSeconds = -Infinity;

  private constructor(
      private readonly showsIds: boolean, private readonly tracker: Tracker | undefined,
      private readonly smoother: Smoother | undefined) {}

  /** Rejects with a PoseNetError. */
  static async create(options: TrackingOptions, module: ModuleOptions): Promise<PoseTracking> {
    const {tracking, smoothing} = options;
    const tracker = tracking || smoothing ? await createTracker({...options.tracker, ...module}) : undefined;
    return new PoseTracking(tracking, tracker, smoothing ? await createSmoother(module) : undefined);
  }

  /** Processes the frame at `milliseconds`. If time goes back (the video restarted), all tracks are dropped. */
  update(poses: CorePose[], milliseconds: number): TrackedPoses {
    if (!this.tracker) return {poses};
    const seconds = milliseconds / 1000;
    if (seconds < this.#lastSeconds) this.reset();
    this.#lastSeconds = seconds;
    const ids = this.tracker.update(poses, seconds);
    const smooth = this.smoother?.smooth(poses, ids, seconds) ?? poses;
    if (!this.showsIds) return {poses: smooth};
    // Tentative poses would appear and disappear.
    const isConfirmed = (_: unknown, index: number) => ids[index] !== 0;
    return {poses: smooth.filter(isConfirmed), ids: ids.filter(isConfirmed)};
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
