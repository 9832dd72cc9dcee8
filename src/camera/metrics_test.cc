// SPDX-License-Identifier: Apache-2.0
#include "camera/metrics.h"

#include <cmath>
#include <vector>

#include "base/strings.h"
#include "camera/baselines.h"
#include "camera/holdout.h"
#include "camera/scene_statistics.h"
#include "camera/testing/scenes.h"

namespace posenet::camera {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Quantile, InterpolatesAsNumpyDoes) {
  EXPECT_EQ(Quantile({3, 1, 2}, 0.5), 2.0);
  EXPECT_EQ(Quantile({4, 1, 2, 3}, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(Quantile({0, 10, 20, 30}, 0.9), 27.0);
  EXPECT_EQ(Quantile({5}, 0.9), 5.0);
  EXPECT_EQ(Quantile({1, 2, INFINITY}, 0.5), 2.0);
  EXPECT_EQ(Quantile({1, INFINITY}, 0.5), INFINITY);
}

TEST(Summarize, MissingFramesAreFailuresButInTheMean) {
  const std::vector<PoseError> errors = {{0.04, 4.0}, {0.05, 5.0}, {0.3, 1.0}, kMissing};
  const ErrorSummary summary = Summarize(errors);
  EXPECT_EQ(summary.frame_count, 4U);
  EXPECT_EQ(summary.missing_count, 1U);
  EXPECT_DOUBLE_EQ(summary.median.position_m, 0.175);
  EXPECT_DOUBLE_EQ(summary.median.rotation_deg, 4.5);
  EXPECT_NEAR(summary.mean.position_m, 0.13, 1e-12);
  EXPECT_EQ(summary.percentile_90.position_m, INFINITY);
  EXPECT_DOUBLE_EQ(summary.shares[0], 0.5);  // Equality counts.
  EXPECT_DOUBLE_EQ(summary.shares[2], 0.0);
  EXPECT_DOUBLE_EQ(summary.shares[3], 0.75);
  EXPECT_EQ(Summarize({}).frame_count, 0U);
  EXPECT_EQ(Summarize(std::vector{kMissing}).mean.position_m, INFINITY);
}

TEST(ErrorOf, IsOfCentresAndWholeAngles) {
  const RigidPose truth = CrookedPose();
  const RigidPose estimate = {truth.rotation * RotationAbout({1, 0, 0}, 12.0),
                              truth.translation_m + Vector3{0.3, 0, 0.4}};
  EXPECT_NEAR(ErrorOf(truth, estimate).position_m, 0.5, 1e-12);
  EXPECT_NEAR(ErrorOf(truth, estimate).rotation_deg, 12.0, 1e-9);
}

std::vector<RigidPose> Line(int count) {
  std::vector<RigidPose> poses;
  for (int i = 0; i < count; ++i) poses.push_back({{}, {0.1 * i, 0, 0}});
  return poses;
}

TEST(Baselines, ConstantIsTheMedianAndOracleTheNearest) {
  const std::vector<RigidPose> training = Line(5);
  EXPECT_THAT(ConstantPose(training), PoseNear(RigidPose{{}, {0.2, 0, 0}}));
  const std::vector<RigidPose> test = {{RotationAbout({0, 1, 0}, 3.0), {0.31, 0, 0}}};
  EXPECT_NEAR(ConstantErrors(training, test)[0].position_m, 0.11, 1e-12);
  const PoseError oracle = OracleRetrievalErrors(training, test, {})[0];
  EXPECT_NEAR(oracle.position_m, 0.01, 1e-12);
  EXPECT_NEAR(oracle.rotation_deg, 3.0, 1e-9);
}

TEST(Baselines, NearnessWeighsMetresAgainstDegrees) {
  const std::vector<RigidPose> training = {{RotationAbout({0, 1, 0}, 30.0), {0, 0, 0}}, {{}, {0.6, 0, 0}}};
  EXPECT_EQ(NearestPose({}, training, {}), 1U);  // 2 against 3.
  EXPECT_EQ(NearestPose({}, training, {.position_m = 0.1, .rotation_deg = 10.0}), 0U);
}

Scene LineScene(int count) {
  Scene scene;
  for (const RigidPose& pose : Line(count)) {
    const std::string name = base::StrCat("f", scene.frames.size());
    scene.frames.push_back({.name = name, .image = name, .world_from_cam = pose, .origin = "list:" + name});
  }
  return scene;
}

TEST(HoldOutBlocks, CutsContiguousBlocksWithTrainingAround) {
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

TEST(HoldOutBlocks, LeavesSomethingForBoth) {
  Scene two = LineScene(2);
  EXPECT_TRUE(HoldOutBlocks(0.5, two));
  Scene one = LineScene(1);
  EXPECT_THAT(HoldOutBlocks(0.2, one).error().message, HasSubstr("none for testing"));
  EXPECT_THAT(HoldOutBlocks(0.9, one).error().message, HasSubstr("none for training"));
  EXPECT_EQ(HoldOutBlocks(0.0, one).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(HoldOutBlocks(NAN, one).error().code, ErrorCode::kInvalidArgument);
}

TEST(Describe, MeasuresALine) {
  Scene scene = LineScene(101);
  for (std::size_t i = 40; i < 60; ++i) scene.frames[i].split = Split::kTest;
  const SceneStatistics statistics = Describe(scene);
  EXPECT_EQ(statistics.train_count, 81U);
  EXPECT_EQ(statistics.test_count, 20U);
  EXPECT_NEAR(statistics.path_m, 10.0, 1e-9);
  EXPECT_NEAR(statistics.extent_m, 10.0, 1e-9);
  EXPECT_NEAR(statistics.steps.median.position_m, 0.1, 1e-9);
  EXPECT_EQ(statistics.overlap.scale.name, "indoors");
  EXPECT_DOUBLE_EQ(statistics.overlap.near_share, 0.3);  // Three frames at each end of the gap.
  EXPECT_THAT(statistics.warnings, IsEmpty());
}

TEST(Describe, WarnsOfWhatRuinsTraining) {
  Scene scene = LineScene(101);
  scene.frames[50].split = Split::kTest;
  scene.frames[50].world_from_cam.translation_m.y = 30.0;  // Away from all training, and a jump.
  scene.frames[10].defect = RotationDefect::kLeftHanded;
  scene.frames[20].world_from_cam = scene.frames[21].world_from_cam;
  const std::vector<std::string> warnings = Describe(scene).warnings;
  EXPECT_THAT(warnings, Contains(HasSubstr("1 frame has a left-handed rotation matrix")));
  EXPECT_THAT(warnings, Contains(HasSubstr("list:f10")));
  EXPECT_THAT(warnings, Contains(HasSubstr("1 frame has exactly the pose of another; the first is 'f21'")));
  EXPECT_THAT(warnings, Contains(HasSubstr("2 jumps within a sequence")));
  EXPECT_THAT(warnings, Contains(HasSubstr("1 of 1 test frames leave the trained area")));
}

}  // namespace
}  // namespace posenet::camera
