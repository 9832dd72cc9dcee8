// SPDX-License-Identifier: Apache-2.0
// What there is to know of a scene before anything learns from it, and what would ruin that.
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
  double path_m = 0.0;  ///< From frame to frame.
};

/// How far frames are from their predecessors in the same sequence.
struct StepStatistics {
  std::size_t count = 0;
  PoseError median = {};
  PoseError percentile_90 = {};
  PoseError largest = {};
};

/// Test views and the training views nearest to them (NearestPose).
struct OverlapStatistics {
  NearnessScale scale = {};
  PoseError median = {};
  PoseError percentile_90 = {};
  double near_share = 0.0;        ///< Of test views with a training view within the scale, in both measures.
  std::size_t outside_count = 0;  ///< Test views that leave the trained area: see IsOutside.
};

struct SceneStatistics {
  std::size_t train_count = 0;
  std::size_t test_count = 0;
  std::vector<SequenceStatistics> sequences;
  Vector3 low_m;  ///< The box around all camera centres.
  Vector3 high_m;
  double extent_m = 0.0;  ///< Its diagonal.
  double path_m = 0.0;    ///< Of all sequences.
  StepStatistics steps;
  OverlapStatistics overlap;
  ErrorSummary constant;  ///< ConstantErrors on the test split.
  ErrorSummary oracle;    ///< OracleRetrievalErrors on the test split.
  /// What ruins training, a sentence each: rotations that are none, photos with the same pose, jumps within a sequence,
  /// a test split that leaves the trained area. Each says how many frames, and where the first was read.
  std::vector<std::string> warnings;
};

/// Precondition: `scene` has frames in both splits, as ReadScene sees to.
SceneStatistics Describe(const Scene& scene);

/// Whether a pose lies outside of what `training` covers: its centre farther than a tenth of the extent outside the box
/// around the training centres, or its nearest training view turned by more than 45 degrees, where views of ordinary
/// cameras share nothing any more.
bool IsOutside(const RigidPose& pose, std::span<const RigidPose> training, const NearnessScale& scale);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_SCENE_STATISTICS_H_
