// SPDX-License-Identifier: Apache-2.0
// Model files: from URLs, paths, memory and Blobs.
import {PoseNetError} from './errors.js';
import {isNode, readFile} from './platform.js';

/** A model file: its URL (in Node also a path), its bytes, or a Blob or File. */
export type ModelSource = string | URL | ArrayBuffer | Uint8Array | Blob;

/** Progress and cancellation of loading. */
export interface ReadOptions {
  /** Called as bytes arrive; `totalBytes` is undefined if the server does not send the length. */
  onProgress?: ((loadedBytes: number, totalBytes: number | undefined) => void) | undefined;
  /** Aborts loading: the promise is rejected with the signal's reason. */
  signal?: AbortSignal | undefined;
}

function httpError(address: string, {status, statusText}: Response): PoseNetError {
  const message = `${address}: the server responded with status ${status}${statusText ? ` ${statusText}` : ''}`;
  if (status === 404 || status === 410) return new PoseNetError('not-found', message);
  return new PoseNetError(status === 401 || status === 403 ? 'permission-denied' : 'io', message);
}

function joined(chunks: Uint8Array[], size: number): Uint8Array {
  if (chunks.length === 1) return chunks[0]!;
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

async function readBody(response: Response, {onProgress}: ReadOptions): Promise<Uint8Array> {
  if (!response.body || !onProgress) return new Uint8Array(await response.arrayBuffer());
  // The content length of a compressed response is its compressed length.
  const length = response.headers.get('content-encoding') ? null : response.headers.get('content-length');
  const total = length === null ? undefined : Number(length);
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  for (const reader = response.body.getReader();;) {
    const {done, value} = await reader.read();
    if (done) break;
    chunks.push(value);
    loaded += value.length;
    onProgress(loaded, total);
  }
  return joined(chunks, loaded);
}

async function download(address: string, options: ReadOptions): Promise<Uint8Array> {
  try {
    const response = await fetch(address, options.signal ? {signal: options.signal} : {});
    if (!response.ok) throw httpError(address, response);
    return await readBody(response, options);
  } catch (error) {
    if (error instanceof PoseNetError || options.signal?.aborted) throw error;
    throw new PoseNetError('io', `${address}: cannot be loaded: ${(error as Error).message}`, {cause: error});
  }
}

/** The file that `source` denotes in Node, if any. */
function fileOf(source: string | URL): string | URL | undefined {
  if (!isNode) return undefined;
  if (source instanceof URL) return source.protocol === 'file:' ? source : undefined;
  if (source.startsWith('file:')) return new URL(source);
  return /^[a-z][a-z0-9+.-]+:/i.test(source) ? undefined : source;
}

async function readAll(source: ModelSource, options: ReadOptions): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (typeof Blob !== 'undefined' && source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  if (typeof source !== 'string' && !(source instanceof URL)) {
    throw new PoseNetError('invalid-argument',
        'invalid source of a model; expected a URL, a path (in Node), an ArrayBuffer, a Uint8Array or a Blob');
  }
  const file = fileOf(source);
  return file === undefined ? download(String(source), options) : readFile(file);
}

/** Reads `source`. Rejects with a PoseNetError, or with the signal's reason. */
export async function readSource(source: ModelSource, options: ReadOptions): Promise<Uint8Array> {
  options.signal?.throwIfAborted();
  const bytes = await readAll(source, options);
  options.signal?.throwIfAborted();
  options.onProgress?.(bytes.length, bytes.length);
  return bytes;
}

/** The name of `source` in messages. */
export function nameOf(source: ModelSource): string {
  return typeof source === 'string' || source instanceof URL ? String(source) : 'the model';
}
