// SPDX-License-Identifier: Apache-2.0
// The parts of a body, as TensorFlow.js PoseNet names and joins them.

/** The 17 parts in COCO's order. */
export const partNames = [
  'nose', 'leftEye', 'rightEye', 'leftEar', 'rightEar', 'leftShoulder', 'rightShoulder', 'leftElbow', 'rightElbow',
  'leftWrist', 'rightWrist', 'leftHip', 'rightHip', 'leftKnee', 'rightKnee', 'leftAnkle', 'rightAnkle',
];

/** The place of each part in `partNames`. */
export const partIds: {[part: string]: number} = Object.fromEntries(partNames.map((name, id) => [name, id]));

/** The tree along which the network tells where the next part is: parent, child. */
export const poseChain: Array<[string, string]> = [
  ['nose', 'leftEye'], ['leftEye', 'leftEar'], ['nose', 'rightEye'], ['rightEye', 'rightEar'],
  ['nose', 'leftShoulder'], ['leftShoulder', 'leftElbow'], ['leftElbow', 'leftWrist'], ['leftShoulder', 'leftHip'],
  ['leftHip', 'leftKnee'], ['leftKnee', 'leftAnkle'], ['nose', 'rightShoulder'], ['rightShoulder', 'rightElbow'],
  ['rightElbow', 'rightWrist'], ['rightShoulder', 'rightHip'], ['rightHip', 'rightKnee'], ['rightKnee', 'rightAnkle'],
];

/** The same as places in `partNames`. */
export const poseChainIds: ReadonlyArray<readonly [number, number]> =
  poseChain.map(([parent, child]) => [partIds[parent]!, partIds[child]!] as const);

const LIMB_NAMES: ReadonlyArray<[string, string]> = [
  ['leftHip', 'leftShoulder'], ['leftElbow', 'leftShoulder'], ['leftElbow', 'leftWrist'], ['leftHip', 'leftKnee'],
  ['leftKnee', 'leftAnkle'], ['rightHip', 'rightShoulder'], ['rightElbow', 'rightShoulder'],
  ['rightElbow', 'rightWrist'], ['rightHip', 'rightKnee'], ['rightKnee', 'rightAnkle'],
  ['leftShoulder', 'rightShoulder'], ['leftHip', 'rightHip'],
];

/** What is drawn of a body: arms, legs and trunk, as places in `partNames`. */
export const limbs: ReadonlyArray<readonly [number, number]> =
  LIMB_NAMES.map(([one, other]) => [partIds[one]!, partIds[other]!] as const);

/** The 24 parts of a body's surface, for programs that name them; PoseNet itself does not find them. */
export const partChannels = [
  'left_face', 'right_face', 'right_upper_leg_front', 'right_lower_leg_back', 'right_upper_leg_back',
  'left_lower_leg_front', 'left_upper_leg_front', 'left_upper_leg_back', 'left_lower_leg_back', 'right_feet',
  'right_lower_leg_front', 'left_feet', 'torso_front', 'torso_back', 'right_upper_arm_front', 'right_upper_arm_back',
  'right_lower_arm_back', 'left_lower_arm_front', 'left_upper_arm_front', 'left_upper_arm_back',
  'left_lower_arm_back', 'right_hand', 'right_lower_arm_front', 'left_hand',
];
