// SPDX-License-Identifier: Apache-2.0
// The networks that a PoseEstimator accepts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "base/testing/matchers.h"
#include "human/testing/estimators.h"
#include "human/testing/movenet_maps.h"
#include "model/model_access.h"
#include "model/model_spec.h"
#include "nn/plan.h"
#include "posenet/human.h"

namespace posenet::human {
namespace {

TEST_F(PoseEstimatorTest, DerivesTheOutputStride) {
  // The released networks of different strides share their weights: derived from 16, the results are those of 8.
  model::LoadedModel eight = RandomPoseNet(8);
  PoseEstimatorOptions options = SmallOptions();
  const auto expected = EstimatePoses(model::MakeModel(eight).value(), options, image_.View());
  options.output_stride = 8;
  const auto poses = EstimatePoses(model_, options, image_.View());
  ASSERT_GT(poses.size(), 1U);
  ExpectSamePoses(poses, expected);
}

TEST_F(PoseEstimatorTest, ReadsOneDisplacementOutputOf64Channels) {
  model::LoadedModel joined = RandomPoseNet();
  nn::Network& network = joined.spec.network;
  const auto value_of = [&network](const char* name) {
    return std::find_if(network.outputs.begin(), network.outputs.end(),
                        [name](const nn::Output& output) { return output.name == name; })
        ->value;
  };
  network.layers.push_back(
      {.name = "displacements",
       .inputs = {value_of(model::kDisplacementFwdOutput), value_of(model::kDisplacementBwdOutput)},
       .operation = nn::Concat{}});
  const int displacements = static_cast<int>(network.layers.size());
  network.outputs = {{model::kDisplacementOutput, displacements},
                     {model::kOffsetOutput, value_of(model::kOffsetOutput)},
                     {model::kHeatmapOutput, value_of(model::kHeatmapOutput)}};
  const auto expected = EstimatePoses(model_, SmallOptions(), image_.View());
  ExpectSamePoses(EstimatePoses(model::MakeModel(joined).value(), SmallOptions(), image_.View()), expected);
}

TEST_F(PoseEstimatorTest, ReadsHeatmapsOfProbabilities) {
  model::LoadedModel sigmoid = RandomPoseNet();
  nn::Network& network = sigmoid.spec.network;
  for (nn::Output& output : network.outputs) {
    if (output.name != model::kHeatmapOutput) continue;
    network.layers.push_back({.name = "sigmoid",
                              .inputs = {output.value},
                              .operation = nn::Activate{.activation = nn::Activation::kSigmoid}});
    output.value = static_cast<int>(network.layers.size());
  }
  const auto expected = EstimatePoses(model_, SmallOptions(), image_.View());
  const auto poses = EstimatePoses(model::MakeModel(sigmoid).value(), SmallOptions(), image_.View());
  ASSERT_EQ(poses.size(), expected.size());
  for (std::size_t i = 0; i < poses.size(); ++i) EXPECT_NEAR(poses[i].score, expected[i].score, 1e-6F);
}

TEST_F(PoseEstimatorTest, RejectsModelsOtherThanPoseNets) {
  const auto expect_rejected = [](auto change, const char* message) {
    model::LoadedModel loaded = RandomPoseNet();
    change(loaded.spec);
    // Not by MakeModel, which may reject the model.
    const Model model = internal::ModelAccess::Wrap({.model = std::move(loaded), .info = {}});
    EXPECT_THAT(PoseEstimator::Create(model, SmallOptions()), base::FailsWith(ErrorCode::kUnsupported, message));
  };
  expect_rejected([](model::ModelSpec& spec) { spec.task = kCameraTask; }, "is for camera-pose; expected human-pose");
  expect_rejected([](model::ModelSpec& spec) { spec.network.outputs[0].name = "other"; }, "has no output");
  expect_rejected(
      [](model::ModelSpec& spec) { std::swap(spec.network.outputs[0].value, spec.network.outputs[1].value); },
      "expected 5x7x");
}

TEST_F(PoseEstimatorTest, RunsMoveNets) {
  const Model single = model::MakeModel(RandomMoveNet()).value();
  const PoseEstimator estimator = CreateEstimator(single, {.thread_count = 1});
  EXPECT_EQ(estimator.options().decoder, PoseDecoder::kMoveNetSingle);
  EXPECT_EQ(estimator.options().input_width_px, 64);
  EXPECT_EQ(estimator.options().output_stride, 4);
  const std::vector<Pose> poses = estimator.Estimate(image_.View()).value();
  ASSERT_EQ(poses.size(), 1U);
  EXPECT_TRUE(decode::IsValid(poses[0]));

  const Model multiple = model::MakeModel(RandomMultiPose()).value();
  const PoseEstimator several =
      CreateEstimator(multiple, {.input_width_px = 100, .multi = {.score_threshold = 0.0F}, .thread_count = 1});
  EXPECT_EQ(several.options().decoder, PoseDecoder::kMoveNetMultiple);
  EXPECT_EQ(several.options().input_width_px, 96);  // A multiple of 32.
  EXPECT_EQ(several.options().multi.max_poses, 6);
  EXPECT_GT(several.Estimate(image_.View()).value().size(), 1U);
  std::vector<Pose> one;
  ASSERT_TRUE(several.Estimate(image_.View(), {.decoder = PoseDecoder::kMoveNetSingle}, one).has_value());
  EXPECT_EQ(one.size(), 1U);
}

TEST_F(PoseEstimatorTest, RejectsDecodersWithoutTheirMaps) {
  const Model movenet = model::MakeModel(RandomMoveNet()).value();
  const auto fails = [](const Model& model, PoseDecoder decoder, const char* message) {
    EXPECT_THAT(PoseEstimator::Create(model, {.decoder = decoder}), base::FailsWith(ErrorCode::kUnsupported, message));
  };
  fails(movenet, PoseDecoder::kTfjsMultiple, "no maps for PoseNet's decoders");
  fails(movenet, PoseDecoder::kHough, "no maps for PoseNet's decoders");
  fails(movenet, PoseDecoder::kMoveNetMultiple, "boxes of MoveNet MultiPose");
  fails(model_, PoseDecoder::kMoveNetSingle, "maps of a MoveNet model");
  EXPECT_THAT(PoseEstimator::Create(movenet, {.output_stride = 16}),
              base::FailsWith(ErrorCode::kInvalidArgument, "output_stride is 16; expected 0 or 4"));
  EXPECT_THAT(PoseEstimator::Create(movenet, {.input_width_px = 31}),
              base::FailsWith(ErrorCode::kInvalidArgument, "input_width_px is 31; expected 32 to 8192"));
}

}  // namespace
}  // namespace posenet::human
