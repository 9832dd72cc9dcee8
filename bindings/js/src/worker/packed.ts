// SPDX-License-Identifier: Apache-2.0
// Pictures and models as a worker can be given them.
import {PoseNetError} from '../core/errors.js';
import {channelsOf} from '../core/picture.js';
import {isNode} from '../core/platform.js';
import type {ModelSource} from '../core/source.js';
import {isDrawable, type PictureSource, sizeOf, toPicture, unwrapped} from '../input/index.js';

/** A value to send, and what of it changes hands. */
export interface Packed {
  value: unknown;
  transfer: Transferable[];
}

/** What `source` shows now. The caller's picture stays as it is: what is given away is a copy. Rejects with a
 *  PoseNetError. */
export async function packPicture(source: PictureSource): Promise<Packed> {
  const input = unwrapped(source);
  // A bitmap spares the page reading pixels; the worker must be able to.
  if (isDrawable(input) && typeof createImageBitmap === 'function' && typeof OffscreenCanvas === 'function') {
    const bitmap = await bitmapOf(input as ImageBitmapSource & PictureSource);
    return {value: bitmap, transfer: [bitmap]};
  }
  const picture = toPicture(input);
  channelsOf(picture);
  const data = new Uint8Array(picture.data);
  return {value: {data, width: picture.width, height: picture.height}, transfer: [data.buffer]};
}

async function bitmapOf(input: ImageBitmapSource & PictureSource): Promise<ImageBitmap> {
  const {width, height} = sizeOf(input);
  const natural = input as Partial<HTMLImageElement & HTMLVideoElement>;
  const isNatural = (natural.naturalWidth ?? natural.videoWidth ?? width) === width &&
      (natural.naturalHeight ?? natural.videoHeight ?? height) === height;
  try {
    return await createImageBitmap(input, isNatural ? {} : {resizeWidth: width, resizeHeight: height});
  } catch (error) {
    throw new PoseNetError('permission-denied', `the picture cannot be read: ${(error as Error).message}`, {cause: error});
  }
}

/** A model's source: addresses are the page's, and a worker has another; bytes are copied. */
export function packSource(source: ModelSource): Packed {
  if (typeof source === 'string' || source instanceof URL) return {value: addressOf(source), transfer: []};
  if (source instanceof Uint8Array || source instanceof ArrayBuffer) {
    const bytes = new Uint8Array(source).slice();
    return {value: bytes, transfer: [bytes.buffer]};
  }
  return {value: source, transfer: []};
}

/** `address` in full. In Node it may be a path, which is the same everywhere. */
export function addressOf(address: string | URL): string {
  if (isNode || address instanceof URL) return String(address);
  const base = (globalThis as {document?: {baseURI: string}}).document?.baseURI ?? globalThis.location.href;
  try {
    return new URL(address, base).href;
  } catch {
    return address; // Who loads it tells what is wrong with it.
  }
}
