// SPDX-License-Identifier: Apache-2.0
#include "camera/holdout.h"

#include <cmath>

#include "camera/testing/scenes.h"

namespace posenet::camera {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

TEST(HoldOutBlocks, HoldsOutContiguousBlocksBetweenTrainingFrames) {
  Scene scene = LineScene(500);
  ASSERT_TRUE(HoldOutBlocks(0.2, scene));
  EXPECT_EQ(scene.split_origin, SplitOrigin::kHeldOut);
  int blocks = 0;
  int test_count = 0;
  for (std::size_t i = 0; i < scene.frames.size(); ++i) {
    const bool is_test = scene.frames[i].split == Split::kTest;
    test_count += is_test ? 1 : 0;
    blocks += is_test && scene.frames[i - 1].split == Split::kTrain ? 1 : 0;
  }
  EXPECT_EQ(test_count, 100);
  EXPECT_EQ(blocks, 5);
  EXPECT_EQ(scene.frames.front().split, Split::kTrain);
  EXPECT_EQ(scene.frames.back().split, Split::kTrain);
  EXPECT_THAT(scene.remarks, Contains(HasSubstr("held out 100 of 500 frames for testing, in 5 blocks")));
}

TEST(HoldOutBlocks, LeavesFramesForBothSplits) {
  Scene two = LineScene(2);
  EXPECT_TRUE(HoldOutBlocks(0.5, two));
  Scene one = LineScene(1);
  EXPECT_THAT(HoldOutBlocks(0.2, one).error().message, HasSubstr("none for testing"));
  EXPECT_THAT(HoldOutBlocks(0.9, one).error().message, HasSubstr("none for training"));
  EXPECT_EQ(HoldOutBlocks(0.0, one).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(HoldOutBlocks(NAN, one).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace posenet::camera
