// SPDX-License-Identifier: Apache-2.0
// Pixels of a page's images: elements, canvases, video frames and tensors. Independent of poses.
import {PoseNetError} from '../core/errors.js';
import type {PixelImage} from '../core/image.js';

/** An image as a tensor of TensorFlow.js: [height, width, channels], values from 0 to 255. Only its shape and values
 *  are used. */
export interface TensorLike {
  readonly shape: readonly number[];
  dataSync(): ArrayLike<number>;
}

/** Anything that has pixels. Elements of p5 are unwrapped. */
export type ImageSource =
    PixelImage | ImageData | HTMLImageElement | HTMLCanvasElement | HTMLVideoElement | OffscreenCanvas | ImageBitmap |
    TensorLike;

type Drawable = HTMLImageElement | HTMLCanvasElement | HTMLVideoElement | OffscreenCanvas | ImageBitmap;
type Canvas = HTMLCanvasElement | OffscreenCanvas;
type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
type Sizes = Partial<Record<
    'width' | 'height' | 'naturalWidth' | 'videoWidth' | 'videoHeight' | 'displayWidth' | 'displayHeight' | 'readyState',
    number>>;

let context: Context | undefined; // Shared by all calls, to spare the garbage collector a canvas per frame.

/** Returns the pixels of `source`. Errors: 'invalid-argument' if it is not an image, or not loaded yet;
 *  'permission-denied' if its origin forbids reading it. */
export function toPixels(source: ImageSource): PixelImage {
  const input = unwrapped(source);
  if (isTensor(input)) return pixelsOfTensor(input);
  if (isPixels(input)) return input;
  const {width, height} = sizeOf(input);
  const drawing = contextOf(width, height);
  try {
    drawing.drawImage(input as Drawable, 0, 0, width, height);
    return drawing.getImageData(0, 0, width, height);
  } catch (error) {
    // A page may draw, but not read, images of another origin without its consent (CORS).
    throw new PoseNetError('permission-denied', `the image cannot be read: ${messageOf(error)}`, {cause: error});
  }
}

/** Returns the size of `source` in pixels, the units of its poses. The size of an element is that of its attributes
 *  `width` and `height`, as in TensorFlow.js. Errors: those of toPixels. */
export function sizeOf(source: ImageSource): {width: number; height: number} {
  const input = unwrapped(source);
  if (isTensor(input)) return {height: input.shape[0] as number, width: input.shape[1] as number};
  const sizes = input as Sizes;
  if (sizes.naturalWidth === 0) throw invalid('the image has not loaded; wait for its "load" event');
  const isVideo = sizes.videoWidth !== undefined;
  if (isVideo && ((sizes.readyState ?? 2) < 2 || sizes.videoWidth === 0)) {
    throw invalid('the video has no frame yet; wait for its "loadeddata" event');
  }
  const width = sizes.width || sizes.videoWidth || sizes.displayWidth;
  const height = sizes.height || sizes.videoHeight || sizes.displayHeight;
  if (!isCount(width) || !isCount(height)) {
    throw invalid(`the image is ${width ?? 0} x ${height ?? 0}; expected at least 1 x 1`);
  }
  return {width, height};
}

/** Whether `input` is an ImageSource. */
export function isImageSource(input: unknown): input is ImageSource {
  return typeof input === 'object' && input !== null && isImage(innerOf(input));
}

/** Returns `source`, or what it wraps if it is an element of p5. Errors: 'invalid-argument' if that is not an image. */
export function unwrapped(source: ImageSource): ImageSource {
  const inner = typeof source === 'object' && source !== null ? innerOf(source) : source;
  if (isImageSource(inner)) return inner;
  const what = inner === null || typeof inner !== 'object' ? String(inner) : 'this object';
  throw invalid(`${what} is not an image; expected an <img>, a canvas, a video, pixels or a tensor`);
}

/** Unwraps an element of p5: p5.MediaElement and p5.Element have `elt`, p5.Image and p5.Graphics have `canvas`. */
function innerOf(source: object): object {
  const {elt, canvas} = source as {elt?: object; canvas?: object};
  if (elt) return elt;
  return canvas && !isImage(source) ? canvas : source;
}

function isImage(input: object): boolean {
  return isTensor(input) || isPixels(input) || isDrawable(input);
}

function isTensor(input: object): input is TensorLike {
  return 'shape' in input && typeof (input as Partial<TensorLike>).dataSync === 'function';
}

function isPixels(input: object): input is PixelImage {
  return ArrayBuffer.isView((input as Partial<PixelImage>).data) && 'width' in input && 'height' in input;
}

/** Whether a canvas can draw `input`. */
export function isDrawable(input: object): boolean {
  return ['HTMLImageElement', 'HTMLCanvasElement', 'HTMLVideoElement', 'OffscreenCanvas', 'ImageBitmap', 'VideoFrame']
      .includes(Object.prototype.toString.call(input).slice(8, -1));
}

function pixelsOfTensor(tensor: TensorLike): PixelImage {
  const [height, width, channels] = tensor.shape;
  if (tensor.shape.length !== 3 || !isCount(height) || !isCount(width) || ![1, 3, 4].includes(channels ?? 0)) {
    throw invalid(`a tensor of shape [${tensor.shape.join(', ')}] is not an image; ` +
        'expected [height, width, 1, 3 or 4]');
  }
  // The clamped array rounds to 8 bits, which is what networks were trained on.
  return {data: Uint8ClampedArray.from(tensor.dataSync()), width, height};
}

function contextOf(width: number, height: number): Context {
  context ??= newCanvas().getContext('2d', {willReadFrequently: true}) as Context | null ?? undefined;
  if (!context) throw new PoseNetError('unsupported', 'this browser has no 2D canvas, which is needed to read images');
  if (context.canvas.width !== width || context.canvas.height !== height) {
    context.canvas.width = width;
    context.canvas.height = height;
  } else {
    context.clearRect(0, 0, width, height); // Images may be transparent.
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

function invalid(message: string): PoseNetError {
  return new PoseNetError('invalid-argument', message);
}
