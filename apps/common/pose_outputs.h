// SPDX-License-Identifier: Apache-2.0
// Everything that is written about the poses of a run: JSON lines, CSV, COCO results and drawings.
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
#include "common/text_output.h"
#include "image/image.h"
#include "posenet/pose.h"

namespace posenet::app {

class PoseOutputs {
 public:
  /// Opens what `options` ask for, except --json: poses go to `json_lines`, if any. `options` and `inputs` must outlive
  /// this; `image_ids` are the inputs' for COCO results. Throws CommandError when something cannot be written.
  PoseOutputs(const HumanOptions& options, std::span<const Input> inputs, std::vector<std::int64_t> image_ids,
              std::optional<TextOutput> json_lines);

  /// Answers input `index`. Throws CommandError when that cannot be written; a drawing that cannot be written is an
  /// error of this one input, which is returned.
  Result<void> WritePoses(std::size_t index, const image::Image& image, std::span<const Pose> poses);

  /// Answers input `index`, which failed.
  void WriteError(std::size_t index, std::string_view message);

  /// Completes all files; without it none of them appears. Throws CommandError.
  void Commit();

 private:
  void WriteCocoResults(std::size_t index, std::span<const Pose> poses);
  Result<void> Draw(std::size_t index, const image::Image& image, std::span<const Pose> poses) const;

  const HumanOptions& options_;
  std::span<const Input> inputs_;
  std::vector<std::int64_t> image_ids_;
  std::vector<std::filesystem::path> draw_targets_;  // One an input, or none.
  std::optional<TextOutput> json_lines_;
  std::optional<TextOutput> csv_;
  std::optional<TextOutput> coco_results_;
  bool coco_results_empty_ = true;
};

}  // namespace posenet::app

#endif  // POSENET_COMMON_POSE_OUTPUTS_H_
