// SPDX-License-Identifier: Apache-2.0
// People in pictures.
import {Handle} from './handle.js';
import type {Module} from './module.js';
import {
  decodeArguments, type DecodeOptions, type EstimatorOptions, type EstimatorOptionsInForce, networkArguments,
  optionsInForce,
} from './options.js';
import {channelsOf, type Picture} from './picture.js';
import {type CorePose, POSE_FLOATS, readPoses} from './poses.js';

const NO_OPTIONS: DecodeOptions = {};

/** A network made ready for one input size, and what it needs to find people. */
export class Estimator extends Handle {
  /** The options in force: sizes made valid, what was left open filled in. */
  readonly options: EstimatorOptionsInForce;

  /** For Model.createEstimator. */
  constructor(module: Module, model: number, options: EstimatorOptions) {
    const {exports} = module;
    const [size, rest] = networkArguments(options);
    const pointer = module.checked(
      exports.posenet_estimator_create(model, ...size, ...decodeArguments(options), ...rest, module.expectedThreads));
    super(module, pointer, exports.posenet_estimator_destroy, 'estimator');
    this.options = Object.freeze(optionsInForce(module.text(exports.posenet_estimator_options(pointer))));
  }

  /** The people in `picture`, in its pixels. Returns when they are found: some milliseconds to some hundreds.
   *  Errors: PoseNetError. */
  estimate(picture: Picture): CorePose[] {
    return this.estimateWith(picture, NO_OPTIONS);
  }

  /** The same with a decoder, thresholds or mirroring of this call's own, which cost nothing. */
  estimateWith(picture: Picture, options: DecodeOptions): CorePose[] {
    const channels = channelsOf(picture);
    const wanted = decodeArguments(options);
    const {module, pointer} = this;
    const {exports} = module;
    const {data, width, height} = picture;
    module.bytes(module.checked(exports.posenet_estimator_picture(pointer, data.length)), data.length).set(data);
    const count = exports.posenet_estimator_run(pointer, width, height, channels, ...wanted);
    if (count < 0) throw module.error();
    return readPoses(module.floats(exports.posenet_estimator_poses(pointer), count * POSE_FLOATS), count);
  }
}
