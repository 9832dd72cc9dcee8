// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/testing/matchers.h"
#include "base/testing/temporary_folder.h"
#include "video/frame_source.h"
#include "video/testing/video_files.h"

namespace posenet::video {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class StreamSourceTest : public testing::Test {
 protected:
  // Returns all frames until the end or a failure, which it stores in `failure_`.
  std::vector<VideoFrame> Read(const std::string& input, const SourceOptions& options = {}) {
    const auto source = OpenFrameSource(input, options);
    EXPECT_THAT(source, base::Succeeds());
    std::vector<VideoFrame> frames;
    while (source.has_value()) {
      auto frame = (*source)->Next();
      if (!frame.has_value()) failure_ = frame.error();
      if (!frame.has_value() || !frame->has_value()) break;
      frames.push_back(**std::move(frame));
    }
    return frames;
  }

  static std::vector<int> NumbersIn(const std::vector<VideoFrame>& frames) {
    std::vector<int> numbers;
    for (const VideoFrame& frame : frames) numbers.push_back(frame.error ? -1 : NumberIn(frame.image));
    return numbers;
  }

  base::TemporaryFolder folder_;
  std::optional<Error> failure_;
};

TEST_F(StreamSourceTest, ReadsFramesWithTheirTimes) {
  for (const char* const name : {"a.mp4", "a.mkv", "a.webm", "a.mov"}) {
    const std::string file = folder_.path() / name;
    WriteNumberedVideo(file, EvenTimes(10, 0.04), 25.0);
    const std::vector<VideoFrame> frames = Read(file);
    EXPECT_THAT(NumbersIn(frames), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)) << name;
    ASSERT_EQ(frames.size(), 10U);
    for (std::size_t i = 0; i < frames.size(); ++i) {
      EXPECT_EQ(frames[i].number, static_cast<std::int64_t>(i));
      EXPECT_NEAR(frames[i].time_s, 0.04 * static_cast<double>(i), 0.0011) << name;  // Matroska counts milliseconds.
    }
    EXPECT_FALSE(failure_);
  }
}

TEST_F(StreamSourceTest, KeepsVariableTimes) {
  const std::string file = folder_.path() / "a.mp4";
  const std::vector<double> times_s = {0.0, 0.01, 0.5, 0.6, 2.0};
  WriteNumberedVideo(file, times_s, 25.0);
  const std::vector<VideoFrame> frames = Read(file);
  ASSERT_EQ(frames.size(), times_s.size());
  for (std::size_t i = 0; i < frames.size(); ++i) EXPECT_NEAR(frames[i].time_s, times_s[i], 1e-4);
}

TEST_F(StreamSourceTest, ReportsSizeRateAndDuration) {
  const std::string file = folder_.path() / "a.mp4";
  WriteNumberedVideo(file, EvenTimes(10, 0.04), 25.0);
  const auto source = OpenFrameSource(file);
  ASSERT_THAT(source, base::Succeeds());
  const VideoInfo& info = (*source)->info();
  EXPECT_EQ(info.width_px, 64);
  EXPECT_EQ(info.height_px, 48);
  EXPECT_EQ(info.frame_count, 10);
  EXPECT_NEAR(info.duration_s.value_or(0.0), 0.4, 1e-3);
  EXPECT_NEAR(info.frames_per_s.value_or(0.0), 25.0, 0.01);
  EXPECT_FALSE(info.is_live);
}

TEST_F(StreamSourceTest, SelectsByNumberAndTime) {
  const std::string file = folder_.path() / "a.mp4";
  WriteNumberedVideo(file, EvenTimes(10, 0.04), 25.0);
  EXPECT_THAT(NumbersIn(Read(file, {.selection = {.every = 3}})), ElementsAre(0, 3, 6, 9));
  const std::vector<VideoFrame> frames = Read(file, {.selection = {.start_s = 0.1, .end_s = 0.25}});
  EXPECT_THAT(NumbersIn(frames), ElementsAre(3, 4, 5, 6));
  EXPECT_EQ(frames.front().number, 3);
}

TEST_F(StreamSourceTest, ATruncatedFileReturnsItsFramesThenFails) {
  const fs::path file = folder_.path() / "a.mkv";
  WriteNumberedVideo(file, EvenTimes(50, 0.04), 25.0);
  fs::resize_file(file, fs::file_size(file) * 7 / 8);  // The headers take most of it.
  const std::size_t count = Read(file).size();
  EXPECT_GT(count, 0U);
  EXPECT_LT(count, 50U);
}

TEST_F(StreamSourceTest, DamagedFramesAreReturnedAndReadingContinues) {
  const fs::path file = folder_.path() / "a.mkv";
  WriteNumberedVideo(file, EvenTimes(50, 0.04), 25.0);
  const auto size = static_cast<std::streamoff>(fs::file_size(file));
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  // Past the headers and the first frame.
  stream.seekp(size / 2);
  stream << std::string(24, '\xFF');
  stream.close();
  const std::vector<VideoFrame> frames = Read(file);
  EXPECT_GE(frames.size(), 40U);
  for (std::size_t i = 1; i < frames.size(); ++i) {
    EXPECT_GE(frames[i].time_s, frames[i - 1].time_s);
    EXPECT_GT(frames[i].number, frames[i - 1].number);
    EXPECT_EQ(frames[i].image.width_px, 64);
  }
}

TEST_F(StreamSourceTest, ErrorsNameTheProblem) {
  EXPECT_THAT(OpenFrameSource(folder_.path() / "none.mp4"), base::FailsWith(ErrorCode::kNotFound, "none.mp4"));
  EXPECT_THAT(OpenFrameSource(folder_.Write("a.mp4", "")), base::FailsWith(ErrorCode::kCorruptData, "a.mp4"));
  EXPECT_THAT(OpenFrameSource(folder_.Write("a.mp4", "this is text and not a video\n")),
              base::FailsWith(ErrorCode::kCorruptData, "is not a readable video"));
  EXPECT_THAT(OpenFrameSource(folder_.Write("a.txt", "this is text and not a video\n")),
              base::FailsWith(ErrorCode::kCorruptData, "is not a readable video"));
  EXPECT_THAT(OpenFrameSource("camera:99"), testing::Not(base::Succeeds()));
  EXPECT_THAT(OpenFrameSource("nonsense://x"), testing::Not(base::Succeeds()));
  EXPECT_THAT(OpenFrameSource(""), testing::Not(base::Succeeds()));
}

TEST_F(StreamSourceTest, APlaylistCannotReferToTheNetwork) {
  const std::string playlist = folder_.Write(
      "a.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n");
  EXPECT_THAT(OpenFrameSource(playlist), testing::Not(base::Succeeds()));
}

TEST_F(StreamSourceTest, StopsWhenCancelled) {
  const std::string file = folder_.path() / "a.mp4";
  WriteNumberedVideo(file, EvenTimes(10, 0.04), 25.0);
  bool is_cancelled = false;
  const auto source = OpenFrameSource(file, {.is_cancelled = [&] { return is_cancelled; }});
  ASSERT_THAT(source, base::Succeeds());
  ASSERT_TRUE((*source)->Next()->has_value());
  is_cancelled = true;
  const auto after = (*source)->Next();
  ASSERT_THAT(after, base::Succeeds());
  EXPECT_FALSE(after->has_value());
}

}  // namespace
}  // namespace posenet::video
