// SPDX-License-Identifier: Apache-2.0
// Networks with their weights.
import {PoseNetError} from './errors.js';
import {Estimator} from './estimator.js';
import {Handle} from './handle.js';
import {Localizer, type LocalizerOptions} from './localizer.js';
import {loadModule, type Module, type ModuleOptions} from './module.js';
import type {EstimatorOptions} from './options.js';
import {type ModelSource, nameOf, type ReadOptions, readSource} from './source.js';

/** What a model file says of itself. */
export interface ModelInfo {
  /** Such as "mobilenet100". */
  readonly name: string;
  /** Such as "MobileNetV1 1.0". */
  readonly architecture: string;
  /** "human-pose" or "camera-pose". */
  readonly task: string;
  /** Input pixels for each cell of the output maps; 0 where there are none. */
  readonly outputStride: number;
  /** Where the weights come from. */
  readonly source: string;
  /** SPDX expression of the weights' licence. */
  readonly license: string;
  readonly parameterCount: number;
  readonly layerCount: number;
}

/** How a model is loaded. */
export interface LoadOptions extends ReadOptions, ModuleOptions {}

/** A network with its weights. Estimators and localizers keep what they need of it: it may be disposed of before them. */
export class Model extends Handle {
  readonly info: ModelInfo;

  /** For loadModel. */
  constructor(module: Module, pointer: number) {
    super(module, pointer, module.exports.posenet_model_destroy, 'model');
    this.info = Object.freeze(JSON.parse(module.text(module.exports.posenet_model_info(pointer))) as ModelInfo);
  }

  /** Threads that share each call of what is made of this model. It is 1 until others have come, some tenths of a second
   *  after the first model is there, so that nobody has to wait for them. */
  get threads(): number {
    return this.module.threads;
  }

  /** Resolves with `threads` when all have come, or cannot. */
  get threadsStarted(): Promise<number> {
    return this.module.threadsStarted;
  }

  /** Whether there are several. */
  get isThreaded(): boolean {
    return this.threads > 1;
  }

  /** Bytes of the memory that all models and estimators of the same options of loadModel share, used and free. It grows
   *  as it must and is used again, but never shrinks. */
  get memoryBytes(): number {
    return this.module.memoryBytes;
  }

  /** Makes the network ready for pictures. Errors: PoseNetError. */
  createEstimator(options: EstimatorOptions = {}): Estimator {
    return new Estimator(this.module, this.pointer, options);
  }

  /** The same for photos of the place that the model was trained on. */
  createLocalizer(options: LocalizerOptions = {}): Localizer {
    return new Localizer(this.module, this.pointer, options);
  }
}

/** Loads a model file (.safetensors). Errors: PoseNetError; what `signal` was aborted with. */
export async function loadModel(source: ModelSource, options: LoadOptions = {}): Promise<Model> {
  // Both at the same time; if both fail, the model's error is told.
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
