// SPDX-License-Identifier: Apache-2.0
// Output files of camera poses: JSON lines, CSV and a pose list.
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

/// Files to write; none if empty, except for JSON lines, which then go to standard output.
struct CameraOutputOptions {
  std::string json;
  std::string csv;
  std::string poses;
  app::JsonLayout json_layout = app::JsonLayout::kLine;
};

/// Throws CommandError (kUsage) if one of `names` contains white space, which pose lists cannot represent.
void CheckPoseNames(std::span<const std::string> names);

class CameraOutputs {
 public:
  /// Opens the files. `options` and `inputs` must outlive this. Throws CommandError if one cannot be written.
  CameraOutputs(const CameraOutputOptions& options, std::span<const app::Input> inputs, LengthUnit units);

  /// Writes the estimate of input `index`. Throws CommandError if that fails.
  void WritePose(std::size_t index, const image::Image& image, const CameraEstimate& estimate, double milliseconds);
  /// Writes the error of input `index`; pose lists leave it out.
  void WriteError(std::size_t index, std::string_view message);

  /// Completes all files; without it none of them is created. Throws CommandError.
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
