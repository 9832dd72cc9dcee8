// SPDX-License-Identifier: Apache-2.0
// What programs that were written for TensorFlow.js PoseNet do with poses.
import {limbs} from './keypoints.js';
import type {InputResolution, Keypoint, Pose, Vector2D} from './types.js';

/** The largest size up to `inputResolution` that fills whole cells: a multiple of the output stride plus 1. */
export function toValidInputResolution(inputResolution: number, outputStride: number): number {
  if ((inputResolution - 1) % outputStride === 0) return inputResolution;
  return Math.floor(inputResolution / outputStride) * outputStride + 1;
}

/** Errors: for what is not a number above 0, or two of them. */
export function validInputSize(resolution: InputResolution, outputStride: number): {width: number; height: number} {
  const sides = typeof resolution === 'object' && resolution !== null ? resolution
                                                                      : {width: resolution, height: resolution};
  for (const side of [sides.width, sides.height]) {
    if (typeof side !== 'number' || !Number.isFinite(side) || side <= 0) {
      throw new Error(`Invalid inputResolution ${JSON.stringify(resolution)}. Should be a number above 0, or ` +
                      `{width, height}.`);
    }
  }
  return {width: toValidInputResolution(sides.width, outputStride),
          height: toValidInputResolution(sides.height, outputStride)};
}

/** The limbs of which both ends have at least `minConfidence`. */
export function getAdjacentKeyPoints(keypoints: Keypoint[], minConfidence: number): Keypoint[][] {
  return limbs.map(([one, other]) => [keypoints[one]!, keypoints[other]!])
    .filter(ends => ends.every(({score}) => score >= minConfidence));
}

/** The smallest box around all keypoints. */
export function getBoundingBox(keypoints: Keypoint[]): {maxX: number; maxY: number; minX: number; minY: number} {
  const box = {maxX: -Infinity, maxY: -Infinity, minX: Infinity, minY: Infinity};
  for (const {position: {x, y}} of keypoints) {
    box.maxX = Math.max(box.maxX, x);
    box.maxY = Math.max(box.maxY, y);
    box.minX = Math.min(box.minX, x);
    box.minY = Math.min(box.minY, y);
  }
  return box;
}

/** Its corners, clockwise from the top left. */
export function getBoundingBoxPoints(keypoints: Keypoint[]): [Vector2D, Vector2D, Vector2D, Vector2D] {
  const {minX, minY, maxX, maxY} = getBoundingBox(keypoints);
  return [{x: minX, y: minY}, {x: maxX, y: minY}, {x: maxX, y: maxY}, {x: minX, y: maxY}];
}

/** `pose` with each position scaled, then moved by the offsets. */
export function scalePose(pose: Pose, scaleY: number, scaleX: number, offsetY = 0, offsetX = 0): Pose {
  return {
    score: pose.score,
    keypoints: pose.keypoints.map(({score, part, position}) => ({
      score, part, position: {x: position.x * scaleX + offsetX, y: position.y * scaleY + offsetY},
    })),
  };
}

/** `poses` scaled to a picture of `height` x `width` from one of `inputResolution` that was padded on its sides. */
export function scaleAndFlipPoses(poses: Pose[], [height, width]: [number, number],
                                  [inputHeight, inputWidth]: [number, number],
                                  padding: {top: number; bottom: number; left: number; right: number},
                                  flipHorizontal = false): Pose[] {
  const scaleY = (height + padding.top + padding.bottom) / inputHeight;
  const scaleX = (width + padding.left + padding.right) / inputWidth;
  return poses.map(pose => {
    const scaled = scalePose(pose, scaleY, scaleX, -padding.top, -padding.left);
    if (flipHorizontal) for (const {position} of scaled.keypoints) position.x = width - 1 - position.x;
    return scaled;
  });
}
