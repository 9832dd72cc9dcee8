// SPDX-License-Identifier: Apache-2.0
// TensorFlow.js' interface to PoseNet: load(), estimateSinglePose() and estimateMultiplePoses().
import type {Model} from '../core/model.js';
import type {DecodeOptions} from '../core/options.js';
import type {CorePose} from '../core/poses.js';
import {toPixels} from '../input/index.js';
import {BaseModel, type MapModel} from './base_model.js';
import {checkpoint} from './checkpoints.js';
import {
  completeConfig, completeMultiConfig, DEFAULT_CONFIG, type ModelConfig, type MultiPersonInferenceConfig,
  type SinglePersonInterfaceConfig,
} from './config.js';
import * as graphs from './graph_model.js';
import {partNames} from './keypoints.js';
import * as mobilenet from './mobilenet.js';
import {decodeMultiplePoses} from './multi_pose/decode_multiple_poses.js';
import * as resnet from './resnet.js';
import {decodeSinglePose} from './single_pose/decode_single_pose.js';
import {bufferOf} from './tensor.js';
import type {Pose, PosenetInput} from './types.js';
import {
  assertValidOutputStride, assertValidResolution, getInputTensorDimensions, getValidInputResolutionDimensions,
  padAndResizeTo, scaleAndFlipPoses,
} from './util.js';

export interface LegacyMultiPersonInferenceConfig extends MultiPersonInferenceConfig {
  decodingMethod: 'multi-person';
}

export interface LegacySinglePersonInferenceConfig extends SinglePersonInterfaceConfig {
  decodingMethod: 'single-person';
}

/** Estimates human poses in images. */
export class PoseNet {
  /** `baseModel` is a network of this package, or any that predicts the maps. `inputResolution` is [height, width]. */
  constructor(readonly baseModel: BaseModel | MapModel, readonly inputResolution: [number, number]) {
    assertValidOutputStride(baseModel.outputStride);
    assertValidResolution(inputResolution, baseModel.outputStride);
  }

  /** Estimates the poses of all people in `input`, in its pixels. Rejects with a PoseNetError. */
  async estimateMultiplePoses(input: PosenetInput, config: MultiPersonInferenceConfig = {}): Promise<Pose[]> {
    const {flipHorizontal, maxDetections, scoreThreshold, nmsRadius} = completeMultiConfig(config);
    const net = this.baseModel;
    if (net instanceof BaseModel) {
      return this.#estimate(net, input, {
        decoder: 'tfjs-multiple', maxPoses: maxDetections, scoreThreshold, nmsRadius, mirror: flipHorizontal});
    }
    return this.#predict(net, input, flipHorizontal, async ({heatmapScores, offsets, displacementFwd, displacementBwd}) => {
      const maps = [heatmapScores, offsets, displacementFwd, displacementBwd];
      const [scores, moves, forward, backward] = await Promise.all(maps.map(bufferOf));
      return decodeMultiplePoses(
          scores!, moves!, forward!, backward!, net.outputStride, maxDetections, scoreThreshold, nmsRadius);
    });
  }

  /** Estimates a single pose: faster, but if several people are visible, their parts may be mixed. */
  async estimateSinglePose(input: PosenetInput, config: SinglePersonInterfaceConfig = {}): Promise<Pose> {
    const {flipHorizontal = false} = config;
    const net = this.baseModel;
    const poses = net instanceof BaseModel ?
        this.#estimate(net, input, {decoder: 'tfjs-single', mirror: flipHorizontal}) :
        await this.#predict(net, input, flipHorizontal, async ({heatmapScores, offsets}) => [
          await decodeSinglePose(heatmapScores, offsets, net.outputStride)]);
    return poses[0] as Pose;
  }

  /** @deprecated Use estimateSinglePose or estimateMultiplePoses. */
  async estimatePoses(
      input: PosenetInput,
      config: LegacySinglePersonInferenceConfig | LegacyMultiPersonInferenceConfig): Promise<Pose[]> {
    if (config.decodingMethod === 'single-person') return [await this.estimateSinglePose(input, config)];
    return this.estimateMultiplePoses(input, config);
  }

  /** Frees all memory. Estimating afterwards is an error. */
  dispose(): void {
    this.baseModel.dispose();
  }

  #estimate(net: BaseModel, input: PosenetInput, options: DecodeOptions): Pose[] {
    return net.estimate(toPixels(input), this.inputResolution, options).map(namedPose);
  }

  async #predict(
      net: MapModel, input: PosenetInput, flipHorizontal: boolean,
      decode: (maps: ReturnType<MapModel['predict']>) => Promise<Pose[]>): Promise<Pose[]> {
    const size = getInputTensorDimensions(input);
    const {resized, padding} = padAndResizeTo(input, this.inputResolution);
    const maps = net.predict(resized);
    try {
      return scaleAndFlipPoses(await decode(maps), size, this.inputResolution, padding, flipHorizontal);
    } finally {
      const {heatmapScores, offsets, displacementFwd, displacementBwd} = maps;
      for (const map of [heatmapScores, offsets, displacementFwd, displacementBwd]) map.dispose();
    }
  }
}

/** Loads a network. Rejects with a PoseNetError: 'invalid-argument' for an invalid configuration, 'not-found' for
 *  missing weights. */
export async function load(config: ModelConfig = DEFAULT_CONFIG): Promise<PoseNet> {
  return loadRefined(config, undefined);
}

/** Does the same; `refiner`, which is then owned by the result, is a MoveNet that refines its poses. */
export async function loadRefined(config: ModelConfig, refiner: Model | undefined): Promise<PoseNet> {
  const complete = completeConfig(config);
  const {architecture, multiplier, outputStride, quantBytes, modelUrl} = complete;
  const {onProgress, signal, threads, wasmUrl} = config;
  const network = architecture === 'ResNet50' ? architecture : `${architecture} ${multiplier}`;
  const model = await graphs.loadGraphModel(
      modelUrl ?? checkpoint(network, quantBytes), network, {onProgress, signal, threads, wasmUrl});
  const base = architecture === 'ResNet50' ?
      new resnet.ResNet(model, outputStride, refiner) : new mobilenet.MobileNet(model, outputStride, refiner);
  try {
    const resolution = getValidInputResolutionDimensions(complete.inputResolution, base.outputStride);
    const net = new PoseNet(base, resolution);
    if (base instanceof BaseModel) base.prepare(resolution);
    return net;
  } catch (error) {
    base.dispose();
    throw error;
  }
}

/** Adds the names of the parts to a pose. */
export function namedPose({score, keypoints}: CorePose): Pose {
  return {
    score,
    keypoints: keypoints.map(({x, y, score: keypointScore}, id) => (
      {score: keypointScore, part: partNames[id] as string, position: {x, y}})),
  };
}
