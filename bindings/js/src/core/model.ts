// SPDX-License-Identifier: Apache-2.0
// Models: networks with their weights.
import {PoseNetError} from './errors.js';
import {Estimator} from './estimator.js';
import {Handle} from './handle.js';
import {HeapBuffer} from './heap_buffer.js';
import {Localizer, type LocalizerOptions} from './localizer.js';
import {loadModule, type Module, type ModuleOptions} from './module.js';
import type {EstimatorOptions} from './options.js';
import {type ModelSource, nameOf, type ReadOptions, readSource} from './source.js';
import {MODEL_INFO} from './structs.js';

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

function infoOf(module: Module, model: number): ModelInfo {
  return module.withStack(() => {
    const info = module.initialized(MODEL_INFO);
    module.checked(error => module.exports.posenet_model_get_info(model, info.pointer, error));
    return {
      name: module.text(info.get('name')),
      architecture: module.text(info.get('architecture')),
      task: module.text(info.get('task')),
      outputStride: info.get('output_stride'),
      source: module.text(info.get('source')),
      license: module.text(info.get('license')),
      parameterCount: info.get('parameter_count'),
      layerCount: info.get('layer_count'),
    };
  });
}

/** A network with its weights. It need not outlive the estimators and localizers created from it. */
export class Model extends Handle {
  readonly info: ModelInfo;

  /** Called by loadModel. */
  constructor(module: Module, pointer: number) {
    super(module, pointer, module.exports.posenet_model_destroy, 'model');
    this.info = Object.freeze(infoOf(module, pointer));
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

/** Returns the handle of the model in the file with these bytes. */
function parse(module: Module, bytes: Uint8Array): number {
  const file = new HeapBuffer(module.exports);
  try {
    const copy = file.reserve(bytes.length);
    module.bytes(copy, bytes.length).set(bytes);
    return module.created((handle, error) =>
      module.exports.posenet_model_parse(copy, bytes.length, handle, error));
  } finally {
    file.free();
  }
}

/** Loads a model file (.safetensors). Rejects with a PoseNetError, or with the reason of `signal`. */
export async function loadModel(source: ModelSource, options: LoadOptions = {}): Promise<Model> {
  // Both at the same time. If both fail, the model's error is reported.
  const loading = loadModule(options);
  loading.catch(() => {});
  const bytes = await readSource(source, options);
  const module = await loading;
  try {
    return new Model(module, parse(module, bytes));
  } catch (error) {
    if (!(error instanceof PoseNetError)) throw error;
    throw new PoseNetError(error.code, `${nameOf(source)}: ${error.message}`);
  }
}
