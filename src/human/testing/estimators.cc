// SPDX-License-Identifier: Apache-2.0
#include "human/testing/estimators.h"

#include <cstddef>

#include "base/testing/value_or_throw.h"
#include "model/mobilenet.h"
#include "model/random_weights.h"

namespace posenet::human {

model::LoadedModel RandomPoseNet(int output_stride) {
  model::LoadedModel model = model::RandomModel(model::MobileNetV1Network(0.5F, output_stride), 7).value();
  model.spec.input_scale = 2.0F / 255.0F;
  model.spec.input_bias = {-1.0F, -1.0F, -1.0F};
  return model;
}

PoseEstimatorOptions SmallOptions() {
  PoseEstimatorOptions options;
  options.input_width_px = 97;
  options.input_height_px = 65;
  options.decoder = PoseDecoder::kTfjsMultiple;
  options.multi = {.max_poses = 20, .score_threshold = 0.01F, .nms_radius_px = 20.0F};
  options.thread_count = 1;
  return options;
}

PoseEstimator CreateEstimator(const Model& model, const PoseEstimatorOptions& options) {
  return base::ValueOrThrow(PoseEstimator::Create(model, options));
}

std::vector<Pose> EstimatePoses(const Model& model, const PoseEstimatorOptions& options, const ImageView& image) {
  return base::ValueOrThrow(CreateEstimator(model, options).Estimate(image));
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

}  // namespace posenet::human
