// SPDX-License-Identifier: Apache-2.0
// The interface of the modules that bindings/js/wasm builds: what they export and import.

/** Exported by both modules. The functions named posenet_ are those of the C interface (include/posenet/c). Addresses are
 *  numbers, and 0 is null. */
export interface Exports {
  malloc(bytes: number): number;
  free(pointer: number): void;
  /** The top of the stack. */
  stackSave(): number;
  /** Memory on the stack, aligned to 16 bytes, until its top is restored. */
  stackAlloc(bytes: number): number;
  stackRestore(top: number): void;
  posenet_error_create(): number;
  posenet_error_message(error: number): number;
  posenet_model_parse(bytes: number, size: number, model: number, error: number): number;
  posenet_model_destroy(model: number): void;
  posenet_model_info_init(info: number, size: number): number;
  posenet_model_get_info(model: number, info: number, error: number): number;
  posenet_refiner_options_init(options: number, size: number): number;
  posenet_refiner_create(model: number, options: number, refiner: number, error: number): number;
  posenet_refiner_destroy(refiner: number): void;
  posenet_decode_options_init(options: number, size: number): number;
  posenet_estimator_options_init(options: number, size: number): number;
  posenet_estimator_create(model: number, options: number, estimator: number, error: number): number;
  posenet_estimator_destroy(estimator: number): void;
  posenet_estimator_get_options(estimator: number, options: number, error: number): number;
  posenet_estimator_estimate(
    estimator: number, image: number, options: number, poses: number, capacity: number, count: number,
    error: number): number;
  posenet_estimator_estimate_boxed(
    estimator: number, image: number, options: number, poses: number, capacity: number, count: number,
    error: number): number;
  posenet_movenet_crop_create(crop: number, error: number): number;
  posenet_movenet_crop_destroy(crop: number): void;
  posenet_movenet_crop_get_region(
    crop: number, width: number, height: number, region: number, error: number): number;
  posenet_movenet_crop_update(crop: number, pose: number, width: number, height: number, error: number): number;
  posenet_movenet_crop_reset(crop: number): void;
  posenet_localizer_options_init(options: number, size: number): number;
  posenet_localizer_create(model: number, options: number, localizer: number, error: number): number;
  posenet_localizer_destroy(localizer: number): void;
  posenet_camera_scene_init(scene: number, size: number): number;
  posenet_localizer_get_scene(localizer: number, scene: number, error: number): number;
  posenet_camera_estimate_init(estimate: number, size: number): number;
  posenet_localizer_localize(localizer: number, image: number, estimate: number, error: number): number;
  posenet_tracker_options_init(options: number, size: number): number;
  posenet_tracker_create(options: number, tracker: number, error: number): number;
  posenet_tracker_destroy(tracker: number): void;
  posenet_tracker_update(
    tracker: number, poses: number, count: number, timeSeconds: number, ids: number, error: number): number;
  posenet_tracker_reset(tracker: number): void;
  posenet_smoother_options_init(options: number, size: number): number;
  posenet_smoother_create(options: number, smoother: number, error: number): number;
  posenet_smoother_destroy(smoother: number): void;
  posenet_smoother_smooth(
    smoother: number, poses: number, ids: number, count: number, timeSeconds: number, error: number): number;
  posenet_smoother_reset(smoother: number): void;
}

/** Exported by the module for one thread. */
export interface SingleExports extends Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
}

/** Exported by the module for several threads. Each thread has its own instance. */
export interface ThreadedExports extends Exports {
  __wasm_call_ctors(): void;
  emscripten_tls_init(): number;
  _emscripten_thread_init(
    self: number, isBrowserThread: number, isRuntimeThread: number, canBlock: number, startProfiling: number): void;
  posenet_expect_workers(count: number): void;
  posenet_worker_start(): void;
  posenet_worker_run(): void;
}

const PAGE_BYTES = 65536;
// Memory grows by at least a megabyte, because each growth is a call into the engine.
const MIN_GROWTH_PAGES = 16;

function stop(what: string): never {
  throw new Error(`internal error: the WebAssembly module ${what}`);
}

/** The imports of a module. `memory` is the shared memory of several threads; `startMain` is called when the main
 *  thread's C++ starts. */
export function importsOf(memory?: WebAssembly.Memory, startMain?: (self: number) => void): WebAssembly.Imports {
  const clock = (_clock: number, out: number): number => {
    const milliseconds = performance.now();
    const view = new DataView(memory!.buffer);
    view.setUint32(out, Math.floor(milliseconds / 1000), true);
    view.setUint32(out + 4, 0, true);
    view.setUint32(out + 8, Math.floor((milliseconds % 1000) * 1e6), true);
    return 0;
  };
  const grow = (bytes: number): number => {
    const missing = Math.ceil(((bytes >>> 0) - memory!.buffer.byteLength) / PAGE_BYTES);
    if (missing <= 0) return 1;
    for (const pages of [Math.max(missing, MIN_GROWTH_PAGES), missing]) {
      try {
        memory!.grow(pages);
        return 1;
      } catch {
        // Out of memory; the smaller growth may succeed.
      }
    }
    return 0;
  };
  const environment: Record<string, WebAssembly.ImportValue> = {
    abort: () => stop('aborted'),
    exit: () => stop('exited'),
    emscripten_notify_memory_growth: () => {},
    emscripten_resize_heap: grow,
    emscripten_memcpy_big: (to: number, from: number, bytes: number) => {
      new Uint8Array(memory!.buffer).copyWithin(to, from, from + bytes);
    },
    emscripten_get_now: () => performance.now(),
    clock_gettime: clock,
    __clock_gettime: clock,
    emscripten_check_blocking_allowed: () => {},
    __emscripten_init_main_thread_js: (self: number) => startMain?.(self),
  };
  // Imports of Emscripten's own threads, which are not used.
  for (const name of [
    '__pthread_create_js', '__emscripten_thread_cleanup', '_emscripten_notify_thread_queue',
    'emscripten_receive_on_main_thread_js', 'emscripten_set_canvas_element_size', 'emscripten_unwind_to_js_event_loop',
    'emscripten_webgl_create_context',
  ]) {
    environment[name] = () => stop(`called ${name}`);
  }
  if (memory) environment['memory'] = memory;
  return {
    env: environment,
    wasi_snapshot_preview1: {
      proc_exit: () => stop('exited'),
      // Never called for anything that affects a result.
      clock_time_get: () => 0,
      environ_sizes_get: () => 1,
      environ_get: () => 1,
      fd_close: () => 8,
      fd_seek: () => 8,
      fd_write: () => 8,
    },
  };
}
