// SPDX-License-Identifier: Apache-2.0
// Structs with wrong sizes, and null in every place: an error, never a crash.
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "fixture.h"
#include "human/testing/estimators.h"
#include "image/testing/random_image.h"

namespace posenet::c {
namespace {

/// Sizes that a struct of `size` bytes does not have.
std::vector<std::size_t> WrongSizes(std::size_t size) {
  return {0, 1, sizeof(std::size_t), size - 1, size + 1, 2 * size, std::numeric_limits<std::size_t>::max()};
}

/// Expects that `init` rejects null and wrong sizes, and then leaves the struct as it is.
template <typename Struct>
void ExpectInitChecks(posenet_status (*init)(Struct*, std::size_t)) {
  EXPECT_EQ(init(nullptr, sizeof(Struct)), POSENET_INVALID_ARGUMENT);
  for (const std::size_t size : WrongSizes(sizeof(Struct))) {
    std::array<unsigned char, sizeof(Struct)> bytes;
    bytes.fill(0xA5);
    EXPECT_EQ(init(reinterpret_cast<Struct*>(bytes.data()), size), POSENET_INVALID_ARGUMENT) << size;
    for (const unsigned char byte : bytes) EXPECT_EQ(byte, 0xA5);
  }
}

TEST(CStructsTest, InitFunctionsRejectNullAndUnknownSizes) {
  ExpectInitChecks(posenet_model_info_init);
  ExpectInitChecks(posenet_decode_options_init);
  ExpectInitChecks(posenet_maps_init);
  ExpectInitChecks(posenet_movenet_maps_init);
  ExpectInitChecks(posenet_estimator_options_init);
  ExpectInitChecks(posenet_estimator_options_init_tfjs);
  ExpectInitChecks(posenet_refiner_options_init);
  ExpectInitChecks(posenet_tracker_options_init);
  ExpectInitChecks(posenet_smoother_options_init);
  ExpectInitChecks(posenet_person_follower_options_init);
  ExpectInitChecks(posenet_people_follower_options_init);
  ExpectInitChecks(posenet_localizer_options_init);
  ExpectInitChecks(posenet_camera_scene_init);
  ExpectInitChecks(posenet_camera_estimate_init);
}

TEST_F(CTest, StructsOfUnknownSizesAreErrors) {
  const ModelHandle model = LoadModel(human::RandomPoseNet());
  posenet_estimator* estimator = nullptr;
  auto estimator_options = Initialized<posenet_estimator_options_init, posenet_estimator_options>();
  for (const std::size_t size : WrongSizes(sizeof(estimator_options))) {
    estimator_options.struct_size = size;
    ExpectFailed(posenet_estimator_create(model.get(), &estimator_options, &estimator, error()),
                 POSENET_INVALID_ARGUMENT, "posenet_estimator_options.struct_size is " + std::to_string(size));
  }
  posenet_tracker* tracker = nullptr;
  auto tracker_options = Initialized<posenet_tracker_options_init, posenet_tracker_options>();
  for (const std::size_t size : WrongSizes(sizeof(tracker_options))) {
    tracker_options.struct_size = size;
    ExpectFailed(posenet_tracker_create(&tracker_options, &tracker, error()), POSENET_INVALID_ARGUMENT,
                 "posenet_tracker_options.struct_size");
  }
  posenet_smoother* smoother = nullptr;
  auto smoother_options = Initialized<posenet_smoother_options_init, posenet_smoother_options>();
  for (const std::size_t size : WrongSizes(sizeof(smoother_options))) {
    smoother_options.struct_size = size;
    ExpectFailed(posenet_smoother_create(&smoother_options, &smoother, error()), POSENET_INVALID_ARGUMENT,
                 "posenet_smoother_options.struct_size");
  }
  auto info = Initialized<posenet_model_info_init, posenet_model_info>();
  for (const std::size_t size : WrongSizes(sizeof(info))) {
    info.struct_size = size;
    ExpectFailed(posenet_model_get_info(model.get(), &info, error()), POSENET_INVALID_ARGUMENT, "struct_size");
  }
  auto maps = Initialized<posenet_maps_init, posenet_maps>();
  std::size_t count = 0;
  for (const std::size_t size : WrongSizes(sizeof(maps))) {
    maps.struct_size = size;
    ExpectFailed(posenet_decode(&maps, nullptr, nullptr, 0, &count, error()), POSENET_INVALID_ARGUMENT, "struct_size");
  }
}

TEST_F(CTest, NullArgumentsAreErrors) {
  const image::Image pixels = image::RandomRgbImage(16, 16);
  const posenet_image image = ImageOf(pixels);
  const ModelHandle model = LoadModel(human::RandomPoseNet());
  const EstimatorHandle estimator =
      CreateEstimator(model.get(), Initialized<posenet_estimator_options_init, posenet_estimator_options>());
  posenet_tracker* created_tracker = nullptr;
  ASSERT_EQ(posenet_tracker_create(nullptr, &created_tracker, error()), POSENET_OK);
  const TrackerHandle tracker(created_tracker);
  posenet_smoother* created_smoother = nullptr;
  ASSERT_EQ(posenet_smoother_create(nullptr, &created_smoother, error()), POSENET_OK);
  const SmootherHandle smoother(created_smoother);
  posenet_person_follower* created_follower = nullptr;
  ASSERT_EQ(posenet_person_follower_create(estimator.get(), nullptr, &created_follower, error()), POSENET_OK);
  const PersonFollowerHandle follower(created_follower);
  posenet_people_follower* no_follower = nullptr;
  posenet_region region = {};
  std::int32_t is_true = 0;
  posenet_model* no_model = nullptr;
  posenet_estimator* no_estimator = nullptr;
  posenet_refiner* no_refiner = nullptr;
  posenet_localizer* no_localizer = nullptr;
  auto info = Initialized<posenet_model_info_init, posenet_model_info>();
  auto options = Initialized<posenet_estimator_options_init, posenet_estimator_options>();
  auto scene = Initialized<posenet_camera_scene_init, posenet_camera_scene>();
  auto estimate = Initialized<posenet_camera_estimate_init, posenet_camera_estimate>();
  const auto maps = Initialized<posenet_maps_init, posenet_maps>();
  const auto movenet_maps = Initialized<posenet_movenet_maps_init, posenet_movenet_maps>();
  posenet_pose pose = {};
  posenet_boxed_pose person = {};
  posenet_track track = {};
  std::int64_t id = 0;
  std::size_t count = 1;

  const auto expect_null = [&](posenet_status status) {
    ExpectFailed(status, POSENET_INVALID_ARGUMENT, " is null");
    count = 1;
  };
  expect_null(posenet_supported_instruction_sets(nullptr, 100, error()));
  expect_null(posenet_model_load(nullptr, &no_model, error()));
  expect_null(posenet_model_load("file", nullptr, error()));
  expect_null(posenet_model_parse(nullptr, 10, &no_model, error()));
  expect_null(posenet_model_parse(&pose, sizeof(pose), nullptr, error()));
  expect_null(posenet_model_get_info(nullptr, &info, error()));
  expect_null(posenet_model_get_info(model.get(), nullptr, error()));
  expect_null(posenet_decode(nullptr, nullptr, &pose, 1, &count, error()));
  expect_null(posenet_decode(&maps, nullptr, nullptr, 1, &count, error()));
  expect_null(posenet_decode(&maps, nullptr, &pose, 1, nullptr, error()));
  expect_null(posenet_decode_movenet_single(nullptr, &pose, error()));
  expect_null(posenet_decode_movenet_single(&movenet_maps, nullptr, error()));
  expect_null(posenet_decode_movenet_multiple(nullptr, nullptr, &person, 1, &count, error()));
  expect_null(posenet_decode_movenet_multiple(&movenet_maps, nullptr, nullptr, 1, &count, error()));
  expect_null(posenet_decode_movenet_multiple(&movenet_maps, nullptr, &person, 1, nullptr, error()));
  expect_null(posenet_estimator_create(nullptr, nullptr, &no_estimator, error()));
  expect_null(posenet_estimator_create(model.get(), nullptr, nullptr, error()));
  expect_null(posenet_estimator_get_options(nullptr, &options, error()));
  expect_null(posenet_estimator_get_options(estimator.get(), nullptr, error()));
  expect_null(posenet_estimator_estimate(nullptr, &image, nullptr, &pose, 1, &count, error()));
  expect_null(posenet_estimator_estimate(estimator.get(), nullptr, nullptr, &pose, 1, &count, error()));
  expect_null(posenet_estimator_estimate(estimator.get(), &image, nullptr, nullptr, 1, &count, error()));
  expect_null(posenet_estimator_estimate(estimator.get(), &image, nullptr, &pose, 1, nullptr, error()));
  expect_null(posenet_estimator_estimate_boxed(nullptr, &image, nullptr, &person, 1, &count, error()));
  expect_null(posenet_estimator_estimate_boxed(estimator.get(), nullptr, nullptr, &person, 1, &count, error()));
  expect_null(posenet_refiner_create(nullptr, nullptr, &no_refiner, error()));
  expect_null(posenet_refiner_create(model.get(), nullptr, nullptr, error()));
  expect_null(posenet_refiner_refine(nullptr, &image, &pose, &count, error()));
  expect_null(posenet_tracker_create(nullptr, nullptr, error()));
  expect_null(posenet_tracker_update(nullptr, &pose, 1, 0.0, &id, error()));
  expect_null(posenet_tracker_update(tracker.get(), nullptr, 1, 0.0, &id, error()));
  expect_null(posenet_tracker_update(tracker.get(), &pose, 1, 0.0, nullptr, error()));
  expect_null(posenet_tracker_predict(nullptr, 0.0, &track, 1, &count, error()));
  expect_null(posenet_tracker_predict(tracker.get(), 0.0, nullptr, 1, &count, error()));
  expect_null(posenet_tracker_predict(tracker.get(), 0.0, &track, 1, nullptr, error()));
  expect_null(posenet_smoother_create(nullptr, nullptr, error()));
  expect_null(posenet_smoother_smooth(nullptr, &pose, &id, 1, 0.0, error()));
  expect_null(posenet_smoother_smooth(smoother.get(), nullptr, &id, 1, 0.0, error()));
  expect_null(posenet_smoother_smooth(smoother.get(), &pose, nullptr, 1, 0.0, error()));
  expect_null(posenet_person_follower_create(nullptr, nullptr, &created_follower, error()));
  expect_null(posenet_person_follower_create(estimator.get(), nullptr, nullptr, error()));
  expect_null(posenet_person_follower_estimate(nullptr, &image, &pose, &is_true, error()));
  expect_null(posenet_person_follower_estimate(follower.get(), nullptr, &pose, &is_true, error()));
  expect_null(posenet_person_follower_estimate(follower.get(), &image, nullptr, &is_true, error()));
  expect_null(posenet_person_follower_estimate(follower.get(), &image, &pose, nullptr, error()));
  expect_null(posenet_person_follower_get_region(nullptr, &region, &is_true, error()));
  expect_null(posenet_person_follower_get_region(follower.get(), nullptr, &is_true, error()));
  expect_null(posenet_person_follower_get_region(follower.get(), &region, nullptr, error()));
  expect_null(posenet_people_follower_create(nullptr, nullptr, &no_follower, error()));
  expect_null(posenet_people_follower_create(estimator.get(), nullptr, nullptr, error()));
  expect_null(posenet_people_follower_estimate(nullptr, &image, 0.0, &pose, &id, 1, &count, error()));
  expect_null(posenet_localizer_create(nullptr, nullptr, &no_localizer, error()));
  expect_null(posenet_localizer_create(model.get(), nullptr, nullptr, error()));
  expect_null(posenet_localizer_get_scene(nullptr, &scene, error()));
  expect_null(posenet_localizer_localize(nullptr, &image, &estimate, error()));
  expect_null(posenet_localizer_localize_sequence(nullptr, &image, 1, &estimate, error()));
  // The same without a handle for the error.
  EXPECT_EQ(posenet_estimator_estimate(nullptr, nullptr, nullptr, nullptr, 0, nullptr, nullptr),
            POSENET_INVALID_ARGUMENT);

  // Null is nothing to destroy, reset or ask.
  posenet_error_destroy(nullptr);
  posenet_model_destroy(nullptr);
  posenet_estimator_destroy(nullptr);
  posenet_refiner_destroy(nullptr);
  posenet_tracker_destroy(nullptr);
  posenet_tracker_reset(nullptr);
  posenet_smoother_destroy(nullptr);
  posenet_smoother_reset(nullptr);
  posenet_person_follower_destroy(nullptr);
  posenet_person_follower_reset(nullptr);
  posenet_people_follower_destroy(nullptr);
  posenet_people_follower_reset(nullptr);
  EXPECT_EQ(posenet_people_follower_proposal_count(nullptr), 0);
  posenet_localizer_destroy(nullptr);
  EXPECT_EQ(posenet_error_status(nullptr), POSENET_OK);
  EXPECT_STREQ(posenet_error_message(nullptr), "");
}

}  // namespace
}  // namespace posenet::c
