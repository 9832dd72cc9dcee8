// SPDX-License-Identifier: Apache-2.0
// WebAssembly threads. Only JavaScript can start them, so the embedder does; every ThreadPool shares them.
#ifndef POSENET_BASE_WASM_WORKERS_H_
#define POSENET_BASE_WASM_WORKERS_H_

#include <cstdint>

namespace posenet::base {

/// A worker that takes part in loops.
struct WasmWorker {
  int number = 0;         // From 1.
  std::int32_t last = 0;  // The last loop before it joined.
};

/// Sets the number of workers that have joined or are being started. Pools created from now on have room for them;
/// loops run on those that have joined.
void ExpectWasmWorkers(int count);

/// Registers the calling worker for all loops from now on. It must call RunWasmWorker soon.
WasmWorker JoinWasmWorkers();

/// Runs the worker's tasks of every loop. Does not return.
[[noreturn]] void RunWasmWorker(const WasmWorker& worker);

}  // namespace posenet::base

#endif  // POSENET_BASE_WASM_WORKERS_H_
