// SPDX-License-Identifier: Apache-2.0
// The network of a PoseNet: one of this package, or any that predicts the four output maps.
import type {Estimator} from '../core/estimator.js';
import type {Model} from '../core/model.js';
import type {DecodeOptions, Precision} from '../core/options.js';
import type {PixelImage} from '../core/image.js';
import type {CorePose} from '../core/poses.js';
import type {Tensor3D} from './tensor.js';
import type {PoseNetOutputStride} from './types.js';

/** The output maps of a network for one image; heatmaps are probabilities. */
export interface PoseMaps {
  heatmapScores: Tensor3D;
  offsets: Tensor3D;
  displacementFwd: Tensor3D;
  displacementBwd: Tensor3D;
}

/** A network from elsewhere, for `new PoseNet(...)`. */
export interface MapModel {
  readonly outputStride: PoseNetOutputStride;
  /** Predicts the maps of an image of the input's size, values from 0 to 255. */
  predict(input: Tensor3D): PoseMaps;
  dispose(): void;
}

/** A network of this package. Its maps stay in the engine and are decoded there. */
export class BaseModel {
  readonly #estimators = new Map<string, Estimator>();

  /** Takes ownership of `model`, and of `refiner`, a MoveNet that refines its poses, if any. */
  constructor(private readonly model: Model, readonly outputStride: PoseNetOutputStride,
              private readonly refiner?: Model) {}

  /** Prepares an estimator for an input of [height, width]. Errors: PoseNetError. */
  prepare([height, width]: readonly [number, number]): Estimator {
    const key = `${height}x${width}`;
    let estimator = this.#estimators.get(key);
    if (!estimator) {
      estimator = this.model.createEstimator({
        inputWidth: width, inputHeight: height, outputStride: this.outputStride, precision: this.precision,
        refine: this.refiner});
      this.#estimators.set(key, estimator);
    }
    return estimator;
  }

  estimate(image: PixelImage, inputResolution: readonly [number, number], options: DecodeOptions): CorePose[] {
    return this.prepare(inputResolution).estimateWith(image, options);
  }

  /** Frees all memory. Estimating afterwards is an error. */
  dispose(): void {
    for (const estimator of this.#estimators.values()) estimator.dispose();
    this.model.dispose();
    this.refiner?.dispose();
  }

  /** bfloat16 weights halve the download. WebAssembly has no instructions for them, so they are computed in fp32. */
  private get precision(): Precision {
    return this.model.info.name.includes('bf16') ? 'fp32' : 'auto';
  }
}
