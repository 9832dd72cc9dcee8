// SPDX-License-Identifier: Apache-2.0
// Threads that share loops.
#ifndef POSENET_BASE_THREAD_POOL_H_
#define POSENET_BASE_THREAD_POOL_H_

#include <memory>
#include <type_traits>

namespace posenet::base {

/// A fixed set of threads that run loops together with their caller. Used by one caller at a time. ParallelFor does not
/// allocate. Creating threads may fail on an exhausted system; the pool then has fewer of them and works on.
class ThreadPool {
 public:
  /// `thread_count` includes the calling thread: 1 starts none.
  explicit ThreadPool(int thread_count);
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ~ThreadPool();

  [[nodiscard]] int thread_count() const { return thread_count_; }

  /// Calls `body(task, thread)` once for each task in [0, task_count), tasks handed out in order to whichever thread is
  /// free, `thread` in [0, thread_count()); returns when all are done. `body` must not throw and must not call back
  /// into the pool.
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

/// Cores that this process may use, at least 1.
int AvailableCores();

}  // namespace posenet::base

#endif  // POSENET_BASE_THREAD_POOL_H_
