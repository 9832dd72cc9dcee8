// SPDX-License-Identifier: Apache-2.0
// The arguments of ml5 functions: elements of p5 or of the page, options and callbacks, in any order.
import {PoseNetError} from '../core/errors.js';
import {isImageSource, type ImageSource} from '../input/index.js';

/** A callback of ml5: (error, result) in version 0, (result, error) in version 1. */
export type Callback = (...args: any[]) => void;

/** Arguments by their kind. */
export interface Arguments<Options extends object> {
  media?: ImageSource;
  name?: string;
  options: Partial<Options>;
  callback?: Callback;
}

export function sortArguments<Options extends object>(args: readonly unknown[]): Arguments<Options> {
  const sorted: Arguments<Options> = {options: {}};
  for (const arg of args) {
    if (typeof arg === 'function') sorted.callback = arg as Callback;
    else if (typeof arg === 'string') sorted.name = arg;
    else if (isImageSource(arg)) sorted.media = arg;
    else if (typeof arg === 'object' && arg !== null) sorted.options = arg as Partial<Options>;
  }
  return sorted;
}

/** Returns the HTML element of a p5 element. */
export function elementOf(media: ImageSource): ImageSource {
  return (media as unknown as {elt?: ImageSource}).elt ?? media;
}

/** Waits until `media` has pixels. Rejects with a PoseNetError if it never will. */
export async function untilReady(media: ImageSource): Promise<void> {
  const element = elementOf(media) as Partial<HTMLVideoElement & HTMLImageElement>;
  if (element.readyState !== undefined && element.readyState < 2) {
    const video = element as HTMLVideoElement;
    const loaded = eventOf(video, 'loadeddata', 'the video');
    // If p5's createCapture gets no camera, its element fires no event.
    await (element === media ? loaded : Promise.race([loaded, untilNoCamera(video)]));
  } else if (element.complete === false) {
    await eventOf(element as HTMLImageElement, 'load', 'the image');
  }
}

/** Passes an error to a callback of version 1, or logs it if the callback takes no error. */
export function reportError(callback: Callback | undefined, error: unknown, what: string): void {
  if (callback && callback.length >= 2) callback(undefined, error);
  else console.error(`${what}: ${error instanceof Error ? error.message : String(error)}`);
}

const CAMERA_INTERVAL_MS = 250;

/** Rejects with a PoseNetError once it is certain that `video`, which has no frame yet, will get no camera. */
async function untilNoCamera(video: HTMLVideoElement): Promise<never> {
  while (!hasSource(video)) {
    const error = await whyNoCamera();
    if (error && !hasSource(video)) throw error;
    await new Promise(resolve => setTimeout(resolve, CAMERA_INTERVAL_MS));
  }
  return new Promise(() => {}); // From here on the video fires events.
}

function hasSource(video: HTMLVideoElement): boolean {
  return Boolean(video.srcObject || video.currentSrc || video.getAttribute('src') || video.querySelector('source'));
}

async function whyNoCamera(): Promise<PoseNetError | undefined> {
  const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => undefined);
  if (devices && !devices.some(({kind}) => kind === 'videoinput')) {
    return new PoseNetError('not-found', 'no camera was found');
  }
  // Not every browser supports this query.
  const permission = await navigator.permissions?.query({name: 'camera' as PermissionName}).catch(() => undefined);
  if (permission?.state === 'denied') {
    return new PoseNetError('permission-denied',
        'the camera was not allowed; allow it in the page settings and reload the page');
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
      // A video tries its sources in turn, so only the last failure counts.
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
    element.addEventListener('error', failed, {capture: true}); // Errors of <source> elements do not bubble.
    const {error, networkState} = element as Partial<HTMLVideoElement>;
    if (error || (networkState === NO_SOURCE && element.querySelector('source'))) fail();
  });
}
