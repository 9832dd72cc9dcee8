// SPDX-License-Identifier: Apache-2.0
// poseNet of ml5 0.x and bodyPose of ml5 1.x, with this package's engine.
export {BodyPose, bodyPose, type BodyPoseOptions, type BodyPoseResult} from './body_pose.js';
export {PoseNet, poseNet, type PoseNetOptions, type PoseNetResult} from './pose_net.js';
