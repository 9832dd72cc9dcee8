// SPDX-License-Identifier: Apache-2.0
// What makes a model one for camera poses.
#ifndef POSENET_MODEL_CAMERA_MODEL_H_
#define POSENET_MODEL_CAMERA_MODEL_H_

#include <array>

#include "model/model_spec.h"
#include "posenet/result.h"

namespace posenet::model {

/// More frames than this are an error.
inline constexpr int kMaxSequenceLength = 1000;

/// Whether four numbers are a unit quaternion, to within 1e-6.
bool IsUnit(const std::array<double, 4>& quaternion);

/// Checks a model of kCameraTask whose weights ValidateWeights accepts: that it has a CameraSpec with numbers in their
/// ranges, and the outputs that this promises; that it fits the size that it was made for, weights included.
/// Errors: kCorruptData.
Result<void> ValidateCameraModel(const LoadedModel& model);

}  // namespace posenet::model

#endif  // POSENET_MODEL_CAMERA_MODEL_H_
