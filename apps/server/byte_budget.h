// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_SERVER_BYTE_BUDGET_H_
#define POSENET_SERVER_BYTE_BUDGET_H_

#include <atomic>
#include <cstddef>
#include <utility>

namespace posenet::server {

/// Limits the bytes of request bodies that all connections hold together. For any number of threads.
class ByteBudget {
 public:
  explicit ByteBudget(std::size_t limit) : limit_(limit) {}

  bool TryTake(std::size_t bytes) {
    if (used_.fetch_add(bytes) + bytes <= limit_) return true;
    used_.fetch_sub(bytes);
    return false;
  }
  void Release(std::size_t bytes) { used_.fetch_sub(bytes); }
  [[nodiscard]] std::size_t used() const { return used_; }

 private:
  const std::size_t limit_;
  std::atomic<std::size_t> used_ = 0;
};

/// The share of one body in a budget, released on destruction. Move-only.
class BudgetShare {
 public:
  explicit BudgetShare(ByteBudget& budget) : budget_(&budget) {}
  BudgetShare(BudgetShare&& other) noexcept : budget_(other.budget_), bytes_(std::exchange(other.bytes_, 0)) {}
  BudgetShare& operator=(BudgetShare&& other) noexcept {
    std::swap(budget_, other.budget_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~BudgetShare() { budget_->Release(bytes_); }

  /// Grows the share to `bytes`, unless it is that large already. Returns false if the budget does not suffice.
  bool GrowTo(std::size_t bytes) {
    if (bytes <= bytes_) return true;
    if (!budget_->TryTake(bytes - bytes_)) return false;
    bytes_ = bytes;
    return true;
  }

 private:
  ByteBudget* budget_;
  std::size_t bytes_ = 0;
};

}  // namespace posenet::server

#endif  // POSENET_SERVER_BYTE_BUDGET_H_
