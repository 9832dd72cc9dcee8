// SPDX-License-Identifier: Apache-2.0
// MoveNet as a detector with the interface of `@tensorflow-models/pose-detection`.
import {PoseNetError} from '../../core/errors.js';
import type {Estimator} from '../../core/estimator.js';
import type {PixelImage} from '../../core/image.js';
import type {Model} from '../../core/model.js';
import {createPersonCrop, type PersonCrop} from '../../core/person_crop.js';
import type {CorePose, Keypoint} from '../../core/poses.js';
import {type ImageSource, toPixels} from '../../input/index.js';
import {Resampler, type Size} from '../../input/resample.js';
import type {Pose, PoseDetector} from '../types.js';
import {keypointNames} from '../util.js';
import {loadNetwork} from './checkpoints.js';
import {
  type CompleteMoveNetConfig, completeConfig, type MoveNetEstimationConfig, type MoveNetModelConfig, modelType,
} from './config.js';
import {KeypointSmoother} from './one_euro.js';
import {PersonTracker, type Tracked} from './tracker.js';

const SIZE_MULTIPLE = 32; // Of the sides of the network's input.
const MAX_POSES = 6; // Of the graph of MultiPose.

/** Positions are fractions of the image's sides, here and below. */
interface Found extends Tracked {
  score: number;
}

abstract class MoveNetDetector implements PoseDetector {
  protected readonly resampler = new Resampler();
  #lastMicroseconds = -Infinity;

  constructor(protected readonly model: Model, protected readonly config: CompleteMoveNetConfig) {}

  async estimatePoses(image: ImageSource, _config?: MoveNetEstimationConfig, timestamp?: number): Promise<Pose[]> {
    if (image == null) {
      this.reset();
      return [];
    }
    const milliseconds = timestamp ?? videoTimeOf(image);
    if (milliseconds !== undefined) {
      if (milliseconds * 1000 < this.#lastMicroseconds) this.reset(); // The video restarted.
      this.#lastMicroseconds = milliseconds * 1000;
    }
    return this.estimate(toPixels(image), milliseconds === undefined ? undefined : milliseconds * 1000);
  }

  reset(): void {
    this.#lastMicroseconds = -Infinity;
  }

  dispose(): void {
    this.model.dispose();
  }

  /** Without `microseconds`, the image is not part of a video. */
  protected abstract estimate(image: PixelImage, microseconds: number | undefined): Pose[];

  protected createEstimator({width, height}: Partial<Size> = {}): Estimator {
    // bfloat16 weights halve the download; WebAssembly has no instructions for them.
    const precision = this.model.info.name.includes('bf16') ? 'fp32' as const : 'auto' as const;
    return this.model.createEstimator({inputWidth: width, inputHeight: height, precision});
  }
}

/** Lightning and Thunder: one person, in a crop around the pose of the previous image. */
class SinglePoseDetector extends MoveNetDetector {
  #smoother = new KeypointSmoother();
  readonly #estimator = this.createEstimator();

  constructor(model: Model, config: CompleteMoveNetConfig, private readonly crop: PersonCrop) {
    super(model, config);
  }

  protected estimate(image: PixelImage, microseconds: number | undefined): Pose[] {
    const {width, height} = image;
    const side = this.#estimator.options.inputWidth;
    const region = this.crop.region(width, height);
    const [found] = this.#estimator.estimate(this.resampler.crop(image, region, side)) as [CorePose];
    if (found.score < this.config.minPoseScore) {
      this.reset();
      return [];
    }
    let keypoints = found.keypoints.map(({x, y, score}) => ({
      x: (region.left + x / side * region.side) / width, y: (region.top + y / side * region.side) / height, score}));
    if (microseconds !== undefined && this.config.enableSmoothing) {
      keypoints = this.#smoother.apply(keypoints, microseconds);
    }
    const pose = {score: found.score, keypoints: inPixels(keypoints, image)};
    this.crop.update(pose, width, height);
    return [named(pose)];
  }

  override reset(): void {
    super.reset();
    this.#smoother = new KeypointSmoother();
    this.crop.reset();
  }

  override dispose(): void {
    this.#estimator.dispose();
    this.crop.dispose();
    super.dispose();
  }
}

/** MultiPose. */
class MultiPoseDetector extends MoveNetDetector {
  readonly #tracker: PersonTracker | undefined;
  readonly #smoothers = new Map<number, KeypointSmoother>();
  #estimator: Estimator | undefined;

  constructor(model: Model, config: CompleteMoveNetConfig) {
    super(model, config);
    if (config.enableTracking) this.#tracker = new PersonTracker(config.trackerType, config.trackerConfig);
  }

  protected estimate(image: PixelImage, microseconds: number | undefined): Pose[] {
    const people = this.#detect(image);
    const poseOf = ({score, keypoints, box: {left, top, right, bottom}}: Found, id?: number): Pose => ({
      ...named({score, keypoints: inPixels(keypoints, image)}),
      box: {yMin: top, xMin: left, yMax: bottom, xMax: right, width: right - left, height: bottom - top},
      ...(id !== undefined && {id})});
    if (!this.#tracker) return people.map(person => poseOf(person));
    const ids = this.#tracker.update(people, microseconds ?? performance.now() * 1000);
    if (microseconds === undefined || !this.config.enableSmoothing) {
      return people.map((person, i) => poseOf(person, ids[i]));
    }
    const smooth = people.map((person, i) =>
      poseOf({...person, keypoints: this.#smootherOf(ids[i]!).apply(person.keypoints, microseconds)}, ids[i]));
    const tracked = this.#tracker.ids;
    for (const id of this.#smoothers.keys()) if (!tracked.has(id)) this.#smoothers.delete(id);
    return smooth;
  }

  override reset(): void {
    super.reset();
    this.#tracker?.reset();
    this.#smoothers.clear();
  }

  override dispose(): void {
    this.#estimator?.dispose();
    super.dispose();
  }

  /** The image fills the top left of the network's input. */
  #detect(image: PixelImage): Found[] {
    const {minPoseScore, multiPoseMaxDimension: longest} = this.config;
    const {width, height} = image;
    const sideOf = (side: number) => Math.max(Math.round(longest * side / Math.max(width, height)), 1);
    const size = {width: sideOf(width), height: sideOf(height)};
    const paddedOf = (side: number) => Math.ceil(side / SIZE_MULTIPLE) * SIZE_MULTIPLE;
    const padded = {width: paddedOf(size.width), height: paddedOf(size.height)};
    const people = this.#estimatorOf(padded).estimateBoxed(this.resampler.resize(image, size, padded), {
      scoreThreshold: minPoseScore, maxPoses: MAX_POSES});
    return people.map(({score, keypoints, box}) => ({
      score,
      keypoints: keypoints.map(({x, y, score: keypointScore}) => (
        {x: x / size.width, y: y / size.height, score: keypointScore})),
      box: {left: box.left / size.width, top: box.top / size.height, right: box.right / size.width,
            bottom: box.bottom / size.height},
    }));
  }

  #estimatorOf(size: Size): Estimator {
    const {inputWidth, inputHeight} = this.#estimator?.options ?? {};
    if (inputWidth !== size.width || inputHeight !== size.height) {
      this.#estimator?.dispose();
      this.#estimator = this.createEstimator(size);
    }
    return this.#estimator!;
  }

  #smootherOf(id: number): KeypointSmoother {
    const smoother = this.#smoothers.get(id) ?? new KeypointSmoother();
    this.#smoothers.set(id, smoother);
    return smoother;
  }
}

/** Loads a MoveNet. Rejects with a PoseNetError: 'not-found' if the package lacks its weights, 'unsupported' if
 *  `modelUrl` is not a MoveNet, 'invalid-argument' if it is another one than `modelType`. */
export async function load(config: MoveNetModelConfig = {}): Promise<PoseDetector> {
  const complete = completeConfig(config);
  const {modelUrl, modelType: type, onProgress, signal, threads, wasmUrl} = complete;
  const options = {onProgress, signal, threads, wasmUrl};
  const model = await loadNetwork(modelUrl, type ?? modelType.SINGLEPOSE_LIGHTNING, options);
  let crop: PersonCrop | undefined;
  try {
    const {name, architecture} = model.info;
    const actual = typeOf(architecture);
    if (type != null && type !== actual) {
      throw new PoseNetError('invalid-argument', `the model "${name}" is ${architecture}; expected modelType ${type}`);
    }
    if (actual === modelType.MULTIPOSE_LIGHTNING) return new MultiPoseDetector(model, complete);
    crop = await createPersonCrop(options);
    return new SinglePoseDetector(model, complete, crop);
  } catch (error) {
    crop?.dispose();
    model.dispose();
    throw error;
  }
}

/** The type of a network such as "MoveNet SinglePose Lightning". */
function typeOf(architecture: string): string {
  if (/multipose/i.test(architecture)) return modelType.MULTIPOSE_LIGHTNING;
  return /thunder/i.test(architecture) ? modelType.SINGLEPOSE_THUNDER : modelType.SINGLEPOSE_LIGHTNING;
}

/** Returns the time of a video in milliseconds; undefined for other images. */
export function videoTimeOf(image: ImageSource): number | undefined {
  const {currentTime} = image as Partial<HTMLVideoElement>;
  return currentTime === undefined ? undefined : currentTime * 1000;
}

function inPixels(keypoints: readonly Keypoint[], {width, height}: Size): Keypoint[] {
  return keypoints.map(({x, y, score}) => ({x: x * width, y: y * height, score}));
}

function named({score, keypoints}: CorePose): Pose {
  return {
    keypoints: keypoints.map(({x, y, score: keypointScore}, i) => (
      {y, x, score: keypointScore, name: keypointNames[i] as string})),
    score};
}
