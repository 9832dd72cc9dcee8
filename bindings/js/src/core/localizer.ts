// SPDX-License-Identifier: Apache-2.0
// Where photos of a known place were taken.
import {Handle} from './handle.js';
import type {Module} from './module.js';
import {booleanOf, numberOf} from './options.js';
import {channelsOf, type Picture} from './picture.js';

/** How a localizer works. */
export interface LocalizerOptions {
  /** 1, the default, looks at the centre of a photo; more, for models that were trained on random crops, at about as
   *  many parts of it, whose answers are averaged. */
  crops?: number | undefined;
  /** Times to run the network with random dropout: 0 (the default), or from 2. 40 are enough. */
  uncertaintyPasses?: number | undefined;
  /** A whole number; the same photo and seed have the same answer. */
  seed?: number | undefined;
  /** Whether to answer what the network's regressors read, too. */
  features?: boolean | undefined;
}

/** What a model was trained on. */
export interface Scene {
  readonly name: string;
  /** Whether lengths are metres. */
  readonly isMetric: boolean;
  /** Photos that the network looks at together. */
  readonly sequenceLength: number;
}

/** How far answers about one photo lie apart. */
export interface CameraUncertainty {
  /** Standard deviation of each coordinate. */
  positionStd: [number, number, number];
  positionTotalStd: number;
  rotationStdDegrees: number;
}

/** A camera in its scene. */
export interface CameraEstimate {
  /** The camera's centre, in units of the scene. */
  position: [number, number, number];
  /** world_from_cam as a unit quaternion (w, x, y, z), w not negative. The camera looks along its z axis, x points to
   *  the right of the picture and y down. */
  quaternion: [number, number, number, number];
  /** The same pose as a matrix of four rows, one after the other: p_world = worldFromCam * p_cam. */
  worldFromCam: number[];
  /** Where uncertaintyPasses asks for it. */
  uncertainty?: CameraUncertainty;
  /** Where `features` asks for them. */
  features?: Float32Array;
}

const ANSWER_DOUBLES = 12;

function matrixOf([w, x, y, z]: number[], [tx, ty, tz]: number[]): number[] {
  return [
    1 - 2 * (y! * y! + z! * z!), 2 * (x! * y! - w! * z!), 2 * (x! * z! + w! * y!), tx!,
    2 * (x! * y! + w! * z!), 1 - 2 * (x! * x! + z! * z!), 2 * (y! * z! - w! * x!), ty!,
    2 * (x! * z! - w! * y!), 2 * (y! * z! + w! * x!), 1 - 2 * (x! * x! + y! * y!), tz!,
    0, 0, 0, 1,
  ];
}

/** Finds cameras in the scene that a model was trained on. */
export class Localizer extends Handle {
  readonly scene: Scene;
  readonly #answersFeatures: boolean;

  /** For Model.createLocalizer. */
  constructor(module: Module, model: number, options: LocalizerOptions) {
    const {exports} = module;
    const pointer = module.checked(exports.posenet_localizer_create(
      model, numberOf('crops', options.crops), numberOf('uncertaintyPasses', options.uncertaintyPasses),
      numberOf('seed', options.seed), booleanOf(options.features), module.expectedThreads));
    super(module, pointer, exports.posenet_localizer_destroy, 'localizer');
    this.scene = Object.freeze(JSON.parse(module.text(exports.posenet_localizer_scene(pointer))) as Scene);
    this.#answersFeatures = Boolean(options.features);
  }

  /** Where the camera was that took `photo`, upright as when the scene was photographed. Errors: PoseNetError. */
  localize(photo: Picture): CameraEstimate {
    const channels = channelsOf(photo);
    const {module, pointer} = this;
    const {exports} = module;
    const {data, width, height} = photo;
    module.bytes(module.checked(exports.posenet_localizer_picture(pointer, data.length)), data.length).set(data);
    const state = exports.posenet_localizer_run(pointer, width, height, channels);
    if (state < 0) throw module.error();
    const answer = Array.from(module.doubles(exports.posenet_localizer_answer(pointer), ANSWER_DOUBLES));
    const position = answer.slice(0, 3) as [number, number, number];
    const quaternion = answer.slice(3, 7) as [number, number, number, number];
    const estimate: CameraEstimate = {position, quaternion, worldFromCam: matrixOf(quaternion, position)};
    if (state > 0) {
      estimate.uncertainty = {
        positionStd: answer.slice(7, 10) as [number, number, number],
        positionTotalStd: answer[10]!,
        rotationStdDegrees: answer[11]!,
      };
    }
    if (this.#answersFeatures) {
      const count = exports.posenet_localizer_feature_count(pointer);
      estimate.features = module.floats(exports.posenet_localizer_features(pointer), count).slice();
    }
    return estimate;
  }
}
