// SPDX-License-Identifier: Apache-2.0
// Results of a COCO evaluation as text and JSON.
#ifndef POSENET_CLI_EVAL_REPORT_H_
#define POSENET_CLI_EVAL_REPORT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/pose_json.h"
#include "human/coco.h"
#include "posenet/human.h"
#include "posenet/model.h"

namespace posenet::cli {

/// Time per image.
struct Timing {
  double median_ms = 0.0;
  double mean_ms = 0.0;
};

/// Median and mean of `samples_ms`; nothing for no samples.
std::optional<Timing> SummarizeTimes(const std::vector<double>& samples_ms);

/// The estimator that made the detections.
struct EstimatorSettings {
  ModelInfo model;
  PoseEstimatorOptions options;  ///< As in force: PoseEstimator::options().
  float min_pose_score = 0.0F;
  std::string refine = {};     ///< The value of --refine; empty means none, as for the next.
  std::string proposals = {};  ///< The value of --proposals.
};

/// How the numbers were obtained, without which they cannot be compared with others.
struct Protocol {
  std::optional<EstimatorSettings> estimator;  ///< Nothing when the detections came from `detections_file`.
  std::string detections_file;
  std::size_t image_count = 0;
  std::size_t person_count = 0;  ///< With at least one labeled keypoint; crowds are excluded.
  std::optional<Timing> timing;
};

/// The ten metrics as printed by COCO's own tools, with four decimals, then the protocol and the time.
std::string FormatEvalTable(const human::coco::Summary& summary, const Protocol& protocol);

/// The same as one JSON object and a line end.
std::string FormatEvalJson(const human::coco::Summary& summary, const Protocol& protocol, app::JsonLayout layout);

}  // namespace posenet::cli

#endif  // POSENET_CLI_EVAL_REPORT_H_
