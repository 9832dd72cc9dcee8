// SPDX-License-Identifier: Apache-2.0
// ThreadPool for WebAssembly. Only one JavaScript thread calls the module, so only one loop runs at a time and all
// pools share the same workers: a thread that ended could be replaced only after returning to JavaScript, and idle
// workers cost nothing. The caller may be a browser's main thread, which must not block: it spins while the workers
// finish their last tasks, which takes a few hundredths of a millisecond.
#include <algorithm>
#include <atomic>
#include <cstdint>

#include "base/thread_pool.h"
#include "base/wasm_workers.h"

namespace posenet::base {

struct ThreadPool::State {};

namespace {

using TaskFunction = void (*)(void* context, int task, int thread);

// As in thread_pool.cc: long enough to bridge the gaps within one run of a network. WebAssembly has no pause
// instruction.
constexpr int kSpins = 10000;

// A loop is published as one number that combines the count of loops with the number of workers that take part. A
// worker that does not take part may look late, and must not combine one loop with the number of workers of the next.
constexpr std::int32_t kWorkerBits = 10;
constexpr std::int32_t kMaxWorkers = (1 << kWorkerBits) - 1;

struct Loop {
  std::atomic<std::int32_t> published = 0;
  void* context = nullptr;
  TaskFunction function = nullptr;
  int task_count = 0;
  std::atomic<int> next_task = 0;
  std::atomic<int> busy_workers = 0;
  std::atomic<int> sleeping = 0;
  std::atomic<int> workers = 0;   // That have joined.
  std::atomic<int> expected = 0;  // That have joined or are being started.
};

constinit Loop loop;

void Work(int thread) {
  for (int task = loop.next_task.fetch_add(1, std::memory_order_relaxed); task < loop.task_count;
       task = loop.next_task.fetch_add(1, std::memory_order_relaxed)) {
    loop.function(loop.context, task, thread);
  }
}

#ifdef __EMSCRIPTEN_PTHREADS__

std::int32_t* AddressOfPublished() { return reinterpret_cast<std::int32_t*>(&loop.published); }

void WaitFor(std::int32_t seen) {
  for (int spin = 0; spin < kSpins; ++spin) {
    if (loop.published.load(std::memory_order_acquire) != seen) return;
  }
  loop.sleeping.fetch_add(1);
  while (loop.published.load() == seen) __builtin_wasm_memory_atomic_wait32(AddressOfPublished(), seen, -1);
  loop.sleeping.fetch_sub(1);
}

void WakeAll() {
  if (loop.sleeping.load() > 0) __builtin_wasm_memory_atomic_notify(AddressOfPublished(), kMaxWorkers);
}

#else

void WakeAll() {}

#endif

void Publish(int workers) {
  const auto count = static_cast<std::uint32_t>(loop.published.load()) >> kWorkerBits;
  loop.published.store(static_cast<std::int32_t>((count + 1) << kWorkerBits | static_cast<std::uint32_t>(workers)));
  WakeAll();
}

}  // namespace

#ifdef __EMSCRIPTEN_PTHREADS__

void ExpectWasmWorkers(int count) { loop.expected.store(std::clamp(count, 0, static_cast<int>(kMaxWorkers))); }

WasmWorker JoinWasmWorkers() {
  // In this order: every loop that counts on this worker is published after `last`.
  WasmWorker worker;
  worker.last = loop.published.load();
  worker.number = loop.workers.fetch_add(1) + 1;
  return worker;
}

void RunWasmWorker(const WasmWorker& worker) {
  std::int32_t seen = worker.last;
  while (true) {
    WaitFor(seen);
    seen = loop.published.load(std::memory_order_acquire);
    if (worker.number > (seen & kMaxWorkers)) continue;
    Work(worker.number);
    loop.busy_workers.fetch_sub(1, std::memory_order_release);
  }
}

#endif

ThreadPool::ThreadPool(int thread_count) : thread_count_(std::clamp(thread_count, 1, AvailableCores())) {}

ThreadPool::~ThreadPool() = default;

void ThreadPool::Run(int task_count, void* context, TaskFunction function) {
  loop.context = context;
  loop.function = function;
  loop.task_count = task_count;
  loop.next_task.store(0, std::memory_order_relaxed);
  // A worker that joins after this load is not counted and does not take part.
  const int workers = std::min(thread_count_ - 1, loop.workers.load());
  loop.busy_workers.store(workers, std::memory_order_relaxed);
  Publish(workers);
  Work(0);
  while (loop.busy_workers.load(std::memory_order_acquire) != 0) {
  }
}

int AvailableCores() { return 1 + loop.expected.load(); }

}  // namespace posenet::base
