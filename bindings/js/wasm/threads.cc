// SPDX-License-Identifier: Apache-2.0
// What makes a JavaScript worker a thread of the module. The worker has an instance of its own on the shared memory. It
// calls posenet_worker_start once it has a stack, tells the main thread that it is ready, and then calls
// posenet_worker_run. The main thread announces the number of workers with posenet_expect_workers before it starts
// them.
#include "base/wasm_workers.h"

namespace {

// Globals of C++ are in the shared memory; a thread_local one belongs to its instance.
thread_local posenet::base::WasmWorker this_worker;

}  // namespace

extern "C" {

void posenet_expect_workers(int count) { posenet::base::ExpectWasmWorkers(count); }

void posenet_worker_start() { this_worker = posenet::base::JoinWasmWorkers(); }

/// Never returns.
void posenet_worker_run() { posenet::base::RunWasmWorker(this_worker); }

}  // extern "C"
