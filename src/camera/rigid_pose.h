// SPDX-License-Identifier: Apache-2.0
// Rigid poses and rotations. Camera poses of this module are `world_from_cam` with OpenCV's axes: the camera looks
// along +z, x points to the right of the image and y down; the translation is the camera's center.
#ifndef POSENET_CAMERA_RIGID_POSE_H_
#define POSENET_CAMERA_RIGID_POSE_H_

#include <array>
#include <span>

#include "posenet/result.h"

namespace posenet::camera {

/// A point or a direction.
struct Vector3 {
  double x = 0.0;
  double y = 0.0;
  double z = 0.0;

  friend Vector3 operator+(const Vector3& a, const Vector3& b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
  friend Vector3 operator-(const Vector3& a, const Vector3& b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
  friend Vector3 operator*(double factor, const Vector3& a) { return {factor * a.x, factor * a.y, factor * a.z}; }
  friend bool operator==(const Vector3&, const Vector3&) = default;
};

double Dot(const Vector3& a, const Vector3& b);
Vector3 Cross(const Vector3& a, const Vector3& b);
double Norm(const Vector3& a);

/// A rotation as w + xi + yj + zk (Hamilton's convention). Of length 1 wherever a function takes or returns one, unless
/// documented otherwise; q and -q are the same rotation.
struct Quaternion {
  double w = 1.0;
  double x = 0.0;
  double y = 0.0;
  double z = 0.0;

  friend bool operator==(const Quaternion&, const Quaternion&) = default;
};

/// a_from_b * b_from_c is a_from_c.
Quaternion operator*(const Quaternion& a_from_b, const Quaternion& b_from_c);
/// b_from_a.
Quaternion Inverse(const Quaternion& a_from_b);
/// The direction `v_b`, given in frame b, in frame a.
Vector3 Rotate(const Quaternion& a_from_b, const Vector3& v_b);
/// The same rotation with w >= 0; if w is 0, with the first of x, y, z that is not 0 positive.
Quaternion InHemisphere(const Quaternion& rotation);

/// The angle of the rotation between two, in [0, 180] degrees: 2 acos |a.b|, computed with atan2, which is
/// accurate for small angles (acos of a double near 1 has steps of 1e-6 degrees).
double AngleBetweenDeg(const Quaternion& a, const Quaternion& b);

/// A 3x3 matrix in row-major order.
using Matrix3 = std::array<double, 9>;

/// The matrix that Rotate applies.
Matrix3 RotationMatrix(const Quaternion& a_from_b);

/// The rotation by `angle_deg` about `axis`, which is not the zero vector.
Quaternion RotationAbout(const Vector3& axis, double angle_deg);

/// A rigid motion: p_a = rotation * p_b + translation. As world_from_cam the translation is the camera's center.
struct RigidPose {
  Quaternion rotation;
  Vector3 translation_m;

  friend bool operator==(const RigidPose&, const RigidPose&) = default;
};

/// a_from_b * b_from_c is a_from_c.
RigidPose operator*(const RigidPose& a_from_b, const RigidPose& b_from_c);
/// b_from_a.
RigidPose Inverse(const RigidPose& a_from_b);
/// The point `p_b`, given in frame b, in frame a.
Vector3 Transform(const RigidPose& a_from_b, const Vector3& p_b);
/// The 4x4 matrix in row-major order.
std::array<double, 16> Matrix4(const RigidPose& a_from_b);

/// What is wrong with a rotation that was read from a file and can be repaired.
enum class RotationDefect {
  kNone,
  kNotUnit,        ///< A quaternion whose length is not 1.
  kScaled,         ///< A matrix with a scale other than 1.
  kNotOrthogonal,  ///< A matrix with shear.
  kLeftHanded,     ///< A reflection, which no rotation is near to: the repaired one is arbitrary.
};

/// A repaired rotation and the defect of the original.
struct CheckedRotation {
  Quaternion rotation;  ///< In the hemisphere of InHemisphere.
  RotationDefect defect = RotationDefect::kNone;
  /// The quaternion's length, the matrix's scale (cube root of |determinant|) or, for shear, the largest difference of
  /// an element from the nearest rotation matrix.
  double amount = 1.0;
};

/// Differences of lengths and scales from 1 up to this are rounding: the coarsest files in use have four decimals, and
/// 1e-3 rad is 0.06 degrees.
inline constexpr double kMaxLengthDeviation = 1e-3;
/// The same for the elements of a matrix, divided by its scale.
inline constexpr double kMaxShear = 5e-3;

/// Errors: kCorruptData for a number that is not finite, and for a quaternion of length 0.
Result<CheckedRotation> CheckQuaternion(const Quaternion& quaternion);

/// `matrix` is in row-major order; the result is the nearest rotation in the Frobenius norm.
/// Errors: kCorruptData for a number that is not finite, and for a matrix without an inverse.
Result<CheckedRotation> CheckMatrix(const Matrix3& matrix);

/// The rotation that differs least from all of `rotations`: the largest eigenvector of the sum of q q^T, for which q
/// and -q are the same. The identity for none.
/// Source: Markley et al., Averaging Quaternions, Journal of Guidance, Control, and Dynamics 30(4), 2007, equation 12.
Quaternion MeanRotation(std::span<const Quaternion> rotations);

/// The pose between `a` (share 0) and `b` (share 1): linear in the center, spherical linear (slerp) in the rotation.
RigidPose Interpolate(const RigidPose& a, const RigidPose& b, double share);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_RIGID_POSE_H_
