// SPDX-License-Identifier: Apache-2.0
// What a worker of JavaScript calls, in an instance of its own on the memory of all, to become a thread of the module:
// posenet_worker_start (after it was given a stack), and, when it has told that it is there, posenet_worker_run. Who
// starts the workers says before how many they are.
#include <cstddef>

#include "base/wasm_workers.h"
#include "export.h"

namespace {

// Each instance has globals of its own; those of C++ are in the memory of all, but for these.
thread_local posenet::WasmWorker this_worker;

}  // namespace

POSENET_EXPORT(posenet_expect_workers)
void posenet_expect_workers(int count) { posenet::ExpectWasmWorkers(count); }

POSENET_EXPORT(posenet_worker_start)
void posenet_worker_start() { this_worker = posenet::JoinWasmWorkers(); }

/// Never returns.
POSENET_EXPORT(posenet_worker_run)
void posenet_worker_run() { posenet::RunWasmWorker(this_worker); }
