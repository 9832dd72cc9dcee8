// SPDX-License-Identifier: Apache-2.0
// What @tensorflow-models/posenet 2.2.2 exports.
export type {PoseNetInput, TensorLike} from '../input/read.js';
export {decodeMultiplePoses, decodeSinglePose} from './decode.js';
export {partChannels, partIds, partNames, poseChain} from './keypoints.js';
export {load, PoseNet} from './posenet.js';
export type {
  InferenceConfig, InputResolution, Keypoint, LegacyMultiPersonInferenceConfig, LegacySinglePersonInferenceConfig,
  MobileNetMultiplier, ModelConfig, MultiPersonInferenceConfig, Pose, PoseNetArchitecture, PoseNetOutputStride,
  PoseNetQuantBytes, SinglePersonInterfaceConfig, Tensor3D, TensorBuffer3D, Vector2D,
} from './types.js';
export {
  getAdjacentKeyPoints, getBoundingBox, getBoundingBoxPoints, scaleAndFlipPoses, scalePose, toValidInputResolution,
} from './util.js';
