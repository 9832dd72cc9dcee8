// SPDX-License-Identifier: Apache-2.0
#include "cli/camera_outputs.h"

#include <filesystem>

#include "base/strings.h"
#include "camera/network_pose.h"
#include "common/camera_engine.h"
#include "common/camera_json.h"
#include "common/command_error.h"
#include "common/draw_targets.h"

namespace posenet::cli {

void CheckPoseNames(std::span<const std::string> names) {
  for (const std::string& name : names) {
    if (name.find_first_of(" \t\r\n") == std::string::npos) continue;
    throw app::UsageError(base::StrCat(base::Printable(name, 400),
                                       ": has a space in its name, which a pose list (--poses) cannot represent"));
  }
}

CameraOutputs::CameraOutputs(const CameraOutputOptions& options, std::span<const app::Input> inputs, LengthUnit units)
    : options_(options), inputs_(inputs), units_(units) {
  std::vector<std::filesystem::path> files;
  for (const std::string& name : {options.json, options.csv, options.poses}) {
    if (!name.empty()) files.push_back(std::filesystem::path(name).lexically_normal());
  }
  app::CheckDistinctOutputs(files);
  if (!files.empty()) app::CheckNoInputIsOverwritten(files, inputs);
  if (!options.poses.empty()) {
    std::vector<std::string> names;
    for (const app::Input& input : inputs) names.push_back(input.name);
    CheckPoseNames(names);
  }
  json_ = options.json.empty() ? app::TextOutput::StandardOutput() : app::TextOutput::File(options.json);
  if (!options.csv.empty()) csv_ = app::TextOutput::File(options.csv);
  if (!options.poses.empty()) poses_ = app::TextOutput::File(options.poses);
  if (csv_) csv_->Write(app::kCameraCsvHeader);
}

void CameraOutputs::WritePose(std::size_t index, const image::Image& image, const CameraEstimate& estimate,
                              double milliseconds) {
  const app::ImageInfo info = {.name = inputs_[index].name, .width_px = image.width_px, .height_px = image.height_px};
  json_->Write(app::CameraPoseToJson(info, estimate, units_, milliseconds, options_.json_layout));
  if (csv_) csv_->Write(app::CameraPoseToCsv(info, estimate));
  if (poses_) {
    poses_->Write(camera::FormatPoseList(
        {{.name = inputs_[index].name, .time_s = std::nullopt, .world_from_cam = camera::RigidPoseOf(estimate.pose)}}));
  }
}

void CameraOutputs::WriteError(std::size_t index, std::string_view message) {
  json_->Write(app::ErrorToJson(inputs_[index].name, message, options_.json_layout));
  if (csv_) csv_->Write(app::CameraErrorToCsv(inputs_[index].name, message));
}

void CameraOutputs::Commit() {
  for (std::optional<app::TextOutput>* output : {&json_, &csv_, &poses_}) {
    if (*output) (*output)->Commit();
  }
}

}  // namespace posenet::cli
