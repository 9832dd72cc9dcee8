// SPDX-License-Identifier: Apache-2.0
// The engine for JavaScript: models, and what finds people and cameras with them.
export {PoseNetError, type PoseNetErrorCode} from './errors.js';
export {Estimator} from './estimator.js';
export {
  type CameraEstimate, type CameraUncertainty, Localizer, type LocalizerOptions, type Scene,
} from './localizer.js';
export {type LoadOptions, loadModel, Model, type ModelInfo} from './model.js';
export type {ModuleOptions} from './module.js';
export type {
  DecodeOptions, Decoder, EstimatorOptions, EstimatorOptionsInForce, Fit, Precision, Resampling,
} from './options.js';
export type {Picture} from './picture.js';
export {canShareMemory, supportedThreads} from './platform.js';
export type {CorePose, Keypoint} from './poses.js';
export type {ModelSource} from './source.js';
export {
  createSmoother, createTracker, Smoother, type SmootherOptions, TFJS_SMOOTHING, Tracker, type TrackerOptions,
} from './track.js';
