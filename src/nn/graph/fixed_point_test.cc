// SPDX-License-Identifier: Apache-2.0
#include "nn/graph/fixed_point.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace posenet::nn {
namespace {

constexpr std::int32_t kMin = std::numeric_limits<std::int32_t>::min();
constexpr std::int32_t kMax = std::numeric_limits<std::int32_t>::max();

// Expected values are computed by hand from gemmlowp's definitions.
TEST(FixedPointTest, HighMulRoundsToNearest) {
  EXPECT_EQ(SaturatingRoundingDoublingHighMul(1 << 30, 1 << 30), 1 << 29);
  EXPECT_EQ(SaturatingRoundingDoublingHighMul(3, 1 << 30), 2);    // 1.5
  EXPECT_EQ(SaturatingRoundingDoublingHighMul(-3, 1 << 30), -1);  // -1.5: halves go up.
  EXPECT_EQ(SaturatingRoundingDoublingHighMul(-5, 1 << 30), -2);
  EXPECT_EQ(SaturatingRoundingDoublingHighMul(kMin, kMin), kMax);
  EXPECT_EQ(SaturatingRoundingDoublingHighMul(kMin, kMax), -kMax);
  EXPECT_EQ(SaturatingRoundingDoublingHighMul(kMax, kMax), kMax - 1);
  EXPECT_EQ(SaturatingRoundingDoublingHighMul(0, kMin), 0);
}

TEST(FixedPointTest, DivisionByPowersRoundsHalvesAwayFromZero) {
  EXPECT_EQ(RoundingDivideByPowerOfTwo(5, 0), 5);
  EXPECT_EQ(RoundingDivideByPowerOfTwo(5, 1), 3);
  EXPECT_EQ(RoundingDivideByPowerOfTwo(-5, 1), -3);
  EXPECT_EQ(RoundingDivideByPowerOfTwo(5, 2), 1);
  EXPECT_EQ(RoundingDivideByPowerOfTwo(6, 2), 2);
  EXPECT_EQ(RoundingDivideByPowerOfTwo(-6, 2), -2);
  EXPECT_EQ(RoundingDivideByPowerOfTwo(-7, 3), -1);
  EXPECT_EQ(RoundingDivideByPowerOfTwo(kMax, 31), 1);
  EXPECT_EQ(RoundingDivideByPowerOfTwo(kMin, 31), -1);
}

TEST(FixedPointTest, MultipliersAreNormalized) {
  const auto expect = [](double multiplier, std::int32_t mantissa, int exponent) {
    const FixedPointMultiplier result = ToFixedPoint(multiplier);
    EXPECT_EQ(result.mantissa, mantissa) << multiplier;
    EXPECT_EQ(result.exponent, exponent) << multiplier;
  };
  expect(0.0, 0, 0);
  expect(1.0, 1 << 30, 1);
  expect(0.5, 1 << 30, 0);
  expect(0.75, 3 << 29, 0);
  expect(3.0, 3 << 29, 2);
  expect(0x1p-40, 0, 0);
  expect(1.0 - 0x1p-40, 1 << 30, 1);  // Rounds up to 1.
  expect(0.1, 1717986918, -3);        // 0.8 * 2^31 = 1717986918.4
}

TEST(FixedPointTest, MultiplicationRoundsTwice) {
  EXPECT_EQ(Multiply(1000, ToFixedPoint(0.1)), 100);
  EXPECT_EQ(Multiply(-1000, ToFixedPoint(0.1)), -100);
  EXPECT_EQ(Multiply(7, ToFixedPoint(3.0)), 21);
  EXPECT_EQ(Multiply(123456789, ToFixedPoint(1.0)), 123456789);
  // 1.495 by one rounding is 1; by two, 0.92 * 13 = 11.96 becomes 12, and 12 / 8 = 1.5 becomes 2.
  EXPECT_EQ(Multiply(13, ToFixedPoint(0.115)), 2);
  EXPECT_EQ(Multiply(kMax, ToFixedPoint(1024.0)), 1 << 30);  // The left shift saturates.
}

}  // namespace
}  // namespace posenet::nn
