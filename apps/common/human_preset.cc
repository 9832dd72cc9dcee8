// SPDX-License-Identifier: Apache-2.0
#include "common/human_preset.h"

#include <CLI/CLI.hpp>

#include "base/strings.h"
#include "common/command_error.h"
#include "common/human_options.h"
#include "common/option_checks.h"

namespace posenet::app {
namespace {

// Sets `given`, the value of `option`, to that of the preset, with which it must agree.
template <typename T, typename NameOf>
void Require(const char* option, Preset preset, const T& required, std::optional<T>& given, NameOf name_of) {
  if (given && *given != required) {
    throw UsageError(base::StrCat(option, " ", name_of(*given), " contradicts --preset ", PresetName(preset),
                                  ", which needs ", name_of(required)));
  }
  given = required;
}

template <typename T>
void Default(const std::optional<T>& value, std::optional<T>& given) {
  if (!given) given = value;
}

}  // namespace

std::string_view PresetName(Preset preset) {
  switch (preset) {
    case Preset::kTfjs:
      return "tfjs";
  }
  return "";
}

std::optional<Preset> PresetOf(std::string_view name) {
  return name == PresetName(Preset::kTfjs) ? std::optional(Preset::kTfjs) : std::nullopt;
}

std::string_view DefaultModel(std::optional<Preset> preset) {
  return preset == Preset::kTfjs ? "mobilenet100-tfjs" : "mobilenet100";
}

CLI::Option* AddPreset(CLI::App& app, std::optional<Preset>& target) {
  return AddName(
      app, "--preset", "tfjs",
      "Set of defaults. tfjs reproduces TensorFlow.js PoseNet: --model mobilenet100-tfjs, --decoder tfjs, "
      "--max-poses 5, --score-threshold 0.5, --nms-radius 20, --precision fp32, --fit pad and --resample "
      "bilinear. Another --decoder, --precision, --fit or --resample, and --refine, are errors; other options "
      "override it. [none]",
      [&target](const std::string& name) { return (target = PresetOf(name)).has_value(); });
}

Precision PrecisionFor(std::optional<Preset> preset, std::optional<Precision> given) {
  if (!preset) return given.value_or(Precision::kAuto);
  Require("--precision", *preset, TfjsPreset().precision, given, PrecisionName);
  return *given;
}

HumanOptions WithDefaults(HumanOptions options) {
  if (options.model.empty()) options.model = DefaultModel(options.preset);
  options.precision = PrecisionFor(options.preset, options.precision);
  if (!options.preset) return options;
  if (!options.refine.refine.empty() || !options.refine.proposals.empty()) {
    throw UsageError(base::StrCat("--refine and --proposals contradict --preset ", PresetName(*options.preset),
                                  ", which does not refine poses"));
  }
  const PoseEstimatorOptions tfjs = TfjsPreset();
  PoseEstimatorOptions& given = options.estimator;
  Require("--fit", *options.preset, *tfjs.fit, given.fit, FitName);
  Require("--resample", *options.preset, *tfjs.resampling, given.resampling, ResamplingName);
  // TensorFlow.js has a decoder for one person, too.
  if (given.decoder != PoseDecoder::kTfjsSingle) {
    Require("--decoder", *options.preset, *tfjs.decoder, given.decoder, DecoderName);
  }
  Default(tfjs.multi.max_poses, given.multi.max_poses);
  Default(tfjs.multi.score_threshold, given.multi.score_threshold);
  Default(tfjs.multi.nms_radius_px, given.multi.nms_radius_px);
  return options;
}

}  // namespace posenet::app
