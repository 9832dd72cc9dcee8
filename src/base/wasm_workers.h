// SPDX-License-Identifier: Apache-2.0
// Threads of WebAssembly: who embeds the module starts them (only JavaScript can), and every ThreadPool shares them.
#ifndef POSENET_BASE_WASM_WORKERS_H_
#define POSENET_BASE_WASM_WORKERS_H_

#include <cstdint>

namespace posenet::base {

/// A worker's place among those that share loops.
struct WasmWorker {
  int number = 0;         // From 1.
  std::int32_t last = 0;  // The last loop before it came.
};

/// Says how many workers are there or on their way. Pools that are made from now on count on them; loops are shared by
/// those that have come.
void ExpectWasmWorkers(int count);

/// Makes the calling worker one of those that share loops from now on; it has to call RunWasmWorker soon.
WasmWorker JoinWasmWorkers();

/// Does the worker's part of every loop. Never returns.
[[noreturn]] void RunWasmWorker(const WasmWorker& worker);

}  // namespace posenet::base

#endif  // POSENET_BASE_WASM_WORKERS_H_
