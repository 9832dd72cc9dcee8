// SPDX-License-Identifier: Apache-2.0
// For <script src>: window.ml5 as sketches expect it. Other functions of an ml5 that is already loaded remain.
import {BodyPose, bodyPose} from './body_pose.js';
import {registerPreloads} from './p5.js';
import {PoseNet, poseNet} from './pose_net.js';

const page = globalThis as {ml5?: object};
// A plain object, because p5 replaces its functions while preload() runs.
page.ml5 = {...page.ml5, bodyPose, BodyPose, poseNet, PoseNet};
registerPreloads(page.ml5, ['bodyPose', 'poseNet']);
