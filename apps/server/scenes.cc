// SPDX-License-Identifier: Apache-2.0
#include "server/scenes.h"

#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "common/camera_engine.h"
#include "common/command_error.h"

namespace posenet::server {

std::vector<Scene> LoadScenes(const std::vector<std::string>& names_or_files, const CameraLocalizerOptions& options) {
  std::vector<Scene> scenes;
  for (const std::string& name_or_file : names_or_files) {
    const app::CameraModel model = app::LoadCameraModel({.model = name_or_file, .localizer = options});
    std::string name = model.file.stem().native();
    if (std::ranges::find(scenes, name, &Scene::name) != scenes.end()) {
      throw app::UsageError(base::StrCat("--scene: two models are called '", base::Printable(name),
                                         "'; requests need distinct file names to choose between them"));
    }
    CameraLocalizer localizer = app::CreateLocalizer(model, options);
    const LengthUnit units = app::UnitsOf(localizer);
    scenes.push_back(
        {.name = std::move(name), .model = model.model.info(), .units = units, .localizer = std::move(localizer)});
  }
  return scenes;
}

const Scene* FindScene(const std::vector<Scene>& scenes, std::string_view name) {
  if (name.empty() && scenes.size() == 1) return &scenes.front();
  const auto found = std::ranges::find(scenes, name, &Scene::name);
  return found == scenes.end() ? nullptr : &*found;
}

}  // namespace posenet::server
