// SPDX-License-Identifier: Apache-2.0
#include "human_video/frame_pipeline.h"

#include <utility>

namespace posenet::video_app {
namespace {

// Frames beyond those in work, so that nobody waits when one takes longer: two read ahead, two for whoever draws.
constexpr std::size_t kSpareFrames = 4;

}  // namespace

FramePipeline::FramePipeline(video::FrameSource& source, EstimateFrame estimate, int worker_count)
    : source_(source),
      estimate_(std::move(estimate)),
      is_live_(source.info().is_live),
      capacity_(static_cast<std::size_t>(worker_count) + kSpareFrames) {
  threads_.emplace_back([this] { ReadFrames(); });
  for (int i = 0; i < worker_count; ++i) threads_.emplace_back([this] { WorkOnFrames(); });
}

FramePipeline::~FramePipeline() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

Result<std::optional<FrameAnswer>> FramePipeline::Next() {
  std::unique_lock lock(mutex_);
  const auto is_next_ready = [this] { return !ready_.empty() && ready_.begin()->first == taken_count_; };
  const auto is_all_taken = [this] { return ended_ && waiting_.empty() && taken_count_ == begun_count_; };
  changed_.wait(lock, [&] { return is_next_ready() || is_all_taken(); });
  if (!is_next_ready()) {
    if (failure_) return tl::unexpected(*failure_);
    return std::nullopt;
  }
  FrameAnswer answer = std::move(ready_.begin()->second);
  ready_.erase(ready_.begin());
  ++taken_count_;
  lock.unlock();
  changed_.notify_all();
  return answer;
}

void FramePipeline::ReadFrames() {
  while (WaitForRoom()) {
    Result<std::optional<video::VideoFrame>> frame = source_.Next();
    if (!frame.has_value()) return End(std::move(frame.error()));
    if (!frame->has_value()) return End(std::nullopt);
    Offer(**std::move(frame));
  }
}

bool FramePipeline::WaitForRoom() {
  std::unique_lock lock(mutex_);
  const auto in_flight = [this] { return waiting_.size() + static_cast<std::size_t>(begun_count_ - taken_count_); };
  if (!is_live_) changed_.wait(lock, [&] { return stopping_ || in_flight() < capacity_; });
  return !stopping_;
}

void FramePipeline::Offer(video::VideoFrame frame) {
  {
    const std::scoped_lock lock(mutex_);
    FrameAnswer answer = {.frame = std::move(frame)};
    if (is_live_ && !waiting_.empty()) {
      answer.skipped_count = waiting_.back().skipped_count + 1;
      waiting_.pop_back();
    }
    waiting_.push_back(std::move(answer));
  }
  changed_.notify_all();
}

void FramePipeline::End(std::optional<Error> failure) {
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
    failure_ = std::move(failure);
  }
  changed_.notify_all();
}

std::optional<FramePipeline::Task> FramePipeline::Take() {
  std::unique_lock lock(mutex_);
  // Of a live source nothing is begun with that would then wait for whoever draws: a newer frame will be there.
  const auto has_room = [this] { return static_cast<std::size_t>(begun_count_ - taken_count_) < capacity_; };
  changed_.wait(lock, [&] { return stopping_ || (!waiting_.empty() && has_room()) || (ended_ && waiting_.empty()); });
  if (stopping_ || waiting_.empty()) return std::nullopt;
  Task task = {.order = begun_count_++, .answer = std::move(waiting_.front())};
  waiting_.pop_front();
  return task;
}

void FramePipeline::WorkOnFrames() {
  while (std::optional<Task> task = Take()) {
    video::VideoFrame& frame = task->answer.frame;
    if (!frame.error) {
      Result<std::vector<Pose>> poses = estimate_(frame);
      if (poses.has_value()) {
        task->answer.poses = *std::move(poses);
      } else {
        frame.error = std::move(poses.error());
      }
    }
    {
      const std::scoped_lock lock(mutex_);
      ready_.emplace(task->order, std::move(task->answer));
    }
    changed_.notify_all();
  }
}

}  // namespace posenet::video_app
