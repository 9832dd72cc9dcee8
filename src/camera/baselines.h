// SPDX-License-Identifier: Apache-2.0
// Baselines that need no network: errors of a method mean little without these beside them.
#ifndef POSENET_CAMERA_BASELINES_H_
#define POSENET_CAMERA_BASELINES_H_

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "camera/metrics.h"
#include "camera/scene.h"

namespace posenet::camera {

/// The best guess without looking at the photo: the median of each coordinate of the training centers, and the mean
/// training rotation. Precondition: `training` is not empty.
RigidPose ConstantPose(std::span<const RigidPose> training);

/// The unit of Nearness, for positions and for rotations.
struct NearnessScale {
  double position_m = 0.3;
  double rotation_deg = 10.0;
  std::string_view name = "indoors";
};

/// 0.3 m and 10 degrees indoors; 2 m and 5 degrees outdoors, that is if the training centers span more than
/// kOutdoorsExtentM; in arbitrary units a tenth of that span and 10 degrees.
NearnessScale NearnessScaleOf(const Scene& scene);
/// Scenes of 7-Scenes span up to 5 m, rooms seldom more than 15 m; the smallest of Cambridge Landmarks spans 30 m.
inline constexpr double kOutdoorsExtentM = 15.0;

/// How far `a` is from `b`: distance / scale.position_m + angle / scale.rotation_deg.
double Nearness(const RigidPose& a, const RigidPose& b, const NearnessScale& scale);

/// The index of the training pose nearest to `pose`. Precondition: `training` is not empty.
std::size_t NearestPose(const RigidPose& pose, std::span<const RigidPose> training, const NearnessScale& scale);

/// Errors of ConstantPose on each test frame.
std::vector<PoseError> ConstantErrors(std::span<const RigidPose> training, std::span<const RigidPose> test);

/// Errors of returning the training pose nearest to the true one: an upper bound of image retrieval. A pose regressor
/// that is worse has learned no more than to retrieve photos.
std::vector<PoseError> OracleRetrievalErrors(std::span<const RigidPose> training, std::span<const RigidPose> test,
                                             const NearnessScale& scale);

/// The diagonal of the bounding box of the centers of `poses`; 0 for none.
double ExtentM(std::span<const RigidPose> poses);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_BASELINES_H_
