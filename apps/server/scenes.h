// SPDX-License-Identifier: Apache-2.0
// The places in which the server finds cameras.
#ifndef POSENET_SERVER_SCENES_H_
#define POSENET_SERVER_SCENES_H_

#include <string>
#include <string_view>
#include <vector>

#include "camera/scene.h"
#include "posenet/camera.h"
#include "posenet/model.h"

namespace posenet::server {

/// A model that knows one place.
struct Scene {
  std::string name;  ///< What requests call it: the name of its file, without its ending.
  ModelInfo model;
  LengthUnit units;
  CameraLocalizer localizer;
};

/// Loads the models that `names_or_files` mean. Throws CommandError: kUsage when there is none, two have one name, or a
/// model is for something else; kFailure when one is damaged.
std::vector<Scene> LoadScenes(const std::vector<std::string>& names_or_files, const CameraLocalizerOptions& options);

/// The scene of that name, the only one where `name` is empty, or null.
const Scene* FindScene(const std::vector<Scene>& scenes, std::string_view name);

}  // namespace posenet::server

#endif  // POSENET_SERVER_SCENES_H_
