// SPDX-License-Identifier: Apache-2.0
// Estimators and refiners of the C interface give the poses of the C++ API.
#include "posenet/human.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "base/testing/value_or_throw.h"
#include "fixture.h"
#include "human/testing/estimators.h"
#include "human/testing/movenet_maps.h"
#include "image/testing/random_image.h"
#include "posenet/refine.h"

namespace posenet::c {
namespace {

/// The same as human::SmallOptions.
posenet_estimator_options SmallOptions() {
  auto options = Initialized<posenet_estimator_options_init, posenet_estimator_options>();
  options.input_width_px = 97;
  options.input_height_px = 65;
  options.decoder = POSENET_DECODER_TFJS_MULTIPLE;
  options.max_poses = 20;
  options.score_threshold = 0.01F;
  options.nms_radius_px = 20.0F;
  options.thread_count = 1;
  return options;
}

class CHumanTest : public CTest {
 protected:
  std::vector<Pose> Estimate(const posenet_estimator* estimator, const posenet_decode_options* options = nullptr,
                             std::size_t capacity = 100) {
    const posenet_image image = ImageOf(image_);
    std::vector<posenet_pose> poses(capacity);
    std::size_t count = 12345;
    EXPECT_EQ(posenet_estimator_estimate(estimator, &image, options, poses.data(), capacity, &count, error()),
              POSENET_OK)
        << message();
    EXPECT_LE(count, capacity);
    poses.resize(count);
    return ToPoses(poses);
  }

  model::LoadedModel loaded_ = human::RandomPoseNet();
  Model cpp_model_ = model::MakeModel(human::RandomPoseNet()).value();
  image::Image image_ = image::RandomRgbImage(150, 80, 1);
};

TEST_F(CHumanTest, EstimatesThePosesOfTheCppApi) {
  ModelHandle model = LoadModel(loaded_);
  const EstimatorHandle estimator = CreateEstimator(model.get(), SmallOptions());
  model.reset();  // The estimator does not need it.
  const auto expected = human::EstimatePoses(cpp_model_, human::SmallOptions(), image_.View());
  ASSERT_GT(expected.size(), 1U);
  human::ExpectSamePoses(Estimate(estimator.get()), expected);
  human::ExpectSamePoses(Estimate(estimator.get(), nullptr, 1), {expected[0]});
}

TEST_F(CHumanTest, DefaultsAreThoseOfTheCppApi) {
  const ModelHandle model = LoadModel(loaded_);
  posenet_estimator* created = nullptr;
  ASSERT_EQ(posenet_estimator_create(model.get(), nullptr, &created, error()), POSENET_OK) << message();
  const EstimatorHandle estimator(created);
  auto options = Initialized<posenet_estimator_options_init, posenet_estimator_options>();
  const EstimatorHandle initialized = CreateEstimator(model.get(), options);
  const PoseEstimatorOptions expected = human::CreateEstimator(cpp_model_).options();
  for (const posenet_estimator* const handle : {estimator.get(), initialized.get()}) {
    ASSERT_EQ(posenet_estimator_get_options(handle, &options, error()), POSENET_OK) << message();
    EXPECT_EQ(options.input_width_px, expected.input_width_px);
    EXPECT_EQ(options.input_height_px, expected.input_height_px);
    EXPECT_EQ(options.fit, static_cast<int>(*expected.fit));
    EXPECT_EQ(options.resampling, static_cast<int>(*expected.resampling));
    EXPECT_EQ(options.output_stride, expected.output_stride);
    EXPECT_EQ(options.decoder, static_cast<int>(*expected.decoder));
    EXPECT_EQ(options.max_poses, *expected.multi.max_poses);
    EXPECT_EQ(options.score_threshold, *expected.multi.score_threshold);
    EXPECT_EQ(options.nms_radius_px, *expected.multi.nms_radius_px);
    EXPECT_EQ(options.mirror, POSENET_MIRROR_NONE);
    EXPECT_EQ(options.precision, static_cast<int>(expected.precision));
    EXPECT_EQ(options.thread_count, expected.thread_count);
    EXPECT_EQ(options.instruction_set, expected.instruction_set);
    EXPECT_EQ(options.refiner, nullptr);
    EXPECT_EQ(options.proposer, nullptr);
  }
}

TEST_F(CHumanTest, TheTfjsPresetIsThatOfTheCppApi) {
  const auto options = Initialized<posenet_estimator_options_init_tfjs, posenet_estimator_options>();
  const PoseEstimatorOptions expected = TfjsPreset();
  EXPECT_EQ(options.fit, static_cast<int>(*expected.fit));
  EXPECT_EQ(options.resampling, static_cast<int>(*expected.resampling));
  EXPECT_EQ(options.decoder, static_cast<int>(*expected.decoder));
  EXPECT_EQ(options.max_poses, *expected.multi.max_poses);
  EXPECT_EQ(options.score_threshold, *expected.multi.score_threshold);
  EXPECT_EQ(options.nms_radius_px, *expected.multi.nms_radius_px);
  EXPECT_EQ(options.precision, static_cast<int>(expected.precision));
}

TEST_F(CHumanTest, EveryOptionReachesTheEstimator) {
  posenet_estimator_options options = SmallOptions();
  options.fit = POSENET_FIT_CROP;
  options.resampling = POSENET_RESAMPLING_ANTIALIASED;
  options.output_stride = 8;
  options.decoder = POSENET_DECODER_CORAL;
  options.max_poses = 3;
  options.mirror = POSENET_MIRROR_HORIZONTAL;
  options.precision = POSENET_PRECISION_BFLOAT16;
  options.thread_count = 2;
  options.instruction_set = "EMU128";
  PoseEstimatorOptions cpp = human::SmallOptions();
  cpp.fit = ImageFit::kCrop;
  cpp.resampling = Resampling::kAntialiased;
  cpp.output_stride = 8;
  cpp.decoder = PoseDecoder::kCoral;
  cpp.multi.max_poses = 3;
  cpp.mirror = Mirror::kHorizontal;
  cpp.precision = Precision::kBFloat16;
  cpp.thread_count = 2;
  cpp.instruction_set = "EMU128";
  const ModelHandle model = LoadModel(loaded_);
  const auto created = PoseEstimator::Create(cpp_model_, cpp);
  if (!created) {
    posenet_estimator* none = nullptr;
    ExpectFailed(posenet_estimator_create(model.get(), &options, &none, error()), POSENET_UNSUPPORTED,
                 created.error().message);
    GTEST_SKIP() << created.error().message;
  }
  const EstimatorHandle estimator = CreateEstimator(model.get(), options);
  human::ExpectSamePoses(Estimate(estimator.get()), created->Estimate(image_.View()).value());
}

TEST_F(CHumanTest, OptionsOfACallOverrideThoseOfTheEstimator) {
  const ModelHandle model = LoadModel(loaded_);
  const EstimatorHandle estimator = CreateEstimator(model.get(), SmallOptions());
  auto options = Initialized<posenet_decode_options_init, posenet_decode_options>();
  const PoseEstimator cpp = human::CreateEstimator(cpp_model_, human::SmallOptions());
  std::vector<Pose> expected;

  ASSERT_TRUE(cpp.Estimate(image_.View(), {}, expected).has_value());
  human::ExpectSamePoses(Estimate(estimator.get(), &options), expected);

  options.decoder = POSENET_DECODER_HOUGH;
  options.max_poses = 4;
  options.score_threshold = 0.001F;
  options.nms_radius_px = 12.0F;
  options.mirror = POSENET_MIRROR_HORIZONTAL;
  ASSERT_TRUE(cpp.Estimate(image_.View(),
                           {.decoder = PoseDecoder::kHough,
                            .multi = {.max_poses = 4, .score_threshold = 0.001F, .nms_radius_px = 12.0F},
                            .mirror = Mirror::kHorizontal},
                           expected)
                  .has_value());
  ASSERT_FALSE(expected.empty());
  human::ExpectSamePoses(Estimate(estimator.get(), &options), expected);
}

TEST_F(CHumanTest, ReadsEveryPixelFormatAndRowOrder) {
  const ModelHandle model = LoadModel(loaded_);
  const EstimatorHandle estimator = CreateEstimator(model.get(), SmallOptions());
  const PoseEstimator cpp = human::CreateEstimator(cpp_model_, human::SmallOptions());
  for (const PixelFormat format :
       {PixelFormat::kRgb, PixelFormat::kBgr, PixelFormat::kRgba, PixelFormat::kBgra, PixelFormat::kGray}) {
    const image::TestImage owner = image::RandomImage(60, 40, format, 5);
    ImageView view = owner.view;
    for (const bool is_bottom_up : {false, true}) {
      if (is_bottom_up) {
        view.data += 39 * view.row_stride_bytes;
        view.row_stride_bytes = -view.row_stride_bytes;
      }
      const posenet_image image = {.data = view.data,
                                   .width_px = 60,
                                   .height_px = 40,
                                   .row_stride_bytes = view.row_stride_bytes,
                                   .format = static_cast<posenet_pixel_format>(format)};
      std::vector<posenet_pose> poses(20);
      std::size_t count = 0;
      ASSERT_EQ(posenet_estimator_estimate(estimator.get(), &image, nullptr, poses.data(), 20, &count, error()),
                POSENET_OK)
          << message();
      poses.resize(count);
      human::ExpectSamePoses(ToPoses(poses), cpp.Estimate(view).value());
    }
  }
}

TEST_F(CHumanTest, EstimatesBoxesWithMoveNetMultiPose) {
  const model::LoadedModel multipose = human::RandomMultiPose();
  auto options = Initialized<posenet_estimator_options_init, posenet_estimator_options>();
  options.score_threshold = 0.0F;
  options.thread_count = 1;
  const EstimatorHandle estimator = CreateEstimator(LoadModel(multipose).get(), options);
  const auto cpp = human::CreateEstimator(model::MakeModel(human::RandomMultiPose()).value(),
                                          {.multi = {.score_threshold = 0.0F}, .thread_count = 1});
  std::vector<BoxedPose> expected;
  ASSERT_TRUE(cpp.Estimate(image_.View(), {}, expected).has_value());
  ASSERT_FALSE(expected.empty());
  const posenet_image image = ImageOf(image_);
  std::vector<posenet_boxed_pose> people(10);
  std::size_t count = 0;
  ASSERT_EQ(
      posenet_estimator_estimate_boxed(estimator.get(), &image, nullptr, people.data(), people.size(), &count, error()),
      POSENET_OK)
      << message();
  ASSERT_EQ(count, expected.size());
  for (std::size_t i = 0; i < count; ++i) {
    human::ExpectSamePoses(ToPoses(std::vector{people[i].pose}), {expected[i].pose});
    EXPECT_EQ(people[i].box.min_x_px, expected[i].box_px.min_x_px);
    EXPECT_EQ(people[i].box.max_y_px, expected[i].box_px.max_y_px);
  }
  // PoseNet has no boxes.
  const EstimatorHandle posenet = CreateEstimator(LoadModel(loaded_).get(), SmallOptions());
  ExpectFailed(
      posenet_estimator_estimate_boxed(posenet.get(), &image, nullptr, people.data(), people.size(), &count, error()),
      POSENET_UNSUPPORTED, "");
}

TEST_F(CHumanTest, RefinesPosesLikeTheCppApi) {
  auto options = Initialized<posenet_refiner_options_init, posenet_refiner_options>();
  options.min_pose_score = 0.0F;
  options.max_similarity = 1.0;
  options.thread_count = 1;
  posenet_refiner* created = nullptr;
  ASSERT_EQ(posenet_refiner_create(LoadModel(human::RandomMoveNet()).get(), &options, &created, error()), POSENET_OK)
      << message();
  RefinerHandle refiner(created);
  auto cpp_refiner = std::make_shared<const PersonRefiner>(
      base::ValueOrThrow(PersonRefiner::Create(model::MakeModel(human::RandomMoveNet()).value(),
                                               {.min_pose_score = 0.0F, .max_similarity = 1.0, .thread_count = 1})));

  const ModelHandle model = LoadModel(loaded_);
  const EstimatorHandle plain = CreateEstimator(model.get(), SmallOptions());
  const posenet_image image = ImageOf(image_);
  std::vector<posenet_pose> poses(20);
  std::size_t count = 0;
  ASSERT_EQ(posenet_estimator_estimate(plain.get(), &image, nullptr, poses.data(), poses.size(), &count, error()),
            POSENET_OK);
  poses.resize(count);
  std::vector<Pose> expected = ToPoses(poses);
  ASSERT_TRUE(cpp_refiner->Refine(image_.View(), expected).has_value());
  ASSERT_EQ(posenet_refiner_refine(refiner.get(), &image, poses.data(), &count, error()), POSENET_OK) << message();
  poses.resize(count);
  human::ExpectSamePoses(ToPoses(poses), expected);

  // As options of an estimator, with a proposer; neither handle needs to outlive it.
  EstimatorHandle proposer = CreateEstimator(LoadModel(human::RandomMultiPose()).get(),
                                             Initialized<posenet_estimator_options_init, posenet_estimator_options>());
  posenet_estimator_options refined = SmallOptions();
  refined.refiner = refiner.get();
  refined.proposer = proposer.get();
  const EstimatorHandle estimator = CreateEstimator(model.get(), refined);
  refiner.reset();
  proposer.reset();
  PoseEstimatorOptions cpp = human::SmallOptions();
  cpp.refiner = std::move(cpp_refiner);
  cpp.proposer =
      std::make_shared<const PoseEstimator>(human::CreateEstimator(model::MakeModel(human::RandomMultiPose()).value()));
  human::ExpectSamePoses(Estimate(estimator.get()), human::EstimatePoses(cpp_model_, cpp, image_.View()));
}

TEST_F(CHumanTest, EstimatorsAreThreadSafe) {
  const EstimatorHandle estimator = CreateEstimator(LoadModel(loaded_).get(), SmallOptions());
  const std::vector<Pose> expected = Estimate(estimator.get());
  std::vector<std::vector<Pose>> results(4);
  std::vector<std::thread> threads;
  for (std::vector<Pose>& result : results) {
    threads.emplace_back([&] {
      const ErrorHandle own_error(posenet_error_create());
      const posenet_image image = ImageOf(image_);
      for (int i = 0; i < 5; ++i) {
        std::vector<posenet_pose> poses(20);
        std::size_t count = 0;
        posenet_estimator_estimate(estimator.get(), &image, nullptr, poses.data(), 20, &count, own_error.get());
        poses.resize(count);
        result = ToPoses(poses);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::vector<Pose>& result : results) human::ExpectSamePoses(result, expected);
}

}  // namespace
}  // namespace posenet::c
