// SPDX-License-Identifier: Apache-2.0
// The engine for JavaScript: models, estimators, localizers, trackers and smoothers.
export {PoseNetError, type PoseNetErrorCode} from './errors.js';
export {Estimator} from './estimator.js';
export type {PixelImage} from './image.js';
export {
  type CameraEstimate, type CameraUncertainty, Localizer, type LocalizerOptions, type Scene,
} from './localizer.js';
export {type LoadOptions, loadModel, Model, type ModelInfo} from './model.js';
export type {ModuleOptions} from './module.js';
export {
  type DecodeOptions, type Decoder, type EstimatorOptions, type Fit, type Precision, type Resampling,
  type ResolvedEstimatorOptions, TFJS_PRESET,
} from './options.js';
export {canShareMemory, supportedThreads} from './platform.js';
export {createPersonCrop, PersonCrop} from './person_crop.js';
export type {BoxedPose, CorePose, Keypoint} from './poses.js';
export type {ModelSource} from './source.js';
export {
  createSmoother, createTracker, Smoother, type SmootherOptions, TFJS_SMOOTHING, Tracker, type TrackerOptions,
} from './track.js';
