// SPDX-License-Identifier: Apache-2.0
// The exports of @tensorflow-models/posenet 2.2.2.
export type {MapModel, PoseMaps} from './base_model.js';
export type {
  InferenceConfig, ModelConfig, MultiPersonInferenceConfig, SinglePersonInterfaceConfig,
} from './config.js';
export {partChannels, partIds, partNames, poseChain} from './keypoints.js';
export {MobileNet} from './mobilenet.js';
export {decodeMultiplePoses} from './multi_pose/decode_multiple_poses.js';
export {
  type LegacyMultiPersonInferenceConfig, type LegacySinglePersonInferenceConfig, load, PoseNet,
} from './posenet_model.js';
export {decodeSinglePose} from './single_pose/decode_single_pose.js';
export type {
  InputResolution, Keypoint, MobileNetMultiplier, Pose, PoseNetArchitecture, PosenetInput, PoseNetOutputStride,
  PoseNetQuantBytes, Tensor3D, TensorBuffer3D, Vector2D,
} from './types.js';
export {
  getAdjacentKeyPoints, getBoundingBox, getBoundingBoxPoints, scaleAndFlipPoses, scalePose, toValidInputResolution,
} from './util.js';
export {version} from './version.js';
