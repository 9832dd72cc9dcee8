// SPDX-License-Identifier: Apache-2.0
#include "base/thread_pool.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace posenet::base {
namespace {

// How often a thread polls for the next loop before it sleeps. A network is a chain of loops of about 0.1 ms with
// almost nothing in between, while waking a sleeping thread takes about 0.05 ms. Polling for about 20 microseconds
// bridges the gaps within one run, and its cost between runs is negligible.
constexpr int kSpins = 2000;

inline void Pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

}  // namespace

struct ThreadPool::State {
  // Incrementing `generation` publishes a loop: its other members are written before and read after that.
  std::atomic<std::uint64_t> generation = 0;
  void* context = nullptr;
  TaskFunction function = nullptr;
  int task_count = 0;
  std::atomic<int> next_task = 0;
  std::atomic<int> busy_workers = 0;
  std::atomic<bool> stopping = false;

  std::mutex mutex;
  std::condition_variable wake;
  std::atomic<int> sleeping = 0;
  std::vector<std::thread> workers;

  void Work(int thread) {
    for (int task = next_task.fetch_add(1, std::memory_order_relaxed); task < task_count;
         task = next_task.fetch_add(1, std::memory_order_relaxed)) {
      function(context, task, thread);
    }
  }

  void WorkerMain(int thread) {
    std::uint64_t seen = 0;
    while (true) {
      for (int spin = 0; spin < kSpins && generation.load(std::memory_order_acquire) == seen; ++spin) Pause();
      if (generation.load(std::memory_order_acquire) == seen) {
        std::unique_lock lock(mutex);
        sleeping.fetch_add(1, std::memory_order_seq_cst);
        wake.wait(lock, [&] { return generation.load(std::memory_order_seq_cst) != seen; });
        sleeping.fetch_sub(1, std::memory_order_relaxed);
      }
      seen = generation.load(std::memory_order_acquire);
      if (stopping.load(std::memory_order_relaxed)) return;
      Work(thread);
      busy_workers.fetch_sub(1, std::memory_order_release);
    }
  }

  void Publish() {
    generation.fetch_add(1, std::memory_order_seq_cst);
    if (sleeping.load(std::memory_order_seq_cst) > 0) {
      { const std::lock_guard lock(mutex); }  // Waits for a worker that is about to sleep.
      wake.notify_all();
    }
  }
};

ThreadPool::ThreadPool(int thread_count) : state_(std::make_unique<State>()) {
  try {
    for (int thread = 1; thread < thread_count; ++thread) {
      state_->workers.emplace_back([state = state_.get(), thread] { state->WorkerMain(thread); });
    }
  } catch (const std::system_error&) {
    // The system is out of threads: the existing ones do the work.
  }
  thread_count_ = static_cast<int>(state_->workers.size()) + 1;
}

ThreadPool::~ThreadPool() {
  state_->stopping.store(true, std::memory_order_relaxed);
  state_->Publish();
  for (std::thread& worker : state_->workers) worker.join();
}

void ThreadPool::Run(int task_count, void* context, TaskFunction function) {
  State& state = *state_;
  state.context = context;
  state.function = function;
  state.task_count = task_count;
  state.next_task.store(0, std::memory_order_relaxed);
  state.busy_workers.store(thread_count_ - 1, std::memory_order_relaxed);
  state.Publish();
  state.Work(0);
  // Tasks are short, so the other threads are almost done. On an overloaded machine one of them may not be running;
  // yield to it.
  for (int spin = 0; state.busy_workers.load(std::memory_order_acquire) != 0; ++spin) {
    if (spin < kSpins) {
      Pause();
    } else {
      std::this_thread::yield();
    }
  }
}

int AvailableCores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) == 0) return std::max(CPU_COUNT(&set), 1);
  return std::max(static_cast<int>(std::thread::hardware_concurrency()), 1);
}

}  // namespace posenet::base
