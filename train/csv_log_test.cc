// SPDX-License-Identifier: Apache-2.0
#include "train/csv_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace posenet::train {
namespace {

TEST(CsvLine, HasAValueForEachColumn) {
  const EpochReport report = {.epoch = 2,
                              .step = 20,
                              .seconds = 1.5,
                              .images = 640,
                              .loss = -0.25,
                              .position_loss = 0.5,
                              .rotation_loss = 0.125,
                              .s_x = -1.0,
                              .s_q = -2.0,
                              .learning_rate = 0.001,
                              .validation = ValidationErrors{.position = 0.75, .rotation_deg = 3.5}};
  EXPECT_EQ(CsvLine(report), "2,20,1.5,640,-0.25,0.5,0.125,-1,-2,0.001,0.75,3.5\n");
  const std::string header = kCsvHeader;
  EXPECT_EQ(std::ranges::count(header, ','), std::ranges::count(CsvLine(report), ','));
}

TEST(CsvLine, LeavesErrorsEmptyWithoutHeldOutFrames) {
  const std::string line = CsvLine(EpochReport{});
  EXPECT_TRUE(line.ends_with(",,\n")) << line;
}

}  // namespace
}  // namespace posenet::train
