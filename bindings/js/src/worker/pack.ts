// SPDX-License-Identifier: Apache-2.0
// Images and models in a form that can be sent to a worker.
import {PoseNetError} from '../core/errors.js';
import {channelsOf} from '../core/image.js';
import {isNode} from '../core/platform.js';
import type {ModelSource} from '../core/source.js';
import {type ImageSource, isDrawable, sizeOf, toPixels, unwrapped} from '../input/index.js';

/** A value to send, and the parts of it that are transferred. */
export interface Packed {
  value: unknown;
  transfer: Transferable[];
}

/** Captures the current content of `source`. What is transferred is a copy. Rejects with a PoseNetError. */
export async function packImage(source: ImageSource): Promise<Packed> {
  const input = unwrapped(source);
  // A bitmap saves the page reading pixels, if the worker can read them.
  if (isDrawable(input) && typeof createImageBitmap === 'function' && typeof OffscreenCanvas === 'function') {
    const bitmap = await bitmapOf(input as ImageBitmapSource & ImageSource);
    return {value: bitmap, transfer: [bitmap]};
  }
  const image = toPixels(input);
  channelsOf(image);
  const data = new Uint8Array(image.data);
  return {value: {data, width: image.width, height: image.height}, transfer: [data.buffer]};
}

async function bitmapOf(input: ImageBitmapSource & ImageSource): Promise<ImageBitmap> {
  const {width, height} = sizeOf(input);
  const natural = input as Partial<HTMLImageElement & HTMLVideoElement>;
  const isNatural = (natural.naturalWidth ?? natural.videoWidth ?? width) === width &&
      (natural.naturalHeight ?? natural.videoHeight ?? height) === height;
  try {
    return await createImageBitmap(input, isNatural ? {} : {resizeWidth: width, resizeHeight: height});
  } catch (error) {
    throw new PoseNetError('permission-denied', `the image cannot be read: ${(error as Error).message}`, {cause: error});
  }
}

/** Packs the source of a model: URLs become absolute, because a worker has another base URL; bytes are copied. */
export function packSource(source: ModelSource): Packed {
  if (typeof source === 'string' || source instanceof URL) return {value: absoluteUrl(source), transfer: []};
  if (source instanceof Uint8Array || source instanceof ArrayBuffer) {
    const bytes = new Uint8Array(source).slice();
    return {value: bytes, transfer: [bytes.buffer]};
  }
  return {value: source, transfer: []};
}

/** Returns `url` as an absolute URL. In Node it may be a path, which needs no base. */
export function absoluteUrl(url: string | URL): string {
  if (isNode || url instanceof URL) return String(url);
  const base = (globalThis as {document?: {baseURI: string}}).document?.baseURI ?? globalThis.location.href;
  try {
    return new URL(url, base).href;
  } catch {
    return url; // Loading it reports the error.
  }
}
