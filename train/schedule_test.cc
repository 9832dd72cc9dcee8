// SPDX-License-Identifier: Apache-2.0
#include "train/schedule.h"

#include <gtest/gtest.h>

namespace posenet::train {
namespace {

constexpr std::int64_t kSteps = 1000;

class ScheduleTest : public testing::TestWithParam<ScheduleKind> {};

TEST_P(ScheduleTest, RisesLinearlyDuringWarmUp) {
  const Schedule schedule = {.kind = GetParam(), .warmup = 0.1};
  EXPECT_LE(RateShareAt(schedule, 0, kSteps), 0.01);
  EXPECT_NEAR(RateShareAt(schedule, 49, kSteps), 0.5, 0.01);
  EXPECT_NEAR(RateShareAt(schedule, 99, kSteps), 1.0, 0.03);
}

TEST_P(ScheduleTest, IsPositiveAndNeverAboveOne) {
  for (const std::int64_t total : {1, 2, 7, 1000}) {
    for (std::int64_t step = 0; step < total; ++step) {
      const double share = RateShareAt({.kind = GetParam()}, step, total);
      EXPECT_GT(share, 0.0) << step << " of " << total;
      EXPECT_LE(share, 1.0) << step << " of " << total;
    }
  }
}

TEST_P(ScheduleTest, HasANameThatParses) { EXPECT_EQ(ScheduleOf(ScheduleName(GetParam())), GetParam()); }

INSTANTIATE_TEST_SUITE_P(All, ScheduleTest,
                         testing::Values(ScheduleKind::kConstant, ScheduleKind::kStep, ScheduleKind::kCosine),
                         [](const testing::TestParamInfo<ScheduleKind>& test) {
                           return std::string(ScheduleName(test.param));
                         });

TEST(Schedule, DecaysByItsKind) {
  EXPECT_EQ(RateShareAt({.kind = ScheduleKind::kConstant}, 900, kSteps), 1.0);
  EXPECT_NEAR(RateShareAt({.kind = ScheduleKind::kStep}, 900, kSteps), 0.01, 1e-9);
  EXPECT_NEAR(RateShareAt({.kind = ScheduleKind::kStep}, 500, kSteps), 0.1, 1e-9);
  EXPECT_NEAR(RateShareAt({.kind = ScheduleKind::kCosine}, 500, kSteps), 0.5, 1e-9);
  EXPECT_LT(RateShareAt({.kind = ScheduleKind::kCosine}, 999, kSteps), 1e-4);
}

}  // namespace
}  // namespace posenet::train
