// SPDX-License-Identifier: Apache-2.0
// How far the keypoints of a low precision are from those of fp32, by the definition of
// tests/golden/low_precision_test.cc.
import {groupBy, median} from '../statistics.mjs';

const CONFIDENT_SCORE = 0.5;
const MOVED_PX = 2;         // In pixels of the network's input, as are the others.
const SAME_PERSON_PX = 10;  // Median distance of confident keypoints.

/** Reads the output of --csv. Returns a Map from image to {longerSide, poses}, where a pose is a list of 17 {x, y,
 *  score}. */
export function readPoses(csv) {
  // Names of COCO's images need no quotes.
  const [header, ...lines] = csv.trim().split('\n').map(line => line.split(','));
  const rows = lines.map(cells => Object.fromEntries(header.map((name, i) => [name, cells[i]])));
  return new Map([...groupBy(rows, ({image}) => image)].map(([image, ofImage]) => {
    const keypoints = ofImage.filter(({part}) => part);
    const poses = [...groupBy(keypoints, ({pose}) => pose).values()].map(ofPose =>
      ofPose.map(({x, y, score}) => ({x: Number(x), y: Number(y), score: Number(score)})));
    return [image, {longerSide: Math.max(Number(ofImage[0].width), Number(ofImage[0].height)), poses}];
  }));
}

/** Returns the distances of the keypoints of which `pose` is confident. */
const distancesOf = (pose, other, scale) => pose.flatMap(({x, y, score}, k) =>
  score < CONFIDENT_SCORE ? [] : [scale * Math.hypot(x - other[k].x, y - other[k].y)]);

/** Compares results of readPoses. Returns {poses, found, keypoints, median_px, moved_share}, in pixels of a network's
 *  input whose longer side is `inputSize`: the number of poses of `reference`, of those found again, and of the
 *  confident keypoints of these; and by how much they moved. */
export function distancesBetween(reference, others, inputSize) {
  let [poses, found] = [0, 0];
  const distances = [];
  for (const [image, {longerSide, poses: expected}] of reference) {
    const scale = inputSize / longerSide;
    for (const pose of expected) {
      ++poses;
      const candidates = (others.get(image)?.poses ?? []).map(other => distancesOf(pose, other, scale));
      const nearest = candidates.filter(each => each.length > 0).sort((a, b) => median(a) - median(b))[0];
      if (!nearest || median(nearest) > SAME_PERSON_PX) continue;
      ++found;
      distances.push(...nearest);
    }
  }
  return {
    poses, found, keypoints: distances.length, median_px: distances.length ? median(distances) : null,
    moved_share: distances.length ? distances.filter(each => each > MOVED_PX).length / distances.length : null,
  };
}
