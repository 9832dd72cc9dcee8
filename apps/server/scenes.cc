// SPDX-License-Identifier: Apache-2.0
#include "scenes.h"

#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "camera_engine.h"
#include "command_error.h"

namespace posenet::server {

std::vector<Scene> LoadScenes(const std::vector<std::string>& names_or_files, const CameraLocalizerOptions& options) {
  std::vector<Scene> scenes;
  for (const std::string& name_or_file : names_or_files) {
    const cli::CameraModel model = cli::LoadCameraModel({.model = name_or_file, .localizer = options});
    std::string name = model.file.stem().native();
    if (std::ranges::find(scenes, name, &Scene::name) != scenes.end()) {
      throw cli::UsageError(StrCat("--scene: two models are called '", Printable(name),
                                   "'; expected files of different names, as requests call scenes by them"));
    }
    CameraLocalizer localizer = cli::CreateLocalizer(model, options);
    const camera::Units units = cli::UnitsOf(localizer);
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
