// SPDX-License-Identifier: Apache-2.0
#include "cli/eval_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <vector>

namespace posenet::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Protocol TestProtocol() {
  Protocol protocol;
  protocol.estimator.emplace();
  protocol.estimator->model.name = "tiny";
  protocol.estimator->model.architecture = "MobileNetV1 1.0";
  PoseEstimatorOptions& options = protocol.estimator->options;
  options.input_width_px = options.input_height_px = 513;
  options.fit = ImageFit::kPad;
  options.resampling = Resampling::kBilinear;
  options.decoder = PoseDecoder::kTfjsMultiple;
  options.multi = {.max_poses = 5, .score_threshold = 0.5F, .nms_radius_px = 20.0F};
  protocol.estimator->options.output_stride = 16;
  protocol.estimator->options.thread_count = 2;
  protocol.estimator->options.precision = Precision::kFloat32;
  protocol.estimator->options.instruction_set = "AVX2";
  protocol.image_count = 3;
  protocol.person_count = 7;
  protocol.timing = {.median_ms = 1.5, .mean_ms = 2.0};
  return protocol;
}

TEST(SummarizeTimes, ComputesMedianAndMean) {
  EXPECT_FALSE(SummarizeTimes({}).has_value());
  const std::vector odd = {3.0, 1.0, 8.0};
  EXPECT_DOUBLE_EQ(SummarizeTimes(odd)->median_ms, 3.0);
  EXPECT_DOUBLE_EQ(SummarizeTimes(odd)->mean_ms, 4.0);
  const std::vector even = {4.0, 1.0, 2.0, 100.0};
  EXPECT_DOUBLE_EQ(SummarizeTimes(even)->median_ms, 3.0);
}

TEST(FormatEvalTable, PrintsMetricsProtocolAndTime) {
  human::coco::Summary summary;
  summary.ap = 0.19436;
  const std::string table = FormatEvalTable(summary, TestProtocol());
  EXPECT_THAT(table, HasSubstr(" Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets= 20 ] = 0.1944\n"));
  EXPECT_THAT(table, HasSubstr(" Average Recall     (AR) @[ IoU=0.50:0.95 | area= large | maxDets= 20 ] = -1.0000\n"));
  EXPECT_THAT(
      table,
      HasSubstr("protocol: model tiny (MobileNetV1 1.0), input 513x513, output stride 16, decoder tfjs, "
                "max poses 5, score threshold 0.5, NMS radius 20 px, precision fp32 (AVX2), 3 images, 7 persons\n"));
  EXPECT_THAT(table, HasSubstr("median 1.50 ms, mean 2.00 ms per image"));
}

TEST(FormatEvalJson, HasTheTenMetricsByName) {
  human::coco::Summary summary;
  summary.ap_medium = 0.25;
  const auto json = nlohmann::json::parse(FormatEvalJson(summary, TestProtocol(), app::JsonLayout::kLine));
  for (const char* key : {"AP", "AP50", "AP75", "APL", "AR", "AR50", "AR75", "ARM", "ARL"}) EXPECT_EQ(json[key], -1.0);
  EXPECT_EQ(json["APM"], 0.25);
  EXPECT_EQ(json["protocol"]["persons"], 7);
  EXPECT_EQ(json["protocol"]["score_threshold"], 0.5);
  EXPECT_EQ(json["ms_per_image"]["median"], 1.5);
}

TEST(FormatEval, NamesTheModelsOfACascade) {
  Protocol protocol = TestProtocol();
  EXPECT_THAT(FormatEvalTable({}, protocol), Not(HasSubstr("refine")));
  protocol.estimator->refine = "thunder";
  protocol.estimator->proposals = "multipose";
  EXPECT_THAT(FormatEvalTable({}, protocol), HasSubstr(", refine thunder, proposals multipose, precision fp32"));
  const auto json = nlohmann::json::parse(FormatEvalJson({}, protocol, app::JsonLayout::kLine));
  EXPECT_EQ(json["protocol"]["refine"], "thunder");
  EXPECT_EQ(json["protocol"]["proposals"], "multipose");
}

TEST(FormatEval, OmitsOptionsThatTheDecoderIgnores) {
  Protocol protocol = TestProtocol();
  protocol.estimator->options.decoder = PoseDecoder::kMoveNetMultiple;
  EXPECT_THAT(FormatEvalTable({}, protocol),
              HasSubstr(", decoder movenet, max poses 5, score threshold 0.5, precision fp32"));
  for (const PoseDecoder decoder : {PoseDecoder::kMoveNetSingle, PoseDecoder::kTfjsSingle}) {
    protocol.estimator->options.decoder = decoder;
    EXPECT_THAT(FormatEvalTable({}, protocol), HasSubstr(" single, precision fp32"));
    const auto json = nlohmann::json::parse(FormatEvalJson({}, protocol, app::JsonLayout::kLine))["protocol"];
    EXPECT_FALSE(json.contains("max_poses") || json.contains("score_threshold") || json.contains("nms_radius"));
  }
}

TEST(FormatEvalJson, NamesTheDetectionsFile) {
  Protocol protocol;
  protocol.detections_file = "d.json";
  const auto json = nlohmann::json::parse(FormatEvalJson({}, protocol, app::JsonLayout::kPretty));
  EXPECT_EQ(json["protocol"]["detections"], "d.json");
  EXPECT_FALSE(json.contains("ms_per_image"));
}

}  // namespace
}  // namespace posenet::cli
