// SPDX-License-Identifier: Apache-2.0
// Keypoint names and connections, with the signatures of `@tensorflow-models/pose-detection`.
import {PoseNetError} from '../core/errors.js';
import {partNames} from '../posenet/keypoints.js';
import {SupportedModels} from './types.js';

/** Names of the keypoints, such as 'left_eye', in COCO's order. */
export const keypointNames: readonly string[] =
    partNames.map(name => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`));

const PAIRS: ReadonlyArray<[string, string]> = [
  ['nose', 'left_eye'], ['nose', 'right_eye'], ['left_eye', 'left_ear'], ['right_eye', 'right_ear'],
  ['left_shoulder', 'right_shoulder'], ['left_shoulder', 'left_elbow'], ['left_shoulder', 'left_hip'],
  ['right_shoulder', 'right_elbow'], ['right_shoulder', 'right_hip'], ['left_elbow', 'left_wrist'],
  ['right_elbow', 'right_wrist'], ['left_hip', 'right_hip'], ['left_hip', 'left_knee'], ['right_hip', 'right_knee'],
  ['left_knee', 'left_ankle'], ['right_knee', 'right_ankle'],
];

/** Returns the pairs of keypoint indices that a skeleton connects, the face included. */
export function getAdjacentPairs(model: SupportedModels): Array<[number, number]> {
  assertCoco(model);
  return PAIRS.map(([a, b]) => [keypointNames.indexOf(a), keypointNames.indexOf(b)]);
}

export function getKeypointIndexByName(model: SupportedModels): Record<string, number> {
  assertCoco(model);
  return Object.fromEntries(keypointNames.map((name, index) => [name, index]));
}

export function getKeypointIndexBySide(
    model: SupportedModels): {left: number[]; right: number[]; middle: number[]} {
  assertCoco(model);
  const indices = [...keypointNames.keys()];
  const of = (side: string) => indices.filter(index => keypointNames[index]?.startsWith(side));
  return {left: of('left_'), right: of('right_'), middle: [0]};
}

function assertCoco(model: SupportedModels): void {
  if (model !== SupportedModels.PoseNet && model !== SupportedModels.MoveNet) {
    throw new PoseNetError('unsupported',
        `Model ${String(model)} is not supported; expected ${SupportedModels.PoseNet} or ${SupportedModels.MoveNet}`);
  }
}
