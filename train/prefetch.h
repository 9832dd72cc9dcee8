// SPDX-License-Identifier: Apache-2.0
// Computes results ahead of their consumer.
#ifndef POSENET_TRAIN_PREFETCH_H_
#define POSENET_TRAIN_PREFETCH_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace posenet::train {

/// Calls a function on its own thread, up to kAhead results ahead of Next.
template <typename T>
class Prefetch {
 public:
  /// `make` returns the next result. It is called until the object is destroyed or it throws.
  explicit Prefetch(std::function<T()> make) : make_(std::move(make)), thread_([this] { Work(); }) {}
  Prefetch(const Prefetch&) = delete;
  Prefetch& operator=(const Prefetch&) = delete;
  ~Prefetch() {
    const std::lock_guard lock(mutex_);
    is_stopped_ = true;
    changed_.notify_all();
  }

  /// The next result. Rethrows what `make` threw instead of it.
  T Next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return failure_ || !ready_.empty(); });
    if (ready_.empty()) std::rethrow_exception(failure_);
    T result = std::move(ready_.front());
    ready_.pop_front();
    changed_.notify_all();
    return result;
  }

  static constexpr std::size_t kAhead = 2;

 private:
  void Work() {
    for (;;) {
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return is_stopped_ || ready_.size() < kAhead; });
        if (is_stopped_) return;
      }
      try {
        T result = make_();
        const std::lock_guard lock(mutex_);
        ready_.push_back(std::move(result));
      } catch (...) {
        const std::lock_guard lock(mutex_);
        failure_ = std::current_exception();
      }
      changed_.notify_all();
      if (failure_) return;
    }
  }

  std::function<T()> make_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<T> ready_;
  bool is_stopped_ = false;
  std::exception_ptr failure_;  // Written by the thread only.
  std::jthread thread_;         // Last: it starts after, and is joined before, the other members' lifetime.
};

}  // namespace posenet::train

#endif  // POSENET_TRAIN_PREFETCH_H_
