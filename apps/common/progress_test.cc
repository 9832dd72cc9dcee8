// SPDX-License-Identifier: Apache-2.0
#include "common/progress.h"

#include <gtest/gtest.h>

#include <optional>

namespace posenet::app {
namespace {

TEST(FormatProgress, ShowsRateAndTimeLeft) {
  EXPECT_EQ(FormatProgress(50, 200, 10.0), "[#####...............] 25 %  50/200  5.0 images/s  0:30 left");
  EXPECT_EQ(FormatProgress(1, 7201, 1.0), "[....................] 0 %  1/7201  1.0 images/s  2:00:00 left");
  EXPECT_EQ(FormatProgress(4, 4, 2.0), "[####################] 100 %  4/4  2.0 images/s  0:00 left");
}

TEST(FormatProgress, HasNoRateAtTheStart) { EXPECT_EQ(FormatProgress(0, 10, 0.0), "[....................] 0 %  0/10"); }

TEST(FormatProgress, CountsWithoutATotal) {
  EXPECT_EQ(FormatProgress(0, std::nullopt, 0.0, "frames"), "0 frames");
  EXPECT_EQ(FormatProgress(50, std::nullopt, 10.0, "frames"), "50 frames  5.0 frames/s");
}

TEST(FormatProgress, EndsAtOneHundredPercentIfTheTotalWasTooSmall) {
  EXPECT_EQ(FormatProgress(12, 10, 2.0, "frames"), "[####################] 100 %  12/10  6.0 frames/s  0:00 left");
}

TEST(FormatProgress, HasNoCountWithoutAUnit) {
  EXPECT_EQ(FormatProgress(250, 1000, 10.0, ""), "[#####...............] 25 %  0:30 left");
}

TEST(FormatProgress, FitsALine) { EXPECT_LE(FormatProgress(1'000'000, 10'000'000, 1e6).size(), 79U); }

}  // namespace
}  // namespace posenet::app
