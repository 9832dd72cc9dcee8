// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "base/testing/matchers.h"
#include "human/testing/estimators.h"
#include "model/mobilenet.h"
#include "model/model_spec.h"
#include "model/random_weights.h"
#include "posenet/human.h"

namespace posenet::human {
namespace {

TEST_F(PoseEstimatorTest, RoundsSizesAndResolvesDefaults) {
  const auto options_for = [this](int width_px, int height_px, int output_stride) {
    PoseEstimatorOptions options;
    options.input_width_px = width_px;
    options.input_height_px = height_px;
    options.output_stride = output_stride;
    return CreateEstimator(model_, options).options();
  };
  PoseEstimatorOptions options = options_for(257, 256, 0);
  EXPECT_EQ(options.input_width_px, 257);
  EXPECT_EQ(options.input_height_px, 257);  // A multiple of the stride grows by 1, as in TensorFlow.js.
  EXPECT_EQ(options.output_stride, 16);
  EXPECT_GE(options.thread_count, 1);
  options = options_for(200, 16, 16);
  EXPECT_EQ(options.input_width_px, 193);
  EXPECT_EQ(options.input_height_px, 17);
  options = options_for(200, 102, 8);
  EXPECT_EQ(options.input_width_px, 201);
  EXPECT_EQ(options.input_height_px, 97);
  EXPECT_EQ(options.output_stride, 8);
}

TEST_F(PoseEstimatorTest, DefaultsToTheOptionsOfTheModel) {
  const PoseEstimatorOptions defaults = CreateEstimator(model_).options();
  EXPECT_EQ(defaults.input_width_px, 513);
  EXPECT_EQ(defaults.input_height_px, 513);
  EXPECT_EQ(defaults.fit, ImageFit::kPad);
  EXPECT_EQ(defaults.resampling, Resampling::kBilinear);
  EXPECT_EQ(defaults.decoder, PoseDecoder::kTfjsMultiple);
  EXPECT_EQ(defaults.multi.max_poses, 5);
  EXPECT_EQ(defaults.multi.score_threshold, 0.5F);
  EXPECT_EQ(defaults.multi.nms_radius_px, 20.0F);

  model::LoadedModel loaded = RandomPoseNet();
  loaded.spec.input_width_px = 97;
  loaded.spec.input_height_px = 65;
  loaded.spec.fit = ImageFit::kStretch;
  loaded.spec.resampling = Resampling::kNearest;
  loaded.spec.decoder =
      model::DecoderSpec{PoseDecoder::kCoral, {.max_poses = 10, .score_threshold = 0.2F, .nms_radius_px = 9}};
  const Model model = model::MakeModel(loaded).value();
  const PoseEstimatorOptions embedded = CreateEstimator(model).options();
  EXPECT_EQ(embedded.input_width_px, 97);
  EXPECT_EQ(embedded.input_height_px, 65);
  EXPECT_EQ(embedded.fit, ImageFit::kStretch);
  EXPECT_EQ(embedded.resampling, Resampling::kNearest);
  EXPECT_EQ(embedded.decoder, PoseDecoder::kCoral);
  EXPECT_EQ(embedded.multi.max_poses, 10);
  EXPECT_EQ(embedded.multi.nms_radius_px, 9.0F);

  const PoseEstimatorOptions overridden = CreateEstimator(model, {.input_width_px = 129,
                                                                  .input_height_px = 33,
                                                                  .fit = ImageFit::kCrop,
                                                                  .resampling = Resampling::kBilinear,
                                                                  .decoder = PoseDecoder::kTfjsMultiple,
                                                                  .multi = {.max_poses = 3}})
                                              .options();
  EXPECT_EQ(overridden.input_width_px, 129);
  EXPECT_EQ(overridden.input_height_px, 33);
  EXPECT_EQ(overridden.fit, ImageFit::kCrop);
  EXPECT_EQ(overridden.resampling, Resampling::kBilinear);
  EXPECT_EQ(overridden.decoder, PoseDecoder::kTfjsMultiple);
  EXPECT_EQ(overridden.multi.max_poses, 3);
  EXPECT_EQ(overridden.multi.score_threshold, 0.2F);

  const PoseEstimatorOptions hough = CreateEstimator(model, {.decoder = PoseDecoder::kHough}).options();
  EXPECT_EQ(hough.multi.max_poses, kHoughDefaults.max_poses) << "not Coral's";
  EXPECT_EQ(hough.multi.score_threshold, kHoughDefaults.score_threshold);
  EXPECT_EQ(hough.multi.nms_radius_px, kHoughDefaults.nms_radius_px);
}

TEST_F(PoseEstimatorTest, RejectsOptionsOutOfRange) {
  const auto expect_rejected = [this](auto change, ErrorCode code, const char* message) {
    PoseEstimatorOptions options = SmallOptions();
    change(options);
    EXPECT_THAT(PoseEstimator::Create(model_, options), base::FailsWith(code, message));
  };
  constexpr ErrorCode kInvalid = ErrorCode::kInvalidArgument;
  using Options = PoseEstimatorOptions;
  expect_rejected([](Options& o) { o.input_width_px = 15; }, kInvalid, "input_width_px is 15; expected 16 to 8192");
  expect_rejected([](Options& o) { o.input_height_px = -3; }, kInvalid, "input_height_px is -3");
  expect_rejected([](Options& o) { o.input_height_px = 8193; }, kInvalid, "input_height_px is 8193");
  expect_rejected([](Options& o) { o.input_width_px = std::numeric_limits<int>::max(); }, kInvalid, "input_width_px");
  expect_rejected([](Options& o) { o.output_stride = 4; }, kInvalid, "output_stride is 4; expected 8, 16, 32, or 0");
  expect_rejected([](Options& o) { o.output_stride = 32; }, ErrorCode::kUnsupported, "32");
  expect_rejected([](Options& o) { o.thread_count = -1; }, kInvalid, "thread_count is -1; expected 1 to 1024");
  expect_rejected([](Options& o) { o.thread_count = 1025; }, kInvalid, "thread_count is 1025");
  expect_rejected([](Options& o) { o.multi.max_poses = 0; }, kInvalid, "max_poses");
  expect_rejected([](Options& o) { o.multi.score_threshold = 2.0F; }, kInvalid, "score_threshold");
  expect_rejected([](Options& o) { o.multi.nms_radius_px = -1.0F; }, kInvalid, "nms_radius_px");
  expect_rejected([](Options& o) { o.decoder = static_cast<PoseDecoder>(9); }, kInvalid, "decoder 9");
}

TEST_F(PoseEstimatorTest, RejectsUnknownEnumerators) {
  EXPECT_THAT(PoseEstimator::Create(model_, {.fit = static_cast<ImageFit>(7)}),
              base::FailsWith(ErrorCode::kInvalidArgument, "fit 7 does not exist"));
  EXPECT_THAT(PoseEstimator::Create(model_, {.resampling = static_cast<Resampling>(7)}),
              base::FailsWith(ErrorCode::kInvalidArgument, "resampling 7 does not exist"));
}

TEST_F(PoseEstimatorTest, RejectsDecodeOptionsOutOfRange) {
  const PoseEstimator estimator = CreateEstimator(model_, SmallOptions());
  const auto expect_rejected = [&](const PoseDecodeOptions& decode, const char* message) {
    std::vector<Pose> poses;
    EXPECT_THAT(estimator.Estimate(image_.View(), decode, poses),
                base::FailsWith(ErrorCode::kInvalidArgument, message));
  };
  expect_rejected({.multi = {.max_poses = 0}}, "max_poses");
  expect_rejected({.multi = {.score_threshold = 1.5F}}, "score_threshold");
  expect_rejected({.multi = {.nms_radius_px = 0.0F}}, "nms_radius_px");
  expect_rejected({.decoder = static_cast<PoseDecoder>(9)}, "decoder 9 does not exist");
}

TEST(PoseEstimatorMemoryTest, RejectsSizesThatNeedTooMuchMemory) {
  PoseEstimatorOptions options = SmallOptions();
  options.input_width_px = options.input_height_px = kMaxInputSidePx;
  const Model model = model::MakeModel(model::RandomModel(model::MobileNetV1Network(1.0F, 16), 7).value()).value();
  EXPECT_THAT(PoseEstimator::Create(model, options), base::FailsWith(ErrorCode::kResourceExhausted, "memory"));
}

}  // namespace
}  // namespace posenet::human
