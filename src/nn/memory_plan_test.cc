// SPDX-License-Identifier: Apache-2.0
#include "nn/memory_plan.h"

#include <gtest/gtest.h>

#include <random>

namespace posenet::nn {
namespace {

TEST(MemoryPlanTest, ChainNeedsSpaceForTwoValues) {
  const std::vector<Lifetime> chain = {{0, 0, 1000}, {0, 1, 1000}, {1, 2, 1000}, {2, 3, 1000}};
  EXPECT_EQ(PlanMemory(chain).total_bytes, 2 * 1024U);
}

TEST(MemoryPlanTest, ValuesWithoutBytesTakeNoSpace) {
  EXPECT_EQ(PlanMemory(std::vector<Lifetime>{{0, 9, 0}, {0, 9, 64}, {0, 9, 0}}).total_bytes, 64U);
  EXPECT_EQ(PlanMemory({}).total_bytes, 0U);
}

TEST(MemoryPlanTest, ValuesAliveAtTheSameTimeDoNotOverlap) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<Lifetime> values(1 + random() % 40);
    std::uint64_t sum = 0;
    for (Lifetime& value : values) {
      value.first = static_cast<int>(random() % 20);
      value.last = value.first + static_cast<int>(random() % 6);
      value.bytes = random() % 5000;
      sum += value.bytes + 63;
    }
    const MemoryPlan plan = PlanMemory(values);
    EXPECT_LE(plan.total_bytes, sum);
    for (std::size_t a = 0; a < values.size(); ++a) {
      EXPECT_EQ(plan.offsets_bytes[a] % 64, 0U);
      EXPECT_LE(plan.offsets_bytes[a] + values[a].bytes, plan.total_bytes);
      for (std::size_t b = 0; b < a; ++b) {
        if (values[a].first > values[b].last || values[b].first > values[a].last) continue;
        EXPECT_TRUE(plan.offsets_bytes[a] + values[a].bytes <= plan.offsets_bytes[b] ||
                    plan.offsets_bytes[b] + values[b].bytes <= plan.offsets_bytes[a]);
      }
    }
  }
}

}  // namespace
}  // namespace posenet::nn
