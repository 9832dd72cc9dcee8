// SPDX-License-Identifier: Apache-2.0
// Camera relocalization: the pose from which an image of a known scene was taken.
import {PoseNetError} from '../core/errors.js';
import type {CameraEstimate, Localizer, LocalizerOptions, Scene} from '../core/localizer.js';
import {type LoadOptions, loadModel} from '../core/model.js';
import type {ModelSource} from '../core/source.js';
import {type ImageSource, toPixels} from '../input/index.js';

/** Estimates camera poses in the scene that its model was trained on. */
export class CameraLocalizer {
  /** Called by loadLocalizer. */
  constructor(private readonly localizer: Localizer) {}

  /** The scene that the model was trained on. */
  get scene(): Scene {
    return this.localizer.scene;
  }

  /** Returns the pose of the camera that took `image`, upright like the images of the scene. Errors: PoseNetError. */
  localize(image: ImageSource): CameraEstimate {
    return this.localizer.localize(toPixels(image));
  }

  /** Frees all memory. */
  dispose(): void {
    this.localizer.dispose();
  }
}

/** Loads a model that `posenet camera train` wrote. Rejects with a PoseNetError. */
export async function loadLocalizer(
    source: ModelSource, options: LoadOptions & LocalizerOptions = {}): Promise<CameraLocalizer> {
  const {onProgress, signal, threads, wasmUrl, ...localizerOptions} = options;
  const model = await loadModel(source, {onProgress, signal, threads, wasmUrl});
  try {
    if (model.info.task !== 'camera-pose') {
      throw new PoseNetError('unsupported',
          `the model "${model.info.name}" is for ${model.info.task}; expected one for camera-pose`);
    }
    return new CameraLocalizer(model.createLocalizer(localizerOptions));
  } finally {
    model.dispose();
  }
}
