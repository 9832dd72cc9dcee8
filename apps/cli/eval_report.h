// SPDX-License-Identifier: Apache-2.0
// What an evaluation says.
#ifndef POSENET_CLI_EVAL_REPORT_H_
#define POSENET_CLI_EVAL_REPORT_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "common/pose_json.h"
#include "human/coco.h"
#include "posenet/human.h"
#include "posenet/model.h"

namespace posenet::cli {

/// How long one image took.
struct Timing {
  double median_ms = 0.0;
  double mean_ms = 0.0;
};

/// Of `samples_ms`; nothing for no samples.
std::optional<Timing> Summarize(std::span<const double> samples_ms);

/// What made the detections.
struct EstimatorSettings {
  ModelInfo model;
  PoseEstimatorOptions options;  ///< As in force: PoseEstimator::options().
  float min_pose_score = 0.0F;
};

/// How the figures came to be; without this they cannot be compared with others.
struct Protocol {
  std::optional<EstimatorSettings> estimator;  ///< Nothing when the detections came from `detections_file`.
  std::string detections_file;
  std::size_t image_count = 0;
  std::size_t person_count = 0;  ///< Labelled with at least one keypoint, and no crowd.
  std::optional<Timing> timing;
};

/// The ten figures as COCO's own tools print them, with four decimals, then the protocol and the time.
std::string FormatEvalTable(const human::coco::Summary& summary, const Protocol& protocol);

/// The same as one JSON object and a line end.
std::string FormatEvalJson(const human::coco::Summary& summary, const Protocol& protocol, app::JsonLayout layout);

}  // namespace posenet::cli

#endif  // POSENET_CLI_EVAL_REPORT_H_
