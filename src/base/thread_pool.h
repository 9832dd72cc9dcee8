// SPDX-License-Identifier: Apache-2.0
// Parallel loops on a fixed set of threads.
#ifndef POSENET_BASE_THREAD_POOL_H_
#define POSENET_BASE_THREAD_POOL_H_

#include <memory>
#include <type_traits>

namespace posenet::base {

/// A fixed set of threads that run loops together with the caller. For one caller at a time. ParallelFor does not
/// allocate. If the system is out of threads, the pool has fewer of them.
class ThreadPool {
 public:
  /// `thread_count` includes the caller: 1 starts no thread.
  explicit ThreadPool(int thread_count);
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ~ThreadPool();

  [[nodiscard]] int thread_count() const { return thread_count_; }

  /// Calls `body(task, thread)` for each task in [0, task_count), with thread in [0, thread_count()), and returns when
  /// all are done. Tasks are assigned in order to whichever thread is free. `body` must not throw or use the pool.
  template <typename Body>
  void ParallelFor(int task_count, Body&& body) {
    if (task_count <= 1 || thread_count_ == 1) {
      for (int task = 0; task < task_count; ++task) body(task, 0);
      return;
    }
    using BodyType = std::remove_reference_t<Body>;
    Run(task_count, const_cast<std::remove_const_t<BodyType>*>(&body),
        [](void* context, int task, int thread) { (*static_cast<BodyType*>(context))(task, thread); });
  }

 private:
  using TaskFunction = void (*)(void* context, int task, int thread);
  void Run(int task_count, void* context, TaskFunction function);

  struct State;
  std::unique_ptr<State> state_;
  int thread_count_ = 1;
};

/// The number of cores that the calling thread may run on, at least 1.
int AvailableCores();

}  // namespace posenet::base

#endif  // POSENET_BASE_THREAD_POOL_H_
