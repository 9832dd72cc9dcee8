// SPDX-License-Identifier: Apache-2.0
#include "camera/training_log.h"

#include <cmath>

#include "base/testing/matchers.h"
#include "camera/testing/scenes.h"

namespace posenet::camera {
namespace {

using ::testing::ElementsAre;

class TrainingLogTest : public FolderTest {
 protected:
  [[nodiscard]] Result<TrainingLog> Read(const std::string& content) const {
    return ReadTrainingLog(Write("room.log.csv", content));
  }
};

TEST_F(TrainingLogTest, ReadsColumnsByName) {
  const auto log = Read("step,loss,validation_position\r\n1, 2.5,\n2,nan,0.75\n");
  ASSERT_THAT(log, base::Succeeds());
  EXPECT_THAT(log->columns, ElementsAre("step", "loss", "validation_position"));
  EXPECT_THAT(log->Column("step"), ElementsAre(1.0, 2.0));
  EXPECT_EQ(log->Column("loss")[0], 2.5);
  EXPECT_TRUE(std::isnan(log->Column("loss")[1]));
  EXPECT_TRUE(std::isnan(log->Column("validation_position")[0]));
  EXPECT_TRUE(log->Column("epoch").empty());
}

TEST_F(TrainingLogTest, ErrorsNameTheLine) {
  const auto corrupt = [](const char* message) { return base::FailsWith(ErrorCode::kCorruptData, message); };
  EXPECT_THAT(Read("step,loss\n1\n"), corrupt("room.log.csv:2: expected 2 cells, got 1"));
  EXPECT_THAT(Read("step,loss\n1,low\n"), corrupt("room.log.csv:2: expected a number, got 'low'"));
  EXPECT_THAT(Read(""), corrupt("room.log.csv: expected a line that names the columns"));
  EXPECT_THAT(ReadTrainingLog(root_ / "none"), base::FailsWith(ErrorCode::kNotFound, "none"));
}

}  // namespace
}  // namespace posenet::camera
