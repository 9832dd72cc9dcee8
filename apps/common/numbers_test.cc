// SPDX-License-Identifier: Apache-2.0
#include "common/numbers.h"

#include <gtest/gtest.h>

#include <limits>

namespace posenet::app {
namespace {

TEST(FormatJsonNumber, RoundsAndDropsNeedlessZeros) {
  EXPECT_EQ(FormatJsonNumber(0.123456, 5), "0.12346");
  EXPECT_EQ(FormatJsonNumber(0.5, 5), "0.5");
  EXPECT_EQ(FormatJsonNumber(120.0, 3), "120");
  EXPECT_EQ(FormatJsonNumber(-0.0001, 3), "0");
  EXPECT_EQ(FormatJsonNumber(-12.0004, 3), "-12");
  EXPECT_EQ(FormatJsonNumber(100.0, 0), "100");
}

TEST(FormatJsonNumber, NeverWritesWhatJsonDoesNotHave) {
  EXPECT_EQ(FormatJsonNumber(std::numeric_limits<double>::quiet_NaN(), 3), "null");
  EXPECT_EQ(FormatJsonNumber(-std::numeric_limits<double>::infinity(), 3), "null");
  EXPECT_EQ(FormatJsonNumber(std::numeric_limits<double>::max(), 3).size(), 309U);
}

TEST(FormatFixed, KeepsZeros) {
  EXPECT_EQ(FormatFixed(0.5, 4), "0.5000");
  EXPECT_EQ(FormatFixed(-1, 4), "-1.0000");
}

TEST(ParseInt, TakesTheWholeText) {
  EXPECT_EQ(ParseInt("42"), 42);
  EXPECT_EQ(ParseInt("-1"), -1);
  EXPECT_EQ(ParseInt("010"), 10);
  for (const char* text : {"", "4.0", "4x", " 4", "0x10", "99999999999"})
    EXPECT_EQ(ParseInt(text), std::nullopt) << text;
}

TEST(ParseFloat, TakesFiniteNumbersOnly) {
  EXPECT_EQ(ParseFloat("0.25"), 0.25F);
  EXPECT_EQ(ParseFloat("1e-3"), 1e-3F);
  for (const char* text : {"", "nan", "inf", "-inf", "1e99", "0,5", "0.5 "})
    EXPECT_EQ(ParseFloat(text), std::nullopt) << text;
}

TEST(ParseDouble, IsAsExact) {
  EXPECT_EQ(ParseDouble("0.1"), 0.1);
  EXPECT_EQ(ParseDouble("3600.1"), 3600.1);
  for (const char* text : {"", "nan", "inf", "1e999", "1s"}) EXPECT_EQ(ParseDouble(text), std::nullopt) << text;
}

TEST(ParseSize, TakesASideOrTwo) {
  EXPECT_EQ(ParseSize("513")->width_px, 513);
  EXPECT_EQ(ParseSize("513")->height_px, 513);
  EXPECT_EQ(ParseSize("641x481")->width_px, 641);
  EXPECT_EQ(ParseSize("641x481")->height_px, 481);
  for (const char* text : {"", "x", "641x", "x481", "641X481", "641x481x3", "big"}) {
    EXPECT_FALSE(ParseSize(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace posenet::app
