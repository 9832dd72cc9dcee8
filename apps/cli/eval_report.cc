// SPDX-License-Identifier: Apache-2.0
#include "cli/eval_report.h"

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/statistics.h"
#include "base/strings.h"
#include "common/human_options.h"
#include "common/numbers.h"

namespace posenet::cli {
namespace {

struct Metric {
  std::string_view key;
  std::string_view row;  // As printed by COCO's tools, which say IoU for keypoints, too, instead of OKS.
  double human::coco::Summary::*value;
};

constexpr std::array<Metric, 10> kMetrics = {{
    {"AP", "Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets= 20 ]", &human::coco::Summary::ap},
    {"AP50", "Average Precision  (AP) @[ IoU=0.50      | area=   all | maxDets= 20 ]", &human::coco::Summary::ap50},
    {"AP75", "Average Precision  (AP) @[ IoU=0.75      | area=   all | maxDets= 20 ]", &human::coco::Summary::ap75},
    {"APM", "Average Precision  (AP) @[ IoU=0.50:0.95 | area=medium | maxDets= 20 ]", &human::coco::Summary::ap_medium},
    {"APL", "Average Precision  (AP) @[ IoU=0.50:0.95 | area= large | maxDets= 20 ]", &human::coco::Summary::ap_large},
    {"AR", "Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets= 20 ]", &human::coco::Summary::ar},
    {"AR50", "Average Recall     (AR) @[ IoU=0.50      | area=   all | maxDets= 20 ]", &human::coco::Summary::ar50},
    {"AR75", "Average Recall     (AR) @[ IoU=0.75      | area=   all | maxDets= 20 ]", &human::coco::Summary::ar75},
    {"ARM", "Average Recall     (AR) @[ IoU=0.50:0.95 | area=medium | maxDets= 20 ]", &human::coco::Summary::ar_medium},
    {"ARL", "Average Recall     (AR) @[ IoU=0.50:0.95 | area= large | maxDets= 20 ]", &human::coco::Summary::ar_large},
}};

std::string SettingsLine(const EstimatorSettings& settings) {
  const PoseEstimatorOptions& options = settings.options;
  std::string line = base::StrCat(
      "model ", base::Printable(settings.model.name), " (", base::Printable(settings.model.architecture), "), input ",
      options.input_width_px, "x", options.input_height_px, ", output stride ", options.output_stride, ", decoder ",
      app::DescribeDecoder(*options.decoder, {.max_poses = *options.multi.max_poses,
                                              .score_threshold = *options.multi.score_threshold,
                                              .nms_radius_px = *options.multi.nms_radius_px}));
  if (!settings.refine.empty()) line += base::StrCat(", refine ", base::Printable(settings.refine));
  if (!settings.proposals.empty()) line += base::StrCat(", proposals ", base::Printable(settings.proposals));
  if (settings.min_pose_score > 0.0F) {
    line += base::StrCat(", min pose score ", app::FormatJsonNumber(settings.min_pose_score, app::kScoreDecimals));
  }
  if (options.mirror == Mirror::kHorizontal) line += ", flipped";
  if (options.fit != ImageFit::kPad) line += base::StrCat(", fit ", app::FitName(*options.fit));
  if (options.resampling != Resampling::kBilinear) {
    line += base::StrCat(", resample ", app::ResamplingName(*options.resampling));
  }
  return base::StrCat(line, ", precision ", app::PrecisionName(options.precision), " (", options.instruction_set, ")");
}

// The intended decimal number: as a double, the float nearest to 0.2 prints as 0.20000000298023224.
double Rounded(float value) { return std::round(double{value} * 1e5) / 1e5; }

nlohmann::ordered_json SettingsJson(const EstimatorSettings& settings) {
  const PoseEstimatorOptions& options = settings.options;
  nlohmann::ordered_json json;
  json["model"] = app::ValidUtf8(settings.model.name);
  json["architecture"] = app::ValidUtf8(settings.model.architecture);
  json["width"] = options.input_width_px;
  json["height"] = options.input_height_px;
  json["output_stride"] = options.output_stride;
  json["fit"] = app::FitName(*options.fit);
  json["resample"] = app::ResamplingName(*options.resampling);
  json["decoder"] = app::DecoderName(*options.decoder);
  if (app::DetectsSeveral(*options.decoder)) {
    json["max_poses"] = *options.multi.max_poses;
    json["score_threshold"] = Rounded(*options.multi.score_threshold);
  }
  if (app::HasNmsRadius(*options.decoder)) json["nms_radius"] = Rounded(*options.multi.nms_radius_px);
  if (!settings.refine.empty()) json["refine"] = app::ValidUtf8(settings.refine);
  if (!settings.proposals.empty()) json["proposals"] = app::ValidUtf8(settings.proposals);
  json["min_pose_score"] = Rounded(settings.min_pose_score);
  json["flip_horizontal"] = options.mirror == Mirror::kHorizontal;
  json["precision"] = app::PrecisionName(options.precision);
  json["instruction_set"] = options.instruction_set;
  json["threads"] = options.thread_count;
  return json;
}

}  // namespace

std::optional<Timing> SummarizeTimes(const std::vector<double>& samples_ms) {
  if (samples_ms.empty()) return std::nullopt;
  return Timing{.median_ms = base::Quantile(samples_ms, 0.5), .mean_ms = base::Mean(samples_ms)};
}

std::string FormatEvalTable(const human::coco::Summary& summary, const Protocol& protocol) {
  std::string table;
  for (const Metric& metric : kMetrics) {
    const double value = summary.*metric.value;
    table += base::StrCat(" ", metric.row, " = ", app::FormatFixed(value, 4), "\n");
  }
  table += base::StrCat("protocol: ",
                        protocol.estimator ? SettingsLine(*protocol.estimator)
                                           : "detections of " + base::Printable(protocol.detections_file),
                        ", ", base::Counted(protocol.image_count, "image"), ", ",
                        base::Counted(protocol.person_count, "person"), "\n");
  if (protocol.timing && protocol.estimator) {
    table += base::StrCat("time: median ", app::FormatFixed(protocol.timing->median_ms, 2), " ms, mean ",
                          app::FormatFixed(protocol.timing->mean_ms, 2),
                          " ms per image (network and decoding, without reading), threads ",
                          protocol.estimator->options.thread_count, "\n");
  }
  return table;
}

std::string FormatEvalJson(const human::coco::Summary& summary, const Protocol& protocol, app::JsonLayout layout) {
  nlohmann::ordered_json json;
  for (const Metric& metric : kMetrics) json[std::string(metric.key)] = summary.*metric.value;
  if (protocol.estimator) {
    json["protocol"] = SettingsJson(*protocol.estimator);
  } else {
    json["protocol"]["detections"] = app::ValidUtf8(protocol.detections_file);
  }
  json["protocol"]["images"] = protocol.image_count;
  json["protocol"]["persons"] = protocol.person_count;
  if (protocol.timing) {
    json["ms_per_image"]["median"] = protocol.timing->median_ms;
    json["ms_per_image"]["mean"] = protocol.timing->mean_ms;
  }
  return json.dump(layout == app::JsonLayout::kPretty ? 2 : -1) + "\n";
}

}  // namespace posenet::cli
