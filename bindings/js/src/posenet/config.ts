// SPDX-License-Identifier: Apache-2.0
// The configurations of TensorFlow.js PoseNet: defaults and validation.
import type {LoadOptions} from '../core/model.js';
import type {ModelSource} from '../core/source.js';
import type {
  InputResolution, MobileNetMultiplier, PoseNetArchitecture, PoseNetOutputStride, PoseNetQuantBytes,
} from './types.js';
import {assert, validateInputResolution} from './util.js';

/** Options for loading a PoseNet. As in TensorFlow.js, the default of `multiplier` is 0.75 if load() gets no
 *  configuration, and 1.0 if it gets one. */
export interface ModelConfig extends LoadOptions {
  /** Default: 'MobileNetV1'. */
  architecture?: PoseNetArchitecture;
  /** Default: 16. Smaller is more accurate and slower. */
  outputStride?: PoseNetOutputStride;
  /** Size of the network's input. Larger inputs show smaller people and take longer. Default: 257. */
  inputResolution?: InputResolution;
  multiplier?: MobileNetMultiplier;
  /** A model file (.safetensors) to use instead of the package's: its URL, bytes or Blob. */
  modelUrl?: ModelSource | null;
  /** Default: 4. */
  quantBytes?: PoseNetQuantBytes;
}

export interface InferenceConfig {
  /** Mirrors positions, for images of a mirrored camera. Default: false. */
  flipHorizontal?: boolean;
}

export interface SinglePersonInterfaceConfig extends InferenceConfig {}

export interface MultiPersonInferenceConfig extends InferenceConfig {
  /** Default: 5. */
  maxDetections?: number;
  /** Minimum score of the keypoint that a pose is grown from. Default: 0.5. */
  scoreThreshold?: number;
  /** In pixels of the network's input. Default: 20. */
  nmsRadius?: number;
}

/** A configuration with all defaults filled in. */
export type CompleteConfig = LoadOptions & Required<Omit<ModelConfig, keyof LoadOptions | 'modelUrl'>> &
    {modelUrl: ModelSource | undefined};

/** The configuration of load() without arguments. */
export const DEFAULT_CONFIG: Readonly<ModelConfig> = {
  architecture: 'MobileNetV1', outputStride: 16, multiplier: 0.75, inputResolution: 257};

const STRIDES: Record<PoseNetArchitecture, number[]> = {MobileNetV1: [8, 16, 32], ResNet50: [32, 16]};
const MULTIPLIERS: Record<PoseNetArchitecture, number[]> = {MobileNetV1: [0.50, 0.75, 1.0], ResNet50: [1.0]};
const QUANT_BYTES = [1, 2, 4];

/** Fills in the defaults of `config`. Errors: 'invalid-argument'. */
export function completeConfig(config: ModelConfig): CompleteConfig {
  const architecture = config.architecture ?? 'MobileNetV1';
  assert(Object.hasOwn(STRIDES, architecture),
      `Invalid architecture ${String(architecture)}. Should be one of ${Object.keys(STRIDES).join(',')}`);
  const inputResolution = config.inputResolution ?? 257;
  validateInputResolution(inputResolution);
  const oneOf = <T extends number>(name: string, value: T, valid: number[]): T => {
    assert(valid.includes(value), `Invalid ${name} ${String(value)}. Should be one of ${valid.join(',')} ` +
        `for architecture ${architecture}.`);
    return value;
  };
  const outputStride = oneOf('outputStride', config.outputStride ?? 16, STRIDES[architecture]);
  const multiplier = oneOf('multiplier', config.multiplier ?? 1.0, MULTIPLIERS[architecture]);
  const quantBytes = oneOf('quantBytes', config.quantBytes ?? 4, QUANT_BYTES);
  assert(architecture !== 'MobileNetV1' || outputStride !== 32 || multiplier === 1,
      'When using an output stride of 32, you must select 1 as the multiplier.');
  return {
    ...config, architecture, inputResolution, outputStride, multiplier, quantBytes, modelUrl: config.modelUrl || undefined};
}

/** Fills in the defaults of `config`. Errors: 'invalid-argument'. */
export function completeMultiConfig(config: MultiPersonInferenceConfig): Required<MultiPersonInferenceConfig> {
  const {flipHorizontal = false, maxDetections = 5, scoreThreshold = 0.5, nmsRadius = 20} = config;
  assert(maxDetections > 0, `Invalid maxDetections ${maxDetections}. Should be > 0`);
  assert(scoreThreshold >= 0 && scoreThreshold <= 1,
      `Invalid scoreThreshold ${scoreThreshold}. Should be in range [0.0, 1.0]`);
  assert(nmsRadius > 0, `Invalid nmsRadius ${nmsRadius}.`);
  return {flipHorizontal, maxDetections, scoreThreshold, nmsRadius};
}
