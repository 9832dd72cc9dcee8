// SPDX-License-Identifier: Apache-2.0
#include "train/samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <numeric>

#include "camera/camera_network.h"
#include "train/failure.h"
#include "train/network_split.h"
#include "train/tensorboard.h"
#include "train/train_options.h"

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

// Training photos that were turned about the vertical axis, `step_deg` apart.
camera::Scene CircleScene(int count, double step_deg) {
  camera::Scene scene;
  for (int i = 0; i < count; ++i) {
    camera::Frame frame;
    const double half_angle = i * step_deg * std::numbers::pi / 180.0 / 2.0;
    frame.world_from_cam.rotation = camera::Quaternion(std::cos(half_angle), 0.0, std::sin(half_angle), 0.0);
    scene.frames.push_back(frame);
  }
  return scene;
}

TEST(AdvisedRoll, FollowsTheGapsBetweenPhotos) {
  const double least_deg = AugmentationOptions().roll_deg;
  EXPECT_NEAR(AdvisedRollDeg(CircleScene(20, 6.0)), 5.0 * 6.0, 1e-6);
  EXPECT_NEAR(AdvisedRollDeg(CircleScene(5, 60.0)), kMostRollDeg, 1e-6);
  EXPECT_NEAR(AdvisedRollDeg(CircleScene(3000, 0.1)), least_deg, 1e-6);
  EXPECT_NEAR(AdvisedRollDeg(CircleScene(1, 0.0)), least_deg, 1e-6);
  camera::Scene scene = CircleScene(10, 6.0);
  for (std::size_t i = 1; i < scene.frames.size(); i += 2) scene.frames[i].split = camera::Split::kTest;
  EXPECT_NEAR(AdvisedRollDeg(scene), kMostRollDeg, 1e-6) << "test photos say nothing";
}

TEST(AdvisedRate, FallsWithTheGapsBetweenPhotos) {
  EXPECT_NEAR(AdvisedRateShare(CircleScene(3000, 0.1)), 1.0, 1e-6);
  EXPECT_NEAR(AdvisedRateShare(CircleScene(20, 8.0)), std::sqrt(AugmentationOptions().roll_deg / 40.0), 1e-6);
}

TEST(SetAside, TakesBlocksOfTrainingFramesOnly) {
  camera::Scene scene = SceneOf({"a", "a", "a", "a", "a", "a", "a", "a", "a", "a", "t"});
  scene.frames.back().split = camera::Split::kTest;
  const ValidationSplit split = SetAside(scene, 0.3);
  EXPECT_EQ(split.validate.size(), 3U);
  EXPECT_EQ(split.validate.back() - split.validate.front(), 2U);
  EXPECT_EQ(split.learn.size(), 7U);
  EXPECT_THAT(SetAside(scene, 0.0).validate, IsEmpty());
  EXPECT_EQ(SetAside(scene, 0.0).learn.size(), 10U);
}

TEST(SetAside, CopesWithShortSequencesAndFewFrames) {
  const camera::Scene shorts = SceneOf({"a", "a", "b", "b", "c", "c", "d", "d", "e", "e"});
  EXPECT_EQ(SetAside(shorts, 0.1).validate.size(), 1U);
  EXPECT_EQ(SetAside(shorts, 0.1).learn.size(), 9U);
  const camera::Scene few = SceneOf({"a", "a"});
  EXPECT_THAT(SetAside(few, 0.05).validate, IsEmpty());
  EXPECT_EQ(SetAside(few, 0.05).learn.size(), 2U);
}

TEST(KeepEvery, CountsInEachSequenceAndLeavesTestsAlone) {
  camera::Scene scene = SceneOf({"a", "a", "a", "b", "b", "t", "t"});
  scene.frames[5].split = scene.frames[6].split = camera::Split::kTest;
  KeepEvery(2, scene);
  std::string left;
  for (const camera::Frame& frame : scene.frames) left += frame.sequence;
  EXPECT_EQ(left, "aabtt");
}

TEST(NetworkSplit, CutsWhereOneValueCarriesAll) {
  const nn::Network network =
      camera::CameraNetwork({.backbone = model::Backbone::kResNet34}, camera::Auxiliary::kLeaveOut);
  const SplitNetwork whole = SplitAfterConvolutions(network, 0);
  EXPECT_TRUE(whole.stem.layers.empty());
  EXPECT_EQ(whole.rest.layers.size(), network.layers.size());
  for (const int frozen : {1, 2, 5, 20}) {
    const SplitNetwork split = SplitAfterConvolutions(network, frozen);
    EXPECT_GE(ConvolutionCount(split.stem), frozen);
    EXPECT_EQ(split.stem.layers.size() + split.rest.layers.size(), network.layers.size());
    EXPECT_TRUE(nn::InferChannels(split.stem).has_value());
    EXPECT_TRUE(nn::InferChannels(split.rest).has_value());
  }
  EXPECT_THROW(SplitAfterConvolutions(network, 1000), TrainError);
}

TEST(TensorBoard, ChecksumsAreThoseOfTheStandard) {
  // RFC 3720, B.4: 32 bytes of zeros.
  const std::vector<std::byte> zeros(32);
  EXPECT_EQ(Crc32c(zeros), 0x8a9136aaU);
  const std::string digits = "123456789";
  EXPECT_EQ(Crc32c(std::as_bytes(std::span(digits))), 0xe3069283U);
}

}  // namespace
}  // namespace posenet::train
