// SPDX-License-Identifier: Apache-2.0
// The interface of the modules that bindings/js/wasm builds: what they export and import. A pair (json, size) is an
// object as JSON: its address and its length in bytes; no bytes stand for no options.

/** Exported by both modules. */
export interface Exports {
  malloc(bytes: number): number;
  free(pointer: number): void;
  posenet_names(): number;
  posenet_error_code(): number;
  posenet_error_message(): number;
  posenet_file_create(bytes: number): number;
  posenet_file_data(file: number): number;
  posenet_model_create(file: number): number;
  posenet_model_info(model: number): number;
  posenet_model_destroy(model: number): void;
  posenet_estimator_create(model: number, refiner: number, json: number, size: number): number;
  posenet_estimator_options(estimator: number): number;
  posenet_estimator_image(estimator: number, bytes: number): number;
  posenet_estimator_run(
    estimator: number, width: number, height: number, channels: number, json: number, size: number): number;
  posenet_estimator_run_boxed(
    estimator: number, width: number, height: number, channels: number, json: number, size: number): number;
  posenet_estimator_poses(estimator: number): number;
  posenet_estimator_people(estimator: number): number;
  posenet_estimator_destroy(estimator: number): void;
  posenet_crop_create(): number;
  posenet_crop_region(crop: number, width: number, height: number): number;
  posenet_crop_pose(crop: number): number;
  posenet_crop_update(crop: number, width: number, height: number): void;
  posenet_crop_reset(crop: number): void;
  posenet_crop_destroy(crop: number): void;
  posenet_localizer_create(model: number, json: number, size: number): number;
  posenet_localizer_scene(localizer: number): number;
  posenet_localizer_image(localizer: number, bytes: number): number;
  posenet_localizer_run(localizer: number, width: number, height: number, channels: number): number;
  posenet_localizer_feature_count(localizer: number): number;
  posenet_localizer_features(localizer: number): number;
  posenet_localizer_destroy(localizer: number): void;
  posenet_tracker_create(json: number, size: number): number;
  posenet_tracker_resize(tracker: number, count: number): number;
  posenet_tracker_poses(tracker: number): number;
  posenet_tracker_ids(tracker: number): number;
  posenet_tracker_update(tracker: number, timeSeconds: number): number;
  posenet_tracker_reset(tracker: number): void;
  posenet_tracker_destroy(tracker: number): void;
  posenet_smoother_create(json: number, size: number): number;
  posenet_smoother_resize(smoother: number, count: number): number;
  posenet_smoother_poses(smoother: number): number;
  posenet_smoother_ids(smoother: number): number;
  posenet_smoother_run(smoother: number, timeSeconds: number): number;
  posenet_smoother_reset(smoother: number): void;
  posenet_smoother_destroy(smoother: number): void;
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
  stackRestore(top: number): void;
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
