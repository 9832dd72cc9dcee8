// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "base/strings.h"
#include "base/temporary_folder.h"
#include "base/test_matchers.h"
#include "media/image_file.h"
#include "video/frame_source.h"
#include "video/test_video.h"

namespace posenet::video {
namespace {

class FolderSourceTest : public testing::Test {
 protected:
  void SetUp() override {
    // Written in another order than they are numbered.
    for (const int number : {10, 2, 0, 1, 9}) {
      ASSERT_THAT(media::WriteImageFile(folder_.path() / StrCat("frame", number, ".png"), NumberedImage(number)),
                  Succeeds());
    }
    folder_.Write("notes.txt", "no picture");
  }

  // The numbers painted on the frames; -1 for broken ones.
  std::vector<int> Numbers(const SourceOptions& options) {
    const auto source = OpenFrameSource(folder_.path().native(), options);
    EXPECT_THAT(source, Succeeds());
    std::vector<int> numbers;
    for (;;) {
      const auto frame = (*source)->Next();
      EXPECT_THAT(frame, Succeeds());
      if (!frame.has_value() || !frame->has_value()) return numbers;
      numbers.push_back((*frame)->error ? -1 : NumberIn((*frame)->image));
    }
  }

  TemporaryFolder folder_;
};

TEST_F(FolderSourceTest, ReadsInTheOrderOfNumbers) {
  EXPECT_THAT(Numbers({}), testing::ElementsAre(0, 1, 2, 9, 10));
  EXPECT_THAT(Numbers({.selection = {.every = 2}}), testing::ElementsAre(0, 2, 10));
  const FrameSelection middle = {.start_s = 0.1, .end_s = 0.3};
  EXPECT_THAT(Numbers({.selection = middle, .frames_per_s = 10.0}), testing::ElementsAre(1, 2));
}

TEST_F(FolderSourceTest, KnowsWhatIsComing) {
  const auto source = OpenFrameSource(folder_.path().native(), {.frames_per_s = 10.0});
  ASSERT_THAT(source, Succeeds());
  const VideoInfo& info = (*source)->info();
  EXPECT_EQ(info.width_px, 64);
  EXPECT_EQ(info.height_px, 48);
  EXPECT_EQ(info.frame_count, 5);
  EXPECT_EQ(info.duration_s, 0.5);
  EXPECT_FALSE(info.is_live);
}

TEST_F(FolderSourceTest, ABrokenPictureIsAFrameLikeTheOneBefore) {
  folder_.Write("frame3.png", "\x89PNG\r\n\x1A\nbroken");
  const auto source = OpenFrameSource(folder_.path().native());
  ASSERT_THAT(source, Succeeds());
  for (int i = 0; i < 3; ++i) ASSERT_FALSE((**(*source)->Next()).error);
  const auto broken = (*source)->Next();
  ASSERT_TRUE(broken.has_value() && broken->has_value());
  ASSERT_TRUE((*broken)->error);
  EXPECT_EQ((*broken)->number, 3);
  EXPECT_NEAR((*broken)->time_s, 3.0 / 25.0, 1e-9);
  EXPECT_EQ(NumberIn((*broken)->image), 2);
  EXPECT_EQ(NumberIn((**(*source)->Next()).image), 9);
}

TEST_F(FolderSourceTest, SaysWhatIsWrong) {
  const TemporaryFolder empty;
  EXPECT_THAT(OpenFrameSource(empty.path().native()), FailsWith(ErrorCode::kNotFound, "no pictures in this folder"));
  const std::string folder = folder_.path().native();
  EXPECT_THAT(OpenFrameSource(folder, {.selection = {.every = 0}}), FailsWith(ErrorCode::kInvalidArgument, "every"));
  EXPECT_THAT(OpenFrameSource(folder, {.selection = {.start_s = 2.0, .end_s = 1.0}}),
              FailsWith(ErrorCode::kInvalidArgument, "after the start"));
  EXPECT_THAT(OpenFrameSource(folder, {.selection = {.start_s = std::numeric_limits<double>::quiet_NaN()}}),
              FailsWith(ErrorCode::kInvalidArgument, "start"));
  EXPECT_THAT(OpenFrameSource(folder, {.frames_per_s = -1.0}),
              FailsWith(ErrorCode::kInvalidArgument, "frames a second"));
}

}  // namespace
}  // namespace posenet::video
