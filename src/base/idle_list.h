// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_BASE_IDLE_LIST_H_
#define POSENET_BASE_IDLE_LIST_H_

#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "base/error.h"

namespace posenet::base {

/// Objects that are dear to make, such as the working memory of a call, kept for the next call that wants one. Any
/// number of threads may take and put back.
template <typename T>
class IdleList {
 public:
  /// One that no call is using, or a new one, which `make` answers as a Result<std::unique_ptr<T>>. Allocates only for
  /// new ones. Errors: those of `make`.
  template <typename Make>
  Result<std::unique_ptr<T>> Take(Make make) {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        std::unique_ptr<T> object = std::move(idle_.back());
        idle_.pop_back();
        return object;
      }
      idle_.reserve(++created_);  // So that putting back cannot fail.
    }
    return make();
  }

  void PutBack(std::unique_ptr<T> object) noexcept {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(object));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<T>> idle_;
  std::size_t created_ = 0;
};

}  // namespace posenet::base

#endif  // POSENET_BASE_IDLE_LIST_H_
