// SPDX-License-Identifier: Apache-2.0
// The package: TensorFlow.js PoseNet's interface for people, and scenes for cameras.
export {CameraScene, loadScene} from './camera/index.js';
export type {CameraEstimate, CameraUncertainty, LocalizerOptions, Scene} from './core/localizer.js';
export {PoseNetError, type PoseNetErrorCode} from './core/errors.js';
export type {PictureSource, TensorLike} from './input/index.js';
export * from './posenet/index.js';
