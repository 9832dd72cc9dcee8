// SPDX-License-Identifier: Apache-2.0
// What a scene gives away for free. No number of a method means anything without these two beside it.
#ifndef POSENET_CAMERA_BASELINES_H_
#define POSENET_CAMERA_BASELINES_H_

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "camera/metrics.h"
#include "camera/scene.h"

namespace posenet::camera {

/// The pose that says most without looking: the median training centre, each coordinate by itself, and the mean
/// training rotation. Precondition: `training` is not empty.
RigidPose ConstantPose(std::span<const RigidPose> training);

/// What counts as near: a pose is as far away as distance / position_m + angle / rotation_deg.
struct NearnessScale {
  double position_m = 0.3;
  double rotation_deg = 10.0;
  std::string_view name = "indoors";
};

/// 0.3 m and 10 degrees indoors; 2 m and 5 degrees outdoors, which is where the training centres span more than
/// kOutdoorsExtentM; where units are arbitrary, a tenth of that span and 10 degrees.
NearnessScale NearnessScaleOf(const Scene& scene);
/// 7-Scenes span up to 5 m and rooms seldom more than this; the smallest of Cambridge Landmarks spans 30 m.
inline constexpr double kOutdoorsExtentM = 15.0;

/// How far `a` is from `b`.
double Nearness(const RigidPose& a, const RigidPose& b, const NearnessScale& scale);

/// The index of the training pose nearest to `pose`. Precondition: `training` is not empty.
std::size_t NearestPose(const RigidPose& pose, std::span<const RigidPose> training, const NearnessScale& scale);

/// Errors of ConstantPose on each test frame.
std::vector<PoseError> ConstantErrors(std::span<const RigidPose> training, std::span<const RigidPose> test);

/// Errors of an oracle that answers with the training pose nearest to the true one: what perfect image retrieval would
/// score. A regressor that is worse has not understood the scene.
std::vector<PoseError> OracleRetrievalErrors(std::span<const RigidPose> training, std::span<const RigidPose> test,
                                             const NearnessScale& scale);

/// The diagonal of the box around the centres of `poses`.
double ExtentM(std::span<const RigidPose> poses);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_BASELINES_H_
