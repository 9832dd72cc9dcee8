// SPDX-License-Identifier: Apache-2.0
// The scenes in which the server localizes images.
#ifndef POSENET_SERVER_SCENES_H_
#define POSENET_SERVER_SCENES_H_

#include <string>
#include <string_view>
#include <vector>

#include "camera/scene.h"
#include "posenet/camera.h"
#include "posenet/model.h"

namespace posenet::server {

/// A camera model, loaded.
struct Scene {
  std::string name;  ///< Used in requests: the file name without its extension.
  ModelInfo model;
  LengthUnit units;
  CameraLocalizer localizer;
};

/// Loads models by name or file. Throws CommandError: kUsage if a model is missing or not a camera model, or two
/// have the same name; kFailure if one is damaged.
std::vector<Scene> LoadScenes(const std::vector<std::string>& names_or_files, const CameraLocalizerOptions& options);

/// The scene called `name`, the only scene if `name` is empty, or null.
const Scene* FindScene(const std::vector<Scene>& scenes, std::string_view name);

}  // namespace posenet::server

#endif  // POSENET_SERVER_SCENES_H_
