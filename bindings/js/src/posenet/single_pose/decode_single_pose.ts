// SPDX-License-Identifier: Apache-2.0
// The one person of a picture, from the maps of any PoseNet.
import {partNames} from '../keypoints.js';
import {bufferOf, type Tensor3D} from '../tensor.js';
import type {Pose, PoseNetOutputStride} from '../types.js';
import {argmax2d} from './argmax2d.js';

/** For each part the best cell of its heatmap and the offset there, in pixels of the network's input. The pose's score
 *  is the mean. With several people in view, parts of different ones may be mixed. */
export async function decodeSinglePose(
    heatmapScores: Tensor3D, offsets: Tensor3D, outputStride: PoseNetOutputStride): Promise<Pose> {
  const [scores, moves] = await Promise.all([bufferOf(heatmapScores), bufferOf(offsets)]);
  const cells = argmax2d(scores);
  const keypoints = partNames.map((part, id) => {
    const [row, column] = [cells.get(id, 0), cells.get(id, 1)];
    return {
      score: scores.get(row, column, id),
      part,
      position: {
        y: row * outputStride + moves.get(row, column, id),
        x: column * outputStride + moves.get(row, column, id + partNames.length),
      },
    };
  });
  return {keypoints, score: keypoints.reduce((sum, {score}) => sum + score, 0) / keypoints.length};
}
