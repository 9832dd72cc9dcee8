// SPDX-License-Identifier: Apache-2.0
// Frames being read and estimated at the same time, and answered in order.
#ifndef POSENET_HUMAN_VIDEO_FRAME_PIPELINE_H_
#define POSENET_HUMAN_VIDEO_FRAME_PIPELINE_H_

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "posenet/pose.h"
#include "posenet/result.h"
#include "video/frame_source.h"

namespace posenet::video_app {

/// A frame, with the people in it or what went wrong (`frame.error`).
struct FrameAnswer {
  video::VideoFrame frame;
  std::vector<Pose> poses = {};
  std::int64_t skipped_count = 0;  ///< Frames of a live source that nobody had time for, since the one before.
};

/// Finds people in a frame. Called from as many threads at a time as there are workers.
using EstimateFrame = std::function<Result<std::vector<Pose>>(const video::VideoFrame& frame)>;

/// A thread that reads and some that estimate. What is read and not yet taken is bounded: of a file every frame is
/// answered and reading waits; of a live source reading does not wait, and the newest frame takes the place of the one
/// that nobody has begun with.
class FramePipeline {
 public:
  /// `source` must outlive this; nobody else uses it meanwhile.
  FramePipeline(video::FrameSource& source, EstimateFrame estimate, int worker_count);
  FramePipeline(const FramePipeline&) = delete;
  FramePipeline& operator=(const FramePipeline&) = delete;
  /// Ends the threads after what they are at.
  ~FramePipeline();

  /// The answer to the next frame, in order; nothing at the end. Errors: the source's, once all that it gave is
  /// answered.
  Result<std::optional<FrameAnswer>> Next();

 private:
  struct Task {
    std::int64_t order = 0;
    FrameAnswer answer;
  };

  void ReadFrames();
  void WorkOnFrames();
  /// Waits for room, where the source can wait; false when the pipeline is stopping.
  bool WaitForRoom();
  void Offer(video::VideoFrame frame);
  std::optional<Task> Take();
  void End(std::optional<Error> failure);

  video::FrameSource& source_;
  const EstimateFrame estimate_;
  const bool is_live_;
  const std::size_t capacity_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<FrameAnswer> waiting_;            // Read, and nobody has begun with it.
  std::map<std::int64_t, FrameAnswer> ready_;  // By order.
  std::int64_t begun_count_ = 0;
  std::int64_t taken_count_ = 0;
  bool ended_ = false;
  bool stopping_ = false;
  std::optional<Error> failure_;

  std::vector<std::jthread> threads_;  // Last: they use all of the above.
};

}  // namespace posenet::video_app

#endif  // POSENET_HUMAN_VIDEO_FRAME_PIPELINE_H_
