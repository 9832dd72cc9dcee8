// SPDX-License-Identifier: Apache-2.0
#include "human_video/frame_pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <latch>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/testing/matchers.h"

namespace posenet::human_video {
namespace {

using video::VideoFrame;
using video::VideoInfo;

// Frames of no pixels, 1 s apart; `before_frame` is called with the number of each.
class TestSource : public video::FrameSource {
 public:
  TestSource(std::int64_t count, bool is_live, std::function<void(std::int64_t)> before_frame = {})
      : count_(count), before_frame_(std::move(before_frame)) {
    info_.is_live = is_live;
  }

  [[nodiscard]] const VideoInfo& info() const override { return info_; }

  Result<std::optional<VideoFrame>> Next() override {
    if (next_ == count_ && failure_) return tl::unexpected(*failure_);
    if (next_ == count_) return std::nullopt;
    if (before_frame_) before_frame_(next_);
    VideoFrame frame = {.number = next_, .time_s = static_cast<double>(next_), .image = {}};
    if (next_ == broken_) frame.error = Error{ErrorCode::kCorruptData, "broken"};
    read_count = ++next_;
    return frame;
  }

  void BreakFrame(std::int64_t number) { broken_ = number; }
  void FailAtEnd() { failure_ = Error{ErrorCode::kIo, "lost"}; }

  std::atomic<std::int64_t> read_count = 0;

 private:
  VideoInfo info_;
  std::int64_t count_;
  std::int64_t next_ = 0;
  std::int64_t broken_ = -1;
  std::optional<Error> failure_;
  std::function<void(std::int64_t)> before_frame_;
};

// The frame's number in the score, after a time that varies.
Result<void> SlowEstimate(FrameResult& result) {
  std::this_thread::sleep_for(std::chrono::microseconds(result.frame.number % 7 * 200));
  result.poses = {{.score = static_cast<float>(result.frame.number), .keypoints = {}}};
  result.known_ids = {result.frame.number};
  return {};
}

std::vector<FrameResult> TakeAll(FramePipeline& pipeline) {
  std::vector<FrameResult> results;
  for (;;) {
    auto result = pipeline.Next();
    if (!result.has_value() || !result->has_value()) return results;
    results.push_back(**std::move(result));
  }
}

TEST(FramePipeline, ReturnsEveryFrameOfAFileInOrder) {
  for (const int worker_count : {1, 2, 5}) {
    TestSource source(100, /*is_live=*/false);
    FramePipeline pipeline(source, SlowEstimate, worker_count);
    const std::vector<FrameResult> results = TakeAll(pipeline);
    ASSERT_EQ(results.size(), 100U);
    for (std::size_t i = 0; i < results.size(); ++i) {
      EXPECT_EQ(results[i].frame.number, static_cast<std::int64_t>(i));
      ASSERT_EQ(results[i].poses.size(), 1U);
      EXPECT_EQ(results[i].poses.front().score, static_cast<float>(i));
      EXPECT_EQ(results[i].known_ids, std::vector{static_cast<std::int64_t>(i)});
      EXPECT_EQ(results[i].skipped_count, 0);
    }
  }
}

TEST(FramePipeline, ReadsNoFurtherThanItsCapacity) {
  TestSource source(1000, /*is_live=*/false);
  FramePipeline pipeline(source, SlowEstimate, 2);
  for (int i = 0; i < 5; ++i) ASSERT_THAT(pipeline.Next(), base::Succeeds());
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_LE(source.read_count, 5 + 2 + 4 + 1);
}

TEST(FramePipeline, ReturnsBrokenFramesAndFailedEstimates) {
  TestSource source(4, /*is_live=*/false);
  source.BreakFrame(1);
  const auto estimate = [](const FrameResult& result) -> Result<void> {
    if (result.frame.number == 2) return base::Fail(ErrorCode::kInvalidArgument, "no estimate");
    return {};
  };
  FramePipeline pipeline(source, estimate, 2);
  const std::vector<FrameResult> results = TakeAll(pipeline);
  ASSERT_EQ(results.size(), 4U);
  EXPECT_FALSE(results[0].frame.error);
  EXPECT_EQ(results[1].frame.error.value_or(Error()).message, "broken");
  EXPECT_EQ(results[2].frame.error.value_or(Error()).message, "no estimate");
  EXPECT_FALSE(results[3].frame.error);
}

TEST(FramePipeline, ReturnsAllFramesBeforeAFailureOfTheSource) {
  TestSource source(3, /*is_live=*/false);
  source.FailAtEnd();
  FramePipeline pipeline(source, SlowEstimate, 2);
  for (int i = 0; i < 3; ++i) ASSERT_THAT(pipeline.Next(), base::Succeeds());
  EXPECT_THAT(pipeline.Next(), base::FailsWith(ErrorCode::kIo, "lost"));
}

TEST(FramePipeline, PrefersTheLatestFrameOfALiveSource) {
  // The first estimate goes on until all frames have come.
  std::latch all_read(1);
  std::latch first_begun(1);
  TestSource source(20, /*is_live=*/true, [&](std::int64_t number) {
    if (number == 1) first_begun.wait();
  });
  const auto estimate = [&](const FrameResult& result) -> Result<void> {
    if (result.frame.number == 0) {
      first_begun.count_down();
      all_read.wait();
    }
    return {};
  };
  FramePipeline pipeline(source, estimate, 1);
  while (source.read_count < 20) std::this_thread::yield();
  // The last frame may not have been handed over yet; the one before has.
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  all_read.count_down();
  const std::vector<FrameResult> results = TakeAll(pipeline);
  ASSERT_GE(results.size(), 2U);
  std::int64_t skipped_count = 0;
  for (const FrameResult& result : results) skipped_count += result.skipped_count;
  EXPECT_EQ(skipped_count + static_cast<std::int64_t>(results.size()), 20);
  EXPECT_EQ(results.back().frame.number, 19);
  EXPECT_LE(results.size(), 3U);
}

TEST(FramePipeline, CanBeDestroyedAtAnyTime) {
  for (int taken = 0; taken < 4; ++taken) {
    TestSource source(100, /*is_live=*/taken % 2 == 1);
    FramePipeline pipeline(source, SlowEstimate, 3);
    for (int i = 0; i < taken; ++i) ASSERT_THAT(pipeline.Next(), base::Succeeds());
  }
}

}  // namespace
}  // namespace posenet::human_video
