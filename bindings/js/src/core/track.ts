// SPDX-License-Identifier: Apache-2.0
// Tracking and smoothing of poses over time.
import {PoseNetError} from './errors.js';
import {Handle} from './handle.js';
import type {HeapBuffer} from './heap_buffer.js';
import {loadModule, type Module, type ModuleOptions} from './module.js';
import {choice, createWithOptions, DOUBLE, FLOAT, INTEGER, type Option} from './option_table.js';
import {type CorePose, POSE_BYTES, POSE_FLOATS, readPoses, writePoses} from './poses.js';
import {SMOOTHER_OPTIONS, TRACKER_OPTIONS} from './structs.js';

// In the order of the C interface's enumerators.
export const SIMILARITIES = ['keypoints', 'box'] as const;

/** Options of a tracker. The defaults are those of TensorFlow.js pose-detection, if it has the option. */
export interface TrackerOptions {
  /** How the similarity of a pose and a track is measured: by keypoints ('keypoints', the default), or by the boxes
   *  around confident keypoints ('box'). */
  similarity?: typeof SIMILARITIES[number] | undefined;
  /** Maximum number of tracks. Default: 18. */
  maxTracks?: number | undefined;
  /** Milliseconds without a match after which a track is dropped. Default: 2000. */
  maxAgeMs?: number | undefined;
  /** Minimum score of the keypoints that count for similarity. Default: 0.3. */
  minKeypointScore?: number | undefined;
  /** Minimum score of a pose that starts a new track immediately. A weaker pose stays tentative first, the longer the
   *  lower its score. At 0, every pose starts a track. Default: 0.5. */
  minNewScore?: number | undefined;
}

const TRACKER_TABLE = {
  similarity: ['similarity', choice(SIMILARITIES)],
  maxTracks: ['max_tracks', INTEGER],
  maxAgeMs: ['max_age_ms', DOUBLE],
  minKeypointScore: ['min_keypoint_score', FLOAT],
  minNewScore: ['min_new_score', FLOAT],
} as const satisfies Record<keyof TrackerOptions, Option>;

/** Copies `poses` to `buffer`. Returns their address. */
function writeAll(module: Module, poses: readonly CorePose[], buffer: HeapBuffer): number {
  const pointer = buffer.reserve(poses.length * POSE_BYTES);
  writePoses(poses, module.floats(pointer, poses.length * POSE_FLOATS));
  return pointer;
}

/** Assigns poses to tracks. Create one per video. */
export class Tracker extends Handle {
  readonly #poses = this.createBuffer();
  readonly #ids = this.createBuffer();

  /** Called by createTracker. */
  constructor(module: Module, options: TrackerOptions) {
    const {exports} = module;
    const pointer = createWithOptions(
      module, TRACKER_OPTIONS, TRACKER_TABLE, options, exports.posenet_tracker_create);
    super(module, pointer, exports.posenet_tracker_destroy, 'tracker');
  }

  /** Returns the track ID of each of `poses`: from 1, all different; or 0 while it is uncertain whether the pose shows
   *  a person, or another person than a second pose. `timeSeconds` is the time of the frame, by any clock that never
   *  goes back. Errors: PoseNetError; the tracker is then unchanged. */
  update(poses: readonly CorePose[], timeSeconds: number): number[] {
    const {module, pointer} = this;
    const {length} = poses;
    const ids = this.#ids.reserve(length * BigInt64Array.BYTES_PER_ELEMENT);
    const given = writeAll(module, poses, this.#poses);
    module.checked(error =>
      module.exports.posenet_tracker_update(pointer, given, length, timeSeconds, ids, error));
    return Array.from(module.integers(ids, length), Number);
  }

  /** Drops all tracks. Track IDs are not reused. */
  reset(): void {
    this.module.exports.posenet_tracker_reset(this.pointer);
  }
}

/** Options of a smoother: a one-euro filter per keypoint, with defaults for PoseNet's noise. */
export interface SmootherOptions {
  /** Cutoff frequency of a still keypoint, above 0; lower is smoother. Default: 0.4. */
  minCutoffHz?: number | undefined;
  /** Increase of the cutoff frequency with speed, from 0; higher lags less in motion. Default: 20. */
  beta?: number | undefined;
  /** Cutoff frequency of the filter that estimates the speed, above 0. Default: 1. */
  derivativeCutoffHz?: number | undefined;
  /** Initial standard deviation of a still keypoint, relative to the size of the person; the smoother refines it as it
   *  runs, and subtracts the speed that noise alone would show. 0 disables that. Default: 0.02. */
  noise?: number | undefined;
  /** Milliseconds without a pose after which the filters of a track start again. Default: 1000. */
  maxAgeMs?: number | undefined;
}

/** The smoothing options of TensorFlow.js pose-detection. */
export const TFJS_SMOOTHING: Readonly<SmootherOptions> =
  Object.freeze({minCutoffHz: 2.5, beta: 300, derivativeCutoffHz: 2.5, noise: 0});

const SMOOTHER_TABLE = {
  minCutoffHz: ['min_cutoff_hz', DOUBLE],
  beta: ['beta', DOUBLE],
  derivativeCutoffHz: ['derivative_cutoff_hz', DOUBLE],
  noise: ['noise', DOUBLE],
  maxAgeMs: ['max_age_ms', DOUBLE],
} as const satisfies Record<keyof SmootherOptions, Option>;

function toId(id: number): bigint {
  if (!Number.isSafeInteger(id)) {
    throw new PoseNetError('invalid-argument', `a track ID is ${id}; expected an integer`);
  }
  return BigInt(id);
}

/** Smooths keypoints over time. Create one per video. */
export class Smoother extends Handle {
  readonly #poses = this.createBuffer();
  readonly #ids = this.createBuffer();

  /** Called by createSmoother. */
  constructor(module: Module, options: SmootherOptions) {
    const {exports} = module;
    const pointer = createWithOptions(
      module, SMOOTHER_OPTIONS, SMOOTHER_TABLE, options, exports.posenet_smoother_create);
    super(module, pointer, exports.posenet_smoother_destroy, 'smoother');
  }

  /** Returns `poses` with smoothed positions; ids[i] is the track ID of poses[i], and poses with ID 0 are left
   *  unchanged. Errors: PoseNetError; the smoother is then unchanged. */
  smooth(poses: readonly CorePose[], ids: readonly number[], timeSeconds: number): CorePose[] {
    if (ids.length !== poses.length) {
      throw new PoseNetError('invalid-argument', `got ${ids.length} track IDs for ${poses.length} poses`);
    }
    const {module, pointer} = this;
    const {length} = poses;
    const givenIds = this.#ids.reserve(length * BigInt64Array.BYTES_PER_ELEMENT);
    const given = writeAll(module, poses, this.#poses);
    module.integers(givenIds, length).set(ids.map(toId));
    module.checked(error =>
      module.exports.posenet_smoother_smooth(pointer, given, givenIds, length, timeSeconds, error));
    return readPoses(module.floats(given, length * POSE_FLOATS), length);
  }

  /** Drops the filters of all tracks. */
  reset(): void {
    this.module.exports.posenet_smoother_reset(this.pointer);
  }
}

/** Creates a tracker; no model is needed. Rejects with a PoseNetError. */
export async function createTracker(
    {threads, wasmUrl, ...options}: TrackerOptions & ModuleOptions = {}): Promise<Tracker> {
  return new Tracker(await loadModule({threads, wasmUrl}), options);
}

/** Creates a smoother; no model is needed. Rejects with a PoseNetError. */
export async function createSmoother(
    {threads, wasmUrl, ...options}: SmootherOptions & ModuleOptions = {}): Promise<Smoother> {
  return new Smoother(await loadModule({threads, wasmUrl}), options);
}
