// SPDX-License-Identifier: Apache-2.0
// Statistics of a scene, and warnings of what would harm training.
#ifndef POSENET_CAMERA_SCENE_STATISTICS_H_
#define POSENET_CAMERA_SCENE_STATISTICS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "camera/baselines.h"
#include "camera/scene.h"

namespace posenet::camera {

/// One recording.
struct SequenceStatistics {
  std::string name;
  std::size_t train_count = 0;
  std::size_t test_count = 0;
  double path_m = 0.0;  ///< Length of the path through all camera centers.
};

/// Motion from each frame to the next of the same sequence.
struct StepStatistics {
  std::size_t count = 0;
  PoseError median = {};
  PoseError percentile_90 = {};
  PoseError largest = {};
};

/// Differences between test views and the nearest training views (NearestPose).
struct OverlapStatistics {
  NearnessScale scale = {};
  PoseError median = {};
  PoseError percentile_90 = {};
  double near_share = 0.0;        ///< Share of test views within the scale, in position and in rotation.
  std::size_t outside_count = 0;  ///< Test views outside the trained area (IsOutside).
};

struct SceneStatistics {
  std::size_t train_count = 0;
  std::size_t test_count = 0;
  std::vector<SequenceStatistics> sequences;
  Vector3 low_m;  ///< The bounding box of all camera centers.
  Vector3 high_m;
  double extent_m = 0.0;  ///< Its diagonal.
  double path_m = 0.0;    ///< The sum over all sequences.
  StepStatistics steps;
  OverlapStatistics overlap;
  ErrorSummary constant;  ///< ConstantErrors on the test split.
  ErrorSummary oracle;    ///< OracleRetrievalErrors on the test split.
  /// One sentence for each problem: invalid rotations, frames with the same pose, jumps within a sequence, test frames
  /// outside the trained area. Each with the number of frames and the origin of the first.
  std::vector<std::string> warnings;
};

/// Precondition: `scene` has frames in both splits, as ReadScene ensures.
SceneStatistics Describe(const Scene& scene);

/// Whether a pose is outside of what `training` covers: its center is farther than a tenth of the extent outside the
/// bounding box of the training centers, or the nearest training view differs in rotation by more than 45 degrees, so
/// that ordinary cameras see little in common.
bool IsOutside(const RigidPose& pose, std::span<const RigidPose> training, const NearnessScale& scale);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_SCENE_STATISTICS_H_
