// SPDX-License-Identifier: Apache-2.0
// Models: networks with their weights.
import {PoseNetError} from './errors.js';
import {Estimator} from './estimator.js';
import {Handle} from './handle.js';
import {Localizer, type LocalizerOptions} from './localizer.js';
import {loadModule, type Module, type ModuleOptions} from './module.js';
import type {EstimatorOptions} from './options.js';
import {type ModelSource, nameOf, type ReadOptions, readSource} from './source.js';

/** A description of a model. */
export interface ModelInfo {
  /** For example "mobilenet100". */
  readonly name: string;
  /** For example "MobileNetV1 1.0". */
  readonly architecture: string;
  /** "human-pose" or "camera-pose". */
  readonly task: string;
  /** Input pixels per cell of the output maps; 0 if the network has none. */
  readonly outputStride: number;
  /** The origin of the weights. */
  readonly source: string;
  /** SPDX expression of the weights' license. */
  readonly license: string;
  readonly parameterCount: number;
  readonly layerCount: number;
}

/** Options for loading a model. */
export interface LoadOptions extends ReadOptions, ModuleOptions {}

/** A network with its weights. It need not outlive the estimators and localizers created from it. */
export class Model extends Handle {
  readonly info: ModelInfo;

  /** Called by loadModel. */
  constructor(module: Module, pointer: number) {
    super(module, pointer, module.exports.posenet_model_destroy, 'model');
    this.info = Object.freeze(JSON.parse(module.text(module.exports.posenet_model_info(pointer))) as ModelInfo);
  }

  /** Number of threads that share each call. 1 at first: the other threads start in the background and join a few
   *  tenths of a second after the first model is loaded. */
  get threads(): number {
    return this.module.threads;
  }

  /** Resolves with the final value of `threads` once every thread has started or failed to. */
  get threadsStarted(): Promise<number> {
    return this.module.threadsStarted;
  }

  /** Whether there are several threads. */
  get isThreaded(): boolean {
    return this.threads > 1;
  }

  /** Size in bytes of the memory, used and free, that this model shares with all others loaded with the same `threads`
   *  and `wasmUrl`. It grows on demand and is reused, but never shrinks. */
  get memoryBytes(): number {
    return this.module.memoryBytes;
  }

  /** Prepares the network for human pose estimation. With `refine`, a MoveNet for one person (Lightning or Thunder),
   *  each pose is estimated again by it, in a crop around the person, which is more accurate. Errors: PoseNetError. */
  createEstimator({refine, ...options}: EstimatorOptions & {refine?: Model | undefined} = {}): Estimator {
    if (refine && refine.module !== this.module) {
      throw new PoseNetError('invalid-argument',
          'refine was loaded with other options than this model; expected the same threads and wasmUrl');
    }
    return new Estimator(this.module, this.pointer, refine?.pointer ?? 0, options);
  }

  /** Prepares the network for camera relocalization in the scene that it was trained on. Errors: PoseNetError. */
  createLocalizer(options: LocalizerOptions = {}): Localizer {
    return new Localizer(this.module, this.pointer, options);
  }
}

/** Loads a model file (.safetensors). Rejects with a PoseNetError, or with the reason of `signal`. */
export async function loadModel(source: ModelSource, options: LoadOptions = {}): Promise<Model> {
  // Both at the same time. If both fail, the model's error is reported.
  const loading = loadModule(options);
  loading.catch(() => {});
  const bytes = await readSource(source, options);
  const module = await loading;
  const {exports} = module;
  const file = module.checked(exports.posenet_file_create(bytes.length));
  module.bytes(exports.posenet_file_data(file), bytes.length).set(bytes);
  const pointer = exports.posenet_model_create(file);
  if (pointer === 0) {
    const error = module.error();
    throw new PoseNetError(error.code, `${nameOf(source)}: ${error.message}`);
  }
  return new Model(module, pointer);
}
