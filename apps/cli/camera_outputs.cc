// SPDX-License-Identifier: Apache-2.0
#include "camera_outputs.h"

#include <filesystem>

#include "base/strings.h"
#include "camera_answers.h"
#include "camera_engine.h"
#include "command_error.h"
#include "draw_targets.h"

namespace posenet::cli {

void CheckPoseNames(std::span<const std::string> names) {
  for (const std::string& name : names) {
    if (name.find_first_of(" \t\r\n") == std::string::npos) continue;
    throw UsageError(StrCat(Printable(name, 400),
                            ": has a space in its name, expected none: a list of poses (--poses) "
                            "separates names from numbers by spaces"));
  }
}

CameraOutputs::CameraOutputs(const CameraOutputOptions& options, std::span<const Input> inputs, camera::Units units)
    : options_(options), inputs_(inputs), units_(units) {
  std::vector<std::filesystem::path> files;
  for (const std::string& name : {options.json, options.csv, options.poses}) {
    if (!name.empty()) files.push_back(std::filesystem::path(name).lexically_normal());
  }
  CheckDistinctOutputs(files);
  if (!files.empty()) CheckNoInputIsOverwritten(files, inputs);
  if (!options.poses.empty()) {
    std::vector<std::string> names;
    for (const Input& input : inputs) names.push_back(input.name);
    CheckPoseNames(names);
  }
  json_ = options.json.empty() ? TextOutput::StandardOutput() : TextOutput::File(options.json);
  if (!options.csv.empty()) csv_ = TextOutput::File(options.csv);
  if (!options.poses.empty()) poses_ = TextOutput::File(options.poses);
  if (csv_) csv_->Write(kCameraCsvHeader);
}

void CameraOutputs::WritePose(std::size_t index, const Image& image, const CameraEstimate& estimate,
                              double milliseconds) {
  const PictureHeader picture = {.name = inputs_[index].name, .width_px = image.width_px, .height_px = image.height_px};
  json_->Write(CameraPoseToJson(picture, estimate, units_, milliseconds, options_.json_layout));
  if (csv_) csv_->Write(CameraPoseToCsv(picture, estimate));
  if (poses_) {
    poses_->Write(camera::FormatPoseList(
        {{.name = inputs_[index].name, .time_s = std::nullopt, .world_from_cam = ToRigidPose(estimate.pose)}}));
  }
}

void CameraOutputs::WriteError(std::size_t index, std::string_view message) {
  json_->Write(ErrorToJson(inputs_[index].name, message, options_.json_layout));
  if (csv_) csv_->Write(CameraErrorToCsv(inputs_[index].name, message));
}

void CameraOutputs::Commit() {
  for (std::optional<TextOutput>* output : {&json_, &csv_, &poses_}) {
    if (*output) (*output)->Commit();
  }
}

}  // namespace posenet::cli
