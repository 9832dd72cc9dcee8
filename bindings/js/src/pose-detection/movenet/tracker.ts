// SPDX-License-Identifier: Apache-2.0
// The trackers with which pose-detection assigns MoveNet's poses to persons: each pose, in the order of the network,
// gets the most similar track that is left. (Those of the core match all poses at once and predict motion.)
import type {Keypoint} from '../../core/poses.js';
import {assert} from '../../posenet/util.js';
import {type TrackerConfig, TrackerType} from '../types.js';

/** What is tracked; positions are fractions of the image's sides. */
export interface Tracked {
  keypoints: readonly Keypoint[];
  box: {left: number; top: number; right: number; bottom: number};
}

interface Track extends Tracked {
  id: number;
  lastMicroseconds: number;
}

// Standard deviations of annotators, relative to the size of the person: COCO's.
const COCO_FALLOFFS = [
  0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072, 0.062, 0.062, 0.107, 0.107, 0.087, 0.087, 0.089, 0.089,
];
const MIN_AREA = 1e-6;

/** Intersection over union of the boxes. */
function boxSimilarity({box: a}: Tracked, {box: b}: Tracked): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const areaOf = ({left, top, right, bottom}: Tracked['box']) => (right - left) * (bottom - top);
  return width * height / (areaOf(a) + areaOf(b) - width * height);
}

/** Returns a function for the object keypoint similarity of a pose and a track. */
function keypointSimilarity(params: NonNullable<TrackerConfig['keypointTrackerParams']>) {
  const {
    keypointConfidenceThreshold: minScore = 0.3, keypointFalloff: falloffs = COCO_FALLOFFS,
    minNumberOfKeypoints: minCount = 4,
  } = params;
  assert(minScore >= 0 && minScore <= 1, `Invalid keypointConfidenceThreshold ${minScore}. Should be in range [0, 1]`);
  assert(minCount >= 1, `Invalid minNumberOfKeypoints ${minCount}. Should be at least 1`);
  assert(falloffs.length >= COCO_FALLOFFS.length && falloffs.every(falloff => falloff > 0),
      `Invalid keypointFalloff. Should be ${COCO_FALLOFFS.length} numbers above 0`);
  return (pose: Tracked, track: Tracked): number => {
    const area = areaOfKeypoints(track.keypoints, minScore) + MIN_AREA;
    let [sum, count] = [0, 0];
    for (const [i, {x, y, score}] of pose.keypoints.entries()) {
      const other = track.keypoints[i]!;
      if (score < minScore || other.score < minScore) continue;
      const squaredDistance = (x - other.x) ** 2 + (y - other.y) ** 2;
      sum += Math.exp(-squaredDistance / (2 * area * (2 * falloffs[i]!) ** 2));
      ++count;
    }
    return count < minCount ? 0 : sum / count;
  };
}

function areaOfKeypoints(keypoints: readonly Keypoint[], minScore: number): number {
  const confident = keypoints.filter(({score}) => score > minScore);
  const [xs, ys] = [confident.map(({x}) => x), confident.map(({y}) => y)];
  return (Math.max(0, ...xs) - Math.min(1, ...xs)) * (Math.max(0, ...ys) - Math.min(1, ...ys));
}

/** Gives persons IDs that stay the same from frame to frame. */
export class PersonTracker {
  readonly #similarity: (pose: Tracked, track: Tracked) => number;
  readonly #minSimilarity: number;
  readonly #maxTracks: number;
  readonly #maxAgeMicroseconds: number;
  #tracks: Track[] = [];
  #lastId = 0;

  /** Errors: 'invalid-argument'. */
  constructor(type: TrackerType = TrackerType.BoundingBox, config: TrackerConfig = {}) {
    const {maxTracks = 18, maxAge = 1000, minSimilarity, keypointTrackerParams = {}} = config;
    assert(Object.values(TrackerType).includes(type),
        `Invalid trackerType ${String(type)}. Should be one of ${Object.values(TrackerType).join(',')}`);
    assert(maxTracks >= 1, `Invalid maxTracks ${maxTracks}. Should be at least 1`);
    assert(maxAge > 0, `Invalid maxAge ${maxAge}. Should be > 0`);
    const isByBox = type === TrackerType.BoundingBox;
    this.#similarity = isByBox ? boxSimilarity : keypointSimilarity(keypointTrackerParams);
    this.#minSimilarity = minSimilarity ?? (isByBox ? 0.15 : 0.2);
    this.#maxTracks = maxTracks;
    this.#maxAgeMicroseconds = maxAge * 1000;
  }

  /** The IDs of the tracks. */
  get ids(): Set<number> {
    return new Set(this.#tracks.map(({id}) => id));
  }

  /** Returns the ID of each of `poses`, those of the frame at `microseconds`. */
  update(poses: readonly Tracked[], microseconds: number): number[] {
    this.#tracks = this.#tracks.filter(
        ({lastMicroseconds}) => microseconds - lastMicroseconds <= this.#maxAgeMicroseconds);
    const free = new Set(this.#tracks);
    const matches = poses.map(pose => {
      const track = this.#mostSimilar(pose, free);
      if (track) {
        free.delete(track);
        Object.assign(track, {keypoints: pose.keypoints, box: pose.box, lastMicroseconds: microseconds});
      }
      return track;
    });
    const ids = matches.map((track, i) => track?.id ?? this.#start(poses[i]!, microseconds));
    this.#tracks.sort((a, b) => b.lastMicroseconds - a.lastMicroseconds);
    this.#tracks.length = Math.min(this.#tracks.length, this.#maxTracks);
    return ids;
  }

  /** Drops all tracks. IDs are not reused. */
  reset(): void {
    this.#tracks = [];
  }

  #mostSimilar(pose: Tracked, tracks: Iterable<Track>): Track | undefined {
    let [best, highest]: [Track | undefined, number] = [undefined, -1];
    for (const track of tracks) {
      const similarity = this.#similarity(pose, track);
      if (similarity >= this.#minSimilarity && similarity > highest) [best, highest] = [track, similarity];
    }
    return best;
  }

  #start({keypoints, box}: Tracked, lastMicroseconds: number): number {
    this.#tracks.push({keypoints, box, id: ++this.#lastId, lastMicroseconds});
    return this.#lastId;
  }
}
