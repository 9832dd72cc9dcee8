// SPDX-License-Identifier: Apache-2.0
#include "camera/sequence_localizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "camera/testing/camera_models.h"

namespace posenet::camera {
namespace {

using ::testing::ElementsAre;

image::Image GrayImage(std::uint8_t level) {
  return {.width_px = 4, .height_px = 4, .rgb = std::vector<std::uint8_t>(48, level)};
}

CameraLocalizer LocalizerOfLength(int sequence_length) {
  return CameraLocalizer::Create(model::MakeModel(MakeTestModel({.sequence_length = sequence_length})).value(),
                                 {.thread_count = 1})
      .value();
}

class SequenceLocalizerTest : public ::testing::Test {
 protected:
  SequenceLocalizer::OnEstimate Collect() {
    return [this](std::size_t index, const Result<CameraEstimate>& estimate, double time_ms) {
      order_.push_back(index);
      failed_.push_back(!estimate.has_value());
      if (estimate.has_value()) positions_.push_back(estimate->pose.position[0]);
      EXPECT_GE(time_ms, 0.0);
    };
  }
  std::vector<std::size_t> order_;
  std::vector<bool> failed_;
  std::vector<double> positions_;
};

TEST_F(SequenceLocalizerTest, LocalizesSinglePhotosAtOnce) {
  const CameraLocalizer localizer = LocalizerOfLength(1);
  SequenceLocalizer sequence(localizer, Collect());
  sequence.Add(7, GrayImage(255));
  EXPECT_THAT(order_, ElementsAre(7));
  EXPECT_NEAR(positions_[0], 1.0, 1e-5);
}

TEST_F(SequenceLocalizerTest, FillsTheLastWindowWithEarlierPhotos) {
  const CameraLocalizer localizer = LocalizerOfLength(3);
  SequenceLocalizer sequence(localizer, Collect());
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(order_.empty());
    sequence.Add(i, GrayImage(static_cast<std::uint8_t>(51 * i)));
  }
  EXPECT_THAT(order_, ElementsAre(0, 1, 2));
  sequence.Add(3, GrayImage(153));
  EXPECT_EQ(order_.size(), 3U);
  sequence.EndSequence();  // The network sees photos 1 to 3; only the last is new.
  EXPECT_THAT(order_, ElementsAre(0, 1, 2, 3));
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(positions_[i], 0.2 * static_cast<double>(i), 1e-5);
  sequence.EndSequence();
  EXPECT_EQ(order_.size(), 4U);
}

TEST_F(SequenceLocalizerTest, AShortSequenceIsAShortWindow) {
  const CameraLocalizer localizer = LocalizerOfLength(5);
  SequenceLocalizer sequence(localizer, Collect());
  sequence.Add(0, GrayImage(51));
  sequence.Add(1, GrayImage(102));
  sequence.EndSequence();
  sequence.Add(2, GrayImage(0));
  EXPECT_THAT(order_, ElementsAre(0, 1));
}

TEST_F(SequenceLocalizerTest, ReportsErrorsForEveryPhotoOfTheWindow) {
  const CameraLocalizer localizer = LocalizerOfLength(2);
  SequenceLocalizer sequence(localizer, Collect());
  sequence.Add(0, GrayImage(51));
  sequence.Add(1, image::Image());
  EXPECT_THAT(order_, ElementsAre(0, 1));
  EXPECT_THAT(failed_, ElementsAre(true, true));
}

}  // namespace
}  // namespace posenet::camera
