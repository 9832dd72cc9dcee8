// SPDX-License-Identifier: Apache-2.0
// The script of a worker that has one detector, network or localizer, and serves requests to it in order.
import {loadLocalizer} from '../camera/index.js';
import {PoseNetError} from '../core/errors.js';
import {listenInWorker, type WorkerPort} from '../core/platform.js';
import {createDetector} from '../pose-detection/index.js';
import {load} from '../posenet/posenet_model.js';
import type {Kind, Reply, Request} from './messages.js';

type Port = WorkerPort<Reply>;

type Target = Record<string, (...args: unknown[]) => unknown>;

/** The worker's object, and the properties of it that the page needs. */
interface Hosted {
  target: object;
  properties?: unknown;
}

const creators: Record<Kind, (args: any[], onProgress: (...progress: any[]) => void) => Promise<Hosted>> = {
  async detector([model, config], onProgress) {
    return {target: await createDetector(model, {...config, onProgress})};
  },
  async posenet([config], onProgress) {
    const net = await load({...config, onProgress});
    return {target: net, properties: net.inputResolution};
  },
  async localizer([source, options], onProgress) {
    const localizer = await loadLocalizer(source, {...options, onProgress});
    return {target: localizer, properties: localizer.scene};
  },
};

let hosted: Hosted | undefined;

async function execute(port: Port, {id, create, method, args}: Request): Promise<unknown> {
  if (create) {
    hosted = await creators[create](args, (loaded, total) => port.postMessage({id, progress: [loaded, total]}));
    return hosted.properties;
  }
  return (hosted?.target as Target)[method as string]!(...args);
}

async function serve(port: Port, request: Request): Promise<void> {
  try {
    port.postMessage({id: request.id, result: await execute(port, request)});
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    port.postMessage({
      id: request.id, error: {message, ...(error instanceof PoseNetError && {code: error.code})}});
  } finally {
    // The garbage collector does not see the memory of bitmaps.
    for (const arg of request.args) (arg as {close?: () => void} | null)?.close?.();
  }
}

let last = Promise.resolve();
listenInWorker<Request, Reply>((request, port) => { last = last.then(() => serve(port, request)); });
