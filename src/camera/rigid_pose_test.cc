// SPDX-License-Identifier: Apache-2.0
#include "camera/rigid_pose.h"

#include <cmath>
#include <limits>
#include <vector>

#include "camera/testing/scenes.h"

namespace posenet::camera {
namespace {

using ::testing::HasSubstr;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Matrix3 Scaled(Matrix3 matrix, double factor) {
  for (double& element : matrix) element *= factor;
  return matrix;
}

void ExpectNear(const Vector3& a, const Vector3& b) { EXPECT_LT(Norm(a - b), 1e-12); }

TEST(RigidPose, AQuarterTurnAboutZTakesXToY) {
  ExpectNear(Rotate(RotationAbout({0, 0, 2}, 90.0), {1, 0, 0}), {0, 1, 0});
}

TEST(RigidPose, InverseUndoesAndCompositionChains) {
  const RigidPose a_from_b = CrookedPose();
  const RigidPose b_from_c = {RotationAbout({0, 1, 1}, 170.0), {3, -2, 1}};
  const Vector3 p_c = {0.3, 0.4, -7};
  ExpectNear(Transform(Inverse(a_from_b), Transform(a_from_b, p_c)), p_c);
  ExpectNear(Transform(a_from_b * b_from_c, p_c), Transform(a_from_b, Transform(b_from_c, p_c)));
  EXPECT_THAT(a_from_b * Inverse(a_from_b), PoseNear(RigidPose{}));
}

TEST(RigidPose, MatrixAppliesThePose) {
  const RigidPose pose = CrookedPose();
  const std::array<double, 16> m = Matrix4(pose);
  const Vector3 p = {1.5, -2, 0.25};
  ExpectNear({m[0] * p.x + m[1] * p.y + m[2] * p.z + m[3], m[4] * p.x + m[5] * p.y + m[6] * p.z + m[7],
              m[8] * p.x + m[9] * p.y + m[10] * p.z + m[11]},
             Transform(pose, p));
}

TEST(RigidPose, AngleIsTheWholeAngleOfEitherSign) {
  for (const double angle_deg : {0.0, 1e-9, 1e-4, 1.0, 89.0, 179.0, 180.0}) {
    const Quaternion a = CrookedPose().rotation;
    const Quaternion b = a * RotationAbout({-1, 0.5, 2}, angle_deg);
    EXPECT_NEAR(AngleBetweenDeg(a, b), angle_deg, 1e-12 + 1e-6 * angle_deg);
    EXPECT_NEAR(AngleBetweenDeg(a, {-b.w, -b.x, -b.y, -b.z}), angle_deg, 1e-12 + 1e-6 * angle_deg);
  }
  EXPECT_NEAR(AngleBetweenDeg({}, RotationAbout({1, 0, 0}, 200.0)), 160.0, 1e-9);
}

TEST(RigidPose, InHemisphereMakesTheFirstNumberPositive) {
  EXPECT_EQ(InHemisphere({-0.5, 0.5, 0.5, 0.5}), (Quaternion{0.5, -0.5, -0.5, -0.5}));
  EXPECT_EQ(InHemisphere({0, 0, -1, 0}), (Quaternion{0, 0, 1, 0}));
}

TEST(CheckQuaternion, NormalizesAndReportsTheLength) {
  const auto good = CheckQuaternion({0.70710678, 0.70710678, 0, 0});
  ASSERT_TRUE(good);
  EXPECT_EQ(good->defect, RotationDefect::kNone);
  const auto twice = CheckQuaternion({-2, 0, 0, 0});
  ASSERT_TRUE(twice);
  EXPECT_EQ(twice->defect, RotationDefect::kNotUnit);
  EXPECT_EQ(twice->amount, 2.0);
  EXPECT_EQ(twice->rotation, Quaternion{});
}

TEST(CheckQuaternion, RefusesZeroAndNan) {
  EXPECT_THAT(CheckQuaternion({0, 0, 0, 0}).error().message, HasSubstr("length 0"));
  EXPECT_THAT(CheckQuaternion({kNan, 0, 0, 1}).error().message, HasSubstr("finite"));
  EXPECT_THAT(CheckQuaternion({1, INFINITY, 0, 1}).error().message, HasSubstr("finite"));
}

TEST(CheckMatrix, RecoversTheRotationOfAnyAngle) {
  for (const double angle_deg : {0.0, 30.0, 179.999, 180.0}) {
    const Quaternion rotation = RotationAbout({1, -3, 0.2}, angle_deg);
    const auto checked = CheckMatrix(RotationMatrix(rotation));
    ASSERT_TRUE(checked);
    EXPECT_EQ(checked->defect, RotationDefect::kNone);
    EXPECT_LT(AngleBetweenDeg(checked->rotation, rotation), 1e-6);
  }
}

TEST(CheckMatrix, DistinguishesScaleShearAndReflection) {
  const Quaternion rotation = CrookedPose().rotation;
  const Matrix3 matrix = RotationMatrix(rotation);
  const auto scaled = CheckMatrix(Scaled(matrix, 2.5));
  ASSERT_TRUE(scaled);
  EXPECT_EQ(scaled->defect, RotationDefect::kScaled);
  EXPECT_NEAR(scaled->amount, 2.5, 1e-12);
  EXPECT_LT(AngleBetweenDeg(scaled->rotation, rotation), 1e-6);

  Matrix3 sheared = matrix;
  sheared[1] += 0.1;
  EXPECT_EQ(CheckMatrix(sheared)->defect, RotationDefect::kNotOrthogonal);

  Matrix3 mirrored = matrix;
  for (const std::size_t element : {0, 3, 6}) mirrored[element] = -mirrored[element];
  EXPECT_EQ(CheckMatrix(mirrored)->defect, RotationDefect::kLeftHanded);
  EXPECT_EQ(CheckMatrix(Scaled(matrix, -1.0))->defect, RotationDefect::kLeftHanded);
}

TEST(CheckMatrix, RefusesSingularMatricesAndNan) {
  EXPECT_THAT(CheckMatrix({}).error().message, HasSubstr("without an inverse"));
  EXPECT_THAT(CheckMatrix({1, 0, 0, 0, 1, 0, 0, 0, 0}).error().message, HasSubstr("without an inverse"));
  EXPECT_THAT(CheckMatrix({1, 0, 0, 0, kNan, 0, 0, 0, 1}).error().message, HasSubstr("finite"));
}

TEST(MeanRotation, IgnoresSigns) {
  const Quaternion a = RotationAbout({0, 0, 1}, 10.0);
  const Quaternion b = RotationAbout({0, 0, 1}, 50.0);
  const std::vector<Quaternion> rotations = {a, {-b.w, -b.x, -b.y, -b.z}};
  EXPECT_LT(AngleBetweenDeg(MeanRotation(rotations), RotationAbout({0, 0, 1}, 30.0)), 1e-9);
  EXPECT_EQ(MeanRotation({}), Quaternion{});
}

TEST(Interpolate, IsLinearAndTurnsTheShortWay) {
  const RigidPose a = {RotationAbout({0, 1, 0}, 170.0), {0, 0, 0}};
  const RigidPose b = {RotationAbout({0, 1, 0}, -170.0), {4, 0, 2}};
  const RigidPose expected = {RotationAbout({0, 1, 0}, 175.0), {1, 0, 0.5}};
  EXPECT_THAT(Interpolate(a, b, 0.25), PoseNear(expected));
}

}  // namespace
}  // namespace posenet::camera
