// SPDX-License-Identifier: Apache-2.0
#include "human_video/frame_pipeline.h"

#include <utility>

namespace posenet::human_video {
namespace {

// Frames beyond those being estimated, so that threads rarely wait for each other: two read ahead, two finished.
constexpr std::size_t kSpareFrames = 4;

}  // namespace

FramePipeline::FramePipeline(video::FrameSource& source, EstimateFrame estimate, int worker_count)
    : source_(source),
      estimate_(std::move(estimate)),
      is_live_(source.info().is_live),
      capacity_(static_cast<std::size_t>(worker_count) + kSpareFrames) {
  threads_.emplace_back([this] { ReadFrames(); });
  for (int i = 0; i < worker_count; ++i) threads_.emplace_back([this] { EstimateFrames(); });
}

FramePipeline::~FramePipeline() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

Result<std::optional<FrameResult>> FramePipeline::Next() {
  std::unique_lock lock(mutex_);
  const auto is_next_ready = [this] { return !ready_.empty() && ready_.begin()->first == taken_count_; };
  const auto is_all_taken = [this] { return ended_ && waiting_.empty() && taken_count_ == begun_count_; };
  changed_.wait(lock, [&] { return is_next_ready() || is_all_taken(); });
  if (!is_next_ready()) {
    if (failure_) return tl::unexpected(*failure_);
    return std::nullopt;
  }
  FrameResult result = std::move(ready_.begin()->second);
  ready_.erase(ready_.begin());
  ++taken_count_;
  lock.unlock();
  changed_.notify_all();
  return result;
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
    FrameResult result = {.frame = std::move(frame)};
    if (is_live_ && !waiting_.empty()) {
      result.skipped_count = waiting_.back().skipped_count + 1;
      waiting_.pop_back();
    }
    waiting_.push_back(std::move(result));
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
  // Frames of a live source are not started if their results would have to wait; a later frame will be there then.
  const auto has_room = [this] { return static_cast<std::size_t>(begun_count_ - taken_count_) < capacity_; };
  changed_.wait(lock, [&] { return stopping_ || (!waiting_.empty() && has_room()) || (ended_ && waiting_.empty()); });
  if (stopping_ || waiting_.empty()) return std::nullopt;
  Task task = {.order = begun_count_++, .result = std::move(waiting_.front())};
  waiting_.pop_front();
  return task;
}

void FramePipeline::EstimateFrames() {
  while (std::optional<Task> task = Take()) {
    video::VideoFrame& frame = task->result.frame;
    if (!frame.error) {
      Result<void> estimated = estimate_(task->result);
      if (!estimated.has_value()) frame.error = std::move(estimated.error());
    }
    {
      const std::scoped_lock lock(mutex_);
      ready_.emplace(task->order, std::move(task->result));
    }
    changed_.notify_all();
  }
}

}  // namespace posenet::human_video
