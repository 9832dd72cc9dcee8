// SPDX-License-Identifier: Apache-2.0
#include "common/human_preset.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "common/command_error.h"
#include "common/human_options.h"

namespace posenet::app {
namespace {

std::string ErrorOf(const HumanOptions& options) {
  try {
    WithDefaults(options);
  } catch (const CommandError& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::kUsage);
    return error.what();
  }
  return "";
}

TEST(WithDefaultsTest, ChoosesTheMostAccurateModelAndTheFastestPrecision) {
  const HumanOptions options = WithDefaults({});
  EXPECT_EQ(options.model, "mobilenet100");
  EXPECT_EQ(options.precision, Precision::kAuto);
  EXPECT_FALSE(options.estimator.decoder.has_value());
  EXPECT_EQ(WithDefaults({.model = "mine", .precision = Precision::kBFloat16}).model, "mine");
  EXPECT_EQ(WithDefaults({.model = "mine", .precision = Precision::kBFloat16}).precision, Precision::kBFloat16);
}

TEST(WithDefaultsTest, TfjsPresetSetsEverythingThatParityNeeds) {
  const HumanOptions options = WithDefaults({.preset = Preset::kTfjs});
  EXPECT_EQ(options.model, "mobilenet100-tfjs");
  EXPECT_EQ(options.precision, Precision::kFloat32);
  EXPECT_EQ(options.estimator.fit, ImageFit::kPad);
  EXPECT_EQ(options.estimator.resampling, Resampling::kBilinear);
  EXPECT_EQ(options.estimator.decoder, PoseDecoder::kTfjsMultiple);
  EXPECT_EQ(options.estimator.multi.max_poses, 5);
  EXPECT_EQ(options.estimator.multi.score_threshold, 0.5F);
  EXPECT_EQ(options.estimator.multi.nms_radius_px, 20.0F);
}

TEST(WithDefaultsTest, WhatTensorFlowJsHasAsWellOverridesThePreset) {
  HumanOptions given = {.preset = Preset::kTfjs, .model = "mobilenet075"};
  given.estimator.decoder = PoseDecoder::kTfjsSingle;
  given.estimator.multi.max_poses = 20;
  given.estimator.input_width_px = 257;
  given.estimator.output_stride = 8;
  const HumanOptions options = WithDefaults(given);
  EXPECT_EQ(options.model, "mobilenet075");
  EXPECT_EQ(options.estimator.decoder, PoseDecoder::kTfjsSingle);
  EXPECT_EQ(options.estimator.multi.max_poses, 20);
  EXPECT_EQ(options.estimator.multi.score_threshold, 0.5F);
  EXPECT_EQ(options.estimator.input_width_px, 257);
  EXPECT_EQ(options.estimator.output_stride, 8);
}

TEST(WithDefaultsTest, RejectsWhatContradictsThePreset) {
  EXPECT_EQ(ErrorOf({.preset = Preset::kTfjs, .precision = Precision::kFloat32}), "");
  EXPECT_EQ(ErrorOf({.preset = Preset::kTfjs, .precision = Precision::kInt8}),
            "--precision int8 contradicts --preset tfjs, which needs fp32");
  EXPECT_EQ(ErrorOf({.preset = Preset::kTfjs, .estimator = {.fit = ImageFit::kCrop}}),
            "--fit crop contradicts --preset tfjs, which needs pad");
  EXPECT_EQ(ErrorOf({.preset = Preset::kTfjs, .estimator = {.resampling = Resampling::kNearest}}),
            "--resample nearest contradicts --preset tfjs, which needs bilinear");
  EXPECT_EQ(ErrorOf({.preset = Preset::kTfjs, .estimator = {.decoder = PoseDecoder::kCoral}}),
            "--decoder coral contradicts --preset tfjs, which needs tfjs");
}

TEST(PrecisionForTest, IsTheGivenOneOrThatOfThePreset) {
  EXPECT_EQ(PrecisionFor(std::nullopt, std::nullopt), Precision::kAuto);
  EXPECT_EQ(PrecisionFor(std::nullopt, Precision::kInt8), Precision::kInt8);
  EXPECT_EQ(PrecisionFor(Preset::kTfjs, std::nullopt), Precision::kFloat32);
  EXPECT_THROW(PrecisionFor(Preset::kTfjs, Precision::kAuto), CommandError);
}

TEST(PresetNameTest, NamesRoundTrip) {
  EXPECT_EQ(PresetOf(PresetName(Preset::kTfjs)), Preset::kTfjs);
  EXPECT_EQ(PresetOf("coral"), std::nullopt);
}

}  // namespace
}  // namespace posenet::app
