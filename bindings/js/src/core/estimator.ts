// SPDX-License-Identifier: Apache-2.0
// Human pose estimation.
import type {Exports} from './exports.js';
import {Handle} from './handle.js';
import {type PixelImage, writeImage} from './image.js';
import type {Module} from './module.js';
import {readOptions, writeOptions} from './option_table.js';
import {
  DECODE_TABLE, type DecodeOptions, ESTIMATOR_TABLE, type EstimatorOptions, type ResolvedEstimatorOptions,
} from './options.js';
import {
  BOXED_POSE_FLOATS, type BoxedPose, type CorePose, POSE_FLOATS, readBoxedPoses, readPoses,
} from './poses.js';
import {DECODE_OPTIONS, ESTIMATOR_OPTIONS, REFINER_OPTIONS} from './structs.js';

// That of the C interface: POSENET_MAX_POSES.
const MAX_POSES = 10000;

/** Returns what `use` returns for a refiner of that model, or for null without one. */
function withRefiner<Result>(module: Module, model: number, use: (refiner: number) => Result): Result {
  if (model === 0) return use(0);
  const {exports} = module;
  const options = module.initialized(REFINER_OPTIONS);
  options.set('thread_count', module.expectedThreads);
  const refiner = module.created((handle, error) =>
    exports.posenet_refiner_create(model, options.pointer, handle, error));
  try {
    return use(refiner);
  } finally {
    exports.posenet_refiner_destroy(refiner);
  }
}

function createEstimator(module: Module, model: number, refinerModel: number, options: EstimatorOptions): number {
  return module.withStack(() => {
    const given = module.initialized(ESTIMATOR_OPTIONS);
    writeOptions(given, ESTIMATOR_TABLE, {...options, threads: module.expectedThreads});
    return withRefiner(module, refinerModel, refiner => {
      given.set('refiner', refiner);
      return module.created((handle, error) =>
        module.exports.posenet_estimator_create(model, given.pointer, handle, error));
    });
  });
}

/** Estimates the poses of the people in images, with a network prepared for one input size. */
export class Estimator extends Handle {
  /** The options in force: sizes rounded, defaults filled in. */
  readonly options: ResolvedEstimatorOptions;
  readonly #image = this.createBuffer();
  readonly #poses = this.createBuffer();

  /** Called by Model.createEstimator; `refiner` is another model, or 0. */
  constructor(module: Module, model: number, refiner: number, options: EstimatorOptions) {
    const {exports} = module;
    super(module, createEstimator(module, model, refiner, options), exports.posenet_estimator_destroy, 'estimator');
    this.options = Object.freeze(module.withStack(() => {
      const resolved = module.initialized(ESTIMATOR_OPTIONS);
      module.checked(error => exports.posenet_estimator_get_options(this.pointer, resolved.pointer, error));
      return readOptions(resolved, ESTIMATOR_TABLE) as unknown as ResolvedEstimatorOptions;
    }));
  }

  /** Returns the poses in `image`, in its pixels. Takes from a few milliseconds to a few hundred. Errors:
   *  PoseNetError. */
  estimate(image: PixelImage): CorePose[] {
    return this.estimateWith(image, undefined);
  }

  /** Does the same with options for this call alone, which cost no extra time. */
  estimateWith(image: PixelImage, options: DecodeOptions | undefined): CorePose[] {
    const {floats, count} = this.#run(this.module.exports.posenet_estimator_estimate, POSE_FLOATS, image, options);
    return readPoses(floats, count);
  }

  /** Does the same with the box around each person, for MoveNet MultiPose. */
  estimateBoxed(image: PixelImage, options?: DecodeOptions): BoxedPose[] {
    const {floats, count} =
      this.#run(this.module.exports.posenet_estimator_estimate_boxed, BOXED_POSE_FLOATS, image, options);
    return readBoxedPoses(floats, count);
  }

  /** Returns the number of poses, and a view of them, of `poseFloats` each. */
  #run(run: Exports['posenet_estimator_estimate'], poseFloats: number, image: PixelImage,
       options: DecodeOptions | undefined): {floats: Float32Array, count: number} {
    const {module, pointer} = this;
    return module.withStack(() => {
      const given = writeImage(module, this.#image, image);
      const decode = options === undefined ? 0 : this.#writeDecodeOptions(options);
      const countAt = module.exports.stackAlloc(4);
      const maxPoses = Math.min(Math.max(options?.maxPoses ?? this.options.maxPoses, 0), MAX_POSES);
      // Only the library knows the maximum of another decoder than the estimator's own. A full array may be too short.
      for (let capacity = maxPoses + 1;; capacity *= 2) {
        const poses = this.#poses.reserve(capacity * poseFloats * Float32Array.BYTES_PER_ELEMENT);
        module.checked(error => run(pointer, given, decode, poses, capacity, countAt, error));
        const count = module.view.getUint32(countAt, true);
        if (count < capacity) return {floats: module.floats(poses, count * poseFloats), count};
      }
    });
  }

  /** Returns the address of a posenet_decode_options on the stack. */
  #writeDecodeOptions(options: DecodeOptions): number {
    const given = this.module.initialized(DECODE_OPTIONS);
    writeOptions(given, DECODE_TABLE, options);
    return given.pointer;
  }
}
