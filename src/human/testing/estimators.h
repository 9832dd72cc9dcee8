// SPDX-License-Identifier: Apache-2.0
// Pose estimators with random weights, for tests. Their poses are meaningless, but reproducible.
#ifndef POSENET_HUMAN_TESTING_ESTIMATORS_H_
#define POSENET_HUMAN_TESTING_ESTIMATORS_H_

#include <gtest/gtest.h>

#include <vector>

#include "image/image.h"
#include "image/testing/random_image.h"
#include "model/model_spec.h"
#include "posenet/human.h"

namespace posenet::human {

/// A PoseNet with random weights.
model::LoadedModel RandomPoseNet(int output_stride = 16);

/// Options with which a RandomPoseNet quickly detects many poses. 97 x 65 px, one thread.
PoseEstimatorOptions SmallOptions();

/// Creates an estimator. Throws, which fails the test, on errors.
PoseEstimator CreateEstimator(const Model& model, const PoseEstimatorOptions& options = {});

/// The poses that a new estimator detects in `image`. Throws, which fails the test, on errors.
std::vector<Pose> EstimatePoses(const Model& model, const PoseEstimatorOptions& options, const ImageView& image);

/// Expects bit-exact equality.
void ExpectSamePoses(const std::vector<Pose>& poses, const std::vector<Pose>& expected);

/// Expects equality up to rounding: compilers may fuse multiplications and additions in one code path but not in
/// another.
void ExpectNearPoses(const std::vector<Pose>& poses, const std::vector<Pose>& expected);

class PoseEstimatorTest : public ::testing::Test {
 protected:
  Model model_ = model::MakeModel(RandomPoseNet()).value();
  image::Image image_ = image::RandomRgbImage(150, 80, 1);
};

}  // namespace posenet::human

#endif  // POSENET_HUMAN_TESTING_ESTIMATORS_H_
