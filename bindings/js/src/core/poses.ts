// SPDX-License-Identifier: Apache-2.0
// Poses, and their layout in the module's memory.
import {PoseNetError} from './errors.js';

/** One body part of one person, in pixels of the image, x right and y down. */
export interface Keypoint {
  x: number;
  y: number;
  /** Confidence in the position, in [0, 1]. */
  score: number;
}

/** The pose of one person: 17 keypoints in COCO's order. */
export interface CorePose {
  /** Confidence that this is a person, in [0, 1]. */
  score: number;
  keypoints: Keypoint[];
}

/** The pose of one person, and the box around the whole body. */
export interface BoxedPose extends CorePose {
  /** In pixels of the image. */
  box: {left: number; top: number; right: number; bottom: number};
}

const KEYPOINTS = 17;

/** Floats per pose: its score, then x, y and score of each keypoint. */
export const POSE_FLOATS = 1 + 3 * KEYPOINTS;
export const POSE_BYTES = POSE_FLOATS * Float32Array.BYTES_PER_ELEMENT;

/** Reads `count` poses from `floats`. */
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

/** Floats per pose with its box: left, top, right and bottom follow. */
export const BOXED_POSE_FLOATS = POSE_FLOATS + 4;

/** Reads `count` poses with their boxes from `floats`. */
export function readBoxedPoses(floats: Float32Array, count: number): BoxedPose[] {
  return Array.from({length: count}, (_, i) => {
    const person = floats.subarray(i * BOXED_POSE_FLOATS, (i + 1) * BOXED_POSE_FLOATS);
    const [pose] = readPoses(person, 1) as [CorePose];
    const [left, top, right, bottom] = person.subarray(POSE_FLOATS) as unknown as [number, number, number, number];
    return {...pose, box: {left, top, right, bottom}};
  });
}

/** Writes `poses` to `floats`. Errors: 'invalid-argument' for poses with another number of keypoints. */
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
