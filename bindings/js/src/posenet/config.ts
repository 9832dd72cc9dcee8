// SPDX-License-Identifier: Apache-2.0
// The configurations of TensorFlow.js PoseNet: defaults, and what may be asked for.
import type {LoadOptions} from '../core/model.js';
import type {ModelSource} from '../core/source.js';
import type {
  InputResolution, MobileNetMultiplier, PoseNetArchitecture, PoseNetOutputStride, PoseNetQuantBytes,
} from './types.js';
import {assert, validateInputResolution} from './util.js';

/** How a PoseNet is loaded. Without any configuration it is a MobileNetV1 0.75; with one, `multiplier` is 1.0 unless it
 *  says otherwise, as in TensorFlow.js. */
export interface ModelConfig extends LoadOptions {
  /** By default 'MobileNetV1'. */
  architecture?: PoseNetArchitecture;
  /** By default 16. Smaller is more exact and slower. */
  outputStride?: PoseNetOutputStride;
  /** The size of the network's input, by default 257. Larger finds smaller people, and is slower. */
  inputResolution?: InputResolution;
  multiplier?: MobileNetMultiplier;
  /** A model file (.safetensors) in place of that of the package: its address, bytes or Blob. */
  modelUrl?: ModelSource | null;
  /** By default 4. */
  quantBytes?: PoseNetQuantBytes;
}

export interface InferenceConfig {
  /** Mirrors positions, for pictures of a mirrored camera. By default false. */
  flipHorizontal?: boolean;
}

export interface SinglePersonInterfaceConfig extends InferenceConfig {}

export interface MultiPersonInferenceConfig extends InferenceConfig {
  /** By default 5. */
  maxDetections?: number;
  /** Of the keypoint that a person is found by. By default 0.5. */
  scoreThreshold?: number;
  /** In pixels of the network's input. By default 20. */
  nmsRadius?: number;
}

/** A configuration of which nothing is open. */
export type CompleteConfig = LoadOptions & Required<Omit<ModelConfig, keyof LoadOptions | 'modelUrl'>> &
    {modelUrl: ModelSource | undefined};

/** What load() loads. */
export const DEFAULT_CONFIG: Readonly<ModelConfig> = {
  architecture: 'MobileNetV1', outputStride: 16, multiplier: 0.75, inputResolution: 257};

const STRIDES: Record<PoseNetArchitecture, number[]> = {MobileNetV1: [8, 16, 32], ResNet50: [32, 16]};
const MULTIPLIERS: Record<PoseNetArchitecture, number[]> = {MobileNetV1: [0.50, 0.75, 1.0], ResNet50: [1.0]};
const QUANT_BYTES = [1, 2, 4];

/** `config` with defaults. Errors: 'invalid-argument'. */
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

/** `config` with defaults. Errors: 'invalid-argument'. */
export function completeMultiConfig(config: MultiPersonInferenceConfig): Required<MultiPersonInferenceConfig> {
  const {flipHorizontal = false, maxDetections = 5, scoreThreshold = 0.5, nmsRadius = 20} = config;
  assert(maxDetections > 0, `Invalid maxDetections ${maxDetections}. Should be > 0`);
  assert(scoreThreshold >= 0 && scoreThreshold <= 1,
      `Invalid scoreThreshold ${scoreThreshold}. Should be in range [0.0, 1.0]`);
  assert(nmsRadius > 0, `Invalid nmsRadius ${nmsRadius}.`);
  return {flipHorizontal, maxDetections, scoreThreshold, nmsRadius};
}
