// SPDX-License-Identifier: Apache-2.0
#include "camera/rigid_pose.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.h"

namespace posenet::camera {
namespace {

constexpr double kDegPerRad = 180.0 / std::numbers::pi;

double LengthOf(const Quaternion& q) { return std::hypot(std::hypot(q.w, q.x), std::hypot(q.y, q.z)); }

Quaternion Scaled(const Quaternion& q, double factor) {
  return {factor * q.w, factor * q.x, factor * q.y, factor * q.z};
}

Quaternion FromEigen(const Eigen::Quaterniond& q) { return InHemisphere({q.w(), q.x(), q.y(), q.z()}); }

bool AreFinite(std::span<const double> numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](double number) { return std::isfinite(number); });
}

}  // namespace

double Dot(const Vector3& a, const Vector3& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }

Vector3 Cross(const Vector3& a, const Vector3& b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

double Norm(const Vector3& a) { return std::hypot(a.x, a.y, a.z); }

Quaternion operator*(const Quaternion& a, const Quaternion& b) {
  return {a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z, a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
          a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x, a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w};
}

Quaternion Inverse(const Quaternion& a_from_b) { return {a_from_b.w, -a_from_b.x, -a_from_b.y, -a_from_b.z}; }

Vector3 Rotate(const Quaternion& a_from_b, const Vector3& v_b) {
  // v + 2w (u x v) + 2 u x (u x v), with u the vector part.
  const Vector3 u = {a_from_b.x, a_from_b.y, a_from_b.z};
  const Vector3 twice = 2.0 * Cross(u, v_b);
  return v_b + a_from_b.w * twice + Cross(u, twice);
}

Quaternion InHemisphere(const Quaternion& rotation) {
  const Quaternion& q = rotation;
  for (const double first : {q.w, q.x, q.y, q.z}) {
    if (first != 0.0) return first > 0.0 ? q : Scaled(q, -1.0);
  }
  return q;
}

double AngleBetweenDeg(const Quaternion& a, const Quaternion& b) {
  const Quaternion difference = Inverse(a) * b;
  const double sine = Norm({difference.x, difference.y, difference.z});
  return 2.0 * std::atan2(sine, std::abs(difference.w)) * kDegPerRad;
}

Matrix3 RotationMatrix(const Quaternion& a_from_b) {
  const Quaternion& q = a_from_b;
  return {1 - 2 * (q.y * q.y + q.z * q.z), 2 * (q.x * q.y - q.w * q.z),     2 * (q.x * q.z + q.w * q.y),
          2 * (q.x * q.y + q.w * q.z),     1 - 2 * (q.x * q.x + q.z * q.z), 2 * (q.y * q.z - q.w * q.x),
          2 * (q.x * q.z - q.w * q.y),     2 * (q.y * q.z + q.w * q.x),     1 - 2 * (q.x * q.x + q.y * q.y)};
}

Quaternion RotationAbout(const Vector3& axis, double angle_deg) {
  const double half_rad = angle_deg / kDegPerRad / 2.0;
  const Vector3 u = (std::sin(half_rad) / Norm(axis)) * axis;
  return {std::cos(half_rad), u.x, u.y, u.z};
}

RigidPose operator*(const RigidPose& a_from_b, const RigidPose& b_from_c) {
  return {a_from_b.rotation * b_from_c.rotation, Transform(a_from_b, b_from_c.translation_m)};
}

RigidPose Inverse(const RigidPose& a_from_b) {
  const Quaternion b_from_a = Inverse(a_from_b.rotation);
  return {b_from_a, -1.0 * Rotate(b_from_a, a_from_b.translation_m)};
}

Vector3 Transform(const RigidPose& a_from_b, const Vector3& p_b) {
  return Rotate(a_from_b.rotation, p_b) + a_from_b.translation_m;
}

std::array<double, 16> Matrix4(const RigidPose& a_from_b) {
  const Matrix3 r = RotationMatrix(a_from_b.rotation);
  const Vector3& t = a_from_b.translation_m;
  return {r[0], r[1], r[2], t.x, r[3], r[4], r[5], t.y, r[6], r[7], r[8], t.z, 0.0, 0.0, 0.0, 1.0};
}

Result<CheckedRotation> CheckQuaternion(const Quaternion& quaternion) {
  const Quaternion& q = quaternion;
  if (!AreFinite(std::array{q.w, q.x, q.y, q.z})) {
    return base::Fail(ErrorCode::kCorruptData, "expected a quaternion of finite numbers");
  }
  const double length = LengthOf(q);
  // Products of the elements of shorter quaternions are subnormal.
  constexpr double kMinLength = 1e-100;
  if (length < kMinLength)
    return base::Fail(ErrorCode::kCorruptData, "expected a unit quaternion, got one of length 0");
  const bool is_unit = std::abs(length - 1.0) <= kMaxLengthDeviation;
  return CheckedRotation{.rotation = InHemisphere(Scaled(q, 1.0 / length)),
                         .defect = is_unit ? RotationDefect::kNone : RotationDefect::kNotUnit,
                         .amount = length};
}

Result<CheckedRotation> CheckMatrix(const Matrix3& matrix) {
  if (!AreFinite(matrix)) return base::Fail(ErrorCode::kCorruptData, "expected a rotation matrix of finite numbers");
  const Eigen::Matrix3d m = Eigen::Map<const Eigen::Matrix<double, 3, 3, Eigen::RowMajor>>(matrix.data());
  const Eigen::JacobiSVD<Eigen::Matrix3d> svd(m, Eigen::ComputeFullU | Eigen::ComputeFullV);
  // A reference makes GCC warn of uninitialized values. NOLINTNEXTLINE(performance-unnecessary-copy-initialization)
  const Eigen::Vector3d stretch = svd.singularValues();
  // Those of a rotation are equal; a ratio of a million means that the matrix is singular.
  if (!(stretch(2) > 1e-6 * stretch(0)) || stretch(0) < 1e-100) {
    return base::Fail(ErrorCode::kCorruptData, "expected a rotation matrix, got one without an inverse");
  }
  const double scale = std::cbrt(stretch(0)) * std::cbrt(stretch(1)) * std::cbrt(stretch(2));
  const double sign = (svd.matrixU() * svd.matrixV().transpose()).determinant() > 0.0 ? 1.0 : -1.0;
  const Eigen::Matrix3d rotation =
      svd.matrixU() * Eigen::Vector3d(1.0, 1.0, sign).asDiagonal() * svd.matrixV().transpose();
  const double shear = (m / scale - rotation).cwiseAbs().maxCoeff();

  CheckedRotation checked = {.rotation = FromEigen(Eigen::Quaterniond(rotation).normalized()), .amount = scale};
  if (sign < 0.0) {
    checked.defect = RotationDefect::kLeftHanded;
  } else if (shear > kMaxShear) {
    checked.defect = RotationDefect::kNotOrthogonal;
    checked.amount = shear;
  } else if (std::abs(scale - 1.0) > kMaxLengthDeviation) {
    checked.defect = RotationDefect::kScaled;
  }
  return checked;
}

Quaternion MeanRotation(std::span<const Quaternion> rotations) {
  if (rotations.empty()) return {};
  Eigen::Matrix4d sum = Eigen::Matrix4d::Zero();
  for (const Quaternion& q : rotations) {
    const Eigen::Vector4d column(q.w, q.x, q.y, q.z);
    sum += column * column.transpose();
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix4d> solver(sum);
  const Eigen::Vector4d mean = solver.eigenvectors().col(3);  // Eigenvalues come in ascending order.
  return InHemisphere({mean(0), mean(1), mean(2), mean(3)});
}

RigidPose Interpolate(const RigidPose& a, const RigidPose& b, double share) {
  const Eigen::Quaterniond from(a.rotation.w, a.rotation.x, a.rotation.y, a.rotation.z);
  const Eigen::Quaterniond to(b.rotation.w, b.rotation.x, b.rotation.y, b.rotation.z);
  return {FromEigen(from.slerp(share, to).normalized()), a.translation_m + share * (b.translation_m - a.translation_m)};
}

}  // namespace posenet::camera
