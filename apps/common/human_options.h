// SPDX-License-Identifier: Apache-2.0
// The options that `posenet human estimate` and `posenet human eval` share.
#ifndef POSENET_COMMON_HUMAN_OPTIONS_H_
#define POSENET_COMMON_HUMAN_OPTIONS_H_

#include <optional>
#include <string>
#include <string_view>

#include "common/pose_json.h"
#include "posenet/human.h"
#include "posenet/model.h"

namespace CLI {
class App;
}

namespace posenet::app {

/// Weaker poses are the decoder's second guesses, which answers keep for TensorFlow.js' sake. In a drawing they are
/// clutter, and in a video they come and go, each a person of its own: left out there unless --min-pose-score says.
inline constexpr float kMinShownPoseScore = 0.15F;

struct HumanOptions {
  std::string model = "mobilenet100";  ///< A name or a file.
  PoseEstimatorOptions estimator = {.precision = Precision::kFloat32};
  float min_pose_score = 0.0F;      ///< Weaker poses are left out of all answers.
  float min_keypoint_score = 0.0F;  ///< Weaker keypoints are left out of JSON lines, CSV and drawings.
  JsonLayout json_layout = JsonLayout::kLine;
  // Where to write; empty means not at all.
  std::string json;
  std::string csv;
  std::string coco_results;
  std::string draw;
};

/// Adds --model, --size and whatever else decides what is found. `options` must outlive parsing.
void AddEstimatorOptions(CLI::App& app, HumanOptions& options);

/// Adds --csv, --coco-results, --draw and --pretty; `json_description` is the help of --json, which differs.
void AddOutputOptions(CLI::App& app, const std::string& json_description, HumanOptions& options);

/// A model made ready.
struct Engine {
  ModelInfo model;
  PoseEstimator estimator;
};

/// Loads the model that `options` name and prepares it. Throws CommandError: kUsage when there is no such model or it
/// cannot do what the options ask for, kFailure when it is damaged.
Engine CreateEngine(const HumanOptions& options);

/// The name that --precision gives to `precision`.
std::string_view PrecisionName(Precision precision);

/// The precision of that name.
std::optional<Precision> PrecisionOf(std::string_view name);

/// The names that --fit and --resample give.
std::string_view FitName(ImageFit fit);
std::string_view ResamplingName(Resampling resampling);

/// The name that --decoder (or --single) gives to `decoder`.
std::string_view DecoderName(PoseDecoder decoder);

}  // namespace posenet::app

#endif  // POSENET_COMMON_HUMAN_OPTIONS_H_
