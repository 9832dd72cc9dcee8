// SPDX-License-Identifier: Apache-2.0
// Human pose estimation.
import {Handle} from './handle.js';
import {channelsOf, type PixelImage} from './image.js';
import type {Module} from './module.js';
import type {DecodeOptions, EstimatorOptions, ResolvedEstimatorOptions} from './options.js';
import {type CorePose, POSE_FLOATS, readPoses} from './poses.js';

/** Estimates the poses of the people in images, with a network prepared for one input size. */
export class Estimator extends Handle {
  /** The options in force: sizes rounded, defaults filled in. */
  readonly options: ResolvedEstimatorOptions;

  /** Called by Model.createEstimator. */
  constructor(module: Module, model: number, options: EstimatorOptions) {
    const {exports} = module;
    const pointer = module.withJson({...options, threads: module.expectedThreads}, (json, size) =>
      module.checked(exports.posenet_estimator_create(model, json, size)));
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
    const channels = channelsOf(image);
    const {module, pointer} = this;
    const {exports} = module;
    const {data, width, height} = image;
    module.bytes(module.checked(exports.posenet_estimator_image(pointer, data.length)), data.length).set(data);
    const count = module.withJson(options, (json, size) =>
      exports.posenet_estimator_run(pointer, width, height, channels, json, size));
    if (count < 0) throw module.error();
    return readPoses(module.floats(exports.posenet_estimator_poses(pointer), count * POSE_FLOATS), count);
  }
}
