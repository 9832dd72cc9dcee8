// SPDX-License-Identifier: Apache-2.0
#include "train/collapse.h"

#include <gtest/gtest.h>

namespace posenet::train {
namespace {

constexpr std::int64_t kTotal = 100;

TEST(HasCollapsed, GivesANetworkTimeToLearn) {
  CollapseWatch watch;
  for (std::int64_t step = 1; step <= 14; ++step) {
    EXPECT_FALSE(HasCollapsed(watch, {.position = 1.4, .rotation = 1.2}, step, kTotal));
  }
  EXPECT_TRUE(HasCollapsed(watch, {.position = 1.4, .rotation = 1.2}, 15, kTotal));
  EXPECT_EQ(watch.rate, 0.5);
  // And time again after each new beginning.
  EXPECT_FALSE(HasCollapsed(watch, {.position = 1.4, .rotation = 1.2}, 29, kTotal));
  EXPECT_TRUE(HasCollapsed(watch, {.position = 1.4, .rotation = 1.2}, 30, kTotal));
  EXPECT_EQ(watch.rate, 0.25);
}

TEST(HasCollapsed, LeavesAloneWhatLearns) {
  CollapseWatch watch;
  for (std::int64_t step = 1; step <= kTotal; ++step) {
    // Either is enough: a scene may be filmed from one place, or in one direction.
    const double falling = 1.0 / static_cast<double>(step);
    EXPECT_FALSE(HasCollapsed(watch, {.position = 1.0, .rotation = falling}, step, kTotal)) << step;
  }
  EXPECT_EQ(watch.rate, 1.0);
}

TEST(HasCollapsed, NoticesWhatForgets) {
  CollapseWatch watch;
  EXPECT_FALSE(HasCollapsed(watch, {.position = 1.0, .rotation = 1.0}, 1, kTotal));
  EXPECT_FALSE(HasCollapsed(watch, {.position = 0.2, .rotation = 0.2}, 50, kTotal));
  EXPECT_TRUE(HasCollapsed(watch, {.position = 0.9, .rotation = 0.9}, 51, kTotal));
}

TEST(HasCollapsed, DoesNotBeginAnewWhenLittleIsLeft) {
  CollapseWatch watch;
  EXPECT_FALSE(HasCollapsed(watch, {.position = 1.0, .rotation = 1.0}, 1, kTotal));
  EXPECT_FALSE(HasCollapsed(watch, {.position = 1.0, .rotation = 1.0}, kTotal, kTotal));
  EXPECT_FALSE(HasCollapsed(watch, {.position = 1.0, .rotation = 1.0}, 71, kTotal));
  EXPECT_EQ(watch.rate, 1.0);
  EXPECT_TRUE(HasCollapsed(watch, {.position = 1.0, .rotation = 1.0}, 70, kTotal));
}

TEST(HasCollapsed, GivesUpAtLast) {
  CollapseWatch watch;
  int count = 0;
  for (std::int64_t step = 1; step <= kTotal; ++step) {
    if (HasCollapsed(watch, {.position = 1.0, .rotation = 1.0}, step, kTotal)) ++count;
  }
  EXPECT_EQ(count, 3);
  EXPECT_EQ(watch.rate, kSlowestRate);
}

}  // namespace
}  // namespace posenet::train
