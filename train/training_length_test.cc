// SPDX-License-Identifier: Apache-2.0
#include "train/training_length.h"

#include <gtest/gtest.h>

namespace posenet::train {
namespace {

constexpr std::int64_t kStepsPerEpoch = 10;
constexpr std::int64_t kMaxSteps = 300;

TEST(StepsWithin, AreTheWholeEpochsThatFit) {
  // 5 s of 0.1 s are 50 steps after the 25 done: 7 epochs and a half.
  EXPECT_EQ(StepsWithin(5.0, 0.1, 25, kStepsPerEpoch, kMaxSteps), 70);
  EXPECT_EQ(StepsWithin(5.0, 0.05, 25, kStepsPerEpoch, kMaxSteps), 120);
}

TEST(StepsWithin, AreNeverMoreThanPlanned) {
  EXPECT_EQ(StepsWithin(1e9, 0.1, 25, kStepsPerEpoch, kMaxSteps), kMaxSteps);
  EXPECT_EQ(StepsWithin(1e9, 0.0, 25, kStepsPerEpoch, kMaxSteps), kMaxSteps);
}

TEST(StepsWithin, AreAtLeastAnEpochAndThoseDone) {
  EXPECT_EQ(StepsWithin(0.0, 0.1, 25, 1000, 3000), 1000);
  EXPECT_EQ(StepsWithin(-5.0, 0.1, 25, kStepsPerEpoch, kMaxSteps), 25);
}

}  // namespace
}  // namespace posenet::train
