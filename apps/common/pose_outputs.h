// SPDX-License-Identifier: Apache-2.0
// The outputs of a run over images: JSON lines, CSV, COCO results, OpenPose files and drawings.
#ifndef POSENET_COMMON_POSE_OUTPUTS_H_
#define POSENET_COMMON_POSE_OUTPUTS_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "common/human_options.h"
#include "common/inputs.h"
#include "common/new_folder.h"
#include "common/text_output.h"
#include "human/coco.h"
#include "image/image.h"
#include "posenet/pose.h"

namespace posenet::app {

/// What identifies images and persons in COCO results.
struct CocoIds {
  std::vector<std::int64_t> image_ids;  ///< One for each input.
  std::int64_t category_id = human::coco::kPersonCategoryId;
};

class PoseOutputs {
 public:
  /// Opens the outputs that `options` name, except --json: JSON lines are written to `json_lines`, if any. `options`
  /// and `inputs` must outlive this. Throws CommandError if an output cannot be written.
  PoseOutputs(const HumanOptions& options, std::span<const Input> inputs, CocoIds coco_ids,
              std::optional<TextOutput> json_lines);

  /// Writes the poses in input `index`. Throws CommandError if a file cannot be written. Errors: the drawing of this
  /// input could not be written; the others may be.
  Result<void> WritePoses(std::size_t index, const image::Image& image, std::span<const Pose> poses);

  /// Writes that input `index` failed, and why.
  void WriteError(std::size_t index, std::string_view message);

  /// Completes all files, which do not appear without it, except drawings. Throws CommandError.
  void Commit();

 private:
  void WriteCocoResults(std::size_t index, std::span<const Pose> poses);
  Result<void> Draw(std::size_t index, const image::Image& image, std::span<const Pose> poses) const;

  const HumanOptions& options_;
  std::span<const Input> inputs_;
  CocoIds coco_ids_;
  std::vector<std::filesystem::path> openpose_names_;  // One for each input, or empty.
  std::vector<std::filesystem::path> draw_targets_;    // The same.
  std::optional<TextOutput> json_lines_;
  std::optional<TextOutput> csv_;
  std::optional<TextOutput> coco_results_;
  bool coco_results_empty_ = true;
  std::optional<NewFolder> openpose_;
};

}  // namespace posenet::app

#endif  // POSENET_COMMON_POSE_OUTPUTS_H_
