// SPDX-License-Identifier: Apache-2.0
// The options of commands that read scenes.
#ifndef POSENET_COMMON_CAMERA_OPTIONS_H_
#define POSENET_COMMON_CAMERA_OPTIONS_H_

#include <optional>
#include <string>

#include "camera/scene_reader.h"

namespace CLI {
class App;
}

namespace posenet::app {

/// Which scene, and how to read it.
struct SceneOptions {
  std::string data;
  std::optional<camera::SceneFormat> format;
  std::optional<float> holdout;
};

/// Adds DATA, --format and --holdout; `options` must outlive parsing.
void AddSceneOptions(CLI::App& app, SceneOptions& options);
/// Adds the two options only, for commands that name DATA differently.
void AddSceneReaderOptions(CLI::App& app, SceneOptions& options);

/// Reads the scene. Throws CommandError: kUsage if the path does not exist or no format is recognized; kFailure if the
/// data is damaged.
camera::Scene ReadSceneOrThrow(const SceneOptions& options, camera::Photos photos);

/// A summary of the formats, for the end of help texts.
extern const char* const kSceneFormatsHelp;

}  // namespace posenet::app

#endif  // POSENET_COMMON_CAMERA_OPTIONS_H_
