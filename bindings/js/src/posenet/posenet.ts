// SPDX-License-Identifier: Apache-2.0
// The class and the function that programs written for TensorFlow.js PoseNet know.
import type {Estimator} from '../core/estimator.js';
import {loadModel} from '../core/model.js';
import type {DecodeOptions} from '../core/options.js';
import type {CorePose} from '../core/poses.js';
import {PictureReader, type PoseNetInput} from '../input/read.js';
import {partNames} from './keypoints.js';
import {modelOf} from './models.js';
import type {
  InferenceConfig, LegacyMultiPersonInferenceConfig, LegacySinglePersonInferenceConfig, ModelConfig,
  MultiPersonInferenceConfig, Pose,
} from './types.js';
import {validInputSize} from './util.js';

const SINGLE_DEFAULTS = {flipHorizontal: false};
const MULTI_DEFAULTS = {flipHorizontal: false, maxDetections: 5, scoreThreshold: 0.5, nmsRadius: 20};

// Without arguments load() has always taken the light network; a config that leaves the multiplier out, the large one.
const NO_CONFIG: ModelConfig = {architecture: 'MobileNetV1', outputStride: 16, multiplier: 0.75, inputResolution: 257};

function expectOneOf(name: string, value: unknown, expected: readonly unknown[], of = ''): void {
  if (!expected.includes(value)) {
    throw new Error(`Invalid ${name} ${String(value)}. Should be one of ${expected.join(', ')}${of}.`);
  }
}

function checkedConfig(given: ModelConfig): ModelConfig {
  const config = {inputResolution: 257, quantBytes: 4 as const, ...given};
  config.architecture ??= 'MobileNetV1';
  config.outputStride ??= 16;
  expectOneOf('architecture', config.architecture, ['MobileNetV1', 'ResNet50']);
  const isMobileNet = config.architecture === 'MobileNetV1';
  expectOneOf('outputStride', config.outputStride, isMobileNet ? [8, 16, 32] : [16, 32], ` for ${config.architecture}`);
  config.multiplier ??= 1;
  expectOneOf('multiplier', config.multiplier, isMobileNet ? [0.5, 0.75, 1] : [1], ` for ${config.architecture}`);
  expectOneOf('quantBytes', config.quantBytes, [1, 2, 4]);
  if (isMobileNet && config.outputStride === 32 && config.multiplier !== 1) {
    throw new Error(`Invalid multiplier ${config.multiplier}. Should be 1 for an outputStride of 32.`);
  }
  validInputSize(config.inputResolution, config.outputStride);
  return config;
}

function checkMulti({maxDetections, scoreThreshold, nmsRadius}: Required<MultiPersonInferenceConfig>): void {
  if (!(maxDetections > 0)) throw new Error(`Invalid maxDetections ${maxDetections}. Should be > 0.`);
  if (!(scoreThreshold >= 0 && scoreThreshold <= 1)) {
    throw new Error(`Invalid scoreThreshold ${scoreThreshold}. Should be in range [0.0, 1.0].`);
  }
  if (!(nmsRadius > 0)) throw new Error(`Invalid nmsRadius ${nmsRadius}. Should be positive.`);
}

function poseOf({score, keypoints}: CorePose, scaleX: number, scaleY: number): Pose {
  return {
    score,
    keypoints: keypoints.map((keypoint, id) => ({
      score: keypoint.score,
      part: partNames[id]!,
      position: {x: keypoint.x * scaleX, y: keypoint.y * scaleY},
    })),
  };
}

/** Finds people in pictures. Made by load(). */
export class PoseNet {
  /** The network's input, made valid: height, then width, in pixels. */
  readonly inputResolution: [number, number];
  readonly #estimator: Estimator;
  readonly #reader = new PictureReader();

  constructor(estimator: Estimator) {
    this.#estimator = estimator;
    this.inputResolution = [estimator.options.inputHeight, estimator.options.inputWidth];
  }

  /** The one person of a picture; with several in view, parts of different people may be mixed. */
  async estimateSinglePose(input: PoseNetInput, config: Partial<InferenceConfig> = SINGLE_DEFAULTS): Promise<Pose> {
    const {flipHorizontal} = {...SINGLE_DEFAULTS, ...config};
    return this.#estimate(input, {decoder: 'tfjs-single', mirror: flipHorizontal})[0]!;
  }

  /** Everybody, at most maxDetections, those with the surest keypoint first. */
  async estimateMultiplePoses(input: PoseNetInput,
                              config: Partial<MultiPersonInferenceConfig> = MULTI_DEFAULTS): Promise<Pose[]> {
    const options = {...MULTI_DEFAULTS, ...config};
    checkMulti(options);
    return this.#estimate(input, {
      decoder: 'tfjs-multiple', mirror: options.flipHorizontal, maxPoses: Math.ceil(options.maxDetections),
      scoreThreshold: options.scoreThreshold, nmsRadius: options.nmsRadius,
    });
  }

  /** Both, chosen by `decodingMethod`; the first version's interface. */
  async estimatePoses(input: PoseNetInput,
                      config: LegacySinglePersonInferenceConfig | LegacyMultiPersonInferenceConfig): Promise<Pose[]> {
    if (config.decodingMethod === 'single-person') return [await this.estimateSinglePose(input, config)];
    return this.estimateMultiplePoses(input, config);
  }

  /** Frees the network's memory. */
  dispose(): void {
    this.#estimator.dispose();
  }

  #estimate(input: PoseNetInput, options: DecodeOptions): Pose[] {
    const {picture, width, height} = this.#reader.read(input);
    const poses = this.#estimator.estimateWith(picture, options);
    return poses.map(pose => poseOf(pose, width / picture.width, height / picture.height));
  }
}

/** Loads a network. Nothing is fetched but the package's own files, or `modelUrl`. Errors: Error for a configuration that
 *  cannot be; PoseNetError for files that are not there or damaged. */
export async function load(config: ModelConfig = NO_CONFIG): Promise<PoseNet> {
  const {outputStride, inputResolution = 257, quantBytes, threads, wasmUrl, ...rest} = checkedConfig(config);
  const {width, height} = validInputSize(inputResolution, outputStride);
  const model = await loadModel(modelOf({outputStride, quantBytes: quantBytes ?? 4, ...rest}),
                                {...(threads !== undefined && {threads}), ...(wasmUrl !== undefined && {wasmUrl})});
  try {
    return new PoseNet(model.createEstimator({inputWidth: width, inputHeight: height, outputStride}));
  } finally {
    model.dispose();
  }
}
