// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "base/testing/matchers.h"
#include "base/thread_pool.h"
#include "human/testing/estimators.h"
#include "human/testing/pose_maps.h"
#include "image/resample.h"
#include "model/model_access.h"
#include "model/model_spec.h"
#include "nn/plan.h"
#include "posenet/human.h"

namespace posenet::human {
namespace {

TEST_F(PoseEstimatorTest, ResizesRunsDecodesAndMapsBack) {
  // The reference performs each step by itself.
  const PoseEstimatorOptions options = SmallOptions();
  const model::LoadedModel& loaded = model::LoadedModelOf(model_);
  const auto packed = nn::PackedNetwork::Create(loaded.spec.network, loaded.weights).value();
  const auto plan = nn::Plan::Create(packed, {.height = 65, .width = 97, .channels = 3}).value();
  const auto context = nn::Context::Create(plan).value();
  const image::PadAndResize fit = image::FitWithPadding({150, 80}, {97, 65});
  image::PadResizer().Run(image_.View(), fit, {.scale = 2.0F / 255.0F, .bias = {-1.0F, -1.0F, -1.0F}},
                          context->input());
  base::ThreadPool threads(1);
  plan->Run(*context, threads);
  PoseMaps maps = {.height = 5, .width = 7, .output_stride = 16};
  for (int i = 0; i < plan->output_count(); ++i) {
    const float* const data = context->output(i).data();
    if (plan->output_name(i) == model::kHeatmapOutput) maps.heatmap.data = data;
    if (plan->output_name(i) == model::kOffsetOutput) maps.offsets.data = data;
    if (plan->output_name(i) == model::kDisplacementFwdOutput) maps.displacement_fwd.data = data;
    if (plan->output_name(i) == model::kDisplacementBwdOutput) maps.displacement_bwd.data = data;
  }
  const MultiPoseOptions multi = {.max_poses = *options.multi.max_poses,
                                  .score_threshold = *options.multi.score_threshold,
                                  .nms_radius_px = *options.multi.nms_radius_px};
  std::vector<Pose> expected = DecodeMultiplePoses(maps, multi).value();
  ASSERT_GT(expected.size(), 1U);
  for (Pose& pose : expected) {
    for (Keypoint& keypoint : pose.keypoints) keypoint.position_px = fit.SourceFromTarget(keypoint.position_px);
  }

  ExpectSamePoses(EstimatePoses(model_, options, image_.View()), expected);
}

TEST_F(PoseEstimatorTest, UsesTheDecoderOfItsOptions) {
  PoseEstimatorOptions options = SmallOptions();
  options.decoder = PoseDecoder::kTfjsSingle;
  EXPECT_EQ(EstimatePoses(model_, options, image_.View()).size(), 1U);
  options.decoder = PoseDecoder::kTfjsMultiple;
  const auto tfjs = EstimatePoses(model_, options, image_.View());
  options.decoder = PoseDecoder::kCoral;
  const auto coral = EstimatePoses(model_, options, image_.View());
  ASSERT_GT(coral.size(), 1U);
  EXPECT_TRUE(
      std::is_sorted(coral.begin(), coral.end(), [](const Pose& a, const Pose& b) { return a.score > b.score; }));
  EXPECT_NE(coral.front()[Part::kLeftAnkle].position_px.x, tfjs.front()[Part::kLeftAnkle].position_px.x);
  options.decoder = PoseDecoder::kHough;
  const auto hough = EstimatePoses(model_, options, image_.View());
  ASSERT_FALSE(hough.empty());
  EXPECT_NE(hough.front()[Part::kLeftAnkle].position_px.x, tfjs.front()[Part::kLeftAnkle].position_px.x);
  EXPECT_NE(hough.front()[Part::kLeftAnkle].position_px.x, coral.front()[Part::kLeftAnkle].position_px.x);
  options.decoder = PoseDecoder::kTfjsMultiple;
  options.multi.max_poses = 2;
  EXPECT_EQ(EstimatePoses(model_, options, image_.View()).size(), 2U);
}

TEST_F(PoseEstimatorTest, AnotherDecoderForOneCallHasItsOwnDefaults) {
  PoseEstimatorOptions options = {.input_width_px = 97, .input_height_px = 65};
  options.multi.score_threshold = 0.0F;
  options.decoder = PoseDecoder::kTfjsMultiple;
  const PoseEstimator estimator = CreateEstimator(model_, options);
  std::vector<Pose> poses;
  ASSERT_TRUE(estimator.Estimate(image_.View(), {.decoder = PoseDecoder::kHough}, poses));
  EXPECT_GT(poses.size(), 5U) << "the threshold of the estimator, but not the maximum of TensorFlow.js";
  options.decoder = PoseDecoder::kHough;
  ExpectSamePoses(poses, EstimatePoses(model_, options, image_.View()));
}

TEST_F(PoseEstimatorTest, OverridesDecodingForOneCall) {
  const PoseEstimator estimator = CreateEstimator(model_, SmallOptions());
  const image::Image image = image::RandomRgbImage(120, 80, 4);
  const PoseDecodeOptions overrides = {.decoder = PoseDecoder::kCoral,
                                       .multi = {.max_poses = 3, .score_threshold = 0.005F, .nms_radius_px = 10.0F},
                                       .mirror = Mirror::kHorizontal};
  std::vector<Pose> poses;
  ASSERT_TRUE(estimator.Estimate(image.View(), overrides, poses));

  PoseEstimatorOptions options = SmallOptions();
  options.decoder = overrides.decoder;
  options.multi = overrides.multi;
  options.mirror = *overrides.mirror;
  ExpectSamePoses(poses, EstimatePoses(model_, options, image.View()));

  // Other options are those of the estimator, which are unchanged.
  ASSERT_TRUE(estimator.Estimate(image.View(), {.multi = {.max_poses = 1}}, poses));
  const std::vector<Pose> all = estimator.Estimate(image.View()).value();
  ASSERT_GT(all.size(), 1U);
  ExpectSamePoses(poses, {all.front()});
}

TEST_F(PoseEstimatorTest, MirrorsPositionsButNotNames) {
  PoseEstimatorOptions options = SmallOptions();
  const auto poses = EstimatePoses(model_, options, image_.View());
  options.mirror = Mirror::kHorizontal;
  const auto mirrored = EstimatePoses(model_, options, image_.View());
  ASSERT_EQ(poses.size(), mirrored.size());
  for (std::size_t i = 0; i < poses.size(); ++i) {
    for (std::size_t part = 0; part < kPartCount; ++part) {
      const Keypoint& keypoint = poses[i].keypoints[part];
      EXPECT_EQ(mirrored[i].keypoints[part].position_px.x, 149.0F - keypoint.position_px.x);
      EXPECT_EQ(mirrored[i].keypoints[part].position_px.y, keypoint.position_px.y);
    }
  }
}

TEST_F(PoseEstimatorTest, AcceptsImagesOfAnyShapeAndFormat) {
  const PoseEstimator estimator = CreateEstimator(model_, SmallOptions());
  for (const auto& [width_px, height_px] : {std::pair{1, 1}, {1, 20000}, {20000, 1}, {97, 65}, {1000, 3}}) {
    const image::Image image = image::RandomRgbImage(width_px, height_px, 3);
    const auto poses = estimator.Estimate(image.View());
    ASSERT_TRUE(poses.has_value());
    for (const Pose& pose : *poses) EXPECT_TRUE(decode::IsValid(pose));
  }
  // Red and blue are swapped twice.
  image::Image bgr = image_;
  for (std::size_t i = 0; i < bgr.rgb.size(); i += 3) std::swap(bgr.rgb[i], bgr.rgb[i + 2]);
  ImageView view = bgr.View();
  view.format = PixelFormat::kBgr;
  ExpectSamePoses(estimator.Estimate(view).value(), estimator.Estimate(image_.View()).value());
}

TEST_F(PoseEstimatorTest, ReturnsPositionsInTheImageForAnyFit) {
  // For an image of the size of the input, all fits are equivalent.
  const image::Image exact = image::RandomRgbImage(97, 65, 4);
  PoseEstimatorOptions options = SmallOptions();
  const auto expected = EstimatePoses(model_, options, exact.View());
  ASSERT_FALSE(expected.empty());
  for (const ImageFit fit : {ImageFit::kStretch, ImageFit::kCrop}) {
    options.fit = fit;
    for (const Resampling resampling : {Resampling::kBilinear, Resampling::kNearest, Resampling::kAntialiased}) {
      options.resampling = resampling;
      const auto poses = EstimatePoses(model_, options, exact.View());
      resampling == Resampling::kBilinear ? ExpectSamePoses(poses, expected) : ExpectNearPoses(poses, expected);
    }
  }
  // Duplicated columns: stretched with nearest-neighbor sampling, the input of the network is the same.
  image::Image wide = {.width_px = 194, .height_px = 65, .rgb = {}};
  for (std::size_t pixel = 0; pixel < exact.rgb.size(); pixel += 3) {
    for (int copy = 0; copy < 2; ++copy) wide.rgb.insert(wide.rgb.end(), &exact.rgb[pixel], &exact.rgb[pixel] + 3);
  }
  options.fit = ImageFit::kStretch;
  options.resampling = Resampling::kNearest;
  const auto stretched = EstimatePoses(model_, options, wide.View());
  // White bars at the sides, which are cropped.
  image::Image barred = {.width_px = 137, .height_px = 65, .rgb = {}};
  for (std::size_t row = 0; row < 65; ++row) {
    const auto begin = exact.rgb.begin() + static_cast<std::ptrdiff_t>(row * 97 * 3);
    barred.rgb.insert(barred.rgb.end(), 20 * 3, 255);
    barred.rgb.insert(barred.rgb.end(), begin, begin + 97 * 3);
    barred.rgb.insert(barred.rgb.end(), 20 * 3, 255);
  }
  options.fit = ImageFit::kCrop;
  const auto cropped = EstimatePoses(model_, options, barred.View());
  ASSERT_EQ(stretched.size(), expected.size());
  ASSERT_EQ(cropped.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    for (std::size_t part = 0; part < kPartCount; ++part) {
      const Point position = expected[i].keypoints[part].position_px;
      EXPECT_FLOAT_EQ(stretched[i].keypoints[part].position_px.x, 2.0F * position.x);
      EXPECT_FLOAT_EQ(stretched[i].keypoints[part].position_px.y, position.y);
      EXPECT_NEAR(cropped[i].keypoints[part].position_px.x, position.x + 20.0F, 1e-3);
      EXPECT_FLOAT_EQ(cropped[i].keypoints[part].position_px.y, position.y);
    }
  }
}

TEST_F(PoseEstimatorTest, ReturnsTheSameForAnyThreadCount) {
  PoseEstimatorOptions options = SmallOptions();
  const auto expected = EstimatePoses(model_, options, image_.View());
  for (const int thread_count : {0, 2, 5}) {
    options.thread_count = thread_count;
    ExpectSamePoses(EstimatePoses(model_, options, image_.View()), expected);
  }
}

TEST_F(PoseEstimatorTest, ReturnsTheSameForConcurrentCalls) {
  PoseEstimatorOptions options = SmallOptions();
  options.thread_count = 2;
  const PoseEstimator estimator = CreateEstimator(model_, options);
  constexpr int kImages = 6;
  std::vector<image::Image> images;
  std::vector<std::vector<Pose>> expected;
  for (unsigned i = 0; i < kImages; ++i) {
    images.push_back(image::RandomRgbImage(60 + 40 * static_cast<int>(i), 90, i));
    expected.push_back(estimator.Estimate(images.back().View()).value());
  }
  std::vector<std::vector<Pose>> results(kImages * 4);
  std::vector<std::thread> callers;
  for (std::size_t caller = 0; caller < 4; ++caller) {
    callers.emplace_back([&, caller] {
      for (std::size_t i = 0; i < kImages; ++i) {
        const std::size_t image = (i + caller) % kImages;
        results[caller * kImages + image] = estimator.Estimate(images[image].View()).value();
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  for (std::size_t i = 0; i < results.size(); ++i) ExpectSamePoses(results[i], expected[i % kImages]);
}

TEST_F(PoseEstimatorTest, OutlivesItsModelAndMoves) {
  const auto expected = EstimatePoses(model_, SmallOptions(), image_.View());
  PoseEstimator estimator = CreateEstimator(model::MakeModel(RandomPoseNet()).value(), SmallOptions());
  PoseEstimator moved = std::move(estimator);
  ExpectSamePoses(moved.Estimate(image_.View()).value(), expected);
}

TEST_F(PoseEstimatorTest, RejectsInvalidViews) {
  const PoseEstimator estimator = CreateEstimator(model_, SmallOptions());
  EXPECT_THAT(estimator.Estimate({}), base::FailsWith(ErrorCode::kInvalidArgument, "data is null"));
  ImageView overlapping = image_.View();
  overlapping.row_stride_bytes = 10;
  EXPECT_THAT(estimator.Estimate(overlapping), base::FailsWith(ErrorCode::kInvalidArgument, "overlap"));
}

}  // namespace
}  // namespace posenet::human
