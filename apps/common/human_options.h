// SPDX-License-Identifier: Apache-2.0
// The options of everything that runs a human pose model: estimate, eval, video and serve.
#ifndef POSENET_COMMON_HUMAN_OPTIONS_H_
#define POSENET_COMMON_HUMAN_OPTIONS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/human_preset.h"
#include "common/pose_json.h"
#include "common/refine_options.h"
#include "posenet/human.h"
#include "posenet/model.h"

namespace CLI {
class App;
}

namespace posenet::app {

/// Default of --min-pose-score for drawings and tracking. Poses that score less are mostly false detections, or
/// duplicates, which TensorFlow.js' decoder returns.
inline constexpr float kMinShownPoseScore = 0.15F;

struct HumanOptions {
  std::optional<Preset> preset = {};
  std::string model = {};                   ///< A name or a file. Empty: DefaultModel(preset).
  std::optional<Precision> precision = {};  ///< Takes the place of the estimator's. No value: kAuto, or the preset's.
  PoseEstimatorOptions estimator = {};      ///< As given. What is in effect is Engine::estimator's.
  RefineOptions refine = {};
  bool verbose = false;             ///< Whether CreateEngine prints what it runs.
  float min_pose_score = 0.0F;      ///< Poses that score less are left out of all outputs.
  float min_keypoint_score = 0.0F;  ///< Keypoints that score less are left out of JSON lines, CSV and drawings.
  JsonLayout json_layout = JsonLayout::kLine;
  // Output files; empty means none.
  std::string json = {};
  std::string csv = {};
  std::string coco_results = {};
  std::string openpose = {};  ///< A folder.
  std::string draw = {};
};

/// Adds --model, --size and everything else that decides which poses are found. `options` must outlive parsing. Returns
/// the names of the options.
std::vector<std::string> AddEstimatorOptions(CLI::App& app, HumanOptions& options);

/// For the callback of `app`, unless its decoder may change later: throws CommandError (kUsage) if --single makes
/// another option useless.
void CheckSingleOptions(const CLI::App& app);

/// Adds --json, --csv, --coco-results, --openpose, --draw and --pretty; `json_description` is the help of --json.
void AddOutputOptions(CLI::App& app, const std::string& json_description, HumanOptions& options);

/// A model that is ready to run.
struct Engine {
  ModelInfo model;
  PoseEstimator estimator;
  /// The decoder in effect without --single. Of a model for one person, that is for one person, too.
  PoseDecoder decoder_for_several = PoseDecoder::kHough;
};

/// Loads the model that `options` name, in the variant for their precision, and prepares it. Throws CommandError:
/// kUsage if there is no such model, it does not support the options or makes one useless, or they contradict their
/// preset; kFailure if it is damaged.
Engine CreateEngine(const HumanOptions& options);

/// The value of --precision for `precision`.
std::string_view PrecisionName(Precision precision);

/// The precision for that value of --precision.
std::optional<Precision> PrecisionOf(std::string_view name);

/// The values of --fit and --resample.
std::string_view FitName(ImageFit fit);
std::string_view ResamplingName(Resampling resampling);

/// The value of --decoder for `decoder`; "tfjs single" for --single; "movenet" or "movenet single" for a MoveNet.
std::string_view DecoderName(PoseDecoder decoder);

/// Whether `decoder` returns several poses, and so obeys max_poses and score_threshold.
bool DetectsSeveral(PoseDecoder decoder);

/// The decoder that --single means for a model whose own is `decoder`.
PoseDecoder SingleDecoderFor(PoseDecoder decoder);

/// Whether `decoder` obeys nms_radius_px.
bool HasNmsRadius(PoseDecoder decoder);

/// "hough, max poses 20, score threshold 0.1, NMS radius 10 px": the decoder with the options that it obeys.
std::string DescribeDecoder(PoseDecoder decoder, const MultiPoseOptions& options);

/// The multi-person decoder for that value of --decoder.
std::optional<PoseDecoder> DecoderOf(std::string_view name);

/// The values of --decoder, for messages.
inline constexpr std::string_view kDecoderNames = "hough, tfjs or coral";

}  // namespace posenet::app

#endif  // POSENET_COMMON_HUMAN_OPTIONS_H_
