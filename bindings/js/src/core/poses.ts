// SPDX-License-Identifier: Apache-2.0
// Poses, and how they lie in the module's memory.
import {PoseNetError} from './errors.js';

/** One body part of one person, in pixels of the picture, x right and y down. */
export interface Keypoint {
  x: number;
  y: number;
  /** In [0, 1]: how much to believe the position. */
  score: number;
}

/** One person: 17 keypoints in COCO's order. */
export interface CorePose {
  /** In [0, 1]: how sure it is that this is a person. */
  score: number;
  keypoints: Keypoint[];
}

const KEYPOINTS = 17;

/** Numbers of a pose: its score, then x, y and score of each keypoint. */
export const POSE_FLOATS = 1 + 3 * KEYPOINTS;

/** The `count` poses in `floats`. */
export function readPoses(floats: Float32Array, count: number): CorePose[] {
  const poses: CorePose[] = [];
  for (let at = 0; at < count * POSE_FLOATS; at += POSE_FLOATS) {
    const keypoints: Keypoint[] = [];
    for (let i = at + 1; i < at + POSE_FLOATS; i += 3) {
      keypoints.push({x: floats[i]!, y: floats[i + 1]!, score: floats[i + 2]!});
    }
    poses.push({score: floats[at]!, keypoints});
  }
  return poses;
}

/** The other way. Errors: 'invalid-argument' for poses of other keypoints. */
export function writePoses(poses: readonly CorePose[], floats: Float32Array): void {
  let at = 0;
  for (const {score, keypoints} of poses) {
    if (keypoints?.length !== KEYPOINTS) {
      throw new PoseNetError('invalid-argument',
                             `a pose has ${keypoints?.length} keypoints; expected the ${KEYPOINTS} of COCO`);
    }
    floats[at++] = score;
    for (const keypoint of keypoints) {
      floats[at++] = keypoint.x;
      floats[at++] = keypoint.y;
      floats[at++] = keypoint.score;
    }
  }
}
