// SPDX-License-Identifier: Apache-2.0
// The WebAssembly modules, for one thread and for several: loading them, and access to their memory.
import {PoseNetError, type PoseNetErrorCode} from './errors.js';
import {type Exports, importsOf, type SingleExports, type ThreadedExports} from './exports.js';
import type {ThreadStart} from '../wasm/thread.js';
import {canShareMemory, isNode, readFile, startThreadWorker, supportedThreads, type WorkerHandle} from './platform.js';

/** Options for loading the WebAssembly module. */
export interface ModuleOptions {
  /** Number of threads that share one call, or 'auto', the default: one per core, at most four. If memory cannot be
   *  shared (the page is not cross-origin isolated), there is one thread. */
  threads?: number | 'auto' | undefined;
  /** The folder of posenet.wasm, posenet-threads.wasm and thread.js. Default: the package's own. */
  wasmUrl?: string | URL | undefined;
}

// More threads hardly speed up an image of typical size, and pages have other work to do.
const MAX_AUTO_THREADS = 4;
const MAX_THREADS = 64;

// The limits with which bindings/js/wasm/CMakeLists.txt links the module for threads.
const MEMORY_PAGES = {initial: 64, maximum: 16384};
const THREAD_STACK_BYTES = 128 * 1024;
const STACK_ALIGNMENT = 16;

/** A running module. */
export class Module {
  /** Number of threads that share each call. */
  threads = 1;
  /** Resolves with the final number of threads. */
  threadsStarted = Promise.resolve(1);

  /** Estimators and localizers are created for `expectedThreads` threads, of which some may join later. */
  constructor(readonly exports: Exports, private readonly memory: WebAssembly.Memory,
              readonly expectedThreads: number) {}

  /** A view of the memory, valid until the next call of an export, which may grow the memory. */
  bytes(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, pointer, length);
  }

  floats(pointer: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, pointer, length);
  }

  doubles(pointer: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, pointer, length);
  }

  /** Calls `use` with the address and the size of `value` as JSON, or with zeros if it is undefined. Numbers that JSON
   *  lacks (NaN, infinities) become strings, which the module rejects by name. */
  withJson<Result>(value: object | undefined, use: (json: number, size: number) => Result): Result {
    if (value === undefined) return use(0, 0);
    const json = JSON.stringify(value, (_key, member: unknown) =>
      typeof member === 'number' && !Number.isFinite(member) ? String(member) : member);
    const bytes = new TextEncoder().encode(json);
    const pointer = this.exports.malloc(bytes.length);
    if (pointer === 0) throw new PoseNetError('resource-exhausted', 'out of memory');
    try {
      this.bytes(pointer, bytes.length).set(bytes);
      return use(pointer, bytes.length);
    } finally {
      this.exports.free(pointer);
    }
  }

  /** Size of the memory in bytes, used and free; it never shrinks. */
  get memoryBytes(): number {
    return this.memory.buffer.byteLength;
  }

  /** The null-terminated text at `pointer`. */
  text(pointer: number): string {
    const all = new Uint8Array(this.memory.buffer);
    return new TextDecoder().decode(all.slice(pointer, all.indexOf(0, pointer)));
  }

  /** The error of the last call. */
  error(): PoseNetError {
    const {exports} = this;
    const code = this.text(exports.posenet_error_code()) as PoseNetErrorCode;
    return new PoseNetError(code, this.text(exports.posenet_error_message()));
  }

  /** Returns `pointer`, or throws the error of the last call if it is null. */
  checked(pointer: number): number {
    if (pointer === 0) throw this.error();
    return pointer;
  }
}

async function compileResponse(address: string): Promise<WebAssembly.Module> {
  const response = await fetch(address);
  if (!response.ok) {
    throw new PoseNetError(response.status === 404 ? 'not-found' : 'io',
                           `${address}: the server responded with status ${response.status}`);
  }
  // Streaming compilation needs the right content type, which not every server sends.
  if (response.headers.get('content-type')?.startsWith('application/wasm')) {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}

async function compile(url: URL): Promise<WebAssembly.Module> {
  try {
    if (isNode && url.protocol === 'file:') return await WebAssembly.compile(await readFile(url) as BufferSource);
    return await compileResponse(url.href);
  } catch (error) {
    if (error instanceof PoseNetError) throw error;
    const isOld = error instanceof WebAssembly.CompileError;
    const reason = isOld ? 'this engine cannot compile it (it needs SIMD and exceptions)' : 'cannot be loaded';
    throw new PoseNetError(isOld ? 'unsupported' : 'io', `${url}: ${reason}: ${(error as Error).message}`,
                           {cause: error});
  }
}

async function loadSingle(folder: URL | undefined): Promise<Module> {
  const url = folder ? new URL('posenet.wasm', folder) : new URL('../wasm/posenet.wasm', import.meta.url);
  const instance = await WebAssembly.instantiate(await compile(url), importsOf());
  const exports = instance.exports as unknown as SingleExports;
  exports._initialize();
  return new Module(exports, exports.memory, 1);
}

/** Starts a worker that becomes a thread of the module. Resolves with whether it did. */
async function join(folder: URL | undefined, start: Omit<ThreadStart, 'stackTop'>,
                    exports: ThreadedExports): Promise<boolean> {
  let worker: WorkerHandle | undefined;
  try {
    worker = await startThreadWorker(folder);
    const stack = exports.malloc(THREAD_STACK_BYTES);
    if (stack === 0) throw new PoseNetError('resource-exhausted', 'out of memory for the stack of a thread');
    const stackTop = Math.floor((stack + THREAD_STACK_BYTES) / STACK_ALIGNMENT) * STACK_ALIGNMENT;
    worker.postMessage({...start, stackTop});
    await worker.firstMessage();
    worker.release();
    return true;
  } catch {
    worker?.terminate();
    return false;
  }
}

async function instantiateThreaded(module: WebAssembly.Module, memory: WebAssembly.Memory): Promise<ThreadedExports> {
  // Emscripten asks whether the main thread may block; nothing that is called here does.
  const startMain = (self: number) => {
    exports._emscripten_thread_init(self, 1, 1, 0, 0);
    exports.emscripten_tls_init();
  };
  const exports = (await WebAssembly.instantiate(module, importsOf(memory, startMain)))
    .exports as unknown as ThreadedExports;
  exports.__wasm_call_ctors();
  return exports;
}

async function loadThreaded(folder: URL | undefined, threads: number): Promise<Module> {
  const url = folder ? new URL('posenet-threads.wasm', folder)
                     : new URL('../wasm/posenet-threads.wasm', import.meta.url);
  const compiled = await compile(url);
  const memory = new WebAssembly.Memory({...MEMORY_PAGES, shared: true});
  const exports = await instantiateThreaded(compiled, memory);
  exports.posenet_expect_workers(threads - 1);
  const module = new Module(exports, memory, threads);
  // Workers take longer to start than everything else here, so nothing waits for them: the threads that have started
  // share the work. They do not start earlier because the cores are busy compiling the module.
  const joining = Array.from({length: threads - 1}, async () => {
    if (await join(folder, {module: compiled, memory}, exports)) ++module.threads;
  });
  module.threadsStarted = Promise.all(joining).then(() => module.threads);
  return module;
}

function folderOf(wasmUrl: string | URL | undefined): URL | undefined {
  if (wasmUrl === undefined) return undefined;
  const text = String(wasmUrl);
  const base = isNode ? undefined : (globalThis as {document?: {baseURI: string}}).document?.baseURI ??
                                      globalThis.location?.href;
  try {
    return new URL(text.endsWith('/') ? text : `${text}/`, base);
  } catch (error) {
    throw new PoseNetError('invalid-argument', `wasmUrl is '${text}'; expected the URL of a folder`, {cause: error});
  }
}

async function threadCountOf(wanted: number | 'auto' | undefined): Promise<number> {
  if (wanted === undefined || wanted === 'auto') return Math.min(await supportedThreads(), MAX_AUTO_THREADS);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > MAX_THREADS) {
    throw new PoseNetError('invalid-argument', `threads is ${wanted}; expected 1 to ${MAX_THREADS}, or 'auto'`);
  }
  return canShareMemory() ? wanted : 1;
}

async function load(threads: number, folder: URL | undefined): Promise<Module> {
  if (threads === 1) return loadSingle(folder);
  try {
    return await loadThreaded(folder, threads);
  } catch (error) {
    if (error instanceof WebAssembly.LinkError) throw error;  // The package is broken.
    // For example, the engine refuses that much shared memory: use one thread.
    return loadSingle(folder);
  }
}

const modules = new Map<string, Promise<Module>>();

/** Loads the module for these options, once: the same options share a module and its workers. Rejects with a
 *  PoseNetError. */
export async function loadModule(options: ModuleOptions): Promise<Module> {
  const folder = folderOf(options.wasmUrl);
  const threads = await threadCountOf(options.threads);
  const key = `${threads} ${folder ?? ''}`;
  let module = modules.get(key);
  if (!module) {
    module = load(threads, folder);
    modules.set(key, module);
    module.catch(() => modules.delete(key));
  }
  return module;
}
