// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "base/strings.h"
#include "base/testing/matchers.h"
#include "base/testing/temporary_folder.h"
#include "media/image_file.h"
#include "video/frame_source.h"
#include "video/testing/video_files.h"

namespace posenet::video {
namespace {

class FolderSourceTest : public testing::Test {
 protected:
  void SetUp() override {
    // Written in another order than they are numbered.
    for (const int number : {10, 2, 0, 1, 9}) {
      ASSERT_THAT(media::WriteImageFile(folder_.path() / base::StrCat("frame", number, ".png"), NumberedImage(number)),
                  base::Succeeds());
    }
    folder_.Write("notes.txt", "not an image");
  }

  // The numbers painted on the frames; -1 for broken ones.
  std::vector<int> Numbers(const SourceOptions& options) {
    const auto source = OpenFrameSource(folder_.path().native(), options);
    EXPECT_THAT(source, base::Succeeds());
    std::vector<int> numbers;
    for (;;) {
      const auto frame = (*source)->Next();
      EXPECT_THAT(frame, base::Succeeds());
      if (!frame.has_value() || !frame->has_value()) return numbers;
      numbers.push_back((*frame)->error ? -1 : NumberIn((*frame)->image));
    }
  }

  base::TemporaryFolder folder_;
};

TEST_F(FolderSourceTest, ReadsInNaturalOrder) {
  EXPECT_THAT(Numbers({}), testing::ElementsAre(0, 1, 2, 9, 10));
  EXPECT_THAT(Numbers({.selection = {.every = 2}}), testing::ElementsAre(0, 2, 10));
  const FrameSelection middle = {.start_s = 0.1, .end_s = 0.3};
  EXPECT_THAT(Numbers({.selection = middle, .frames_per_s = 10.0}), testing::ElementsAre(1, 2));
}

TEST_F(FolderSourceTest, ReportsSizeRateAndDuration) {
  const auto source = OpenFrameSource(folder_.path().native(), {.frames_per_s = 10.0});
  ASSERT_THAT(source, base::Succeeds());
  const VideoInfo& info = (*source)->info();
  EXPECT_EQ(info.width_px, 64);
  EXPECT_EQ(info.height_px, 48);
  EXPECT_EQ(info.frame_count, 5);
  EXPECT_EQ(info.duration_s, 0.5);
  EXPECT_FALSE(info.is_live);
}

TEST_F(FolderSourceTest, ABrokenImageRepeatsTheFrameBefore) {
  folder_.Write("frame3.png", "\x89PNG\r\n\x1A\nbroken");
  const auto source = OpenFrameSource(folder_.path().native());
  ASSERT_THAT(source, base::Succeeds());
  for (int i = 0; i < 3; ++i) ASSERT_FALSE((**(*source)->Next()).error);
  const auto broken = (*source)->Next();
  ASSERT_TRUE(broken.has_value() && broken->has_value());
  ASSERT_TRUE((*broken)->error);
  EXPECT_EQ((*broken)->number, 3);
  EXPECT_NEAR((*broken)->time_s, 3.0 / 25.0, 1e-9);
  EXPECT_EQ(NumberIn((*broken)->image), 2);
  EXPECT_EQ(NumberIn((**(*source)->Next()).image), 9);
}

TEST_F(FolderSourceTest, ErrorsNameTheProblem) {
  const base::TemporaryFolder empty;
  EXPECT_THAT(OpenFrameSource(empty.path().native()),
              base::FailsWith(ErrorCode::kNotFound, "no images in this folder"));
  const std::string folder = folder_.path().native();
  EXPECT_THAT(OpenFrameSource(folder, {.selection = {.every = 0}}),
              base::FailsWith(ErrorCode::kInvalidArgument, "every"));
  EXPECT_THAT(OpenFrameSource(folder, {.selection = {.start_s = 2.0, .end_s = 1.0}}),
              base::FailsWith(ErrorCode::kInvalidArgument, "after the start"));
  EXPECT_THAT(OpenFrameSource(folder, {.selection = {.start_s = std::numeric_limits<double>::quiet_NaN()}}),
              base::FailsWith(ErrorCode::kInvalidArgument, "start"));
  EXPECT_THAT(OpenFrameSource(folder, {.frames_per_s = -1.0}),
              base::FailsWith(ErrorCode::kInvalidArgument, "frames a second"));
}

}  // namespace
}  // namespace posenet::video
