// SPDX-License-Identifier: Apache-2.0
// Decodes a single pose from the output maps of any PoseNet.
import {partNames} from '../keypoints.js';
import {bufferOf, type Tensor3D} from '../tensor.js';
import type {Pose, PoseNetOutputStride} from '../types.js';
import {argmax2d} from './argmax2d.js';

/** Takes each part's position from the highest cell of its heatmap and the offset there, in pixels of the network's
 *  input. The score of the pose is the mean of its keypoints' scores. If several people are visible, their parts may be
 *  mixed. */
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
