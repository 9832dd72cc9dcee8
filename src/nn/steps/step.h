// SPDX-License-Identifier: Apache-2.0
// A step: what a plan executes.
#ifndef POSENET_NN_STEPS_STEP_H_
#define POSENET_NN_STEPS_STEP_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/thread_pool.h"

namespace posenet::nn {

/// Floats that a task of an element-wise step handles: half of a first-level cache of 32 KiB.
inline constexpr std::int64_t kFloatsPerTask = 4096;

/// The memory of one run: values, and scratch for each thread.
struct Workspace {
  std::byte* arena = nullptr;
  std::span<const std::size_t> offsets;  // Of each value in `arena`, in bytes.
  std::byte* scratch = nullptr;
  std::size_t scratch_bytes = 0;  // Of each thread.
  int max_threads = 1;
  std::optional<std::uint64_t> dropout_seed;  // Without one, dropout is the identity.

  [[nodiscard]] void* Data(int value) const { return arena + offsets[static_cast<std::size_t>(value)]; }
  /// Of a value that is stored as floats.
  [[nodiscard]] float* Value(int value) const { return static_cast<float*>(Data(value)); }

  /// Calls body(task, scratch) for each task in [0, task_count) on the threads of `pool`.
  template <typename Body>
  void ForEachTask(base::ThreadPool& pool, int task_count, const Body& body) const {
    // Tasks are handed out here rather than by the pool, whose threads may outnumber those that have scratch.
    std::atomic<int> next_task = 0;
    const int workers = std::min({pool.thread_count(), max_threads, task_count});
    pool.ParallelFor(workers, [&](int worker, int /*thread*/) {
      std::byte* const mine = scratch + static_cast<std::size_t>(worker) * scratch_bytes;
      for (int task = next_task++; task < task_count; task = next_task++) body(task, mine);
    });
  }

  /// Calls body(first, count, scratch) for ranges of at most `max_count` items that cover [0, item_count).
  template <typename Body>
  void ForEachRange(base::ThreadPool& pool, std::int64_t item_count, std::int64_t max_count, const Body& body) const {
    const auto tasks = static_cast<int>((item_count + max_count - 1) / max_count);
    ForEachTask(pool, tasks, [&](int task, std::byte* task_scratch) {
      const std::int64_t first = task * max_count;
      body(first, std::min(max_count, item_count - first), task_scratch);
    });
  }
};

/// One or more layers, ready to run. Immutable.
class Step {
 public:
  Step(std::vector<int> reads, std::vector<int> writes) : reads_(std::move(reads)), writes_(std::move(writes)) {}
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;
  virtual ~Step() = default;

  virtual void Run(const Workspace& workspace, base::ThreadPool& pool) const = 0;
  /// Scratch that Run needs for each thread.
  [[nodiscard]] virtual std::size_t scratch_bytes() const { return 0; }

  /// The values that Run reads and writes.
  [[nodiscard]] std::span<const int> reads() const { return reads_; }
  [[nodiscard]] std::span<const int> writes() const { return writes_; }

 private:
  std::vector<int> reads_;
  std::vector<int> writes_;
};

}  // namespace posenet::nn

#endif  // POSENET_NN_STEPS_STEP_H_
