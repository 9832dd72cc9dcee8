// SPDX-License-Identifier: Apache-2.0
#include "camera/retrieval.h"

#include <gtest/gtest.h>

#include <vector>

#include "camera/metrics.h"

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
  // More than a vector of them, and some to spare.
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

TEST(RankCorrelation, IsOneForTheSameOrder) {
  EXPECT_DOUBLE_EQ(*RankCorrelation(std::vector<double>{1, 2, 3, 40}, std::vector<double>{5, 6, 7, 8}), 1.0);
  EXPECT_DOUBLE_EQ(*RankCorrelation(std::vector<double>{1, 2, 3}, std::vector<double>{9, 5, 1}), -1.0);
  // Ties share their mean rank: ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4.
  EXPECT_NEAR(*RankCorrelation(std::vector<double>{1, 2, 2, 3}, std::vector<double>{1, 2, 3, 4}), 0.9486832980505138,
              1e-12);
}

TEST(RankCorrelation, IsUnknownOfTooLittle) {
  EXPECT_FALSE(RankCorrelation(std::vector<double>{1}, std::vector<double>{1}).has_value());
  EXPECT_FALSE(RankCorrelation(std::vector<double>{1, 1}, std::vector<double>{1, 2}).has_value());
}

}  // namespace
}  // namespace posenet::camera
