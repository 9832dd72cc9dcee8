// SPDX-License-Identifier: Apache-2.0
// TensorFlow.js PoseNet's decoders for maps that are in JavaScript already, such as another runtime's. (Networks of this
// package are decoded where they run.) Source of the method: Papandreou et al., PersonLab, 2018, section 3.
import {partIds, partNames, poseChain} from './keypoints.js';
import type {Keypoint, Pose, Tensor3D, TensorBuffer3D, Vector2D} from './types.js';

const LOCAL_MAXIMUM_RADIUS = 1;
const REFINE_STEPS = 2;
const EDGES = poseChain.map(([parent, child]) => [partIds[parent]!, partIds[child]!] as const);

interface Part {
  score: number;
  row: number;
  column: number;
  id: number;
}

interface Maps {
  scores: TensorBuffer3D;
  offsets: TensorBuffer3D;
  stride: number;
}

const squaredDistance = (a: Vector2D, b: Vector2D) => (a.x - b.x) ** 2 + (a.y - b.y) ** 2;

function sizeOf({shape}: TensorBuffer3D): [number, number, number] {
  return [shape[0]!, shape[1]!, shape[2]!];
}

// A number of pixels as the nearest cell.
function cellOf(position: number, stride: number, count: number): number {
  return Math.min(Math.max(Math.round(position / stride), 0), count - 1);
}

// What a map of y channels, then as many x channels says.
function vectorAt(map: TensorBuffer3D, row: number, column: number, channel: number): Vector2D {
  const half = map.shape[2]! / 2;
  return {y: map.get(row, column, channel), x: map.get(row, column, channel + half)};
}

function refined({offsets, stride}: Maps, row: number, column: number, id: number): Vector2D {
  const offset = vectorAt(offsets, row, column, id);
  return {x: column * stride + offset.x, y: row * stride + offset.y};
}

// Scores that no neighbour exceeds, best first. Ties keep the order of a binary heap that grows by sifting up, as
// TensorFlow.js' does.
class PartQueue {
  readonly #parts: Part[] = [];

  push(part: Part): void {
    const parts = this.#parts;
    let at = parts.push(part) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (parts[parent]!.score >= parts[at]!.score) break;
      [parts[parent], parts[at]] = [parts[at]!, parts[parent]!];
      at = parent;
    }
  }

  pop(): Part | undefined {
    const parts = this.#parts;
    const best = parts[0];
    const last = parts.pop();
    if (parts.length > 0) {
      parts[0] = last!;
      this.#sink();
    }
    return best;
  }

  #sink(): void {
    const parts = this.#parts;
    let at = 0;
    for (let child = 1; child < parts.length; child = 2 * at + 1) {
      if (child + 1 < parts.length && parts[child + 1]!.score > parts[child]!.score) ++child;
      if (parts[at]!.score >= parts[child]!.score) break;
      [parts[child], parts[at]] = [parts[at]!, parts[child]!];
      at = child;
    }
  }
}

function isLocalMaximum(scores: TensorBuffer3D, part: Part): boolean {
  const [rows, columns] = sizeOf(scores);
  const r = LOCAL_MAXIMUM_RADIUS;
  for (let row = Math.max(part.row - r, 0); row <= Math.min(part.row + r, rows - 1); ++row) {
    for (let column = Math.max(part.column - r, 0); column <= Math.min(part.column + r, columns - 1); ++column) {
      if (scores.get(row, column, part.id) > part.score) return false;
    }
  }
  return true;
}

function queueOf(scores: TensorBuffer3D, threshold: number): PartQueue {
  const [rows, columns, parts] = sizeOf(scores);
  const queue = new PartQueue();
  for (let row = 0; row < rows; ++row) {
    for (let column = 0; column < columns; ++column) {
      for (let id = 0; id < parts; ++id) {
        const part = {score: scores.get(row, column, id), row, column, id};
        if (part.score >= threshold && isLocalMaximum(scores, part)) queue.push(part);
      }
    }
  }
  return queue;
}

// The part `id` at the other end of `edge` from `source`.
function followed(maps: Maps, displacements: TensorBuffer3D, edge: number, source: Keypoint, id: number): Keypoint {
  const {scores, stride} = maps;
  const [rows, columns] = sizeOf(scores);
  const row = (y: number) => cellOf(y, stride, rows);
  const column = (x: number) => cellOf(x, stride, columns);
  const from = source.position;
  const displacement = vectorAt(displacements, row(from.y), column(from.x), edge);
  let position = {x: from.x + displacement.x, y: from.y + displacement.y};
  for (let i = 0; i < REFINE_STEPS; ++i) position = refined(maps, row(position.y), column(position.x), id);
  return {score: scores.get(row(position.y), column(position.x), id), position, part: partNames[id]!};
}

function keypointsFrom(maps: Maps, root: Part, forward: TensorBuffer3D, backward: TensorBuffer3D): Keypoint[] {
  const keypoints: Keypoint[] = new Array(partNames.length);
  keypoints[root.id] = {score: root.score, position: refined(maps, root.row, root.column, root.id),
                        part: partNames[root.id]!};
  for (let edge = EDGES.length - 1; edge >= 0; --edge) {
    const [parent, child] = EDGES[edge]!;
    if (keypoints[child] && !keypoints[parent]) {
      keypoints[parent] = followed(maps, backward, edge, keypoints[child]!, parent);
    }
  }
  for (const [edge, [parent, child]] of EDGES.entries()) {
    if (keypoints[parent] && !keypoints[child]) {
      keypoints[child] = followed(maps, forward, edge, keypoints[parent]!, child);
    }
  }
  return keypoints;
}

function isTaken(poses: readonly Pose[], squaredRadius: number, position: Vector2D, id: number): boolean {
  return poses.some(({keypoints}) => squaredDistance(position, keypoints[id]!.position) <= squaredRadius);
}

/** Everybody in a picture, best root first. Maps are those of a network with a sigmoid on its scores: [height, width,
 *  channels], vectors in pixels of the network's input, y channels before x channels; so are the positions. */
export function decodeMultiplePoses(scoresBuffer: TensorBuffer3D, offsetsBuffer: TensorBuffer3D,
                                    displacementsFwdBuffer: TensorBuffer3D, displacementsBwdBuffer: TensorBuffer3D,
                                    outputStride: number, maxPoseDetections: number, scoreThreshold = 0.5,
                                    nmsRadius = 20): Pose[] {
  const maps = {scores: scoresBuffer, offsets: offsetsBuffer, stride: outputStride};
  const queue = queueOf(scoresBuffer, scoreThreshold);
  const squaredRadius = nmsRadius * nmsRadius;
  const poses: Pose[] = [];
  while (poses.length < maxPoseDetections) {
    const root = queue.pop();
    if (!root) break;
    if (isTaken(poses, squaredRadius, refined(maps, root.row, root.column, root.id), root.id)) continue;
    const keypoints = keypointsFrom(maps, root, displacementsFwdBuffer, displacementsBwdBuffer);
    // Parts that an earlier person has already do not count.
    const sum = keypoints.reduce(
      (total, {position, score}, id) => isTaken(poses, squaredRadius, position, id) ? total : total + score, 0);
    poses.push({keypoints, score: sum / keypoints.length});
  }
  return poses;
}

/** The one person of a picture: of each part the best cell and its offset. */
export async function decodeSinglePose(heatmapScores: Tensor3D, offsets: Tensor3D,
                                       outputStride: number): Promise<Pose> {
  const [scores, vectors] = await Promise.all([heatmapScores.buffer(), offsets.buffer()]);
  const maps = {scores, offsets: vectors, stride: outputStride};
  const [rows, columns, parts] = sizeOf(scores);
  const keypoints: Keypoint[] = [];
  for (let id = 0; id < parts; ++id) {
    let best = {score: -Infinity, row: 0, column: 0};
    for (let row = 0; row < rows; ++row) {
      for (let column = 0; column < columns; ++column) {
        const score = scores.get(row, column, id);
        if (score > best.score) best = {score, row, column};
      }
    }
    keypoints.push({score: best.score, position: refined(maps, best.row, best.column, id), part: partNames[id]!});
  }
  return {keypoints, score: keypoints.reduce((sum, {score}) => sum + score, 0) / keypoints.length};
}
