// SPDX-License-Identifier: Apache-2.0
// Detectors, networks and scenes that work in a worker of their own: the page is not held up while they do.
import type {LoadOptions} from '../core/model.js';
import type {CameraEstimate, LocalizerOptions, Scene} from '../core/localizer.js';
import type {ModelSource} from '../core/source.js';
import type {PictureSource} from '../input/index.js';
import {timeOf} from '../pose-detection/detector.js';
import type {PoseDetector, PosenetModelConfig, SupportedModels} from '../pose-detection/types.js';
import {
  DEFAULT_CONFIG, type ModelConfig, type MultiPersonInferenceConfig, type SinglePersonInterfaceConfig,
} from '../posenet/config.js';
import type {Pose, PosenetInput} from '../posenet/types.js';
import {addressOf, type Packed, packSource} from './packed.js';
import {Remote} from './remote.js';

export {PoseNetError} from '../core/errors.js';
export {SupportedModels} from '../pose-detection/types.js';

/** A PoseNet in a worker. */
export interface PoseNetInWorker {
  /** Height and width of the network's input. */
  readonly inputResolution: readonly [number, number];
  /** As PoseNet's. Pictures are looked at as they are when this is called. */
  estimateMultiplePoses(input: PosenetInput, config?: MultiPersonInferenceConfig): Promise<Pose[]>;
  estimateSinglePose(input: PosenetInput, config?: SinglePersonInterfaceConfig): Promise<Pose>;
  /** Ends the worker; what is under way is rejected. */
  dispose(): void;
}

/** A scene in a worker. */
export interface CameraSceneInWorker {
  readonly scene: Scene;
  /** As CameraScene's, but a promise. */
  localize(photo: PictureSource): Promise<CameraEstimate>;
  /** Ends the worker; what is under way is rejected. */
  dispose(): void;
}

/** createDetector of pose-detection's shape, in a worker. Pictures are looked at as they are when estimatePoses is called,
 *  and answered in that order. Rejects with a PoseNetError. */
export async function createDetectorInWorker(
    model: SupportedModels, config: PosenetModelConfig = {}): Promise<PoseDetector> {
  const {value, transfer} = packConfig(config);
  const [remote] = await Remote.create('detector', 'detector', {value: [model, value], transfer}, config);
  return {
    async estimatePoses(image, estimation = {}, timestamp) {
      if (image == null) return []; // As upstream: a video that is not there yet.
      return remote.callWithPicture('estimatePoses', image, estimation, timestamp ?? timeOf(image));
    },
    reset: () => remote.tell('reset'),
    dispose: () => remote.dispose(),
  };
}

/** load() of TensorFlow.js PoseNet's shape, in a worker. Rejects with a PoseNetError. */
export async function loadInWorker(config: ModelConfig = DEFAULT_CONFIG): Promise<PoseNetInWorker> {
  const {value, transfer} = packConfig(config);
  const [remote, inputResolution] = await Remote.create('posenet', 'network', {value: [value], transfer}, config);
  return {
    inputResolution,
    estimateMultiplePoses: async (input, options = {}) => remote.callWithPicture('estimateMultiplePoses', input, options),
    estimateSinglePose: async (input, options = {}) => remote.callWithPicture('estimateSinglePose', input, options),
    dispose: () => remote.dispose(),
  };
}

/** loadScene(), in a worker. Rejects with a PoseNetError. */
export async function loadSceneInWorker(
    source: ModelSource, options: LoadOptions & LocalizerOptions = {}): Promise<CameraSceneInWorker> {
  const [model, {value, transfer}] = [packSource(source), packConfig(options)];
  const [remote, scene] = await Remote.create(
      'scene', 'scene', {value: [model.value, value], transfer: [...model.transfer, ...transfer]}, options);
  return {
    scene,
    localize: async photo => remote.callWithPicture('localize', photo),
    dispose: () => remote.dispose(),
  };
}

/** `config` without what stays here, and with full addresses. */
function packConfig({onProgress, signal, ...config}: ModelConfig): Packed {
  const {wasmUrl, modelUrl} = config;
  const model = modelUrl ? packSource(modelUrl) : {value: undefined, transfer: []};
  return {
    value: {
      ...config, ...(wasmUrl !== undefined && {wasmUrl: addressOf(wasmUrl)}),
      ...(model.value !== undefined && {modelUrl: model.value})},
    transfer: model.transfer,
  };
}
