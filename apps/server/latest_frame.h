// SPDX-License-Identifier: Apache-2.0
// Which frame of a stream is processed next: always the latest one. A client that sends more frames than can be
// processed gets results for recent frames, not for ever older ones.
#ifndef POSENET_SERVER_LATEST_FRAME_H_
#define POSENET_SERVER_LATEST_FRAME_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "server/byte_budget.h"

namespace posenet::server {

/// Where a frame stands in its stream.
struct FramePosition {
  std::int64_t number = 0;         ///< From 1, in order of arrival.
  std::int64_t dropped_count = 0;  ///< Frames so far that a later one replaced before they were processed.
};

struct StreamFrame {
  FramePosition position;
  std::string bytes;  ///< An encoded image.
  BudgetShare share;  ///< For the bytes.
  std::chrono::steady_clock::time_point arrival;
};

/// At most one frame is being processed and one is waiting. For use by one thread at a time.
class LatestFrame {
 public:
  /// Takes the frame that has arrived. Returns it if none is being processed. Otherwise it waits, and one that was
  /// waiting is dropped.
  std::optional<StreamFrame> Offer(std::string bytes, BudgetShare share) {
    StreamFrame frame = {.position = {.number = ++frame_count_},
                         .bytes = std::move(bytes),
                         .share = std::move(share),
                         .arrival = std::chrono::steady_clock::now()};
    if (is_busy_) {
      if (waiting_) ++dropped_count_;
      waiting_ = std::move(frame);
      return std::nullopt;
    }
    is_busy_ = true;
    return Start(std::move(frame));
  }

  /// The frame in processing is done. Returns the waiting one, if there is one.
  std::optional<StreamFrame> Finish() {
    is_busy_ = waiting_.has_value();
    if (!waiting_) return std::nullopt;
    return Start(*std::exchange(waiting_, std::nullopt));
  }

  [[nodiscard]] std::int64_t dropped_count() const { return dropped_count_; }
  [[nodiscard]] bool is_busy() const { return is_busy_; }

 private:
  StreamFrame Start(StreamFrame frame) const {
    frame.position.dropped_count = dropped_count_;
    return frame;
  }

  std::optional<StreamFrame> waiting_;
  std::int64_t frame_count_ = 0;
  std::int64_t dropped_count_ = 0;
  bool is_busy_ = false;
};

}  // namespace posenet::server

#endif  // POSENET_SERVER_LATEST_FRAME_H_
