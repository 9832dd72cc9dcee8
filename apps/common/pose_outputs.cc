// SPDX-License-Identifier: Apache-2.0
#include "common/pose_outputs.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/error.h"
#include "common/command_error.h"
#include "common/draw_targets.h"
#include "common/pose_csv.h"
#include "common/pose_json.h"
#include "human/openpose.h"
#include "media/draw.h"
#include "media/image_file.h"

namespace posenet::app {
namespace {

namespace fs = std::filesystem;

std::optional<TextOutput> OpenIfNamed(const std::string& path) {
  return path.empty() ? std::nullopt : std::optional(TextOutput::File(path));
}

}  // namespace

PoseOutputs::PoseOutputs(const HumanOptions& options, std::span<const Input> inputs, CocoIds coco_ids,
                         std::optional<TextOutput> json_lines)
    : options_(options), inputs_(inputs), coco_ids_(std::move(coco_ids)), json_lines_(std::move(json_lines)) {
  std::vector<fs::path> files;
  for (const std::string& name : {options.json, options.csv, options.coco_results}) {
    if (!name.empty()) files.push_back(fs::path(name).lexically_normal());
  }
  CheckDistinctOutputs(files);
  if (!options.draw.empty()) draw_targets_ = DrawTargets(options.draw, inputs);
  files.insert(files.end(), draw_targets_.begin(), draw_targets_.end());
  if (!files.empty()) CheckNoInputIsOverwritten(files, inputs);

  csv_ = OpenIfNamed(options.csv);
  coco_results_ = OpenIfNamed(options.coco_results);
  if (!options.openpose.empty()) {
    openpose_.emplace(options.openpose, "--openpose");
    openpose_names_ = NamesBelowFolder(inputs, human::openpose::kFileSuffix);
  }
  PrepareDrawing(draw_targets_);
  if (csv_) csv_->Write(kCsvHeader);
  if (coco_results_) coco_results_->Write("[");
}

Result<void> PoseOutputs::WritePoses(std::size_t index, const image::Image& image, std::span<const Pose> poses) {
  const ImageInfo info = {.name = inputs_[index].name, .width_px = image.width_px, .height_px = image.height_px};
  const float min_score = options_.min_keypoint_score;
  if (json_lines_) json_lines_->Write(PosesToJson(info, poses, min_score, options_.json_layout));
  if (csv_) csv_->Write(PosesToCsv(info, poses, min_score));
  if (coco_results_) WriteCocoResults(index, poses);
  if (openpose_) openpose_->Write(openpose_names_[index], human::openpose::PosesToJson(poses, {}, min_score));
  if (draw_targets_.empty()) return {};
  return Draw(index, image, poses);
}

void PoseOutputs::WriteError(std::size_t index, std::string_view message) {
  const std::string& name = inputs_[index].name;
  if (json_lines_) json_lines_->Write(ErrorToJson(name, message, options_.json_layout));
  if (csv_) csv_->Write(ErrorToCsv(name, message));
}

void PoseOutputs::Commit() {
  if (coco_results_) coco_results_->Write("\n]\n");
  for (std::optional<TextOutput>* output : {&json_lines_, &csv_, &coco_results_}) {
    if (*output) (*output)->Commit();
  }
  if (openpose_) openpose_->Commit();
}

void PoseOutputs::WriteCocoResults(std::size_t index, std::span<const Pose> poses) {
  for (const Pose& pose : poses) {
    const human::coco::Detection detection =
        human::coco::ToDetection(coco_ids_.image_ids[index], coco_ids_.category_id, pose);
    coco_results_->Write(base::StrCat(coco_results_empty_ ? "\n" : ",\n", human::coco::DetectionToJson(detection)));
    coco_results_empty_ = false;
  }
}

Result<void> PoseOutputs::Draw(std::size_t index, const image::Image& image, std::span<const Pose> poses) const {
  const fs::path& target = draw_targets_[index];
  std::error_code error;
  if (target.has_parent_path()) fs::create_directories(target.parent_path(), error);
  if (error) {
    return base::Fail(ErrorCode::kIo, base::Printable(target.parent_path().native()),
                      ": cannot create this folder: ", error.message());
  }
  // With --min-pose-score, `poses` are filtered already.
  std::vector<Pose> drawn(poses.begin(), poses.end());
  if (options_.min_pose_score == 0.0F) {
    std::erase_if(drawn, [](const Pose& pose) { return pose.score < kMinShownPoseScore; });
  }
  media::DrawOptions draw_options;
  if (options_.min_keypoint_score > 0.0F) draw_options.min_keypoint_score = options_.min_keypoint_score;
  if (options_.estimator.mirror == Mirror::kNone) {
    return media::WriteImageFile(target, media::DrawPoses(image, drawn, draw_options));
  }
  image::Image flipped = image;  // Positions are those of the mirrored image.
  image::FlipHorizontally(flipped);
  return media::WriteImageFile(target, media::DrawPoses(flipped, drawn, draw_options));
}

}  // namespace posenet::app
