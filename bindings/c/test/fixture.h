// SPDX-License-Identifier: Apache-2.0
// What the tests of the C interface share: handles that destroy themselves, and models in files.
#ifndef POSENET_BINDINGS_C_TEST_FIXTURE_H_
#define POSENET_BINDINGS_C_TEST_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "base/testing/temporary_folder.h"
#include "image/image.h"
#include "model/model_file.h"
#include "model/model_spec.h"
#include "posenet/c.h"
#include "posenet/pose.h"

namespace posenet::c {

template <auto destroy>
struct Destroy {
  template <typename Handle>
  void operator()(Handle* handle) const {
    destroy(handle);
  }
};

using ErrorHandle = std::unique_ptr<posenet_error, Destroy<posenet_error_destroy>>;
using ModelHandle = std::unique_ptr<posenet_model, Destroy<posenet_model_destroy>>;
using EstimatorHandle = std::unique_ptr<posenet_estimator, Destroy<posenet_estimator_destroy>>;
using RefinerHandle = std::unique_ptr<posenet_refiner, Destroy<posenet_refiner_destroy>>;
using TrackerHandle = std::unique_ptr<posenet_tracker, Destroy<posenet_tracker_destroy>>;
using SmootherHandle = std::unique_ptr<posenet_smoother, Destroy<posenet_smoother_destroy>>;
using PersonFollowerHandle = std::unique_ptr<posenet_person_follower, Destroy<posenet_person_follower_destroy>>;
using PeopleFollowerHandle = std::unique_ptr<posenet_people_follower, Destroy<posenet_people_follower_destroy>>;
using MoveNetCropHandle = std::unique_ptr<posenet_movenet_crop, Destroy<posenet_movenet_crop_destroy>>;
using LocalizerHandle = std::unique_ptr<posenet_localizer, Destroy<posenet_localizer_destroy>>;

/// A struct with the values that its `_init` function sets.
template <auto init, typename Struct>
Struct Initialized() {
  Struct value;
  std::memset(&value, 0xA5, sizeof(value));
  EXPECT_EQ(init(&value, sizeof(value)), POSENET_OK);
  EXPECT_EQ(value.struct_size, sizeof(value));
  return value;
}

inline posenet_image ImageOf(const image::Image& image) {
  return {.data = image.rgb.data(),
          .width_px = image.width_px,
          .height_px = image.height_px,
          .row_stride_bytes = 0,
          .format = POSENET_PIXEL_RGB};
}

/// Poses of the C interface as those of the C++ API.
template <typename From>
std::vector<Pose> ToPoses(const std::vector<From>& given) {
  std::vector<Pose> poses(given.size());
  for (std::size_t i = 0; i < poses.size(); ++i) {
    const auto& [score, keypoints] = given[i];
    poses[i].score = score;
    for (std::size_t part = 0; part < kPartCount; ++part) {
      poses[i].keypoints[part] = {.position_px = {.x = keypoints[part].x_px, .y = keypoints[part].y_px},
                                  .score = keypoints[part].score};
    }
  }
  return poses;
}

class CTest : public ::testing::Test {
 protected:
  posenet_error* error() { return error_.get(); }
  std::string message() const { return posenet_error_message(error_.get()); }

  /// Expects that a call failed so, with a message that contains `text`.
  void ExpectFailed(posenet_status status, posenet_status expected, const std::string& text) const {
    EXPECT_EQ(status, expected) << message();
    EXPECT_EQ(posenet_error_status(error_.get()), expected);
    EXPECT_THAT(message(), ::testing::HasSubstr(text));
    EXPECT_THAT(message(), ::testing::Not(::testing::HasSubstr("\n")));
  }

  /// The path of a new file with that model.
  std::string WriteModel(const model::LoadedModel& model) {
    const std::string path = (folder_.path() / (std::to_string(++written_) + ".safetensors")).native();
    if (const auto result = model::WriteModelFile(path, model); !result) ADD_FAILURE() << result.error().message;
    return path;
  }

  ModelHandle LoadModel(const model::LoadedModel& model) {
    posenet_model* handle = nullptr;
    EXPECT_EQ(posenet_model_load(WriteModel(model).c_str(), &handle, error()), POSENET_OK) << message();
    return ModelHandle(handle);
  }

  EstimatorHandle CreateEstimator(const posenet_model* model, const posenet_estimator_options& options) {
    posenet_estimator* handle = nullptr;
    EXPECT_EQ(posenet_estimator_create(model, &options, &handle, error()), POSENET_OK) << message();
    return EstimatorHandle(handle);
  }

 private:
  ErrorHandle error_{posenet_error_create()};
  base::TemporaryFolder folder_;
  int written_ = 0;
};

}  // namespace posenet::c

#endif  // POSENET_BINDINGS_C_TEST_FIXTURE_H_
