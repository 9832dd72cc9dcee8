// SPDX-License-Identifier: Apache-2.0
// The network behind a PoseNet: one of this package, or anybody's that predicts the maps.
import type {Estimator} from '../core/estimator.js';
import type {Model} from '../core/model.js';
import type {DecodeOptions, Precision} from '../core/options.js';
import type {Picture} from '../core/picture.js';
import type {CorePose} from '../core/poses.js';
import type {Tensor3D} from './tensor.js';
import type {PoseNetOutputStride} from './types.js';

/** What a network says of a picture: heatmaps as probabilities. */
export interface PoseMaps {
  heatmapScores: Tensor3D;
  offsets: Tensor3D;
  displacementFwd: Tensor3D;
  displacementBwd: Tensor3D;
}

/** A network of somebody else's, for `new PoseNet(...)`. */
export interface MapModel {
  readonly outputStride: PoseNetOutputStride;
  /** The maps of a picture of the size of the input, values from 0 to 255. */
  predict(input: Tensor3D): PoseMaps;
  dispose(): void;
}

/** A network of this package. Its maps stay in the engine, where they are decoded. */
export class BaseModel {
  readonly #estimators = new Map<string, Estimator>();

  /** Takes `model`. */
  constructor(private readonly model: Model, readonly outputStride: PoseNetOutputStride) {}

  /** Makes ready for an input of [height, width]. Errors: PoseNetError. */
  prepare([height, width]: readonly [number, number]): Estimator {
    const key = `${height}x${width}`;
    let estimator = this.#estimators.get(key);
    if (!estimator) {
      estimator = this.model.createEstimator({
        inputWidth: width, inputHeight: height, outputStride: this.outputStride, precision: this.precision});
      this.#estimators.set(key, estimator);
    }
    return estimator;
  }

  estimate(picture: Picture, inputResolution: readonly [number, number], options: DecodeOptions): CorePose[] {
    return this.prepare(inputResolution).estimateWith(picture, options);
  }

  /** Frees all memory; later estimates are errors. */
  dispose(): void {
    for (const estimator of this.#estimators.values()) estimator.dispose();
    this.model.dispose();
  }

  /** Weights of 16 bits halve a download. WebAssembly has no instructions for them, and computes in 32. */
  private get precision(): Precision {
    return this.model.info.name.includes('bf16') ? 'fp32' : 'auto';
  }
}
