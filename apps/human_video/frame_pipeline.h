// SPDX-License-Identifier: Apache-2.0
// Reads and estimates frames concurrently and returns the results in order.
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

namespace posenet::human_video {

/// A frame with its poses, or with `frame.error` if it failed.
struct FrameResult {
  video::VideoFrame frame;
  std::vector<Pose> poses = {};
  std::vector<std::int64_t> known_ids = {};  ///< Track IDs of `poses` if they were tracked to be estimated, else empty.
  std::int64_t skipped_count = 0;            ///< Frames of a live source that were skipped before this one.
};

/// Estimates the poses, and IDs, of a result from its frame. Called from all workers concurrently.
using EstimateFrame = std::function<Result<void>(FrameResult& result)>;

/// One thread reads, `worker_count` threads estimate. The number of frames in flight is bounded: files are read only as
/// fast as results are taken, so that every frame is processed; of a live source the latest frame replaces the one that
/// is still waiting.
class FramePipeline {
 public:
  /// `source` must outlive this and not be used by others meanwhile.
  FramePipeline(video::FrameSource& source, EstimateFrame estimate, int worker_count);
  FramePipeline(const FramePipeline&) = delete;
  FramePipeline& operator=(const FramePipeline&) = delete;
  /// Ends the threads after their current frames.
  ~FramePipeline();

  /// The result of the next frame in order; nothing at the end. Errors: those of the source, after the results of all
  /// frames before.
  Result<std::optional<FrameResult>> Next();

 private:
  struct Task {
    std::int64_t order = 0;
    FrameResult result;
  };

  void ReadFrames();
  void EstimateFrames();
  /// Waits for room unless the source is live. Returns false if the pipeline is stopping.
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
  std::deque<FrameResult> waiting_;            // Read, not yet taken by a worker.
  std::map<std::int64_t, FrameResult> ready_;  // By order.
  std::int64_t begun_count_ = 0;
  std::int64_t taken_count_ = 0;
  bool ended_ = false;
  bool stopping_ = false;
  std::optional<Error> failure_;

  std::vector<std::jthread> threads_;  // Last: they use all of the above.
};

}  // namespace posenet::human_video

#endif  // POSENET_HUMAN_VIDEO_FRAME_PIPELINE_H_
