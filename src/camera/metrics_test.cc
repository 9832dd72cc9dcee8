// SPDX-License-Identifier: Apache-2.0
#include "camera/metrics.h"

#include <cmath>
#include <vector>

#include "camera/testing/scenes.h"

namespace posenet::camera {
namespace {

TEST(Summarize, MissingFramesAreFailuresExceptInTheMean) {
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

TEST(ErrorOf, IsTheDistanceOfCentersAndTheWholeAngle) {
  const RigidPose truth = CrookedPose();
  const RigidPose estimate = {truth.rotation * RotationAbout({1, 0, 0}, 12.0),
                              truth.translation_m + Vector3{0.3, 0, 0.4}};
  EXPECT_NEAR(ErrorOf(truth, estimate).position_m, 0.5, 1e-12);
  EXPECT_NEAR(ErrorOf(truth, estimate).rotation_deg, 12.0, 1e-9);
}

}  // namespace
}  // namespace posenet::camera
