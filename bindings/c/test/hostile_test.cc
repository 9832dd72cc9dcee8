// SPDX-License-Identifier: Apache-2.0
// Values that no caller should pass: an error that names them, never a crash. Built with AddressSanitizer, too.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

#include "camera/testing/camera_models.h"
#include "fixture.h"
#include "human/testing/estimators.h"
#include "human/testing/movenet_maps.h"
#include "human/testing/pose_maps.h"
#include "image/testing/random_image.h"

namespace posenet::c {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr std::int32_t kIntMax = std::numeric_limits<std::int32_t>::max();
constexpr std::int32_t kIntMin = std::numeric_limits<std::int32_t>::min();

template <typename Options>
struct BadOption {
  const char* text;  // In the message.
  std::function<void(Options&)> spoil;
};

class CHostileTest : public CTest {
 protected:
  void SetUp() override {
    auto options = Initialized<posenet_estimator_options_init, posenet_estimator_options>();
    options.input_width_px = 65;
    options.input_height_px = 65;
    options.thread_count = 1;
    estimator_ = CreateEstimator(model_.get(), options);
  }

  posenet_status Estimate(const posenet_image& image, const posenet_decode_options* options = nullptr) {
    std::size_t count = 0;
    return posenet_estimator_estimate(estimator_.get(), &image, options, poses_.data(), poses_.size(), &count, error());
  }

  ModelHandle model_ = LoadModel(human::RandomPoseNet());
  EstimatorHandle estimator_;
  image::Image pixels_ = image::RandomRgbImage(20, 10);
  posenet_image image_ = ImageOf(pixels_);
  std::vector<posenet_pose> poses_ = std::vector<posenet_pose>(20);
};

TEST_F(CHostileTest, InvalidImagesAreErrors) {
  const std::vector<std::function<void(posenet_image&)>> spoilers = {
      [](posenet_image& image) { image.data = nullptr; },
      [](posenet_image& image) { image.width_px = 0; },
      [](posenet_image& image) { image.height_px = -1; },
      [](posenet_image& image) { image.width_px = kIntMin; },
      [](posenet_image& image) { image.row_stride_bytes = 59; },  // Rows overlap.
      [](posenet_image& image) { image.row_stride_bytes = -1; },
      [](posenet_image& image) { image.row_stride_bytes = std::numeric_limits<std::ptrdiff_t>::min(); },
      [](posenet_image& image) { image.width_px = kIntMax; },  // With the stride of 20 pixels.
      [](posenet_image& image) { image.format = 5; },
      [](posenet_image& image) { image.format = -1; },
      [](posenet_image& image) { image.format = kIntMax; },
  };
  for (std::size_t i = 0; i < spoilers.size(); ++i) {
    posenet_image image = image_;
    image.row_stride_bytes = 60;
    spoilers[i](image);
    EXPECT_EQ(Estimate(image), POSENET_INVALID_ARGUMENT) << "case " << i;
    EXPECT_NE(message(), "");
  }
  EXPECT_EQ(Estimate(image_), POSENET_OK) << message();
}

TEST_F(CHostileTest, EstimatorOptionsOutOfRangeAreErrors) {
  using Options = posenet_estimator_options;
  const std::vector<BadOption<Options>> cases = {
      {"", [](Options& o) { o.input_width_px = -1; }},
      {"", [](Options& o) { o.input_height_px = kIntMax; }},
      {"fit is 3", [](Options& o) { o.fit = 3; }},
      {"fit is -2", [](Options& o) { o.fit = -2; }},
      {"resampling", [](Options& o) { o.resampling = kIntMax; }},
      {"", [](Options& o) { o.output_stride = 7; }},
      {"", [](Options& o) { o.output_stride = kIntMin; }},
      {"decoder", [](Options& o) { o.decoder = 6; }},
      {"max_poses", [](Options& o) { o.max_poses = 0; }},
      {"max_poses", [](Options& o) { o.max_poses = POSENET_MAX_POSES + 1; }},
      {"max_poses", [](Options& o) { o.max_poses = kIntMin; }},
      {"score_threshold", [](Options& o) { o.score_threshold = kNaN; }},
      {"score_threshold", [](Options& o) { o.score_threshold = 1.5F; }},
      {"score_threshold", [](Options& o) { o.score_threshold = -0.5F; }},
      {"nms_radius_px", [](Options& o) { o.nms_radius_px = kNaN; }},
      {"nms_radius_px", [](Options& o) { o.nms_radius_px = kInfinity; }},
      {"nms_radius_px", [](Options& o) { o.nms_radius_px = 0.0F; }},
      {"mirror", [](Options& o) { o.mirror = 2; }},
      {"precision", [](Options& o) { o.precision = 4; }},
      {"precision", [](Options& o) { o.precision = POSENET_DEFAULT; }},
      {"thread", [](Options& o) { o.thread_count = -1; }},
      {"thread", [](Options& o) { o.thread_count = 1025; }},
      {"Z80", [](Options& o) { o.instruction_set = "Z80"; }},
  };
  for (const BadOption<Options>& test_case : cases) {
    auto options = Initialized<posenet_estimator_options_init, posenet_estimator_options>();
    test_case.spoil(options);
    posenet_estimator* estimator = estimator_.get();
    const posenet_status status = posenet_estimator_create(model_.get(), &options, &estimator, error());
    ExpectFailed(status, status == POSENET_UNSUPPORTED ? POSENET_UNSUPPORTED : POSENET_INVALID_ARGUMENT,
                 test_case.text);
    EXPECT_EQ(estimator, nullptr);
  }
  auto options = Initialized<posenet_decode_options_init, posenet_decode_options>();
  options.score_threshold = kNaN;
  EXPECT_EQ(Estimate(image_, &options), POSENET_INVALID_ARGUMENT);
  options.score_threshold = POSENET_DEFAULT;
  options.reserved = 1;
  EXPECT_EQ(Estimate(image_, &options), POSENET_INVALID_ARGUMENT);
  options.reserved = 0;
  options.decoder = kIntMin;
  EXPECT_EQ(Estimate(image_, &options), POSENET_INVALID_ARGUMENT);
  options.decoder = POSENET_DECODER_MOVENET_SINGLE;
  EXPECT_EQ(Estimate(image_, &options), POSENET_UNSUPPORTED) << message();
}

TEST_F(CHostileTest, DamagedModelsAreErrors) {
  std::ifstream file(WriteModel(human::RandomPoseNet()), std::ios::binary);
  const std::string good{std::istreambuf_iterator<char>(file), {}};
  posenet_model* model = nullptr;
  // Prefixes of the first kilobyte, which is part of the header, and bytes of it flipped.
  for (std::size_t size = 0; size < 1024; size += 17) {
    EXPECT_NE(posenet_model_parse(good.data(), size, &model, error()), POSENET_OK);
    EXPECT_EQ(model, nullptr);
  }
  for (std::size_t i = 0; i < 1024; i += 31) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x80);
    if (posenet_model_parse(bad.data(), bad.size(), &model, error()) == POSENET_OK) posenet_model_destroy(model);
  }
  EXPECT_NE(posenet_model_load("/", &model, error()), POSENET_OK);
  ExpectFailed(posenet_model_load("", &model, error()), POSENET_NOT_FOUND, "");
  EXPECT_NE(posenet_model_load(std::string(100'000, 'x').c_str(), &model, error()), POSENET_OK);
  EXPECT_NE(posenet_model_load("\xff\xfe\n\r", &model, error()), POSENET_OK);
  EXPECT_EQ(message().find('\n'), std::string::npos);
}

TEST_F(CHostileTest, InvalidMapsAreErrors) {
  const human::decode::TestMaps owner(5, 5, 16);
  const PoseMaps view = owner.View();
  const auto good = [&] {
    auto maps = Initialized<posenet_maps_init, posenet_maps>();
    maps.height = 5;
    maps.width = 5;
    maps.output_stride = 16;
    maps.heatmap.data = view.heatmap.data;
    maps.offsets.data = view.offsets.data;
    maps.displacement_fwd.data = view.displacement_fwd.data;
    maps.displacement_bwd.data = view.displacement_bwd.data;
    return maps;
  };
  const auto unaligned = reinterpret_cast<const float*>(reinterpret_cast<const char*>(view.heatmap.data) + 1);
  const std::vector<BadOption<posenet_maps>> cases = {
      {"", [](posenet_maps& m) { m.height = 0; }},
      {"", [](posenet_maps& m) { m.width = -5; }},
      {"", [](posenet_maps& m) { m.width = m.height = kIntMax; }},
      {"stride", [](posenet_maps& m) { m.output_stride = 0; }},
      {"heatmap_kind", [](posenet_maps& m) { m.heatmap_kind = 2; }},
      {"heatmap", [](posenet_maps& m) { m.heatmap.data = nullptr; }},
      {"offsets", [](posenet_maps& m) { m.offsets.data = nullptr; }},
      {"displacement_bwd", [](posenet_maps& m) { m.displacement_bwd.data = nullptr; }},
      {"heatmap", [](posenet_maps& m) { m.heatmap.pixel_stride = 16; }},
      {"offsets", [](posenet_maps& m) { m.offsets.pixel_stride = -34; }},
      {"displacement_fwd", [](posenet_maps& m) { m.displacement_fwd.pixel_stride = kIntMin; }},
      {"layout is 2", [](posenet_maps& m) { m.layout = 2; }},
      {"layout is -1", [](posenet_maps& m) { m.layout = POSENET_DEFAULT; }},
      {"reserved is 1", [](posenet_maps& m) { m.reserved = 1; }},
      {"expected 0 in NCHW",
       [](posenet_maps& m) {
         m.layout = POSENET_LAYOUT_NCHW;
         m.offsets.pixel_stride = 34;
       }},
      {"fit into memory",
       [](posenet_maps& m) {
         m.layout = POSENET_LAYOUT_NCHW;
         m.width = m.height = kIntMax;
       }},
      {"cells",
       [](posenet_maps& m) {
         m.layout = POSENET_LAYOUT_NCHW;
         m.height = 0;
       }},
      {"heatmap is null",
       [](posenet_maps& m) {
         m.layout = POSENET_LAYOUT_NCHW;
         m.heatmap.data = nullptr;
       }},
      {"aligned", [unaligned](posenet_maps& m) { m.heatmap.data = unaligned; }},
  };
  std::size_t count = 0;
  for (const BadOption<posenet_maps>& test_case : cases) {
    posenet_maps maps = good();
    test_case.spoil(maps);
    ExpectFailed(posenet_decode(&maps, nullptr, poses_.data(), poses_.size(), &count, error()),
                 POSENET_INVALID_ARGUMENT, test_case.text);
  }
  const posenet_maps maps = good();
  EXPECT_EQ(posenet_decode(&maps, nullptr, poses_.data(), poses_.size(), &count, error()), POSENET_OK) << message();
}

TEST_F(CHostileTest, MapsOfNaNAndInfinityAreHarmless) {
  for (const float value : {kNaN, kInfinity, -kInfinity, std::numeric_limits<float>::max()}) {
    human::decode::TestMaps owner(9, 9, 8);
    for (auto* map : {&owner.heatmap, &owner.offsets, &owner.displacement_fwd, &owner.displacement_bwd}) {
      map->assign(map->size(), value);
    }
    const PoseMaps view = owner.View();
    auto maps = Initialized<posenet_maps_init, posenet_maps>();
    maps.height = 9;
    maps.width = 9;
    maps.output_stride = 8;
    maps.heatmap.data = view.heatmap.data;
    maps.offsets.data = view.offsets.data;
    maps.displacement_fwd.data = view.displacement_fwd.data;
    maps.displacement_bwd.data = view.displacement_bwd.data;
    for (const posenet_decoder decoder :
         {POSENET_DECODER_TFJS_SINGLE, POSENET_DECODER_TFJS_MULTIPLE, POSENET_DECODER_CORAL, POSENET_DECODER_HOUGH}) {
      auto options = Initialized<posenet_decode_options_init, posenet_decode_options>();
      options.decoder = decoder;
      std::size_t count = 0;
      EXPECT_EQ(posenet_decode(&maps, &options, poses_.data(), poses_.size(), &count, error()), POSENET_OK)
          << message();
      EXPECT_LE(count, poses_.size());
    }
  }
}

TEST_F(CHostileTest, TrackersRejectWhatIsNotFinite) {
  posenet_tracker* created_tracker = nullptr;
  posenet_smoother* created_smoother = nullptr;
  ASSERT_EQ(posenet_tracker_create(nullptr, &created_tracker, error()), POSENET_OK);
  ASSERT_EQ(posenet_smoother_create(nullptr, &created_smoother, error()), POSENET_OK);
  const TrackerHandle tracker(created_tracker);
  const SmootherHandle smoother(created_smoother);
  std::int64_t id = 1;
  for (const float value : {kNaN, kInfinity, -kInfinity}) {
    posenet_pose pose = {};
    pose.keypoints[3].y_px = value;
    ExpectFailed(posenet_tracker_update(tracker.get(), &pose, 1, 1.0, &id, error()), POSENET_INVALID_ARGUMENT, "");
    ExpectFailed(posenet_smoother_smooth(smoother.get(), &pose, &id, 1, 1.0, error()), POSENET_INVALID_ARGUMENT, "");
    pose = {};
    ExpectFailed(posenet_tracker_update(tracker.get(), &pose, 1, value, &id, error()), POSENET_INVALID_ARGUMENT, "");
    ExpectFailed(posenet_smoother_smooth(smoother.get(), &pose, &id, 1, value, error()), POSENET_INVALID_ARGUMENT, "");
    std::size_t count = 0;
    ExpectFailed(posenet_tracker_predict(tracker.get(), value, nullptr, 0, &count, error()), POSENET_INVALID_ARGUMENT,
                 "");
  }
  // Numbers of poses that no array has.
  const posenet_pose pose = {};
  for (const std::size_t count : {std::size_t{POSENET_MAX_POSES + 1}, std::numeric_limits<std::size_t>::max()}) {
    ExpectFailed(posenet_tracker_update(tracker.get(), &pose, count, 1.0, &id, error()), POSENET_INVALID_ARGUMENT,
                 "expected at most 10000");
  }
  auto options = Initialized<posenet_tracker_options_init, posenet_tracker_options>();
  posenet_tracker* none = tracker.get();
  options.max_age_ms = kNaN;
  ExpectFailed(posenet_tracker_create(&options, &none, error()), POSENET_INVALID_ARGUMENT, "max_age_ms");
  EXPECT_EQ(none, nullptr);
  options = Initialized<posenet_tracker_options_init, posenet_tracker_options>();
  options.similarity = 2;
  ExpectFailed(posenet_tracker_create(&options, &none, error()), POSENET_INVALID_ARGUMENT, "similarity is 2");
  auto smoother_options = Initialized<posenet_smoother_options_init, posenet_smoother_options>();
  smoother_options.min_cutoff_hz = -kInfinity;
  posenet_smoother* no_smoother = nullptr;
  ExpectFailed(posenet_smoother_create(&smoother_options, &no_smoother, error()), POSENET_INVALID_ARGUMENT,
               "min_cutoff_hz");
}

TEST_F(CHostileTest, RefinersRejectWhatTheyCannotRefine) {
  posenet_refiner* created = nullptr;
  ExpectFailed(posenet_refiner_create(model_.get(), nullptr, &created, error()), POSENET_UNSUPPORTED, "MoveNet");
  auto options = Initialized<posenet_refiner_options_init, posenet_refiner_options>();
  options.crop_scale = kNaN;
  const ModelHandle movenet = LoadModel(human::RandomMoveNet());
  ExpectFailed(posenet_refiner_create(movenet.get(), &options, &created, error()), POSENET_INVALID_ARGUMENT,
               "crop_scale");
  ASSERT_EQ(posenet_refiner_create(movenet.get(), nullptr, &created, error()), POSENET_OK) << message();
  const RefinerHandle refiner(created);
  std::size_t count = 1;
  posenet_pose pose = {};
  pose.score = kNaN;
  ExpectFailed(posenet_refiner_refine(refiner.get(), &image_, &pose, &count, error()), POSENET_INVALID_ARGUMENT, "");
  pose = {};
  for (posenet_keypoint& keypoint : pose.keypoints) {
    keypoint = {.x_px = std::numeric_limits<float>::max(), .y_px = -std::numeric_limits<float>::max(), .score = 1.0F};
  }
  pose.keypoints[0] = {.x_px = 0.0F, .y_px = 0.0F, .score = 1.0F};
  EXPECT_EQ(posenet_refiner_refine(refiner.get(), &image_, &pose, &count, error()), POSENET_OK) << message();
  EXPECT_LE(count, 1U);
}

TEST_F(CHostileTest, LocalizersRejectInvalidArguments) {
  const ModelHandle model = LoadModel(camera::MakeTestModel());
  posenet_localizer* created = nullptr;
  using Options = posenet_localizer_options;
  const std::vector<BadOption<Options>> cases = {
      {"crops", [](Options& o) { o.crops = 0; }},
      {"crops", [](Options& o) { o.crops = kIntMax; }},
      {"uncertainty_passes", [](Options& o) { o.uncertainty_passes = 1; }},
      {"uncertainty_passes", [](Options& o) { o.uncertainty_passes = kIntMin; }},
      {"compute_features is 2", [](Options& o) { o.compute_features = 2; }},
      {"thread", [](Options& o) { o.thread_count = -1; }},
  };
  for (const BadOption<Options>& test_case : cases) {
    auto options = Initialized<posenet_localizer_options_init, posenet_localizer_options>();
    test_case.spoil(options);
    ExpectFailed(posenet_localizer_create(model.get(), &options, &created, error()), POSENET_INVALID_ARGUMENT,
                 test_case.text);
    EXPECT_EQ(created, nullptr);
  }
  ExpectFailed(posenet_localizer_create(model_.get(), nullptr, &created, error()), POSENET_UNSUPPORTED, "");
  ASSERT_EQ(posenet_localizer_create(model.get(), nullptr, &created, error()), POSENET_OK) << message();
  const LocalizerHandle localizer(created);
  auto estimate = Initialized<posenet_camera_estimate_init, posenet_camera_estimate>();
  ExpectFailed(posenet_localizer_localize(localizer.get(), nullptr, &estimate, error()), POSENET_INVALID_ARGUMENT,
               "image is null");
  ExpectFailed(posenet_localizer_localize(localizer.get(), &image_, nullptr, error()), POSENET_INVALID_ARGUMENT,
               "posenet_camera_estimate is null");
  ExpectFailed(posenet_localizer_localize_sequence(localizer.get(), &image_, std::numeric_limits<std::size_t>::max(),
                                                   &estimate, error()),
               POSENET_INVALID_ARGUMENT, "expected 1 to 1");
}

}  // namespace
}  // namespace posenet::c
