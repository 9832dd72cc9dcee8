// SPDX-License-Identifier: Apache-2.0
// Options of estimators, and the members of the C interface's options that they are stored in.
import {choice, FLAG, FLOAT, INTEGER, type Option} from './option_table.js';

// In the order of the C interface's enumerators.
export const DECODERS = [
  'tfjs-single', 'tfjs-multiple', 'coral', 'hough', 'movenet-single', 'movenet-multiple',
] as const;
export const PRECISIONS = ['auto', 'fp32', 'bf16', 'int8'] as const;
export const FITS = ['pad', 'stretch', 'crop'] as const;
export const RESAMPLINGS = ['bilinear', 'nearest', 'antialiased'] as const;

/** How the network's outputs become poses: TensorFlow.js' single-person or multi-person decoder, Google Coral's, or
 *  Hough voting, which is the most accurate. */
export type Decoder = typeof DECODERS[number];
/** The number format of weights and activations; 'auto' is the fastest that the model was made for. */
export type Precision = typeof PRECISIONS[number];
/** How an image is fitted to an input of another aspect ratio. */
export type Fit = typeof FITS[number];
/** How the image is resized to the input. */
export type Resampling = typeof RESAMPLINGS[number];

/** Options of a single call. Those left out are the estimator's own. */
export interface DecodeOptions {
  /** Default: the model's own, 'hough', or 'coral' and 'movenet-...' for Coral's and MoveNet models. */
  decoder?: Decoder | undefined;
  /** Maximum number of poses, at least 1. No effect with 'tfjs-single'. Default: 20 with
   *  'hough', otherwise 5. */
  maxPoses?: number | undefined;
  /** Minimum score, in [0, 1], of the keypoint that a pose is grown from; with 'hough', of the pose. Default: 0.1
   *  with 'hough', otherwise 0.5. */
  scoreThreshold?: number | undefined;
  /** Radius, in pixels of the network's input, within which a keypoint suppresses others of the same part; above 0.
   *  Default: 10 with 'hough', otherwise 20. */
  nmsRadius?: number | undefined;
  /** Mirrors positions, for images of a mirrored camera. Part names are not exchanged. Default: false. */
  mirror?: boolean | undefined;
}

/** Options of an estimator. */
export interface EstimatorOptions extends DecodeOptions {
  /** Size of the network's input in pixels, rounded to a multiple of the output stride plus 1. Larger inputs show
   *  smaller people; the time is proportional to the area. Default: the model's own, or 513. */
  inputWidth?: number | undefined;
  inputHeight?: number | undefined;
  /** Input pixels per cell of the network's output: 8, 16 or 32; 0, the default, is the model's own. */
  outputStride?: 0 | 8 | 16 | 32 | undefined;
  /** Default: 'auto'. */
  precision?: Precision | undefined;
  /** Default: the model's own, 'pad', or 'stretch' for Coral's models. */
  fit?: Fit | undefined;
  /** Default: the model's own, 'bilinear', or 'nearest' for Coral's models. */
  resampling?: Resampling | undefined;
}

/** The options with which an estimator of a model with TensorFlow.js' graph (mobilenet100-tfjs, mobilenet075) gives the
 *  results of TensorFlow.js PoseNet; add the size and the output stride. */
export const TFJS_PRESET: Readonly<EstimatorOptions> = Object.freeze({
  decoder: 'tfjs-multiple', maxPoses: 5, scoreThreshold: 0.5, nmsRadius: 20, precision: 'fp32', fit: 'pad',
  resampling: 'bilinear'});

/** The options in force, defaults filled in. */
export interface ResolvedEstimatorOptions {
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

/** Of a posenet_decode_options. */
export const DECODE_TABLE = {
  decoder: ['decoder', choice(DECODERS)],
  maxPoses: ['max_poses', INTEGER, '1 to 10000'],
  scoreThreshold: ['score_threshold', FLOAT, '0 to 1'],
  nmsRadius: ['nms_radius_px', FLOAT, 'a finite number above 0'],
  mirror: ['mirror', FLAG],
} as const satisfies Record<keyof DecodeOptions, Option>;

/** Of a posenet_estimator_options. */
export const ESTIMATOR_TABLE = {
  ...DECODE_TABLE,
  inputWidth: ['input_width_px', INTEGER],
  inputHeight: ['input_height_px', INTEGER],
  outputStride: ['output_stride', INTEGER],
  precision: ['precision', choice(PRECISIONS)],
  fit: ['fit', choice(FITS)],
  resampling: ['resampling', choice(RESAMPLINGS)],
  threads: ['thread_count', INTEGER],
} as const satisfies Record<keyof ResolvedEstimatorOptions, Option>;
