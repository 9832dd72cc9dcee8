// SPDX-License-Identifier: Apache-2.0
// The package's main entry: TensorFlow.js PoseNet's interface for human poses, and camera relocalization.
export {CameraLocalizer, loadLocalizer} from './camera/index.js';
export type {CameraEstimate, CameraUncertainty, LocalizerOptions, Scene} from './core/localizer.js';
export {PoseNetError, type PoseNetErrorCode} from './core/errors.js';
export type {ImageSource, TensorLike} from './input/index.js';
export * from './posenet/index.js';
