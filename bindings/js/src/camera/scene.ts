// SPDX-License-Identifier: Apache-2.0
// Where in a known place a photo was taken.
import type {CameraEstimate, Localizer, LocalizerOptions, Scene} from '../core/localizer.js';
import {type LoadOptions, loadModel} from '../core/model.js';
import type {ModelSource} from '../core/source.js';
import {PictureReader, type PoseNetInput} from '../input/read.js';

/** A place that was learnt. Made by loadScene(). */
export class CameraScene {
  readonly #localizer: Localizer;
  readonly #reader = new PictureReader();

  constructor(localizer: Localizer) {
    this.#localizer = localizer;
  }

  /** What the model was trained on. */
  get scene(): Scene {
    return this.#localizer.scene;
  }

  /** Where the camera was that took `photo`, upright as when the place was photographed. Errors: PoseNetError. */
  async localize(photo: PoseNetInput): Promise<CameraEstimate> {
    return this.#localizer.localize(this.#reader.read(photo).picture);
  }

  /** Frees the network's memory. */
  dispose(): void {
    this.#localizer.dispose();
  }
}

/** Loads a model that `posenet camera train` made. Errors: PoseNetError. */
export async function loadScene(source: ModelSource, options: LoadOptions & LocalizerOptions = {}): Promise<CameraScene> {
  const model = await loadModel(source, options);
  try {
    return new CameraScene(model.createLocalizer(options));
  } finally {
    model.dispose();
  }
}
