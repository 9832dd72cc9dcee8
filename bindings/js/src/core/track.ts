// SPDX-License-Identifier: Apache-2.0
// People over time: who is who, and keypoints that do not tremble.
import {PoseNetError} from './errors.js';
import {Handle} from './handle.js';
import {loadModule, type Module, type ModuleOptions} from './module.js';
import {indexOf, numberOf} from './options.js';
import {type CorePose, POSE_FLOATS, readPoses, writePoses} from './poses.js';

const SIMILARITIES = ['keypoints', 'box'] as const;

/** How a tracker works; defaults are those of TensorFlow.js pose-detection where it has them. */
export interface TrackerOptions {
  /** How alike a pose and a person seen before are: by keypoints ('keypoints', the default), or by the boxes around
   *  confident ones. */
  similarity?: typeof SIMILARITIES[number] | undefined;
  /** People that are remembered at a time. By default 18. */
  maxTracks?: number | undefined;
  /** A person that is unseen for longer is forgotten. By default 2000. */
  maxAgeMs?: number | undefined;
  /** Weaker keypoints say nothing about who somebody is. By default 0.3. */
  minKeypointScore?: number | undefined;
  /** A pose that scores this is somebody new at once; a weaker one is when it was seen for a moment, the sooner the more
   *  it scores. By default 0.5; at 0 every pose is somebody. */
  minNewScore?: number | undefined;
}

/** Gives poses the number of the person they belong to. One for each video. */
export class Tracker extends Handle {
  /** For createTracker. */
  constructor(module: Module, options: TrackerOptions) {
    const {exports} = module;
    const pointer = module.checked(exports.posenet_tracker_create(
      indexOf('similarity', options.similarity, SIMILARITIES), numberOf('maxTracks', options.maxTracks),
      numberOf('maxAgeMs', options.maxAgeMs), numberOf('minKeypointScore', options.minKeypointScore),
      numberOf('minNewScore', options.minNewScore)));
    super(module, pointer, exports.posenet_tracker_destroy, 'tracker');
  }

  /** One number for each of `poses`: that of the same person earlier, or a new one, from 1, all different; or 0 where it
   *  is not sure yet that the pose shows anybody, or somebody else than another pose does. `timeSeconds` is the frame's
   *  time, by any clock that never goes back. Errors: PoseNetError; nothing is changed. */
  update(poses: readonly CorePose[], timeSeconds: number): number[] {
    const {module, pointer} = this;
    const {exports} = module;
    module.checked(exports.posenet_tracker_resize(pointer, poses.length));
    writePoses(poses, module.floats(exports.posenet_tracker_poses(pointer), poses.length * POSE_FLOATS));
    module.checked(exports.posenet_tracker_update(pointer, timeSeconds));
    return Array.from(module.doubles(exports.posenet_tracker_numbers(pointer), poses.length));
  }

  /** Forgets everybody; numbers go on. */
  reset(): void {
    this.module.exports.posenet_tracker_reset(this.pointer);
  }
}

/** How a smoother works: a one-euro filter for each keypoint, with defaults for PoseNet's noise. */
export interface SmootherOptions {
  /** Above 0, by default 0.4. Lower means calmer when still. */
  minCutoffHz?: number | undefined;
  /** From 0, by default 20. Higher means less lag when moving. */
  beta?: number | undefined;
  /** Above 0, by default 1. */
  derivativeCutoffHz?: number | undefined;
  /** A still keypoint's noise in sizes of the person, to begin with. By default 0.02; 0: all speed counts. */
  noise?: number | undefined;
  /** A person that is unseen for longer starts anew. By default 1000. */
  maxAgeMs?: number | undefined;
}

/** The options of TensorFlow.js pose-detection's smoothing. */
export const TFJS_SMOOTHING: Readonly<SmootherOptions> =
  Object.freeze({minCutoffHz: 2.5, beta: 300, derivativeCutoffHz: 2.5, noise: 0});

/** Steadies keypoints over time. One for each video. */
export class Smoother extends Handle {
  /** For createSmoother. */
  constructor(module: Module, options: SmootherOptions) {
    const {exports} = module;
    const pointer = module.checked(exports.posenet_smoother_create(
      numberOf('minCutoffHz', options.minCutoffHz), numberOf('beta', options.beta),
      numberOf('derivativeCutoffHz', options.derivativeCutoffHz), numberOf('noise', options.noise),
      numberOf('maxAgeMs', options.maxAgeMs)));
    super(module, pointer, exports.posenet_smoother_destroy, 'smoother');
  }

  /** `poses` with smooth positions; ids[i] is the person that poses[i] is, and poses of 0 stay as they are.
   *  Errors: PoseNetError; nothing is changed. */
  smooth(poses: readonly CorePose[], ids: readonly number[], timeSeconds: number): CorePose[] {
    if (ids.length !== poses.length) {
      throw new PoseNetError('invalid-argument', `there are ${ids.length} numbers for ${poses.length} poses`);
    }
    const {module, pointer} = this;
    const {exports} = module;
    module.checked(exports.posenet_smoother_resize(pointer, poses.length));
    writePoses(poses, module.floats(exports.posenet_smoother_poses(pointer), poses.length * POSE_FLOATS));
    module.doubles(exports.posenet_smoother_numbers(pointer), ids.length).set(ids);
    module.checked(exports.posenet_smoother_run(pointer, timeSeconds));
    return readPoses(module.floats(exports.posenet_smoother_poses(pointer), poses.length * POSE_FLOATS), poses.length);
  }

  /** Forgets everybody. */
  reset(): void {
    this.module.exports.posenet_smoother_reset(this.pointer);
  }
}

/** A tracker; nothing needs a model. */
export async function createTracker(options: TrackerOptions & ModuleOptions = {}): Promise<Tracker> {
  return new Tracker(await loadModule(options), options);
}

/** A smoother. */
export async function createSmoother(options: SmootherOptions & ModuleOptions = {}): Promise<Smoother> {
  return new Smoother(await loadModule(options), options);
}
