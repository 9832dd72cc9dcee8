// SPDX-License-Identifier: Apache-2.0
// The WebAssembly modules: loaded once, for one thread or with workers, and what everybody does with their memory.
import {codeOf, PoseNetError} from './errors.js';
import {type Exports, importsOf, type SingleExports, type ThreadedExports} from './exports.js';
import type {ThreadStart} from '../wasm/thread.js';
import {canShareMemory, isNode, readFile, startThreadWorker, supportedThreads, type WorkerHandle} from './platform.js';

/** Where modules come from, and for how many threads. */
export interface ModuleOptions {
  /** Threads that share one call: a number, or 'auto' (the default), at most four of the cores there are. Where memory
   *  cannot be shared (a page that is not cross-origin isolated), there is one. */
  threads?: number | 'auto';
  /** The folder of posenet.wasm, posenet-threads.wasm and thread.js. By default it is beside this package's code. */
  wasmUrl?: string | URL;
}

// More share a picture of usual size to little use, and pages have other work to do.
const MAX_AUTO_THREADS = 4;
const MAX_THREADS = 64;

// As bindings/js/wasm/CMakeLists.txt links the module for threads.
const MEMORY_PAGES = {initial: 64, maximum: 16384};
const THREAD_STACK_BYTES = 128 * 1024;
const STACK_ALIGNMENT = 16;

/** A module that runs. */
export class Module {
  /** Threads that share each call. */
  threads = 1;
  /** Resolves with the number of threads when there will be no more. */
  threadsStarted = Promise.resolve(1);

  /** What is made ready for pictures gets a place for each of `expectedThreads`. */
  constructor(readonly exports: Exports, private readonly memory: WebAssembly.Memory,
              readonly expectedThreads: number) {}

  /** Memory as it is now; the view may not outlive the next call of an export, in which memory may grow. */
  bytes(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, pointer, length);
  }

  floats(pointer: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, pointer, length);
  }

  doubles(pointer: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, pointer, length);
  }

  /** Bytes of memory, used and free; it never shrinks. */
  get memoryBytes(): number {
    return this.memory.buffer.byteLength;
  }

  /** The text that ends with a zero at `pointer`. */
  text(pointer: number): string {
    const all = new Uint8Array(this.memory.buffer);
    return new TextDecoder().decode(all.slice(pointer, all.indexOf(0, pointer)));
  }

  /** The error that the last call had. */
  error(): PoseNetError {
    return new PoseNetError(codeOf(this.exports.posenet_error_code()), this.text(this.exports.posenet_error_message()));
  }

  /** `pointer`, unless it is null: the last call had an error then. */
  checked(pointer: number): number {
    if (pointer === 0) throw this.error();
    return pointer;
  }
}

async function compileAnswer(address: string): Promise<WebAssembly.Module> {
  const response = await fetch(address);
  if (!response.ok) {
    throw new PoseNetError(response.status === 404 ? 'not-found' : 'io',
                           `${address}: the server answered ${response.status} instead of the WebAssembly module`);
  }
  // Compiling as bytes arrive wants the right content type, which not every server tells.
  if (response.headers.get('content-type')?.startsWith('application/wasm')) {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}

async function compile(url: URL): Promise<WebAssembly.Module> {
  try {
    if (isNode && url.protocol === 'file:') return await WebAssembly.compile(await readFile(url) as BufferSource);
    return await compileAnswer(url.href);
  } catch (error) {
    if (error instanceof PoseNetError) throw error;
    const isOld = error instanceof WebAssembly.CompileError;
    const reason = isOld ? 'this engine cannot compile it (SIMD and exceptions are needed)' : 'cannot be loaded';
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

/** Starts a worker and makes it a thread of the module; answers whether it has become one. */
async function join(folder: URL | undefined, start: Omit<ThreadStart, 'stackTop'>,
                    exports: ThreadedExports): Promise<boolean> {
  let worker: WorkerHandle | undefined;
  try {
    worker = await startThreadWorker(folder);
    const stack = exports.malloc(THREAD_STACK_BYTES);
    if (stack === 0) throw new PoseNetError('resource-exhausted', 'no memory for the stack of a thread');
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
  // Emscripten wants to know whether the main thread may sleep. It never does in what is called from here.
  const startMain = (self: number) => {
    exports._emscripten_thread_init(self, 1, 1, 0);
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
  // Nobody waits for workers, which take longer to start than all of this: loops are shared by those that have come, and
  // the first picture needs no more than one. Nor do they start earlier, when cores have the module to compile.
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
    throw new PoseNetError('invalid-argument', `wasmUrl is '${text}'; expected the address of a folder`, {cause: error});
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
    if (error instanceof WebAssembly.LinkError) throw error;  // The package is wrong.
    // No shared memory of that size, for one: one thread does it all.
    return loadSingle(folder);
  }
}

const modules = new Map<string, Promise<Module>>();

/** The module for these options: the same one, with the same workers, for the same options. Errors: PoseNetError. */
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
