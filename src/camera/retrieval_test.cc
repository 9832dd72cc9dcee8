// SPDX-License-Identifier: Apache-2.0
#include "camera/retrieval.h"

#include <gtest/gtest.h>

#include <vector>

namespace posenet::camera {
namespace {

TEST(FeatureIndex, FindsTheSmallestAngleWhateverTheLengths) {
  FeatureIndex index;
  EXPECT_FALSE(index.Nearest(std::vector<float>{1, 0}).has_value());
  index.Add(std::vector<float>{100, 0});
  index.Add(std::vector<float>{1, 1});
  index.Add(std::vector<float>{0, 0});
  EXPECT_EQ(index.Nearest(std::vector<float>{5, 4}), 1U);
  EXPECT_EQ(index.Nearest(std::vector<float>{5, 1}), 0U);
  EXPECT_EQ(index.Nearest(std::vector<float>{-1, -1}), 2U);
}

TEST(FeatureIndex, ComparesAllFeatures) {
  // More than a SIMD vector, and not a multiple of one.
  FeatureIndex index;
  for (std::size_t i = 0; i < 37; ++i) {
    std::vector<float> features(37, 0.1F);
    features[i] = 2.0F;
    index.Add(features);
  }
  for (std::size_t i = 0; i < 37; ++i) {
    std::vector<float> features(37, 0.0F);
    features[i] = 1.0F;
    EXPECT_EQ(index.Nearest(features), i);
  }
}

}  // namespace
}  // namespace posenet::camera
