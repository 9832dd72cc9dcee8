// SPDX-License-Identifier: Apache-2.0
// Decodes all poses from the output maps of any PoseNet: PersonLab (Papandreou et al. 2018), section 3.
import {partNames, poseChainIds} from '../keypoints.js';
import type {Keypoint, Pose, PoseNetOutputStride, TensorBuffer3D, Vector2D} from '../types.js';
import {type Candidate, rootCandidates} from './candidates.js';

const REFINEMENTS = 2;

/** Returns at most `maxPoseDetections` poses in the order of their root keypoints' scores, in pixels of the network's
 *  input. The scores are probabilities [height, width, 17]; in the other maps, y channels precede x channels.
 *  `nmsRadius` is in pixels of the network's input. */
export function decodeMultiplePoses(
    scoresBuffer: TensorBuffer3D, offsetsBuffer: TensorBuffer3D, displacementsFwdBuffer: TensorBuffer3D,
    displacementsBwdBuffer: TensorBuffer3D, outputStride: PoseNetOutputStride, maxPoseDetections: number,
    scoreThreshold = 0.5, nmsRadius = 20): Pose[] {
  const maps = new Maps(scoresBuffer, offsetsBuffer, outputStride);
  const poses: Pose[] = [];
  for (const root of rootCandidates(scoresBuffer, scoreThreshold)) {
    if (poses.length >= maxPoseDetections) break;
    const position = maps.refined(root.y, root.x, root.part);
    if (isTaken(poses, root.part, position, nmsRadius)) continue;
    const keypoints = grow(root, position, maps, displacementsFwdBuffer, displacementsBwdBuffer);
    // Keypoints that an earlier pose already has do not count.
    const free = keypoints.filter((keypoint, part) => !isTaken(poses, part, keypoint.position, nmsRadius));
    poses.push({keypoints, score: free.reduce((sum, {score}) => sum + score, 0) / keypoints.length});
  }
  return poses;
}

/** The heatmaps and offsets, looked up by position. */
class Maps {
  readonly height: number;
  readonly width: number;

  constructor(readonly scores: TensorBuffer3D, readonly offsets: TensorBuffer3D, readonly stride: number) {
    [this.height, this.width] = scores.shape as [number, number];
  }

  /** The cell nearest to a position. */
  cell({x, y}: Vector2D): [number, number] {
    return [nearest(y / this.stride, this.height), nearest(x / this.stride, this.width)];
  }

  /** The position of the part according to the cell's offset. */
  refined(row: number, column: number, part: number): Vector2D {
    return {
      y: row * this.stride + this.offsets.get(row, column, part),
      x: column * this.stride + this.offsets.get(row, column, part + partNames.length),
    };
  }
}

/** Grows a pose from its root keypoint: along the tree towards the nose first, then away from it. */
function grow(
    root: Candidate, position: Vector2D, maps: Maps, forward: TensorBuffer3D, backward: TensorBuffer3D): Keypoint[] {
  const found = new Array<Keypoint | undefined>(partNames.length);
  found[root.part] = {score: root.score, part: partNames[root.part] as string, position};
  for (let edge = poseChainIds.length - 1; edge >= 0; --edge) {
    const [parent, child] = poseChainIds[edge] as [number, number];
    follow(found, child, parent, edge, backward, maps);
  }
  for (const [edge, [parent, child]] of poseChainIds.entries()) follow(found, parent, child, edge, forward, maps);
  return found as Keypoint[];
}

function follow(
    found: Array<Keypoint | undefined>, from: number, to: number, edge: number, displacements: TensorBuffer3D,
    maps: Maps): void {
  const source = found[from];
  if (!source || found[to]) return;
  const [row, column] = maps.cell(source.position);
  let position = {
    y: source.position.y + displacements.get(row, column, edge),
    x: source.position.x + displacements.get(row, column, edge + poseChainIds.length),
  };
  for (let i = 0; i < REFINEMENTS; ++i) position = maps.refined(...maps.cell(position), to);
  found[to] = {score: maps.scores.get(...maps.cell(position), to), part: partNames[to] as string, position};
}

function isTaken(poses: readonly Pose[], part: number, {x, y}: Vector2D, radius: number): boolean {
  return poses.some(({keypoints}) => {
    const other = (keypoints[part] as Keypoint).position;
    return (x - other.x) ** 2 + (y - other.y) ** 2 <= radius * radius;
  });
}

function nearest(coordinate: number, size: number): number {
  return Math.min(Math.max(Math.round(coordinate), 0), size - 1);
}
