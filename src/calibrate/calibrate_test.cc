// SPDX-License-Identifier: Apache-2.0
#include "calibrate/calibrate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "image/testing/random_image.h"
#include "model/mobilenet.h"
#include "model/model_file.h"
#include "model/random_weights.h"

namespace posenet::calibrate {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

model::LoadedModel SmallModel() { return model::RandomModel(model::MobileNetV1Network(0.25F, 16), 1).value(); }

TEST(CalibrateTest, SamplesAreSpreadEvenly) {
  EXPECT_THAT(EvenSample(0, 4), ElementsAre());
  EXPECT_THAT(EvenSample(3, 4), ElementsAre(0, 1, 2));
  EXPECT_THAT(EvenSample(8, 4), ElementsAre(0, 2, 4, 6));
  EXPECT_THAT(EvenSample(10, 4), ElementsAre(0, 2, 5, 7));
}

TEST(CalibrateTest, QuantizesOnImagesAndNotesHowMany) {
  const model::LoadedModel model = SmallModel();
  const std::vector<image::Image> images = {image::RandomRgbImage(60, 40), image::RandomRgbImage(30, 50)};
  const auto quantized = Quantize(model, images, {.name = "small", .sides_px = {65}});
  ASSERT_TRUE(quantized.has_value()) << quantized.error().message;
  EXPECT_EQ(quantized->model.spec.name, "small");
  EXPECT_THAT(quantized->model.spec.source, HasSubstr("quantized on 2 images"));
  EXPECT_TRUE(model::ValidateModel(quantized->model).has_value());
}

TEST(CalibrateTest, OptionsOutOfRangeAreErrors) {
  const model::LoadedModel model = SmallModel();
  const std::vector<image::Image> images = {image::RandomRgbImage(60, 40)};
  const auto expect_invalid = [&](const std::vector<image::Image>& given, const Options& options) {
    const auto result = Quantize(model, given, options);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidArgument);
  };
  expect_invalid({}, {});
  expect_invalid(images, {.sides_px = {kMinSidePx - 1}});
  expect_invalid(images, {.sides_px = {65, kMaxSidePx + 1}});
  for (const double budget : {0.5, 2.5, std::numeric_limits<double>::quiet_NaN()}) {
    expect_invalid(images, {.sides_px = {65}, .time_budget = budget});
  }
}

}  // namespace
}  // namespace posenet::calibrate
