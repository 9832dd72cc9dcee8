// SPDX-License-Identifier: Apache-2.0
#include "base/statistics.h"

#include <gtest/gtest.h>

#include <cmath>

namespace posenet::base {
namespace {

TEST(Quantile, InterpolatesAsNumpyDoes) {
  EXPECT_EQ(Quantile({3, 1, 2}, 0.5), 2.0);
  EXPECT_EQ(Quantile({4, 1, 2, 3}, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(Quantile({0, 10, 20, 30}, 0.9), 27.0);
  EXPECT_EQ(Quantile({5}, 0.9), 5.0);
  EXPECT_EQ(Quantile({1, 2, INFINITY}, 0.5), 2.0);
  EXPECT_EQ(Quantile({1, INFINITY}, 0.5), INFINITY);
}

TEST(Mean, IsTheSumOverTheCount) { EXPECT_DOUBLE_EQ(Mean(std::vector{3.0, 1.0, 8.0}), 4.0); }

TEST(RankCorrelation, ComparesOrders) {
  EXPECT_DOUBLE_EQ(*RankCorrelation(std::vector<double>{1, 2, 3, 40}, std::vector<double>{5, 6, 7, 8}), 1.0);
  EXPECT_DOUBLE_EQ(*RankCorrelation(std::vector<double>{1, 2, 3}, std::vector<double>{9, 5, 1}), -1.0);
  // Ties share their mean rank: ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4.
  EXPECT_NEAR(*RankCorrelation(std::vector<double>{1, 2, 2, 3}, std::vector<double>{1, 2, 3, 4}), 0.9486832980505138,
              1e-12);
}

TEST(RankCorrelation, IsUndefinedWithoutTwoDifferentValues) {
  EXPECT_FALSE(RankCorrelation(std::vector<double>{1}, std::vector<double>{1}).has_value());
  EXPECT_FALSE(RankCorrelation(std::vector<double>{1, 1}, std::vector<double>{1, 2}).has_value());
}

}  // namespace
}  // namespace posenet::base
