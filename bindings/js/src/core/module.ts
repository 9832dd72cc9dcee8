// SPDX-License-Identifier: Apache-2.0
// The WebAssembly modules, for one thread and for several: loading them, and access to their memory.
import {ERROR_CODES, PoseNetError} from './errors.js';
import {type Exports, importsOf, type SingleExports, type ThreadedExports} from './exports.js';
import type {ThreadStart} from '../wasm/thread.js';
import {canShareMemory, isNode, readFile, startThreadWorker, supportedThreads, type WorkerHandle} from './platform.js';
import {type Members, Struct, type StructType} from './struct.js';

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

  // For all calls: one thread at a time is in the module. Null, without messages, if memory was exhausted.
  readonly #error: number;

  /** Estimators and localizers are created for `expectedThreads` threads, of which some may join later. */
  constructor(readonly exports: Exports, private readonly memory: WebAssembly.Memory,
              readonly expectedThreads: number) {
    this.#error = exports.posenet_error_create();
  }

  /** A view of all memory, valid until the next call of an export, which may grow the memory. */
  get view(): DataView {
    return new DataView(this.memory.buffer);
  }

  /** A view of a part of the memory, as valid. */
  bytes(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, pointer, length);
  }

  floats(pointer: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, pointer, length);
  }

  integers(pointer: number, length: number): BigInt64Array {
    return new BigInt64Array(this.memory.buffer, pointer, length);
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

  /** Calls a function of the C interface with the error handle that it needs. Throws its error if it fails. */
  checked(call: (error: number) => number): void {
    const status = call(this.#error);
    if (status === 0) return;
    throw new PoseNetError(ERROR_CODES[status - 1]!, this.text(this.exports.posenet_error_message(this.#error)));
  }

  /** Returns what `body` does. The stack memory that it allocates is valid until then. */
  withStack<Result>(body: () => Result): Result {
    const top = this.exports.stackSave();
    try {
      return body();
    } finally {
      this.exports.stackRestore(top);
    }
  }

  /** A struct on the stack, with undefined values. */
  struct<Type extends Members>(type: StructType<Type>): Struct<Type> {
    return new Struct(this, type, this.exports.stackAlloc(type.size));
  }

  /** A struct on the stack, with the values that its `_init` function sets. */
  initialized<Type extends Members>(type: StructType<Type>): Struct<Type> {
    const struct = this.struct(type);
    const init = this.exports[`${type.name}_init` as keyof Exports] as (pointer: number, size: number) => number;
    this.checked(() => init(struct.pointer, type.size));
    return struct;
  }

  /** Returns the handle that `create` writes to its first argument. Throws its error if it fails. */
  created(create: (handle: number, error: number) => number): number {
    return this.withStack(() => {
      const handle = this.exports.stackAlloc(4);
      this.checked(error => create(handle, error));
      return this.view.getUint32(handle, true);
    });
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
