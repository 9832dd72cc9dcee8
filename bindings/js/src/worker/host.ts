// SPDX-License-Identifier: Apache-2.0
// What a worker runs: one detector, network or scene, which is made and asked by messages, one after the other.
import {loadScene} from '../camera/index.js';
import {PoseNetError} from '../core/errors.js';
import {createDetector} from '../pose-detection/index.js';
import {load} from '../posenet/posenet_model.js';
import type {Answer, Kind, Request} from './messages.js';

interface Port {
  postMessage(message: Answer): void;
}

type Target = Record<string, (...args: unknown[]) => unknown>;

/** What lives here, and what there is to know about it. */
interface Made {
  target: object;
  facts?: unknown;
}

const makers: Record<Kind, (args: any[], onProgress: (...progress: any[]) => void) => Promise<Made>> = {
  async detector([model, config], onProgress) {
    return {target: await createDetector(model, {...config, onProgress})};
  },
  async posenet([config], onProgress) {
    const net = await load({...config, onProgress});
    return {target: net, facts: net.inputResolution};
  },
  async scene([source, options], onProgress) {
    const scene = await loadScene(source, {...options, onProgress});
    return {target: scene, facts: scene.scene};
  },
};

let made: Made | undefined;

async function answer(port: Port, {id, create, method, args}: Request): Promise<unknown> {
  if (create) {
    made = await makers[create](args, (loaded, total) => port.postMessage({id, progress: [loaded, total]}));
    return made.facts;
  }
  return (made?.target as Target)[method as string]!(...args);
}

async function serve(port: Port, request: Request): Promise<void> {
  try {
    port.postMessage({id: request.id, result: await answer(port, request)});
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    port.postMessage({
      id: request.id, error: {message, ...(error instanceof PoseNetError && {code: error.code})}});
  } finally {
    // Bitmaps hold memory that the garbage collector does not see.
    for (const arg of request.args) (arg as {close?: () => void} | null)?.close?.();
  }
}

let last = Promise.resolve();
const inTurn = (port: Port, request: Request) => { last = last.then(() => serve(port, request)); };

// Not awaited at the top: what bundlers make by default of a worker is no module.
async function listenInNode(): Promise<void> {
  const name = 'node:worker_threads';
  const {parentPort} = await import(/* @vite-ignore */ /* webpackIgnore: true */ name);
  parentPort.on('message', (request: Request) => inTurn(parentPort, request));
}

const isNode = typeof (globalThis as {process?: {versions?: {node?: string}}}).process?.versions?.node === 'string';
if (isNode) {
  void listenInNode();
} else {
  const scope = globalThis as unknown as Port & {onmessage: (event: MessageEvent<Request>) => void};
  scope.onmessage = event => inTurn(scope, event.data);
}
