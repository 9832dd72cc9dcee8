// SPDX-License-Identifier: Apache-2.0
// Where a camera is and how it is turned. Everything in this room is `world_from_cam` with OpenCV's axes: the camera
// looks along +z, x points to the right of the image and y down; the translation is the camera's centre.
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

/// A rotation as w + xi + yj + zk (Hamilton's convention). Of length 1 wherever a function takes or answers one, unless
/// it says otherwise; q and -q are the same rotation.
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
/// `v_b` in the axes of a.
Vector3 Rotate(const Quaternion& a_from_b, const Vector3& v_b);
/// The same rotation with w >= 0 (and the first of x, y, z that is not 0 positive where w is 0).
Quaternion InHemisphere(const Quaternion& rotation);

/// The angle of the rotation between two, in [0, 180] degrees: 2 acos |a.b|, computed with atan2, which unlike acos
/// tells small angles apart (acos of a double near 1 has steps of 1e-6 degrees).
double AngleBetweenDeg(const Quaternion& a, const Quaternion& b);

/// A 3x3 matrix, row by row.
using Matrix3 = std::array<double, 9>;

/// The matrix that Rotate applies.
Matrix3 RotationMatrix(const Quaternion& a_from_b);

/// The rotation by `angle_deg` about `axis`, which is not 0.
Quaternion RotationAbout(const Vector3& axis, double angle_deg);

/// A rigid motion: p_a = rotation * p_b + translation. As world_from_cam the translation is the camera's centre.
struct RigidPose {
  Quaternion rotation;
  Vector3 translation_m;

  friend bool operator==(const RigidPose&, const RigidPose&) = default;
};

/// a_from_b * b_from_c is a_from_c.
RigidPose operator*(const RigidPose& a_from_b, const RigidPose& b_from_c);
/// b_from_a.
RigidPose Inverse(const RigidPose& a_from_b);
/// `p_b` seen from a.
Vector3 Transform(const RigidPose& a_from_b, const Vector3& p_b);
/// The 4x4 matrix, row by row.
std::array<double, 16> Matrix4(const RigidPose& a_from_b);

/// What is wrong with a rotation that was read, though a rotation can be made of it.
enum class RotationDefect {
  kNone,
  kNotUnit,        ///< A quaternion whose length is not 1.
  kScaled,         ///< A matrix that enlarges or shrinks.
  kNotOrthogonal,  ///< A matrix that shears.
  kLeftHanded,     ///< A matrix that mirrors; no rotation does, so what was made of it is arbitrary.
};

/// A rotation, and how good the numbers were that it was made of.
struct CheckedRotation {
  Quaternion rotation;  ///< In the hemisphere of InHemisphere.
  RotationDefect defect = RotationDefect::kNone;
  /// The quaternion's length, the matrix' scale (cube root of |determinant|), or how far an element of the matrix is
  /// from the nearest rotation's.
  double amount = 1.0;
};

/// Lengths and scales that differ from 1 by less than this are taken for rounding: files with four decimals are the
/// coarsest in use, and 1e-3 of a radian is 0.06 degrees.
inline constexpr double kMaxLengthDeviation = 1e-3;
/// The same for the elements of a matrix, divided by its scale.
inline constexpr double kMaxShear = 5e-3;

/// Errors: kCorruptData for a number that is not finite, and for a quaternion of length 0.
Result<CheckedRotation> CheckQuaternion(const Quaternion& quaternion);

/// Of a matrix, row by row; the rotation is the nearest in the Frobenius norm.
/// Errors: kCorruptData for a number that is not finite, and for a matrix without an inverse.
Result<CheckedRotation> CheckMatrix(const Matrix3& matrix);

/// The rotation that differs least from all of `rotations`: the largest eigenvector of the sum of q q^T, for which q
/// and -q are the same. The identity for none.
/// Source: Markley et al., Averaging Quaternions, Journal of Guidance, Control, and Dynamics 30(4), 2007, equation 12.
Quaternion MeanRotation(std::span<const Quaternion> rotations);

/// The pose between `a` (share 0) and `b` (share 1): straight from centre to centre, turning evenly the short way.
RigidPose Interpolate(const RigidPose& a, const RigidPose& b, double share);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_RIGID_POSE_H_
