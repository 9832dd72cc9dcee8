// SPDX-License-Identifier: Apache-2.0
// Where in a known place a photo was taken.
import {PoseNetError} from '../core/errors.js';
import type {CameraEstimate, Localizer, LocalizerOptions, Scene} from '../core/localizer.js';
import {type LoadOptions, loadModel} from '../core/model.js';
import type {ModelSource} from '../core/source.js';
import {type PictureSource, toPicture} from '../input/index.js';

/** A place that a model was trained on. */
export class CameraScene {
  /** For loadScene. */
  constructor(private readonly localizer: Localizer) {}

  /** What the model says of the place. */
  get scene(): Scene {
    return this.localizer.scene;
  }

  /** Where the camera was that took `photo`, upright as when the place was photographed. Errors: PoseNetError. */
  localize(photo: PictureSource): CameraEstimate {
    return this.localizer.localize(toPicture(photo));
  }

  /** Frees all memory. */
  dispose(): void {
    this.localizer.dispose();
  }
}

/** Loads a model that `posenet camera train` made. Rejects with a PoseNetError. */
export async function loadScene(
    source: ModelSource, options: LoadOptions & LocalizerOptions = {}): Promise<CameraScene> {
  const model = await loadModel(source, options);
  try {
    if (model.info.task !== 'camera-pose') {
      throw new PoseNetError('unsupported',
          `the model "${model.info.name}" is for ${model.info.task}; expected one for camera-pose`);
    }
    return new CameraScene(model.createLocalizer(options));
  } finally {
    model.dispose();
  }
}
