// SPDX-License-Identifier: Apache-2.0
// The body parts and their connections, by the names of TensorFlow.js PoseNet.
import {limbs, partNames} from '../skeleton.js';

export {limbs, partNames};

/** The index of each part in `partNames`. */
export const partIds: {[part: string]: number} = Object.fromEntries(partNames.map((name, id) => [name, id]));

/** The tree of the network's displacements, as pairs of parent and child. */
export const poseChain: Array<[string, string]> = [
  ['nose', 'leftEye'], ['leftEye', 'leftEar'], ['nose', 'rightEye'], ['rightEye', 'rightEar'],
  ['nose', 'leftShoulder'], ['leftShoulder', 'leftElbow'], ['leftElbow', 'leftWrist'], ['leftShoulder', 'leftHip'],
  ['leftHip', 'leftKnee'], ['leftKnee', 'leftAnkle'], ['nose', 'rightShoulder'], ['rightShoulder', 'rightElbow'],
  ['rightElbow', 'rightWrist'], ['rightShoulder', 'rightHip'], ['rightHip', 'rightKnee'], ['rightKnee', 'rightAnkle'],
];

/** The same tree as indices into `partNames`. */
export const poseChainIds: ReadonlyArray<readonly [number, number]> =
  poseChain.map(([parent, child]) => [partIds[parent]!, partIds[child]!] as const);

/** Names of the 24 body surface parts that TensorFlow.js PoseNet exports, although its network has none of them. */
export const partChannels = [
  'left_face', 'right_face', 'right_upper_leg_front', 'right_lower_leg_back', 'right_upper_leg_back',
  'left_lower_leg_front', 'left_upper_leg_front', 'left_upper_leg_back', 'left_lower_leg_back', 'right_feet',
  'right_lower_leg_front', 'left_feet', 'torso_front', 'torso_back', 'right_upper_arm_front', 'right_upper_arm_back',
  'right_lower_arm_back', 'left_lower_arm_front', 'left_upper_arm_front', 'left_upper_arm_back',
  'left_lower_arm_back', 'right_hand', 'right_lower_arm_front', 'left_hand',
];
