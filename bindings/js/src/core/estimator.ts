// SPDX-License-Identifier: Apache-2.0
// Human pose estimation.
import type {Exports} from './exports.js';
import {Handle} from './handle.js';
import {channelsOf, type PixelImage} from './image.js';
import type {Module} from './module.js';
import type {DecodeOptions, EstimatorOptions, ResolvedEstimatorOptions} from './options.js';
import {
  BOXED_POSE_FLOATS, type BoxedPose, type CorePose, POSE_FLOATS, readBoxedPoses, readPoses,
} from './poses.js';

/** Estimates the poses of the people in images, with a network prepared for one input size. */
export class Estimator extends Handle {
  /** The options in force: sizes rounded, defaults filled in. */
  readonly options: ResolvedEstimatorOptions;

  /** Called by Model.createEstimator; `refiner` is another model, or 0. */
  constructor(module: Module, model: number, refiner: number, options: EstimatorOptions) {
    const {exports} = module;
    const pointer = module.withJson({...options, threads: module.expectedThreads}, (json, size) =>
      module.checked(exports.posenet_estimator_create(model, refiner, json, size)));
    super(module, pointer, exports.posenet_estimator_destroy, 'estimator');
    this.options = Object.freeze(
      JSON.parse(module.text(exports.posenet_estimator_options(pointer))) as ResolvedEstimatorOptions);
  }

  /** Returns the poses in `image`, in its pixels. Takes from a few milliseconds to a few hundred. Errors:
   *  PoseNetError. */
  estimate(image: PixelImage): CorePose[] {
    return this.estimateWith(image, undefined);
  }

  /** Does the same with options for this call alone, which cost no extra time. */
  estimateWith(image: PixelImage, options: DecodeOptions | undefined): CorePose[] {
    const {module, pointer} = this;
    const {exports} = module;
    const count = this.#run(exports.posenet_estimator_run, image, options);
    return readPoses(module.floats(exports.posenet_estimator_poses(pointer), count * POSE_FLOATS), count);
  }

  /** Does the same with the box around each person, for MoveNet MultiPose. */
  estimateBoxed(image: PixelImage, options?: DecodeOptions): BoxedPose[] {
    const {module, pointer} = this;
    const {exports} = module;
    const count = this.#run(exports.posenet_estimator_run_boxed, image, options);
    return readBoxedPoses(
      module.floats(exports.posenet_estimator_people(pointer), count * BOXED_POSE_FLOATS), count);
  }

  #run(run: Exports['posenet_estimator_run'], image: PixelImage, options: DecodeOptions | undefined): number {
    const channels = channelsOf(image);
    const {module, pointer} = this;
    const {data, width, height} = image;
    module.bytes(module.checked(module.exports.posenet_estimator_image(pointer, data.length)), data.length).set(data);
    const count = module.withJson(options, (json, size) => run(pointer, width, height, channels, json, size));
    if (count < 0) throw module.error();
    return count;
  }
}
