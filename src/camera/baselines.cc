// SPDX-License-Identifier: Apache-2.0
#include "camera/baselines.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/statistics.h"

namespace posenet::camera {

RigidPose ConstantPose(std::span<const RigidPose> training) {
  std::vector<Quaternion> rotations;
  std::vector<double> x_m;
  std::vector<double> y_m;
  std::vector<double> z_m;
  for (const RigidPose& pose : training) {
    rotations.push_back(pose.rotation);
    x_m.push_back(pose.translation_m.x);
    y_m.push_back(pose.translation_m.y);
    z_m.push_back(pose.translation_m.z);
  }
  return {.rotation = MeanRotation(rotations),
          .translation_m = {base::Quantile(std::move(x_m), 0.5), base::Quantile(std::move(y_m), 0.5),
                            base::Quantile(std::move(z_m), 0.5)}};
}

double ExtentM(std::span<const RigidPose> poses) {
  if (poses.empty()) return 0.0;
  Vector3 low = poses.front().translation_m;
  Vector3 high = low;
  for (const RigidPose& pose : poses) {
    const Vector3& c = pose.translation_m;
    low = {std::min(low.x, c.x), std::min(low.y, c.y), std::min(low.z, c.z)};
    high = {std::max(high.x, c.x), std::max(high.y, c.y), std::max(high.z, c.z)};
  }
  return Norm(high - low);
}

NearnessScale NearnessScaleOf(const Scene& scene) {
  const double extent_m = ExtentM(PosesOf(scene, Split::kTrain));
  if (scene.units == LengthUnit::kArbitrary) {
    // If all poses are at one point, only rotations differ.
    return {
        .position_m = extent_m > 0.0 ? extent_m / 10.0 : 1.0, .rotation_deg = 10.0, .name = "relative to the extent"};
  }
  if (extent_m > kOutdoorsExtentM) return {.position_m = 2.0, .rotation_deg = 5.0, .name = "outdoors"};
  return {};
}

double Nearness(const RigidPose& a, const RigidPose& b, const NearnessScale& scale) {
  const PoseError error = ErrorOf(a, b);
  return error.position_m / scale.position_m + error.rotation_deg / scale.rotation_deg;
}

std::size_t NearestPose(const RigidPose& pose, std::span<const RigidPose> training, const NearnessScale& scale) {
  std::size_t nearest = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < training.size(); ++i) {
    // The distance alone, a tenth of the cost of an angle, rules out most.
    if (Norm(pose.translation_m - training[i].translation_m) >= least * scale.position_m) continue;
    const double nearness = Nearness(pose, training[i], scale);
    if (nearness >= least) continue;
    least = nearness;
    nearest = i;
  }
  return nearest;
}

std::vector<PoseError> ConstantErrors(std::span<const RigidPose> training, std::span<const RigidPose> test) {
  const RigidPose constant = ConstantPose(training);
  std::vector<PoseError> errors;
  for (const RigidPose& pose : test) errors.push_back(ErrorOf(pose, constant));
  return errors;
}

std::vector<PoseError> OracleRetrievalErrors(std::span<const RigidPose> training, std::span<const RigidPose> test,
                                             const NearnessScale& scale) {
  std::vector<PoseError> errors;
  for (const RigidPose& pose : test) errors.push_back(ErrorOf(pose, training[NearestPose(pose, training, scale)]));
  return errors;
}

}  // namespace posenet::camera
