// SPDX-License-Identifier: Apache-2.0
#include "server/latest_frame.h"

#include <gtest/gtest.h>

#include <string>

namespace posenet::server {
namespace {

class LatestFrameTest : public ::testing::Test {
 protected:
  std::optional<StreamFrame> Offer(const std::string& bytes) {
    BudgetShare share(budget_);
    EXPECT_TRUE(share.GrowTo(bytes.size()));
    return frames_.Offer(bytes, std::move(share));
  }

  ByteBudget budget_{100};
  LatestFrame frames_;
};

TEST_F(LatestFrameTest, DropsAllButTheLatestWaitingFrame) {
  const auto first = Offer("one");
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->position.number, 1);
  EXPECT_FALSE(Offer("two").has_value());
  EXPECT_EQ(frames_.dropped_count(), 0);
  EXPECT_FALSE(Offer("three").has_value());
  EXPECT_FALSE(Offer("four").has_value());
  EXPECT_EQ(frames_.dropped_count(), 2);
  const auto next = frames_.Finish();
  ASSERT_TRUE(next.has_value());
  EXPECT_EQ(next->bytes, "four");
  EXPECT_EQ(next->position.number, 4);
  EXPECT_EQ(next->position.dropped_count, 2);
  EXPECT_FALSE(frames_.Finish().has_value());
  EXPECT_TRUE(Offer("five").has_value());
}

TEST_F(LatestFrameTest, ReleasesTheBudgetOfDroppedFrames) {
  {
    const auto first = Offer(std::string(40, 'x'));
    EXPECT_FALSE(Offer(std::string(50, 'x')).has_value());
    EXPECT_EQ(budget_.used(), 90U);
    EXPECT_FALSE(Offer(std::string(10, 'x')).has_value());
    EXPECT_EQ(budget_.used(), 50U);
  }
  EXPECT_EQ(budget_.used(), 10U);
  std::ignore = frames_.Finish();
  EXPECT_EQ(budget_.used(), 0U);
}

TEST(BudgetShare, DoesNotGrowBeyondTheLimit) {
  ByteBudget budget(10);
  BudgetShare first(budget);
  EXPECT_TRUE(first.GrowTo(6));
  BudgetShare second(budget);
  EXPECT_FALSE(second.GrowTo(5));
  EXPECT_TRUE(second.GrowTo(4));
  EXPECT_TRUE(second.GrowTo(1));  // Never shrinks.
  EXPECT_EQ(budget.used(), 10U);
  first = std::move(second);
  EXPECT_EQ(budget.used(), 10U);
}

}  // namespace
}  // namespace posenet::server
