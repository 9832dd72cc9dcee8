// SPDX-License-Identifier: Apache-2.0
// Pixels of whatever a page or a program calls a picture.
import {PoseNetError} from '../core/errors.js';
import type {Picture} from '../core/picture.js';

/** What a TensorFlow.js tensor has in common with arrays that look like one. */
export interface TensorLike {
  /** Height, width and channels. */
  readonly shape: readonly number[];
  /** Values from 0 to 255. */
  dataSync(): ArrayLike<number>;
}

/** Anything that shows people: elements and bitmaps of a page, ImageData, pixels in an array, 3D tensors. */
export type PoseNetInput = HTMLImageElement | HTMLVideoElement | HTMLCanvasElement | OffscreenCanvas | ImageBitmap |
                           VideoFrame | Picture | TensorLike;

/** A picture, and the size that positions should be told for, which an element may have given differently. */
export interface ReadPicture {
  picture: Picture;
  width: number;
  height: number;
}

interface Size {
  width: number;
  height: number;
}

interface Drawable extends Size {
  source: CanvasImageSource;
  /** The size in which positions are told. */
  shown: Size;
}

function isTensor(input: object): input is TensorLike {
  return 'shape' in input && typeof (input as TensorLike).dataSync === 'function';
}

function isPicture(input: object): input is Picture {
  return 'data' in input && ArrayBuffer.isView(input.data) && 'width' in input && 'height' in input;
}

function pictureOfTensor({shape, dataSync}: TensorLike, tensor: TensorLike): Picture {
  const [height, width, channels] = shape;
  if (shape.length !== 3 || height === undefined || width === undefined) {
    throw new PoseNetError('invalid-argument', `a tensor of shape [${shape.join(', ')}]; expected [height, width, channels]`);
  }
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new PoseNetError('invalid-argument', `a tensor of ${channels} channels; expected 1, 3 or 4`);
  }
  // Rounds and clamps numbers of any type.
  return {data: Uint8ClampedArray.from(dataSync.call(tensor)), width, height};
}

function attributeOr(attribute: number, natural: number): number {
  return attribute > 0 ? attribute : natural;
}

function drawableOf(input: Exclude<PoseNetInput, Picture | TensorLike>): Drawable {
  if ('videoWidth' in input) {
    const {videoWidth: width, videoHeight: height} = input;
    if (width === 0 || height === 0) {
      throw new PoseNetError('invalid-argument', 'the video shows nothing yet; wait for its "loadeddata" event');
    }
    return {source: input, width, height,
            shown: {width: attributeOr(input.width, width), height: attributeOr(input.height, height)}};
  }
  if ('naturalWidth' in input) {
    const {naturalWidth: width, naturalHeight: height} = input;
    if (!input.complete || width === 0) {
      throw new PoseNetError('invalid-argument', 'the image is not loaded yet, or could not be; wait for its "load" event');
    }
    return {source: input, width, height,
            shown: {width: attributeOr(input.width, width), height: attributeOr(input.height, height)}};
  }
  if ('displayWidth' in input) {
    const size = {width: input.displayWidth, height: input.displayHeight};
    return {source: input, ...size, shown: size};
  }
  const size = {width: input.width, height: input.height};
  return {source: input, ...size, shown: size};
}

type Canvas = HTMLCanvasElement | OffscreenCanvas;

function makeCanvas(): Canvas {
  if (typeof OffscreenCanvas !== 'undefined') return new OffscreenCanvas(1, 1);
  if (typeof document !== 'undefined') return document.createElement('canvas');
  throw new PoseNetError('unsupported', 'there is no canvas here to read pixels with; pass {data, width, height}');
}

/** Reads inputs one after the other, with one canvas for all of them. */
export class PictureReader {
  #canvas: Canvas | undefined;

  /** The pixels of `input`. Errors: PoseNetError 'invalid-argument' for what shows nothing or is no picture,
   *  'permission-denied' for what the page may show but not read. */
  read(input: PoseNetInput): ReadPicture {
    if (typeof input !== 'object' || input === null) {
      throw new PoseNetError('invalid-argument',
                             `the input is ${String(input)}; expected an image, a video, a canvas, ImageData or pixels`);
    }
    if (isTensor(input)) {
      const picture = pictureOfTensor(input, input);
      return {picture, width: picture.width, height: picture.height};
    }
    if (isPicture(input)) return {picture: input, width: input.width, height: input.height};
    const drawable = drawableOf(input);
    return {picture: this.#draw(drawable), ...drawable.shown};
  }

  #draw({source, width, height}: Drawable): Picture {
    if (!(width >= 1) || !(height >= 1)) {
      throw new PoseNetError('invalid-argument', `the input is ${width} x ${height} pixels; expected at least 1 x 1`);
    }
    const canvas = this.#canvas ??= makeCanvas();
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const context = canvas.getContext('2d', {willReadFrequently: true}) as
      CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null;
    if (!context) throw new PoseNetError('unsupported', 'this browser gives no 2D canvas to read pixels with');
    try {
      // What is transparent must not show the picture before.
      context.clearRect(0, 0, width, height);
      context.drawImage(source, 0, 0, width, height);
      return context.getImageData(0, 0, width, height);
    } catch (error) {
      const {name, message} = error as DOMException;
      if (name === 'SecurityError') {
        throw new PoseNetError('permission-denied',
                               'the picture is from another site, which does not let this page read it (set ' +
                                 'crossOrigin = "anonymous" before src, and let that site allow it)', {cause: error});
      }
      throw new PoseNetError('invalid-argument', `the input cannot be read: ${message}`, {cause: error});
    }
  }
}
