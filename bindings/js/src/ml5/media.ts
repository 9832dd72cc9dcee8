// SPDX-License-Identifier: Apache-2.0
// What sketches pass: elements of p5 or of the page, in any order with options and callbacks.
import {PoseNetError} from '../core/errors.js';
import {isPictureSource, type PictureSource} from '../input/index.js';

/** A callback of ml5: error first in version 0, result first in version 1. */
export type Callback = (...args: any[]) => void;

/** Arguments sorted by what they are. */
export interface Arguments<Options extends object> {
  media?: PictureSource;
  name?: string;
  options: Partial<Options>;
  callback?: Callback;
}

export function sortArguments<Options extends object>(args: readonly unknown[]): Arguments<Options> {
  const sorted: Arguments<Options> = {options: {}};
  for (const arg of args) {
    if (typeof arg === 'function') sorted.callback = arg as Callback;
    else if (typeof arg === 'string') sorted.name = arg;
    else if (isPictureSource(arg)) sorted.media = arg;
    else if (typeof arg === 'object' && arg !== null) sorted.options = arg as Partial<Options>;
  }
  return sorted;
}

/** The element behind one of p5. */
export function elementOf(media: PictureSource): PictureSource {
  return (media as unknown as {elt?: PictureSource}).elt ?? media;
}

/** Waits until `media` can be looked at. Rejects with a PoseNetError when it never will. */
export async function untilReady(media: PictureSource): Promise<void> {
  const element = elementOf(media) as Partial<HTMLVideoElement & HTMLImageElement>;
  if (element.readyState !== undefined && element.readyState < 2) {
    const video = element as HTMLVideoElement;
    const loaded = eventOf(video, 'loadeddata', 'the video');
    // p5's createCapture tells its element nothing of a camera that it does not get.
    await (element === media ? loaded : Promise.race([loaded, untilNoCamera(video)]));
  } else if (element.complete === false) {
    await eventOf(element as HTMLImageElement, 'load', 'the image');
  }
}

/** Tells `callback` of an error; the console, where it takes no such argument. Version 1's callbacks: result, error. */
export function tellError(callback: Callback | undefined, error: unknown, what: string): void {
  if (callback && callback.length >= 2) callback(undefined, error);
  else console.error(`${what}: ${error instanceof Error ? error.message : String(error)}`);
}

const CAMERA_INTERVAL_MS = 250;

/** Waits for as long as `video`, which shows nothing yet, may still be given the camera; then rejects with a
 *  PoseNetError. */
async function untilNoCamera(video: HTMLVideoElement): Promise<never> {
  while (!hasSource(video)) {
    const error = await whyNoCamera();
    if (error && !hasSource(video)) throw error;
    await new Promise(resolve => setTimeout(resolve, CAMERA_INTERVAL_MS));
  }
  return new Promise(() => {}); // The video's own events tell.
}

function hasSource(video: HTMLVideoElement): boolean {
  return Boolean(video.srcObject || video.currentSrc || video.getAttribute('src') || video.querySelector('source'));
}

async function whyNoCamera(): Promise<PoseNetError | undefined> {
  const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => undefined);
  if (devices && !devices.some(({kind}) => kind === 'videoinput')) {
    return new PoseNetError('not-found', 'no camera was found: the video will not show anything');
  }
  // Not every browser tells.
  const permission = await navigator.permissions?.query({name: 'camera' as PermissionName}).catch(() => undefined);
  if (permission?.state === 'denied') {
    return new PoseNetError('permission-denied',
        'the camera was not allowed: allow it in the settings of the page, and load the page again');
  }
  return undefined;
}

const NO_SOURCE = 3; // HTMLMediaElement.NETWORK_NO_SOURCE

function eventOf(element: HTMLElement, event: string, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = () => {
      end();
      const {currentSrc, src} = element as HTMLVideoElement;
      const address = currentSrc || src || element.querySelector('source')?.src || 'its address';
      reject(new PoseNetError('not-found', `${what} of ${address} cannot be loaded`));
    };
    const failed = ({target}: Event) => {
      // A video asks its sources in turn.
      if (target === element || target === element.lastElementChild) fail();
    };
    const done = () => {
      end();
      resolve();
    };
    const end = () => {
      element.removeEventListener('error', failed, {capture: true});
      element.removeEventListener(event, done);
    };
    element.addEventListener(event, done);
    element.addEventListener('error', failed, {capture: true}); // Errors of sources are theirs alone.
    const {error, networkState} = element as Partial<HTMLVideoElement>;
    if (error || (networkState === NO_SOURCE && element.querySelector('source'))) fail();
  });
}
