// SPDX-License-Identifier: Apache-2.0
// Detectors, networks and localizers that each run in a worker, so that they do not block the page.
import type {LoadOptions} from '../core/model.js';
import type {CameraEstimate, LocalizerOptions, Scene} from '../core/localizer.js';
import type {ModelSource} from '../core/source.js';
import type {ImageSource} from '../input/index.js';
import {timeOf} from '../pose-detection/detector.js';
import type {MoveNetModelConfig} from '../pose-detection/movenet/config.js';
import {videoTimeOf} from '../pose-detection/movenet/detector.js';
import {type PoseDetector, type PosenetModelConfig, SupportedModels} from '../pose-detection/types.js';
import {
  DEFAULT_CONFIG, type ModelConfig, type MultiPersonInferenceConfig, type SinglePersonInterfaceConfig,
} from '../posenet/config.js';
import type {Pose, PosenetInput} from '../posenet/types.js';
import {absoluteUrl, type Packed, packSource} from './pack.js';
import {Remote} from './remote.js';

export {PoseNetError} from '../core/errors.js';
export {SupportedModels} from '../pose-detection/types.js';

/** A PoseNet in a worker. */
export interface PoseNetInWorker {
  /** [height, width] of the network's input. */
  readonly inputResolution: readonly [number, number];
  /** Like PoseNet.estimateMultiplePoses. The image is captured at the time of the call. */
  estimateMultiplePoses(input: PosenetInput, config?: MultiPersonInferenceConfig): Promise<Pose[]>;
  /** Like PoseNet.estimateSinglePose. The image is captured at the time of the call. */
  estimateSinglePose(input: PosenetInput, config?: SinglePersonInterfaceConfig): Promise<Pose>;
  /** Terminates the worker; pending calls are rejected. */
  dispose(): void;
}

/** A CameraLocalizer in a worker. */
export interface CameraLocalizerInWorker {
  readonly scene: Scene;
  /** Like CameraLocalizer.localize, but returns a promise. */
  localize(image: ImageSource): Promise<CameraEstimate>;
  /** Terminates the worker; pending calls are rejected. */
  dispose(): void;
}

/** Like createDetector of pose-detection, in a worker. Images are captured at the time of the call, and results arrive
 *  in the order of the calls. Rejects with a PoseNetError. */
export async function createDetectorInWorker(
    model: SupportedModels, config: PosenetModelConfig | MoveNetModelConfig = {}): Promise<PoseDetector> {
  const defaultTimeOf = model === SupportedModels.MoveNet ? videoTimeOf : timeOf;
  const {value, transfer} = packConfig(config as PosenetModelConfig);
  const [remote] = await Remote.create('detector', 'detector', {value: [model, value], transfer}, config);
  return {
    async estimatePoses(image, estimation = {}, timestamp) {
      if (image == null) return []; // As upstream does, for a video element that does not exist yet.
      return remote.callWithImage('estimatePoses', image, estimation, timestamp ?? defaultTimeOf(image));
    },
    reset: () => remote.notify('reset'),
    dispose: () => remote.dispose(),
  };
}

/** Like load(), in a worker. Rejects with a PoseNetError. */
export async function loadInWorker(config: ModelConfig = DEFAULT_CONFIG): Promise<PoseNetInWorker> {
  const {value, transfer} = packConfig(config);
  const [remote, inputResolution] = await Remote.create('posenet', 'network', {value: [value], transfer}, config);
  return {
    inputResolution,
    estimateMultiplePoses: async (input, options = {}) => remote.callWithImage('estimateMultiplePoses', input, options),
    estimateSinglePose: async (input, options = {}) => remote.callWithImage('estimateSinglePose', input, options),
    dispose: () => remote.dispose(),
  };
}

/** Like loadLocalizer(), in a worker. Rejects with a PoseNetError. */
export async function loadLocalizerInWorker(
    source: ModelSource, options: LoadOptions & LocalizerOptions = {}): Promise<CameraLocalizerInWorker> {
  const [model, {value, transfer}] = [packSource(source), packConfig(options)];
  const [remote, scene] = await Remote.create(
      'localizer', 'localizer', {value: [model.value, value], transfer: [...model.transfer, ...transfer]}, options);
  return {
    scene,
    localize: async image => remote.callWithImage('localize', image),
    dispose: () => remote.dispose(),
  };
}

/** Packs `config` without its callbacks, and with absolute URLs. */
function packConfig({onProgress, signal, ...config}: ModelConfig & {refine?: PosenetModelConfig['refine']}): Packed {
  const {wasmUrl, modelUrl, refine} = config;
  const none = {value: undefined, transfer: []};
  const model = modelUrl ? packSource(modelUrl) : none;
  const isName = refine === 'lightning' || refine === 'thunder';
  const refiner = refine && !isName ? packSource(refine) : none;
  return {
    value: {
      ...config, ...(wasmUrl !== undefined && {wasmUrl: absoluteUrl(wasmUrl)}),
      ...(model.value !== undefined && {modelUrl: model.value}),
      ...(refiner.value !== undefined && {refine: refiner.value})},
    transfer: [...model.transfer, ...refiner.transfer],
  };
}
