// SPDX-License-Identifier: Apache-2.0
#include "video/video_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/testing/matchers.h"
#include "base/testing/temporary_folder.h"
#include "video/frame_source.h"
#include "video/testing/video_files.h"

namespace posenet::video {
namespace {

namespace fs = std::filesystem;

class VideoWriterTest : public testing::Test {
 protected:
  base::TemporaryFolder folder_;
};

TEST_F(VideoWriterTest, AppearsOnlyWhenComplete) {
  const fs::path file = folder_.path() / "a.mp4";
  {
    auto writer = VideoWriter::Create(file, {.width_px = 64, .height_px = 48});
    ASSERT_THAT(writer, base::Succeeds());
    ASSERT_THAT(writer->Write(NumberedImage(0), 0.0), base::Succeeds());
    EXPECT_FALSE(fs::exists(file));
  }
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(VideoWriterTest, EqualTimesAreSeparated) {
  const fs::path file = folder_.path() / "a.mp4";
  const std::vector<double> times_s = {0.0, 0.0, 0.0, 0.1};
  WriteNumberedVideo(file, times_s, 10.0);
  const auto source = OpenFrameSource(file.native());
  ASSERT_THAT(source, base::Succeeds());
  EXPECT_EQ((*source)->info().frame_count, 4);
}

TEST_F(VideoWriterTest, ScalesFramesOfOtherAndOddSizes) {
  const fs::path file = folder_.path() / "a.mkv";
  auto writer = VideoWriter::Create(file, {.width_px = 65, .height_px = 49});
  ASSERT_THAT(writer, base::Succeeds());
  ASSERT_THAT(writer->Write(NumberedImage(1, 65, 49), 0.0), base::Succeeds());
  ASSERT_THAT(writer->Write(NumberedImage(2, 200, 10), 0.1), base::Succeeds());
  EXPECT_THAT(writer->Write(image::Image(), 0.2), base::FailsWith(ErrorCode::kInvalidArgument, "empty"));
  ASSERT_THAT(writer->Commit(), base::Succeeds());
  const auto source = OpenFrameSource(file.native());
  ASSERT_THAT(source, base::Succeeds());
  EXPECT_EQ((*source)->info().width_px, 64);
  EXPECT_EQ((*source)->info().height_px, 48);
  EXPECT_EQ(NumberIn((**(*source)->Next()).image), 1);
  EXPECT_EQ(NumberIn((**(*source)->Next()).image), 2);
}

TEST_F(VideoWriterTest, ErrorsNameTheProblem) {
  const VideoWriterOptions options = {.width_px = 64, .height_px = 48};
  EXPECT_THAT(VideoWriter::Create(folder_.path() / "a.txt", options),
              base::FailsWith(ErrorCode::kInvalidArgument, "expected a name that ends with .mp4"));
  EXPECT_THAT(VideoWriter::Create(folder_.path() / "no" / "a.mp4", options),
              base::FailsWith(ErrorCode::kNotFound, "a.mp4"));
  EXPECT_THAT(VideoWriter::Create(folder_.path() / "a.mp4", {.width_px = 1, .height_px = 1}),
              base::FailsWith(ErrorCode::kInvalidArgument, "1x1"));
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(VideoWriterTest, AFullDiskIsAnError) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
  fs::create_symlink("/dev/full", folder_.path() / "a.mp4");
  auto writer = VideoWriter::Create(folder_.path() / "a.mp4", {.width_px = 64, .height_px = 48});
  if (!writer.has_value()) {
    EXPECT_EQ(writer.error().code, ErrorCode::kIo);
    return;
  }
  Result<void> result = {};
  for (int i = 0; result.has_value() && i < 10; ++i) result = writer->Write(NumberedImage(i), 0.1 * i);
  if (result.has_value()) result = writer->Commit();
  EXPECT_THAT(result, base::FailsWith(ErrorCode::kIo, "a.mp4"));
}

}  // namespace
}  // namespace posenet::video
