// SPDX-License-Identifier: Apache-2.0
#include "train/samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <numeric>
#include <string>
#include <vector>

namespace posenet::train {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

camera::Scene SceneOf(std::initializer_list<const char*> sequences) {
  camera::Scene scene;
  for (const char* sequence : sequences) {
    camera::Frame frame;
    frame.sequence = sequence;
    scene.frames.push_back(frame);
  }
  return scene;
}

TEST(Windows, StayWithinTheirSequence) {
  const camera::Scene scene = SceneOf({"a", "a", "a", "b", "b", "b", "b"});
  const std::vector<std::size_t> all = {0, 1, 2, 3, 4, 5, 6};
  EXPECT_THAT(WindowsOf(scene, all, 3, 1),
              ElementsAre(ElementsAre(0, 1, 2), ElementsAre(3, 4, 5), ElementsAre(4, 5, 6)));
  EXPECT_THAT(WindowsOf(scene, all, 2, 3), ElementsAre(ElementsAre(3, 6)));
  EXPECT_THAT(WindowsOf(scene, all, 5, 1), IsEmpty());
  EXPECT_EQ(WindowsOf(scene, all, 1, 1).size(), 7U);
}

TEST(Order, IsAPermutationThatDependsOnSeedAndEpoch) {
  std::vector<std::size_t> order = OrderOfEpoch(100, 1, 0);
  EXPECT_EQ(order, OrderOfEpoch(100, 1, 0));
  EXPECT_NE(order, OrderOfEpoch(100, 1, 1));
  EXPECT_NE(order, OrderOfEpoch(100, 2, 0));
  std::ranges::sort(order);
  std::vector<std::size_t> all(100);
  std::iota(all.begin(), all.end(), std::size_t{0});
  EXPECT_EQ(order, all);
}

TEST(HoldOutForValidation, TakesBlocksOfTrainingFramesOnly) {
  camera::Scene scene = SceneOf({"a", "a", "a", "a", "a", "a", "a", "a", "a", "a", "t"});
  scene.frames.back().split = camera::Split::kTest;
  const ValidationSplit split = HoldOutForValidation(scene, 0.3);
  EXPECT_EQ(split.validate.size(), 3U);
  EXPECT_EQ(split.validate.back() - split.validate.front(), 2U);
  EXPECT_EQ(split.learn.size(), 7U);
  EXPECT_THAT(HoldOutForValidation(scene, 0.0).validate, IsEmpty());
  EXPECT_EQ(HoldOutForValidation(scene, 0.0).learn.size(), 10U);
}

TEST(HoldOutForValidation, TakesWholeSequencesIfThereAreMany) {
  camera::Scene scene;
  for (int sequence = 0; sequence < 20; ++sequence) {
    for (int i = 0; i < 3; ++i) {
      camera::Frame frame;
      frame.sequence = std::to_string(sequence);
      scene.frames.push_back(frame);
    }
  }
  EXPECT_THAT(HoldOutForValidation(scene, 0.05).validate, ElementsAre(30, 31, 32));
  EXPECT_EQ(HoldOutForValidation(scene, 0.05).learn.size(), 57U);
  EXPECT_THAT(HoldOutForValidation(scene, 0.1).validate, ElementsAre(15, 16, 17, 45, 46, 47));
}

TEST(HoldOutForValidation, CopesWithShortSequencesAndFewFrames) {
  const camera::Scene shorts = SceneOf({"a", "a", "b", "b", "c", "c", "d", "d", "e", "e"});
  EXPECT_EQ(HoldOutForValidation(shorts, 0.1).validate.size(), 1U);
  EXPECT_EQ(HoldOutForValidation(shorts, 0.1).learn.size(), 9U);
  const camera::Scene few = SceneOf({"a", "a"});
  EXPECT_THAT(HoldOutForValidation(few, 0.05).validate, IsEmpty());
  EXPECT_EQ(HoldOutForValidation(few, 0.05).learn.size(), 2U);
}

TEST(KeepEvery, CountsInEachSequenceAndLeavesTestsAlone) {
  camera::Scene scene = SceneOf({"a", "a", "a", "b", "b", "t", "t"});
  scene.frames[5].split = scene.frames[6].split = camera::Split::kTest;
  KeepEvery(2, scene);
  std::string left;
  for (const camera::Frame& frame : scene.frames) left += frame.sequence;
  EXPECT_EQ(left, "aabtt");
}

}  // namespace
}  // namespace posenet::train
