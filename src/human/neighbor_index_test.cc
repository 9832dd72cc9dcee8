// SPDX-License-Identifier: Apache-2.0
#include "human/neighbor_index.h"

#include <gtest/gtest.h>

#include <random>

namespace posenet::human::decode {
namespace {

TEST(NeighborIndexTest, IncludesTheRadiusAndSeparatesParts) {
  NeighborIndex index(5.0);
  EXPECT_FALSE(index.AnyWithin(3, {.y = 0, .x = 0}));
  index.Insert(3, {.y = 0, .x = 0});
  EXPECT_TRUE(index.AnyWithin(3, {.y = 3, .x = 4}));
  EXPECT_FALSE(index.AnyWithin(3, {.y = 3, .x = 4.000001}));
  EXPECT_FALSE(index.AnyWithin(4, {.y = 0, .x = 0})) << "another part";
}

/// Compares with a linear search, for enough points to use the grid.
void ExpectMatchesBruteForce(double radius, double extent, int count, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> coordinate(-extent, extent);
  NeighborIndex index(radius);
  std::vector<Vec2> inserted;
  int found = 0;
  for (int i = 0; i < count; ++i) {
    Vec2 point = {.y = coordinate(random), .x = coordinate(random)};
    if (i % 4 == 1) point = inserted.back() + Vec2{.y = 0.6 * radius, .x = 0.8 * radius};
    const bool expected = std::any_of(inserted.begin(), inserted.end(),
                                      [&](Vec2 other) { return SquaredDistance(point, other) <= radius * radius; });
    ASSERT_EQ(index.AnyWithin(0, point), expected) << i;
    found += expected ? 1 : 0;
    index.Insert(0, point);
    inserted.push_back(point);
  }
  EXPECT_GT(found, count / 20);
}

TEST(NeighborIndexTest, MatchesBruteForce) {
  ExpectMatchesBruteForce(20.0, 1000.0, 1500, 1);
  ExpectMatchesBruteForce(20.0, 100.0, 500, 2);
  ExpectMatchesBruteForce(0.01, 1.0, 1500, 3);
  ExpectMatchesBruteForce(3000.0, 1e6, 1500, 4);
}

TEST(NeighborIndexTest, SupportsAnyRadius) {
  for (const double radius : {1e-45, 1e-6, 1.0, 1e6, 3e38}) {
    NeighborIndex index(radius);
    for (int i = 0; i < 200; ++i) {
      const Vec2 point = {.y = i * 10300.0 - 1e6, .x = i * 10100.0 - 1e6};
      EXPECT_EQ(index.AnyWithin(0, point), i > 0 && radius > 20000.0) << radius;
      index.Insert(0, point);
      EXPECT_TRUE(index.AnyWithin(0, point)) << radius;
    }
  }
}

}  // namespace
}  // namespace posenet::human::decode
