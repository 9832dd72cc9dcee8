// SPDX-License-Identifier: Apache-2.0
// Camera relocalization.
import {Handle} from './handle.js';
import {type PixelImage, writeImage} from './image.js';
import type {Module} from './module.js';
import {BIG_INTEGER, createWithOptions, FLAG, INTEGER, type Option} from './option_table.js';
import type {Struct} from './struct.js';
import {CAMERA_ESTIMATE, CAMERA_SCENE, LOCALIZER_OPTIONS} from './structs.js';

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

const OPTION_TABLE = {
  crops: ['crops', INTEGER],
  uncertaintyPasses: ['uncertainty_passes', INTEGER],
  seed: ['seed', BIG_INTEGER],
  features: ['compute_features', FLAG],
  threads: ['thread_count', INTEGER],
} as const satisfies Record<keyof LocalizerOptions | 'threads', Option>;

const LENGTH_METERS = 0;

/** The estimate in `struct`, without features. */
function readEstimate(struct: Struct<typeof CAMERA_ESTIMATE.members>): CameraEstimate {
  const position = struct.array('position') as CameraEstimate['position'];
  const quaternion = struct.array('rotation_wxyz') as CameraEstimate['quaternion'];
  const estimate: CameraEstimate = {position, quaternion, worldFromCam: matrixOf(quaternion, position)};
  if (struct.get('has_uncertainty') === 1) {
    estimate.uncertainty = {
      positionStd: struct.array('position_std') as CameraUncertainty['positionStd'],
      positionTotalStd: struct.get('position_total_std'),
      rotationStdDegrees: struct.get('rotation_std_deg'),
    };
  }
  return estimate;
}

/** Estimates camera poses in the scene that a model was trained on. */
export class Localizer extends Handle {
  readonly scene: Scene;
  readonly #image = this.createBuffer();
  readonly #features = this.createBuffer();
  // 0 if they are not wanted. At first as many as most networks have.
  #featureCapacity: number;

  /** Called by Model.createLocalizer. */
  constructor(module: Module, model: number, options: LocalizerOptions) {
    const {exports} = module;
    const pointer = createWithOptions(
      module, LOCALIZER_OPTIONS, OPTION_TABLE, {...options, threads: module.expectedThreads},
      (given, handle, error) => exports.posenet_localizer_create(model, given, handle, error));
    super(module, pointer, exports.posenet_localizer_destroy, 'localizer');
    this.scene = Object.freeze(module.withStack(() => {
      const scene = module.initialized(CAMERA_SCENE);
      module.checked(error => exports.posenet_localizer_get_scene(pointer, scene.pointer, error));
      return {
        name: module.text(scene.get('name')),
        isMetric: scene.get('length_unit') === LENGTH_METERS,
        sequenceLength: scene.get('sequence_length'),
      };
    }));
    this.#featureCapacity = options.features ? 2048 : 0;
  }

  /** Returns the pose of the camera that took `image`, upright like the images of the scene. Errors: PoseNetError. */
  localize(image: PixelImage): CameraEstimate {
    const {module, pointer} = this;
    return module.withStack(() => {
      const given = writeImage(module, this.#image, image);
      const struct = module.initialized(CAMERA_ESTIMATE);
      const features = this.#runWithFeatures(struct, () => module.checked(error =>
        module.exports.posenet_localizer_localize(pointer, given, struct.pointer, error)));
      const read = readEstimate(struct);
      return features ? {...read, features} : read;
    });
  }

  /** Calls `run`, which fills in `estimate`. Returns its features, if they are wanted. */
  #runWithFeatures(estimate: Struct<typeof CAMERA_ESTIMATE.members>, run: () => void): Float32Array | undefined {
    for (;;) {
      const features = this.#features.reserve(this.#featureCapacity * Float32Array.BYTES_PER_ELEMENT);
      estimate.set('features', features);
      estimate.set('feature_capacity', this.#featureCapacity);
      try {
        run();
        return features === 0 ? undefined : this.module.floats(features, estimate.get('feature_count')).slice();
      } catch (error) {
        // The network has more features: do it again, this once.
        const count = estimate.get('feature_count');
        if (features === 0 || count <= this.#featureCapacity) throw error;
        this.#featureCapacity = count;
      }
    }
  }
}
