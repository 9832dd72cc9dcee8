// SPDX-License-Identifier: Apache-2.0
// The package: TensorFlow.js PoseNet's interface for people, and scenes for cameras.
export {type CameraScene, loadScene} from './camera/scene.js';
export {PoseNetError, type PoseNetErrorCode} from './core/errors.js';
export * from './posenet/index.js';
