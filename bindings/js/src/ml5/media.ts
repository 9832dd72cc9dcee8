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
    await eventOf(element as HTMLVideoElement, 'loadeddata', 'the video');
  } else if (element.complete === false) {
    await eventOf(element as HTMLImageElement, 'load', 'the image');
  }
}

function eventOf(element: HTMLElement, event: string, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = () => {
      element.removeEventListener(event, done);
      const address = (element as HTMLVideoElement).currentSrc || (element as HTMLImageElement).src || 'its address';
      reject(new PoseNetError('not-found', `${what} of ${address} cannot be loaded`));
    };
    const done = () => {
      element.removeEventListener('error', failed);
      resolve();
    };
    element.addEventListener(event, done, {once: true});
    element.addEventListener('error', failed, {once: true});
  });
}
