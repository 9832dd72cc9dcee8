// SPDX-License-Identifier: Apache-2.0
#include "server/human_query.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/error.h"
#include "common/human_options.h"
#include "common/numbers.h"
#include "posenet/decode.h"

namespace posenet::server {
namespace {

// `apply` returns what was expected if the value is invalid, otherwise an empty text.
struct HumanParameter {
  std::string_view name;
  bool for_streams_only;
  std::string_view (*apply)(const std::string& value, HumanRequest& request);
};

std::optional<bool> ParseSwitch(const std::string& value) {
  if (value.empty() || value == "1" || value == "true") return true;
  if (value == "0" || value == "false") return false;
  return std::nullopt;
}

std::string_view ApplyScore(const std::string& value, float& target) {
  const std::optional<float> score = app::ParseFloat(value);
  if (!score || *score < 0.0F || *score > 1.0F) return "a number from 0 to 1";
  target = *score;
  return {};
}

std::string_view ApplySwitch(const std::string& value, bool& target) {
  const std::optional<bool> on = ParseSwitch(value);
  if (!on) return "true or false";
  target = *on;
  return {};
}

std::string_view ApplySingle(const std::string& value, HumanRequest& request) {
  bool is_single = false;
  const std::string_view expected = ApplySwitch(value, is_single);
  request.single = is_single;
  return expected;
}

std::string_view ApplyDecoder(const std::string& value, HumanRequest& request) {
  const std::optional<PoseDecoder> decoder = app::DecoderOf(value);
  if (!decoder) return app::kDecoderNames;
  request.decode.decoder = decoder;
  return {};
}

std::string_view ApplyMaxPoses(const std::string& value, HumanRequest& request) {
  const std::optional<int> count = app::ParseInt(value);
  if (!count || *count < 1 || *count > kMaxPoses) return "a whole number from 1 to 10000";
  request.decode.multi.max_poses = *count;
  return {};
}

std::string_view ApplyNmsRadius(const std::string& value, HumanRequest& request) {
  const std::optional<float> radius_px = app::ParseFloat(value);
  if (!radius_px || *radius_px <= 0.0F) return "a number above 0";
  request.decode.multi.nms_radius_px = *radius_px;
  return {};
}

std::string_view ApplyMirror(const std::string& value, HumanRequest& request) {
  bool on = false;
  const std::string_view expected = ApplySwitch(value, on);
  request.decode.mirror = on ? Mirror::kHorizontal : Mirror::kNone;
  return expected;
}

std::string_view ApplyScoreThreshold(const std::string& value, HumanRequest& request) {
  float threshold = 0.0F;
  const std::string_view expected = ApplyScore(value, threshold);
  request.decode.multi.score_threshold = threshold;
  return expected;
}

constexpr std::array kParameters = {
    HumanParameter{"single", false, ApplySingle},
    HumanParameter{"decoder", false, ApplyDecoder},
    HumanParameter{"max-poses", false, ApplyMaxPoses},
    HumanParameter{"score-threshold", false, ApplyScoreThreshold},
    HumanParameter{"nms-radius", false, ApplyNmsRadius},
    HumanParameter{
        "min-pose-score", false,
        [](const std::string& value, HumanRequest& request) { return ApplyScore(value, request.min_pose_score); }},
    HumanParameter{
        "min-keypoint-score", false,
        [](const std::string& value, HumanRequest& request) { return ApplyScore(value, request.min_keypoint_score); }},
    HumanParameter{"mirror", false, ApplyMirror},
    HumanParameter{"track", true,
                   [](const std::string& value, HumanRequest& request) { return ApplySwitch(value, request.track); }},
    HumanParameter{"smooth", true,
                   [](const std::string& value, HumanRequest& request) { return ApplySwitch(value, request.smooth); }},
};

bool IsFor(const HumanParameter& parameter, HumanInput input) {
  return !parameter.for_streams_only || input == HumanInput::kStream;
}

std::string NameList(HumanInput input) {
  std::string names;
  for (const std::string_view name : HumanParameterNames(input)) {
    if (!names.empty()) names += ", ";
    names += name;
  }
  return names;
}

bool Has(std::span<const QueryParameter> query, std::string_view name) {
  return std::ranges::any_of(query, [&](const QueryParameter& parameter) { return parameter.name == name; });
}

/// The decoder of `request`; no value for the estimator's own.
std::optional<PoseDecoder> DecoderFor(const HumanRequest& request, const EstimatorTraits& estimator) {
  if (!request.single) return request.decode.decoder;
  return *request.single ? app::SingleDecoderFor(estimator.decoder_for_several) : estimator.decoder_for_several;
}

/// Errors: kInvalidArgument for a parameter in `query` that `decoder` does not obey.
Result<void> CheckParametersHaveEffect(std::span<const QueryParameter> query, PoseDecoder decoder) {
  const auto check = [&](std::string_view name, bool has_effect) -> Result<void> {
    if (has_effect || !Has(query, name)) return {};
    return base::Fail(ErrorCode::kInvalidArgument, name, " has no effect with the decoder ", app::DecoderName(decoder));
  };
  POSENET_RETURN_IF_ERROR(check("max-poses", app::DetectsSeveral(decoder)));
  POSENET_RETURN_IF_ERROR(check("score-threshold", app::DetectsSeveral(decoder)));
  return check("nms-radius", app::HasNmsRadius(decoder));
}

}  // namespace

std::vector<std::string_view> HumanParameterNames(HumanInput input) {
  std::vector<std::string_view> names;
  for (const HumanParameter& parameter : kParameters) {
    if (IsFor(parameter, input)) names.push_back(parameter.name);
  }
  return names;
}

Result<HumanRequest> ParseHumanQuery(std::span<const QueryParameter> query, HumanInput input,
                                     const HumanRequest& defaults, const EstimatorTraits& estimator) {
  HumanRequest request = defaults;
  for (std::size_t i = 0; i < query.size(); ++i) {
    const auto& [name, value] = query[i];
    const auto* found = std::ranges::find(kParameters, name, &HumanParameter::name);
    if (found == kParameters.end() || !IsFor(*found, input)) {
      return base::Fail(ErrorCode::kInvalidArgument, "unknown parameter '", base::Printable(name), "'; expected ",
                        NameList(input));
    }
    if (Has(query.subspan(i + 1), name))
      return base::Fail(ErrorCode::kInvalidArgument, "parameter ", name, " is given twice");
    const std::string_view expected = found->apply(value, request);
    if (!expected.empty()) {
      return base::Fail(ErrorCode::kInvalidArgument, name, " is '", base::Printable(value), "'; expected ", expected);
    }
  }
  if (Has(query, "single") && Has(query, "decoder")) {
    return base::Fail(ErrorCode::kInvalidArgument, "single and decoder are mutually exclusive");
  }
  request.decode.decoder = DecoderFor(request, estimator);
  if (estimator.is_refined && request.decode.multi.max_poses.value_or(1) > kMaxRefinedPoses) {
    return base::Fail(ErrorCode::kInvalidArgument, "max-poses is ", *request.decode.multi.max_poses,
                      "; this server refines poses, so expected at most ", kMaxRefinedPoses);
  }
  POSENET_RETURN_IF_ERROR(CheckParametersHaveEffect(query, request.decode.decoder.value_or(estimator.decoder)));
  return request;
}

}  // namespace posenet::server
