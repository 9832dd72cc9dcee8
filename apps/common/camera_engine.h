// SPDX-License-Identifier: Apache-2.0
// The options of everything that runs a camera model: localize, eval and serve.
#ifndef POSENET_COMMON_CAMERA_ENGINE_H_
#define POSENET_COMMON_CAMERA_ENGINE_H_

#include <filesystem>
#include <string>

#include "camera/camera_spec.h"
#include "camera/scene.h"
#include "model/model_spec.h"
#include "posenet/camera.h"
#include "posenet/model.h"

namespace CLI {
class App;
}

namespace posenet::app {

struct LocalizerOptions {
  std::string model;  ///< A name or a file.
  CameraLocalizerOptions localizer;
};

/// Adds --model and everything else that decides which pose is estimated. `options` must outlive parsing.
void AddLocalizerOptions(CLI::App& app, LocalizerOptions& options);

/// A model for camera poses.
struct CameraModel {
  std::filesystem::path file;
  Model model;
};

/// Loads the model that `options` name. Throws CommandError: kUsage if there is none, kFailure if it is damaged.
CameraModel LoadCameraModel(const LocalizerOptions& options);

/// The camera spec of `model`, which was read from `file`. Throws CommandError (kFailure) if it is damaged.
camera::CameraSpec CameraSpecOrThrow(const model::LoadedModel& model, const std::filesystem::path& file);

/// Prepares `model`. Throws CommandError: kUsage if it does not support `options`.
CameraLocalizer CreateLocalizer(const CameraModel& model, const CameraLocalizerOptions& options);

/// The units of the poses that `localizer` returns.
LengthUnit UnitsOf(const CameraLocalizer& localizer);

}  // namespace posenet::app

#endif  // POSENET_COMMON_CAMERA_ENGINE_H_
