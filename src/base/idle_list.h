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

/// A pool of objects that are expensive to create, such as the working memory of a call. Thread-safe. Must outlive its
/// leases, and is not movable while there are any.
template <typename T>
class IdleList {
  struct PutBack {
    IdleList* list = nullptr;
    void operator()(T* object) const noexcept { list->Add(std::unique_ptr<T>(object)); }
  };

 public:
  /// An object on loan: destroying the lease puts it back.
  using Lease = std::unique_ptr<T, PutBack>;

  /// Leases an idle object, or else a new one: `create` returns a Result<std::unique_ptr<T>>. Allocates only for new
  /// objects. Errors: those of `create`.
  template <typename Create>
  Result<Lease> Take(Create create) {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        Lease lease(idle_.back().release(), PutBack{this});
        idle_.pop_back();
        return lease;
      }
      idle_.reserve(++created_);  // So that putting back cannot fail.
    }
    POSENET_ASSIGN_OR_RETURN(std::unique_ptr<T> object, create());
    return Lease(object.release(), PutBack{this});
  }

 private:
  void Add(std::unique_ptr<T> object) noexcept {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(object));
  }

  std::mutex mutex_;
  std::vector<std::unique_ptr<T>> idle_;
  std::size_t created_ = 0;
};

}  // namespace posenet::base

#endif  // POSENET_BASE_IDLE_LIST_H_
