// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <thread>

#include "base/thread_pool.h"
#include "human/testing/pose_maps.h"
#include "image/resample.h"
#include "model/mobilenet.h"
#include "model/model_access.h"
#include "model/model_spec.h"
#include "model/random_weights.h"
#include "nn/plan.h"
#include "posenet/human.h"

namespace posenet {
namespace {

using ::testing::HasSubstr;

/// A PoseNet with random weights: its answers mean nothing, but are the same every time.
model::LoadedModel RandomPoseNet(int output_stride) {
  model::LoadedModel model = model::RandomModel(model::MobileNetV1Network(0.5F, output_stride), 7).value();
  model.spec.input_scale = 2.0F / 255.0F;
  model.spec.input_bias = {-1.0F, -1.0F, -1.0F};
  return model;
}

/// Options under which a PoseNet of random weights finds many poses, fast.
PoseEstimatorOptions SmallOptions() {
  PoseEstimatorOptions options;
  options.input_width_px = 97;
  options.input_height_px = 65;
  options.multi = {.max_poses = 20, .score_threshold = 0.01F, .nms_radius_px = 20.0F};
  options.thread_count = 1;
  return options;
}

image::Image RandomImage(int width_px, int height_px, unsigned seed) {
  image::Image image = {.width_px = width_px, .height_px = height_px, .rgb = {}};
  image.rgb.resize(static_cast<std::size_t>(width_px) * static_cast<std::size_t>(height_px) * 3);
  std::mt19937 random(seed);
  for (std::uint8_t& byte : image.rgb) byte = static_cast<std::uint8_t>(random() % 256);
  return image;
}

void ExpectSamePoses(const std::vector<Pose>& poses, const std::vector<Pose>& expected) {
  ASSERT_EQ(poses.size(), expected.size());
  for (std::size_t i = 0; i < poses.size(); ++i) {
    EXPECT_EQ(poses[i].score, expected[i].score);
    for (std::size_t part = 0; part < kPartCount; ++part) {
      EXPECT_EQ(poses[i].keypoints[part].score, expected[i].keypoints[part].score);
      EXPECT_EQ(poses[i].keypoints[part].position_px.x, expected[i].keypoints[part].position_px.x);
      EXPECT_EQ(poses[i].keypoints[part].position_px.y, expected[i].keypoints[part].position_px.y);
    }
  }
}

/// Of inputs that differ in their last bits: compilers may join a product and a sum, and in each resampling others.
void ExpectNearPoses(const std::vector<Pose>& poses, const std::vector<Pose>& expected) {
  constexpr float kScoreTolerance = 1e-5F;
  constexpr float kTolerancePx = 1e-3F;
  ASSERT_EQ(poses.size(), expected.size());
  for (std::size_t i = 0; i < poses.size(); ++i) {
    EXPECT_NEAR(poses[i].score, expected[i].score, kScoreTolerance);
    for (std::size_t part = 0; part < kPartCount; ++part) {
      const Keypoint& keypoint = poses[i].keypoints[part];
      const Keypoint& expected_keypoint = expected[i].keypoints[part];
      EXPECT_NEAR(keypoint.score, expected_keypoint.score, kScoreTolerance);
      EXPECT_NEAR(keypoint.position_px.x, expected_keypoint.position_px.x, kTolerancePx);
      EXPECT_NEAR(keypoint.position_px.y, expected_keypoint.position_px.y, kTolerancePx);
    }
  }
}

class PoseEstimatorTest : public ::testing::Test {
 protected:
  Model model_ = model::MakeModel(RandomPoseNet(16)).value();
  image::Image image_ = RandomImage(150, 80, 1);
};

TEST_F(PoseEstimatorTest, AnswersWhatItsPartsAnswer) {
  // The same by hand: resize, run, decode, map back.
  const PoseEstimatorOptions options = SmallOptions();
  const model::LoadedModel& loaded = model::LoadedModelOf(model_);
  const auto packed = nn::PackedNetwork::Create(loaded.spec.network, loaded.weights).value();
  const auto plan = nn::Plan::Create(packed, {.height = 65, .width = 97, .channels = 3}).value();
  const auto context = nn::Context::Create(plan).value();
  const image::PadAndResize fit = image::FitWithPadding(150, 80, 97, 65);
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

  const auto estimator = PoseEstimator::Create(model_, options);
  ASSERT_TRUE(estimator.has_value()) << estimator.error().message;
  ExpectSamePoses(estimator->Estimate(image_.View()).value(), expected);
}

TEST_F(PoseEstimatorTest, DecodesAsAsked) {
  PoseEstimatorOptions options = SmallOptions();
  options.decoder = PoseDecoder::kTfjsSingle;
  EXPECT_EQ(PoseEstimator::Create(model_, options)->Estimate(image_.View())->size(), 1U);
  options.decoder = PoseDecoder::kTfjsMultiple;
  const auto tfjs = PoseEstimator::Create(model_, options)->Estimate(image_.View());
  options.decoder = PoseDecoder::kCoral;
  const auto coral = PoseEstimator::Create(model_, options)->Estimate(image_.View());
  ASSERT_GT(coral->size(), 1U);
  EXPECT_TRUE(
      std::is_sorted(coral->begin(), coral->end(), [](const Pose& a, const Pose& b) { return a.score > b.score; }));
  EXPECT_NE(coral->front()[Part::kLeftAnkle].position_px.x, tfjs->front()[Part::kLeftAnkle].position_px.x);
  options.decoder = PoseDecoder::kTfjsMultiple;
  options.multi.max_poses = 2;
  EXPECT_EQ(PoseEstimator::Create(model_, options)->Estimate(image_.View())->size(), 2U);
}

TEST_F(PoseEstimatorTest, OneCallMayDecodeOtherwise) {
  const auto estimator = PoseEstimator::Create(model_, SmallOptions());
  ASSERT_TRUE(estimator) << estimator.error().message;
  const image::Image image = RandomImage(120, 80, 4);
  const PoseDecodeOptions asked = {.decoder = PoseDecoder::kCoral,
                                   .multi = {.max_poses = 3, .score_threshold = 0.005F, .nms_radius_px = 10.0F},
                                   .mirror = Mirror::kHorizontal};
  std::vector<Pose> poses;
  ASSERT_TRUE(estimator->Estimate(image.View(), asked, poses));

  PoseEstimatorOptions options = SmallOptions();
  options.decoder = asked.decoder;
  options.multi = asked.multi;
  options.mirror = *asked.mirror;
  const auto other = PoseEstimator::Create(model_, options);
  ASSERT_TRUE(other) << other.error().message;
  ExpectSamePoses(poses, *other->Estimate(image.View()));

  // What is left open is the estimator's own, before and after.
  ASSERT_TRUE(estimator->Estimate(image.View(), {.multi = {.max_poses = 1}}, poses));
  const std::vector<Pose> all = *estimator->Estimate(image.View());
  ASSERT_GT(all.size(), 1U);
  ExpectSamePoses(poses, {all.front()});
}

TEST_F(PoseEstimatorTest, RejectsDecodingOutOfRange) {
  const auto estimator = PoseEstimator::Create(model_, SmallOptions());
  ASSERT_TRUE(estimator);
  const image::Image image = RandomImage(40, 30, 5);
  std::vector<Pose> poses;
  const auto error_of = [&](const PoseDecodeOptions& decode) {
    const auto answer = estimator->Estimate(image.View(), decode, poses);
    return answer ? Error{} : answer.error();
  };
  EXPECT_THAT(error_of({.multi = {.max_poses = 0}}).message, HasSubstr("max_poses"));
  EXPECT_THAT(error_of({.multi = {.score_threshold = 1.5F}}).message, HasSubstr("score_threshold"));
  EXPECT_THAT(error_of({.multi = {.nms_radius_px = 0.0F}}).message, HasSubstr("nms_radius_px"));
  EXPECT_THAT(error_of({.decoder = static_cast<PoseDecoder>(9)}).message, HasSubstr("decoder 9 does not exist"));
}

TEST_F(PoseEstimatorTest, MirrorsPositionsButNotNames) {
  PoseEstimatorOptions options = SmallOptions();
  const auto poses = PoseEstimator::Create(model_, options)->Estimate(image_.View());
  options.mirror = Mirror::kHorizontal;
  const auto mirrored = PoseEstimator::Create(model_, options)->Estimate(image_.View());
  ASSERT_EQ(poses->size(), mirrored->size());
  for (std::size_t i = 0; i < poses->size(); ++i) {
    for (std::size_t part = 0; part < kPartCount; ++part) {
      const Keypoint& keypoint = (*poses)[i].keypoints[part];
      EXPECT_EQ((*mirrored)[i].keypoints[part].position_px.x, 149.0F - keypoint.position_px.x);
      EXPECT_EQ((*mirrored)[i].keypoints[part].position_px.y, keypoint.position_px.y);
    }
  }
}

TEST_F(PoseEstimatorTest, FillsInTheOptions) {
  const auto options_for = [this](int width_px, int height_px, int output_stride) {
    PoseEstimatorOptions options;
    options.input_width_px = width_px;
    options.input_height_px = height_px;
    options.output_stride = output_stride;
    return PoseEstimator::Create(model_, options)->options();
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

TEST_F(PoseEstimatorTest, DerivesTheOutputStride) {
  // The released networks of two strides share their weights: derived from 16, the answers are those of 8.
  model::LoadedModel eight = RandomPoseNet(8);
  PoseEstimatorOptions options = SmallOptions();
  const auto expected = PoseEstimator::Create(model::MakeModel(eight).value(), options)->Estimate(image_.View());
  options.output_stride = 8;
  const auto poses = PoseEstimator::Create(model_, options)->Estimate(image_.View());
  ASSERT_GT(poses->size(), 1U);
  ExpectSamePoses(*poses, *expected);
}

TEST_F(PoseEstimatorTest, ReadsOneDisplacementOutputOf64Channels) {
  model::LoadedModel joined = RandomPoseNet(16);
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
  const auto expected = PoseEstimator::Create(model_, SmallOptions())->Estimate(image_.View());
  const auto estimator = PoseEstimator::Create(model::MakeModel(joined).value(), SmallOptions());
  ASSERT_TRUE(estimator.has_value()) << estimator.error().message;
  ExpectSamePoses(*estimator->Estimate(image_.View()), *expected);
}

TEST_F(PoseEstimatorTest, HeatmapMayBeProbabilities) {
  model::LoadedModel sigmoid = RandomPoseNet(16);
  nn::Network& network = sigmoid.spec.network;
  for (nn::Output& output : network.outputs) {
    if (output.name != model::kHeatmapOutput) continue;
    network.layers.push_back({.name = "sigmoid",
                              .inputs = {output.value},
                              .operation = nn::Activate{.activation = nn::Activation::kSigmoid}});
    output.value = static_cast<int>(network.layers.size());
  }
  const auto expected = PoseEstimator::Create(model_, SmallOptions())->Estimate(image_.View());
  const auto poses = PoseEstimator::Create(model::MakeModel(sigmoid).value(), SmallOptions())->Estimate(image_.View());
  ASSERT_EQ(poses->size(), expected->size());
  for (std::size_t i = 0; i < poses->size(); ++i) EXPECT_NEAR((*poses)[i].score, (*expected)[i].score, 1e-6F);
}

TEST_F(PoseEstimatorTest, TakesImagesOfEveryShapeAndFormat) {
  const auto estimator = PoseEstimator::Create(model_, SmallOptions());
  for (const auto& [width_px, height_px] : {std::pair{1, 1}, {1, 20000}, {20000, 1}, {97, 65}, {1000, 3}}) {
    const image::Image image = RandomImage(width_px, height_px, 3);
    const auto poses = estimator->Estimate(image.View());
    ASSERT_TRUE(poses.has_value());
    for (const Pose& pose : *poses) EXPECT_TRUE(human::decode::IsSane(pose));
  }
  // Red and blue exchanged twice.
  image::Image bgr = image_;
  for (std::size_t i = 0; i < bgr.rgb.size(); i += 3) std::swap(bgr.rgb[i], bgr.rgb[i + 2]);
  ImageView view = bgr.View();
  view.format = PixelFormat::kBgr;
  ExpectSamePoses(*estimator->Estimate(view), *estimator->Estimate(image_.View()));
}

TEST_F(PoseEstimatorTest, ConcurrentCallsAnswerAsSerialOnes) {
  PoseEstimatorOptions options = SmallOptions();
  options.thread_count = 2;
  const auto estimator = PoseEstimator::Create(model_, options);
  constexpr int kImages = 6;
  std::vector<image::Image> images;
  std::vector<std::vector<Pose>> expected;
  for (unsigned i = 0; i < kImages; ++i) {
    images.push_back(RandomImage(60 + 40 * static_cast<int>(i), 90, i));
    expected.push_back(estimator->Estimate(images.back().View()).value());
  }
  std::vector<std::vector<Pose>> answers(kImages * 4);
  std::vector<std::thread> callers;
  for (std::size_t caller = 0; caller < 4; ++caller) {
    callers.emplace_back([&, caller] {
      for (std::size_t i = 0; i < kImages; ++i) {
        const std::size_t image = (i + caller) % kImages;
        answers[caller * kImages + image] = estimator->Estimate(images[image].View()).value();
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  for (std::size_t i = 0; i < answers.size(); ++i) ExpectSamePoses(answers[i], expected[i % kImages]);
}

TEST_F(PoseEstimatorTest, ThreadCountDoesNotChangeTheAnswer) {
  PoseEstimatorOptions options = SmallOptions();
  const auto expected = PoseEstimator::Create(model_, options)->Estimate(image_.View());
  for (const int thread_count : {0, 2, 5}) {
    options.thread_count = thread_count;
    ExpectSamePoses(*PoseEstimator::Create(model_, options)->Estimate(image_.View()), *expected);
  }
}

TEST_F(PoseEstimatorTest, OutlivesItsModelAndMoves) {
  const auto expected = PoseEstimator::Create(model_, SmallOptions())->Estimate(image_.View());
  auto estimator = [] {
    return PoseEstimator::Create(model::MakeModel(RandomPoseNet(16)).value(), SmallOptions()).value();
  }();
  PoseEstimator moved = std::move(estimator);
  ExpectSamePoses(*moved.Estimate(image_.View()), *expected);
}

TEST_F(PoseEstimatorTest, RejectsBadImages) {
  const auto estimator = PoseEstimator::Create(model_, SmallOptions());
  const auto null = estimator->Estimate({});
  ASSERT_FALSE(null.has_value());
  EXPECT_EQ(null.error().code, ErrorCode::kInvalidArgument);
  ImageView overlapping = image_.View();
  overlapping.row_stride_bytes = 10;
  EXPECT_THAT(estimator->Estimate(overlapping).error().message, HasSubstr("overlap"));
}

TEST_F(PoseEstimatorTest, RejectsOptionsOutOfRange) {
  const auto expect_rejected = [this](auto change, ErrorCode code, const char* message) {
    PoseEstimatorOptions options = SmallOptions();
    change(options);
    const auto estimator = PoseEstimator::Create(model_, options);
    ASSERT_FALSE(estimator.has_value()) << message;
    EXPECT_EQ(estimator.error().code, code);
    EXPECT_THAT(estimator.error().message, HasSubstr(message));
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

TEST(PoseEstimatorMemoryTest, RejectsSizesThatNeedTooMuch) {
  PoseEstimatorOptions options = SmallOptions();
  options.input_width_px = options.input_height_px = 8192;
  const auto estimator = PoseEstimator::Create(
      model::MakeModel(model::RandomModel(model::MobileNetV1Network(1.0F, 16), 7).value()).value(), options);
  ASSERT_FALSE(estimator.has_value());
  EXPECT_EQ(estimator.error().code, ErrorCode::kResourceExhausted) << estimator.error().message;
}

TEST_F(PoseEstimatorTest, RejectsModelsThatAreNoPoseNet) {
  const auto expect_rejected = [](auto change, const char* message) {
    model::LoadedModel loaded = RandomPoseNet(16);
    change(loaded.spec);
    // Not through MakeModel, which may reject it first.
    const Model model = internal::ModelAccess::Wrap({.model = std::move(loaded), .info = {}});
    const auto estimator = PoseEstimator::Create(model, SmallOptions());
    ASSERT_FALSE(estimator.has_value()) << message;
    EXPECT_EQ(estimator.error().code, ErrorCode::kUnsupported);
    EXPECT_THAT(estimator.error().message, HasSubstr(message));
  };
  expect_rejected([](model::ModelSpec& spec) { spec.task = "camera-pose"; }, "is for camera-pose");
  expect_rejected([](model::ModelSpec& spec) { spec.network.outputs[0].name = "other"; }, "it has no output");
  expect_rejected(
      [](model::ModelSpec& spec) { std::swap(spec.network.outputs[0].value, spec.network.outputs[1].value); },
      "expected 5x7x");
}

TEST_F(PoseEstimatorTest, LeavesToTheModelWhatIsNotAskedFor) {
  const PoseEstimatorOptions usual = PoseEstimator::Create(model_)->options();
  EXPECT_EQ(usual.input_width_px, 513);
  EXPECT_EQ(usual.input_height_px, 513);
  EXPECT_EQ(usual.fit, ImageFit::kPad);
  EXPECT_EQ(usual.resampling, Resampling::kBilinear);
  EXPECT_EQ(usual.decoder, PoseDecoder::kTfjsMultiple);
  EXPECT_EQ(usual.multi.max_poses, 5);
  EXPECT_EQ(usual.multi.score_threshold, 0.5F);
  EXPECT_EQ(usual.multi.nms_radius_px, 20.0F);

  model::LoadedModel loaded = RandomPoseNet(16);
  loaded.spec.input_width_px = 97;
  loaded.spec.input_height_px = 65;
  loaded.spec.fit = ImageFit::kStretch;
  loaded.spec.resampling = Resampling::kNearest;
  loaded.spec.decoder =
      model::DecoderSpec{PoseDecoder::kCoral, {.max_poses = 10, .score_threshold = 0.2F, .nms_radius_px = 9}};
  const Model model = model::MakeModel(loaded).value();
  const PoseEstimatorOptions own = PoseEstimator::Create(model)->options();
  EXPECT_EQ(own.input_width_px, 97);
  EXPECT_EQ(own.input_height_px, 65);
  EXPECT_EQ(own.fit, ImageFit::kStretch);
  EXPECT_EQ(own.resampling, Resampling::kNearest);
  EXPECT_EQ(own.decoder, PoseDecoder::kCoral);
  EXPECT_EQ(own.multi.max_poses, 10);
  EXPECT_EQ(own.multi.nms_radius_px, 9.0F);

  const PoseEstimatorOptions asked = PoseEstimator::Create(model, {.input_width_px = 129,
                                                                   .input_height_px = 33,
                                                                   .fit = ImageFit::kCrop,
                                                                   .resampling = Resampling::kBilinear,
                                                                   .decoder = PoseDecoder::kTfjsMultiple,
                                                                   .multi = {.max_poses = 3}})
                                         ->options();
  EXPECT_EQ(asked.input_width_px, 129);
  EXPECT_EQ(asked.input_height_px, 33);
  EXPECT_EQ(asked.fit, ImageFit::kCrop);
  EXPECT_EQ(asked.resampling, Resampling::kBilinear);
  EXPECT_EQ(asked.decoder, PoseDecoder::kTfjsMultiple);
  EXPECT_EQ(asked.multi.max_poses, 3);
  EXPECT_EQ(asked.multi.score_threshold, 0.2F);
}

TEST_F(PoseEstimatorTest, AnswersInTheImagesPixelsHoweverItIsFitted) {
  // An image of the network's own shape is the same for every fit.
  const image::Image exact = RandomImage(97, 65, 4);
  PoseEstimatorOptions options = SmallOptions();
  const auto expected = PoseEstimator::Create(model_, options)->Estimate(exact.View()).value();
  ASSERT_FALSE(expected.empty());
  for (const ImageFit fit : {ImageFit::kStretch, ImageFit::kCrop}) {
    options.fit = fit;
    for (const Resampling resampling : {Resampling::kBilinear, Resampling::kNearest, Resampling::kAntialiased}) {
      options.resampling = resampling;
      const auto poses = PoseEstimator::Create(model_, options)->Estimate(exact.View()).value();
      resampling == Resampling::kBilinear ? ExpectSamePoses(poses, expected) : ExpectNearPoses(poses, expected);
    }
  }
  // Pixels doubled side by side: stretched by the nearest, the network sees the same.
  image::Image wide = {.width_px = 194, .height_px = 65, .rgb = {}};
  for (std::size_t pixel = 0; pixel < exact.rgb.size(); pixel += 3) {
    for (int copy = 0; copy < 2; ++copy) wide.rgb.insert(wide.rgb.end(), &exact.rgb[pixel], &exact.rgb[pixel] + 3);
  }
  options.fit = ImageFit::kStretch;
  options.resampling = Resampling::kNearest;
  const auto stretched = PoseEstimator::Create(model_, options)->Estimate(wide.View()).value();
  // Bars at its sides: cropped, they are not seen.
  image::Image barred = {.width_px = 137, .height_px = 65, .rgb = {}};
  for (std::size_t row = 0; row < 65; ++row) {
    const auto begin = exact.rgb.begin() + static_cast<std::ptrdiff_t>(row * 97 * 3);
    barred.rgb.insert(barred.rgb.end(), 20 * 3, 255);
    barred.rgb.insert(barred.rgb.end(), begin, begin + 97 * 3);
    barred.rgb.insert(barred.rgb.end(), 20 * 3, 255);
  }
  options.fit = ImageFit::kCrop;
  const auto cropped = PoseEstimator::Create(model_, options)->Estimate(barred.View()).value();
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

TEST_F(PoseEstimatorTest, RejectsFitsThatDoNotExist) {
  const auto fit = PoseEstimator::Create(model_, {.fit = static_cast<ImageFit>(7)});
  ASSERT_FALSE(fit.has_value());
  EXPECT_THAT(fit.error().message, HasSubstr("fit 7 does not exist"));
  const auto resampling = PoseEstimator::Create(model_, {.resampling = static_cast<Resampling>(7)});
  ASSERT_FALSE(resampling.has_value());
  EXPECT_THAT(resampling.error().message, HasSubstr("resampling 7 does not exist"));
}

}  // namespace
}  // namespace posenet
