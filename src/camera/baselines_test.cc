// SPDX-License-Identifier: Apache-2.0
#include "camera/baselines.h"

#include <vector>

#include "camera/testing/scenes.h"

namespace posenet::camera {
namespace {

TEST(Baselines, ConstantPoseIsTheMedianAndOracleRetrievalTheNearest) {
  const std::vector<RigidPose> training = LinePoses(5);
  EXPECT_THAT(ConstantPose(training), PoseNear(RigidPose{{}, {0.2, 0, 0}}));
  const std::vector<RigidPose> test = {{RotationAbout({0, 1, 0}, 3.0), {0.31, 0, 0}}};
  EXPECT_NEAR(ConstantErrors(training, test)[0].position_m, 0.11, 1e-12);
  const PoseError oracle = OracleRetrievalErrors(training, test, {})[0];
  EXPECT_NEAR(oracle.position_m, 0.01, 1e-12);
  EXPECT_NEAR(oracle.rotation_deg, 3.0, 1e-9);
}

TEST(Baselines, NearnessWeighsMetersAgainstDegrees) {
  const std::vector<RigidPose> training = {{RotationAbout({0, 1, 0}, 30.0), {0, 0, 0}}, {{}, {0.6, 0, 0}}};
  EXPECT_EQ(NearestPose({}, training, {}), 1U);  // 2 against 3.
  EXPECT_EQ(NearestPose({}, training, {.position_m = 0.1, .rotation_deg = 10.0}), 0U);
}

}  // namespace
}  // namespace posenet::camera
