// SPDX-License-Identifier: Apache-2.0
// Pictures as web pages have them (elements, canvases, video frames, tensors) as pixels. Knows nothing of poses.
import {PoseNetError} from '../core/errors.js';
import type {Picture} from '../core/picture.js';

/** A picture as a tensor of TensorFlow.js: [height, width, channels], values from 0 to 255. Only its shape and its
 *  values are looked at. */
export interface TensorLike {
  readonly shape: readonly number[];
  dataSync(): ArrayLike<number>;
}

/** What pictures are taken from. Elements of p5 are unwrapped. */
export type PictureSource =
    Picture | ImageData | HTMLImageElement | HTMLCanvasElement | HTMLVideoElement | OffscreenCanvas | ImageBitmap |
    TensorLike;

type Drawable = HTMLImageElement | HTMLCanvasElement | HTMLVideoElement | OffscreenCanvas | ImageBitmap;
type Canvas = HTMLCanvasElement | OffscreenCanvas;
type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
type Sizes = Partial<Record<
    'width' | 'height' | 'naturalWidth' | 'videoWidth' | 'videoHeight' | 'displayWidth' | 'displayHeight' | 'readyState',
    number>>;

let context: Context | undefined; // One for all calls: a canvas for each would be garbage at every frame.

/** The pixels of `source`. Errors: 'invalid-argument' for what is no picture, or none yet. */
export function toPicture(source: PictureSource): Picture {
  const input = unwrapped(source);
  if (isTensor(input)) return pictureOfTensor(input);
  if (isPixels(input)) return input;
  const {width, height} = sizeOf(input);
  const drawing = contextOf(width, height);
  try {
    drawing.drawImage(input as Drawable, 0, 0, width, height);
    return drawing.getImageData(0, 0, width, height);
  } catch (error) {
    // A page may draw, but not read, what comes from another origin without its consent (CORS).
    throw new PoseNetError('permission-denied', `the picture cannot be read: ${messageOf(error)}`, {cause: error});
  }
}

/** The size of `source` in pixels, in which poses are answered. That of an element is the one that its attributes
 *  `width` and `height` ask for, as in TensorFlow.js. Errors: as toPicture. */
export function sizeOf(source: PictureSource): {width: number; height: number} {
  const input = unwrapped(source);
  if (isTensor(input)) return {height: input.shape[0] as number, width: input.shape[1] as number};
  const sizes = input as Sizes;
  if (sizes.naturalWidth === 0) throw notReady('the image has not been loaded: wait for its "load" event');
  const isVideo = sizes.videoWidth !== undefined;
  if (isVideo && ((sizes.readyState ?? 2) < 2 || sizes.videoWidth === 0)) {
    throw notReady('the video has no frame yet: wait for its "loadeddata" event');
  }
  const width = sizes.width || sizes.videoWidth || sizes.displayWidth;
  const height = sizes.height || sizes.videoHeight || sizes.displayHeight;
  if (!isCount(width) || !isCount(height)) {
    throw notReady(`a picture of ${width ?? 0} x ${height ?? 0} pixels has nothing to look at`);
  }
  return {width, height};
}

/** Whether `input` may be given as a picture. */
export function isPictureSource(input: unknown): input is PictureSource {
  return typeof input === 'object' && input !== null && isPicture(innerOf(input));
}

/** What `source` stands for: elements of p5 are taken out of their wrapping. Errors: 'invalid-argument' for what is no
 *  picture. */
export function unwrapped(source: PictureSource): PictureSource {
  const inner = typeof source === 'object' && source !== null ? innerOf(source) : source;
  if (isPictureSource(inner)) return inner;
  const what = inner === null || typeof inner !== 'object' ? String(inner) : 'this object';
  throw notReady(`${what} is no picture; expected an image, a canvas, a video, pixels or a tensor`);
}

/** What an element of p5 stands for: p5.MediaElement and p5.Element have `elt`, p5.Image and p5.Graphics `canvas`. */
function innerOf(source: object): object {
  const {elt, canvas} = source as {elt?: object; canvas?: object};
  if (elt) return elt;
  return canvas && !isPicture(source) ? canvas : source;
}

function isPicture(input: object): boolean {
  return isTensor(input) || isPixels(input) || isDrawable(input);
}

function isTensor(input: object): input is TensorLike {
  return 'shape' in input && typeof (input as Partial<TensorLike>).dataSync === 'function';
}

function isPixels(input: object): input is Picture {
  return ArrayBuffer.isView((input as Partial<Picture>).data) && 'width' in input && 'height' in input;
}

/** Whether the pixels of `input` are to be had by drawing it. */
export function isDrawable(input: object): boolean {
  return ['HTMLImageElement', 'HTMLCanvasElement', 'HTMLVideoElement', 'OffscreenCanvas', 'ImageBitmap', 'VideoFrame']
      .includes(Object.prototype.toString.call(input).slice(8, -1));
}

function pictureOfTensor(tensor: TensorLike): Picture {
  const [height, width, channels] = tensor.shape;
  if (tensor.shape.length !== 3 || !isCount(height) || !isCount(width) || ![1, 3, 4].includes(channels ?? 0)) {
    throw notReady(`a tensor of shape [${tensor.shape.join(', ')}] is no picture; ` +
        'expected [height, width, 1, 3 or 4]');
  }
  // The clamped array rounds: pixels of 8 bits are what networks were trained on.
  return {data: Uint8ClampedArray.from(tensor.dataSync()), width, height};
}

function contextOf(width: number, height: number): Context {
  context ??= newCanvas().getContext('2d', {willReadFrequently: true}) as Context | null ?? undefined;
  if (!context) throw new PoseNetError('unsupported', 'this browser has no 2D canvas to read pictures with');
  if (context.canvas.width !== width || context.canvas.height !== height) {
    context.canvas.width = width;
    context.canvas.height = height;
  } else {
    context.clearRect(0, 0, width, height); // Pictures may be transparent.
  }
  return context;
}

function newCanvas(): Canvas {
  return typeof document === 'undefined' ? new OffscreenCanvas(1, 1) : document.createElement('canvas');
}

function isCount(value: number | undefined): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function notReady(message: string): PoseNetError {
  return new PoseNetError('invalid-argument', message);
}
