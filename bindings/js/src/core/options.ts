// SPDX-License-Identifier: Apache-2.0
// Options as users write them, and as the module numbers them.
import {PoseNetError} from './errors.js';

// In the order of the enumerations of include/posenet.
const DECODERS = ['tfjs-single', 'tfjs-multiple', 'coral'] as const;
const PRECISIONS = ['auto', 'fp32', 'bf16', 'int8'] as const;
const FITS = ['pad', 'stretch', 'crop'] as const;
const RESAMPLINGS = ['bilinear', 'nearest', 'antialiased'] as const;

/** How the network's maps become poses: one person, everybody, or everybody as Google Coral does. */
export type Decoder = typeof DECODERS[number];
/** Numbers in which the network is computed; 'auto' is what is fastest of what the model was made for. */
export type Precision = typeof PRECISIONS[number];
/** How a picture meets an input of another shape. */
export type Fit = typeof FITS[number];
/** How pixels of the input are made of pixels of the picture. */
export type Resampling = typeof RESAMPLINGS[number];

/** What each call of an estimator may ask for. What is left open is as in the estimator's own options. */
export interface DecodeOptions {
  /** The model's own: 'tfjs-multiple', or 'coral' for Coral's models. */
  decoder?: Decoder | undefined;
  /** People that are answered at most, at least 1. By default 5. Of no effect for 'tfjs-single'. */
  maxPoses?: number | undefined;
  /** Keypoints that start a person have at least this score, in [0, 1]. By default 0.5. */
  scoreThreshold?: number | undefined;
  /** Pixels of the network's input around a keypoint of a person where no other person's same part starts; above 0. By
   *  default 20. */
  nmsRadius?: number | undefined;
  /** Mirrors positions, for pictures of a mirrored camera. Parts keep their names. */
  mirror?: boolean | undefined;
}

/** How an estimator works. */
export interface EstimatorOptions extends DecodeOptions {
  /** The size of the network's input in pixels, made valid: a multiple of the output stride plus 1. By default the
   *  model's own, or 513. Larger finds smaller people and takes time in proportion to the area. */
  inputWidth?: number | undefined;
  inputHeight?: number | undefined;
  /** Input pixels for each cell of the network's maps: 8, 16 or 32; 0, the default, is the model's own. */
  outputStride?: 0 | 8 | 16 | 32 | undefined;
  precision?: Precision | undefined;
  /** By default the model's own: 'pad'. */
  fit?: Fit | undefined;
  /** By default the model's own: 'bilinear'. */
  resampling?: Resampling | undefined;
}

/** The options in force, of which nothing is open. */
export interface EstimatorOptionsInForce {
  readonly inputWidth: number;
  readonly inputHeight: number;
  readonly outputStride: number;
  readonly decoder: Decoder;
  readonly maxPoses: number;
  readonly scoreThreshold: number;
  readonly nmsRadius: number;
  readonly mirror: boolean;
  readonly precision: Precision;
  readonly fit: Fit;
  readonly resampling: Resampling;
  /** Threads that share a call. */
  readonly threads: number;
}

/** `value`, or NaN where it is left open. Errors: 'invalid-argument' for what is no number. */
export function numberOf(name: string, value: number | undefined): number {
  if (value === undefined) return NaN;
  if (typeof value !== 'number' || Number.isNaN(value)) {
    throw new PoseNetError('invalid-argument', `${name} is ${String(value)}; expected a number`);
  }
  return value;
}

/** 1 or 0, or NaN where it is left open. */
export function booleanOf(value: boolean | undefined): number {
  return value === undefined ? NaN : Number(Boolean(value));
}

/** The place of `value` among `names`, or NaN where it is left open. Errors: 'invalid-argument'. */
export function indexOf(name: string, value: string | undefined, names: readonly string[]): number {
  if (value === undefined) return NaN;
  const index = names.indexOf(value);
  if (index < 0) {
    throw new PoseNetError('invalid-argument', `${name} is '${String(value)}'; expected ${names.join(', ')}`);
  }
  return index;
}

/** The arguments that stand for `options` wherever they are passed on. */
export function decodeArguments(options: DecodeOptions): [number, number, number, number, number] {
  return [
    indexOf('decoder', options.decoder, DECODERS), numberOf('maxPoses', options.maxPoses),
    numberOf('scoreThreshold', options.scoreThreshold), numberOf('nmsRadius', options.nmsRadius),
    booleanOf(options.mirror),
  ];
}

/** The same for those of an estimator: input size and stride; precision, fit and resampling. */
export function networkArguments(options: EstimatorOptions): [[number, number, number], [number, number, number]] {
  return [
    [numberOf('inputWidth', options.inputWidth), numberOf('inputHeight', options.inputHeight),
     numberOf('outputStride', options.outputStride)],
    [indexOf('precision', options.precision, PRECISIONS), indexOf('fit', options.fit, FITS),
     indexOf('resampling', options.resampling, RESAMPLINGS)],
  ];
}

/** What the module says of an estimator. */
export function optionsInForce(json: string): EstimatorOptionsInForce {
  const options = JSON.parse(json);
  return {
    ...options,
    decoder: DECODERS[options.decoder],
    mirror: options.mirror !== 0,
    precision: PRECISIONS[options.precision],
    fit: FITS[options.fit],
    resampling: RESAMPLINGS[options.resampling],
  };
}
