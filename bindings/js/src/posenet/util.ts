// SPDX-License-Identifier: Apache-2.0
// Sizes of images and network inputs, and helpers for poses.
import {PoseNetError} from '../core/errors.js';
import {sizeOf, toPixels} from '../input/index.js';
import {limbs} from './keypoints.js';
import {PlainTensor} from './tensor.js';
import type {InputResolution, Keypoint, Padding, Pose, PosenetInput, Vector2D} from './types.js';

/** Throws 'invalid-argument' with `message` unless `condition` holds. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new PoseNetError('invalid-argument', message);
}

/** Throws 'invalid-argument' unless `resolution` is a number above 0 or has two of them. */
export function validateInputResolution(resolution: InputResolution): void {
  const sides = typeof resolution === 'object' && resolution !== null ? [resolution.width, resolution.height]
                                                                      : [resolution];
  for (const side of sides) {
    assert(typeof side === 'number' && Number.isFinite(side) && side > 0,
           `Invalid inputResolution ${JSON.stringify(resolution)}. Should be a number above 0 or an object with ` +
             'width and height');
  }
}

/** Throws 'invalid-argument' unless `outputStride` is 8, 16 or 32. */
export function assertValidOutputStride(outputStride: number): void {
  assert([8, 16, 32].includes(outputStride), `Invalid outputStride ${outputStride}. Should be one of 8,16,32`);
}

function isValidInputResolution(resolution: number, outputStride: number): boolean {
  return (resolution - 1) % outputStride === 0;
}

/** Throws 'invalid-argument' unless both sides are a multiple of the output stride plus 1. */
export function assertValidResolution([height, width]: readonly [number, number], outputStride: number): void {
  for (const [name, side] of [['height', height], ['width', width]] as const) {
    assert(typeof side === 'number' && isValidInputResolution(side, outputStride),
           `Invalid input ${name} ${side}. Should be a multiple of ${outputStride} plus 1`);
  }
}

/** Rounds `inputResolution` down to a multiple of the output stride, plus 1. */
export function toValidInputResolution(inputResolution: number, outputStride: number): number {
  if (isValidInputResolution(inputResolution, outputStride)) return inputResolution;
  return Math.floor(inputResolution / outputStride) * outputStride + 1;
}

/** Returns the height and width of the network's input. Errors: 'invalid-argument'. */
export function getValidInputResolutionDimensions(resolution: InputResolution, outputStride: number): [number, number] {
  validateInputResolution(resolution);
  const {height, width} = typeof resolution === 'object' ? resolution : {height: resolution, width: resolution};
  return [toValidInputResolution(height, outputStride), toValidInputResolution(width, outputStride)];
}

/** Returns the height and width of `input`, the units of its poses. Errors: 'invalid-argument'. */
export function getInputTensorDimensions(input: PosenetInput): [number, number] {
  const {height, width} = sizeOf(input);
  return [height, width];
}

function paddingOf(height: number, width: number, targetAspect: number): Padding {
  if (width / height < targetAspect) {
    const side = Math.round(0.5 * (targetAspect * height - width));
    return {top: 0, bottom: 0, left: side, right: side};
  }
  const side = Math.round(0.5 * (width / targetAspect - height));
  return {top: side, bottom: side, left: 0, right: 0};
}

/** Pads `input` with black to the aspect ratio of [height, width] and resizes it: bilinear, aligned at the top left
 *  corner, like TensorFlow's resizeBilinear. Errors: 'invalid-argument'. */
export function padAndResizeTo(
    input: PosenetInput, [targetHeight, targetWidth]: readonly [number, number]): {resized: PlainTensor; padding: Padding} {
  const {data, height, width} = toPixels(input);
  const channels = data.length / (height * width);
  const padding = paddingOf(height, width, targetWidth / targetHeight);
  const at = (row: number, column: number, channel: number): number => {
    const [y, x] = [row - padding.top, column - padding.left];
    if (y < 0 || x < 0 || y >= height || x >= width) return 0;
    return data[(y * width + x) * channels + Math.min(channel, channels === 1 ? 0 : 2)] as number;
  };
  const [fullHeight, fullWidth] = [height + 2 * padding.top, width + 2 * padding.left];
  const values = new Float32Array(targetHeight * targetWidth * 3);
  let next = 0;
  for (let row = 0; row < targetHeight; ++row) {
    const y = row * fullHeight / targetHeight;
    const [top, bottom] = [Math.floor(y), Math.min(Math.floor(y) + 1, fullHeight - 1)];
    for (let column = 0; column < targetWidth; ++column) {
      const x = column * fullWidth / targetWidth;
      const [left, right] = [Math.floor(x), Math.min(Math.floor(x) + 1, fullWidth - 1)];
      for (let channel = 0; channel < 3; ++channel) {
        const above = at(top, left, channel) * (1 - x + left) + at(top, right, channel) * (x - left);
        const below = at(bottom, left, channel) * (1 - x + left) + at(bottom, right, channel) * (x - left);
        values[next++] = above * (1 - y + top) + below * (y - top);
      }
    }
  }
  return {resized: new PlainTensor(values, [targetHeight, targetWidth, 3]), padding};
}

/** Returns the limbs whose two keypoints both have at least `minConfidence`. */
export function getAdjacentKeyPoints(keypoints: Keypoint[], minConfidence: number): Keypoint[][] {
  return limbs.map(([one, other]) => [keypoints[one] as Keypoint, keypoints[other] as Keypoint])
    .filter(ends => ends.every(({score}) => score >= minConfidence));
}

/** Returns the bounding box of all keypoints. */
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

/** Returns the corners of that box, clockwise from the top left. */
export function getBoundingBoxPoints(keypoints: Keypoint[]): [Vector2D, Vector2D, Vector2D, Vector2D] {
  const {minX, minY, maxX, maxY} = getBoundingBox(keypoints);
  return [{x: minX, y: minY}, {x: maxX, y: minY}, {x: maxX, y: maxY}, {x: minX, y: maxY}];
}

/** Scales the positions of `pose`, then adds the offsets. */
export function scalePose(pose: Pose, scaleY: number, scaleX: number, offsetY = 0, offsetX = 0): Pose {
  return {
    score: pose.score,
    keypoints: pose.keypoints.map(({score, part, position: {x, y}}) => (
      {score, part, position: {x: x * scaleX + offsetX, y: y * scaleY + offsetY}})),
  };
}

/** Maps `poses` from the network's input to the image of [height, width] that was padded to it. */
export function scaleAndFlipPoses(
    poses: Pose[], [height, width]: readonly [number, number], [inputHeight, inputWidth]: readonly [number, number],
    {top, bottom, left, right}: Padding, flipHorizontal = false): Pose[] {
  const scaleY = (height + top + bottom) / inputHeight;
  const scaleX = (width + left + right) / inputWidth;
  const scaled = poses.map(pose => scalePose(pose, scaleY, scaleX, -top, -left));
  if (!flipHorizontal) return scaled;
  for (const {position} of scaled.flatMap(({keypoints}) => keypoints)) position.x = width - 1 - position.x;
  return scaled;
}
