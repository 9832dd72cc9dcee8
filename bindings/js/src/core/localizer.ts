// SPDX-License-Identifier: Apache-2.0
// Camera relocalization. Options, scenes and estimates cross from and to the module as JSON, by these names;
// bindings/js/wasm/camera.cc reads and writes them.
import {Handle} from './handle.js';
import {channelsOf, type PixelImage} from './image.js';
import type {Module} from './module.js';

/** Options of a localizer. */
export interface LocalizerOptions {
  /** Number of crops whose poses are averaged: 1, the default, is the center of the image. More, for models that were
   *  trained on random crops, are about as many crops spread evenly over the image. */
  crops?: number | undefined;
  /** Number of passes with random dropout, from which the uncertainty is estimated: 0, the default, or at least 2. 40
   *  are enough. */
  uncertaintyPasses?: number | undefined;
  /** Seed of the dropout, an integer from 0: the same image and seed give the same estimate. Default: 1. */
  seed?: number | undefined;
  /** Whether estimates include the input of the network's pose regressors. Default: false. */
  features?: boolean | undefined;
}

/** The scene that a model was trained on. */
export interface Scene {
  readonly name: string;
  /** Whether the unit of length is the meter. */
  readonly isMetric: boolean;
  /** Number of consecutive images that the network takes at once. */
  readonly sequenceLength: number;
}

/** The spread of a network's estimates for one image. */
export interface CameraUncertainty {
  /** Standard deviation of each coordinate. */
  positionStd: [number, number, number];
  /** Square root of the trace of the position's covariance. */
  positionTotalStd: number;
  /** Root mean square angle to the mean rotation. */
  rotationStdDegrees: number;
}

/** The estimated pose of a camera in its scene. */
export interface CameraEstimate {
  /** The camera's center, in units of the scene. */
  position: [number, number, number];
  /** world_from_cam as a unit quaternion (w, x, y, z), w not negative. The camera looks along its z axis; x points to
   *  the right of the image and y down. */
  quaternion: [number, number, number, number];
  /** The same pose as a 4 x 4 matrix in row-major order: p_world = worldFromCam * p_cam. */
  worldFromCam: number[];
  /** Present if uncertaintyPasses is not 0. */
  uncertainty?: CameraUncertainty;
  /** Present if `features` is true. */
  features?: Float32Array;
}

function matrixOf([w, x, y, z]: number[], [tx, ty, tz]: number[]): number[] {
  return [
    1 - 2 * (y! * y! + z! * z!), 2 * (x! * y! - w! * z!), 2 * (x! * z! + w! * y!), tx!,
    2 * (x! * y! + w! * z!), 1 - 2 * (x! * x! + z! * z!), 2 * (y! * z! - w! * x!), ty!,
    2 * (x! * z! - w! * y!), 2 * (y! * z! + w! * x!), 1 - 2 * (x! * x! + y! * y!), tz!,
    0, 0, 0, 1,
  ];
}

/** Estimates camera poses in the scene that a model was trained on. */
export class Localizer extends Handle {
  readonly scene: Scene;
  readonly #hasFeatures: boolean;

  /** Called by Model.createLocalizer. */
  constructor(module: Module, model: number, options: LocalizerOptions) {
    const {exports} = module;
    const pointer = module.withJson({...options, threads: module.expectedThreads}, (json, size) =>
      module.checked(exports.posenet_localizer_create(model, json, size)));
    super(module, pointer, exports.posenet_localizer_destroy, 'localizer');
    this.scene = Object.freeze(JSON.parse(module.text(exports.posenet_localizer_scene(pointer))) as Scene);
    this.#hasFeatures = options.features === true;
  }

  /** Returns the pose of the camera that took `image`, upright like the images of the scene. Errors: PoseNetError. */
  localize(image: PixelImage): CameraEstimate {
    const channels = channelsOf(image);
    const {module, pointer} = this;
    const {exports} = module;
    const {data, width, height} = image;
    module.bytes(module.checked(exports.posenet_localizer_image(pointer, data.length)), data.length).set(data);
    const json = module.text(module.checked(exports.posenet_localizer_run(pointer, width, height, channels)));
    const estimate = JSON.parse(json) as CameraEstimate;
    estimate.worldFromCam = matrixOf(estimate.quaternion, estimate.position);
    if (this.#hasFeatures) {
      const count = exports.posenet_localizer_feature_count(pointer);
      estimate.features = module.floats(exports.posenet_localizer_features(pointer), count).slice();
    }
    return estimate;
  }
}
