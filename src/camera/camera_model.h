// SPDX-License-Identifier: Apache-2.0
// What makes a model one for camera poses.
#ifndef POSENET_CAMERA_CAMERA_MODEL_H_
#define POSENET_CAMERA_CAMERA_MODEL_H_

#include "camera/camera_spec.h"
#include "model/model_spec.h"
#include "nn/graph/network.h"
#include "posenet/result.h"

namespace posenet::camera {

/// Makes `spec` that of a camera model: its task, its section of the model file, and how photos become the input.
void SetCameraSpec(const CameraSpec& camera, model::ModelSpec& spec);

/// The CameraSpec of a model that passed model::ValidateModel, which knows nothing of cameras: checks here that the
/// spec's numbers are in their ranges and that the network has the outputs that it promises.
/// Errors: kUnsupported for a model of another task; kCorruptData.
Result<CameraSpec> CameraSpecOf(const model::LoadedModel& model);

/// Whether a camera network outputs features, by which photos can be retrieved.
bool HasFeatures(const nn::Network& network);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_CAMERA_MODEL_H_
