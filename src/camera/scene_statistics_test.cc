// SPDX-License-Identifier: Apache-2.0
#include "camera/scene_statistics.h"

#include "camera/testing/scenes.h"

namespace posenet::camera {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

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

TEST(Describe, WarnsOfDefectsThatHarmTraining) {
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
  EXPECT_THAT(warnings, Contains(HasSubstr("1 of 1 test frames are outside the trained area")));
}

}  // namespace
}  // namespace posenet::camera
