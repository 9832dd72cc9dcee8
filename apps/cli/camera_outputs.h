// SPDX-License-Identifier: Apache-2.0
// Everything that is written about the camera poses of a run: JSON lines, CSV and a list of poses.
#ifndef POSENET_CLI_CAMERA_OUTPUTS_H_
#define POSENET_CLI_CAMERA_OUTPUTS_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "camera/pose_file.h"
#include "camera/scene.h"
#include "common/inputs.h"
#include "common/pose_json.h"
#include "common/text_output.h"
#include "image/image.h"
#include "posenet/camera.h"

namespace posenet::cli {

/// Where to write; empty means not at all, but for JSON lines, which then go to standard output.
struct CameraOutputOptions {
  std::string json;
  std::string csv;
  std::string poses;
  app::JsonLayout json_layout = app::JsonLayout::kLine;
};

/// Throws CommandError (kUsage) when one of `names`, which are to be in a list of poses, has a space in it: the list
/// could not be read.
void CheckPoseNames(std::span<const std::string> names);

class CameraOutputs {
 public:
  /// Opens what `options` ask for. `options` and `inputs` must outlive this. Throws CommandError when something cannot
  /// be written.
  CameraOutputs(const CameraOutputOptions& options, std::span<const app::Input> inputs, LengthUnit units);

  /// Answers input `index`. Throws CommandError when that cannot be written.
  void WritePose(std::size_t index, const image::Image& image, const CameraEstimate& estimate, double milliseconds);
  /// Answers input `index`, which failed. Lists of poses leave it out.
  void WriteError(std::size_t index, std::string_view message);

  /// Completes all files; without it none of them appears. Throws CommandError.
  void Commit();

 private:
  const CameraOutputOptions& options_;
  std::span<const app::Input> inputs_;
  LengthUnit units_;
  std::optional<app::TextOutput> json_;
  std::optional<app::TextOutput> csv_;
  std::optional<app::TextOutput> poses_;
};

}  // namespace posenet::cli

#endif  // POSENET_CLI_CAMERA_OUTPUTS_H_
