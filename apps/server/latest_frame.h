// SPDX-License-Identifier: Apache-2.0
// Which frame of a stream is looked at next: always the newest. Who sends more than can be answered gets answers about
// now, not about ever longer ago.
#ifndef POSENET_SERVER_NEWEST_FRAME_H_
#define POSENET_SERVER_NEWEST_FRAME_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "server/byte_budget.h"

namespace posenet::server {

struct StreamFrame {
  std::int64_t number = 0;         ///< From 1, as they came.
  std::int64_t dropped_count = 0;  ///< Frames before it that were dropped.
  std::string bytes;               ///< An encoded image.
  BudgetShare share;               ///< For the bytes.
  std::chrono::steady_clock::time_point arrival;
};

/// At most one frame is looked at and one waits. For use by one thread at a time.
class NewestFrame {
 public:
  /// A frame has come. Answers it when nothing is being looked at: its turn is now. Otherwise it waits, and one that
  /// waited before is dropped.
  std::optional<StreamFrame> Offer(std::string bytes, BudgetShare share) {
    StreamFrame frame = {.number = ++frame_count_,
                         .dropped_count = 0,
                         .bytes = std::move(bytes),
                         .share = std::move(share),
                         .arrival = std::chrono::steady_clock::now()};
    if (is_busy_) {
      if (waiting_) ++dropped_count_;
      waiting_ = std::move(frame);
      return std::nullopt;
    }
    is_busy_ = true;
    return Begin(std::move(frame));
  }

  /// The frame that was looked at is answered. Answers the one whose turn is now, if one waits.
  std::optional<StreamFrame> Finish() {
    is_busy_ = waiting_.has_value();
    if (!waiting_) return std::nullopt;
    return Begin(*std::exchange(waiting_, std::nullopt));
  }

  /// Counts a frame that came and was not even kept, for want of memory.
  void CountDropped() {
    ++frame_count_;
    ++dropped_count_;
  }

  [[nodiscard]] std::int64_t dropped_count() const { return dropped_count_; }
  [[nodiscard]] bool is_busy() const { return is_busy_; }

 private:
  StreamFrame Begin(StreamFrame frame) const {
    frame.dropped_count = dropped_count_;
    return frame;
  }

  std::optional<StreamFrame> waiting_;
  std::int64_t frame_count_ = 0;
  std::int64_t dropped_count_ = 0;
  bool is_busy_ = false;
};

}  // namespace posenet::server

#endif  // POSENET_SERVER_NEWEST_FRAME_H_
