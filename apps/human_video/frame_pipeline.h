// SPDX-License-Identifier: Apache-2.0
// Reads frames and estimates their poses concurrently, and returns the results in order.
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

/// A frame, and its poses or what went wrong (`frame.error`).
struct FrameResult {
  video::VideoFrame frame;
  std::vector<Pose> poses = {};
  std::int64_t skipped_count = 0;  ///< Frames of a live source that were skipped since the result before.
};

/// Estimates the poses in a frame. Called concurrently by all workers.
using EstimateFrame = std::function<Result<std::vector<Pose>>(const video::VideoFrame& frame)>;

/// One thread that reads and several that estimate. The number of frames in memory is bounded. For a file, every frame
/// is processed, and reading waits; for a live source, reading does not wait, and the latest frame replaces one that no
/// worker has started.
class FramePipeline {
 public:
  /// `source` must outlive this and must not be used elsewhere meanwhile.
  FramePipeline(video::FrameSource& source, EstimateFrame estimate, int worker_count);
  FramePipeline(const FramePipeline&) = delete;
  FramePipeline& operator=(const FramePipeline&) = delete;
  /// Stops the threads after their current frames.
  ~FramePipeline();

  /// The result for the next frame, in order; no value at the end. Errors: the source's, after the results of all
  /// frames that it returned.
  Result<std::optional<FrameResult>> Next();

 private:
  struct Task {
    std::int64_t order = 0;
    FrameResult result;
  };

  void ReadFrames();
  void WorkOnFrames();
  /// Waits for capacity, if the source can wait; false if the pipeline is stopping.
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
  std::deque<FrameResult> waiting_;            // Read, but not started.
  std::map<std::int64_t, FrameResult> ready_;  // By order.
  std::int64_t begun_count_ = 0;
  std::int64_t taken_count_ = 0;
  bool ended_ = false;
  bool stopping_ = false;
  std::optional<Error> failure_;

  std::vector<std::jthread> threads_;  // Last, because they use the other members.
};

}  // namespace posenet::video_app

#endif  // POSENET_HUMAN_VIDEO_FRAME_PIPELINE_H_
