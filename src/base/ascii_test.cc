// SPDX-License-Identifier: Apache-2.0
#include "base/ascii.h"

#include <gtest/gtest.h>

namespace posenet::base {
namespace {

TEST(AsciiToLower, ChangesLettersOnly) {
  EXPECT_EQ(AsciiToLower("AZaz09 @[`{"), "azaz09 @[`{");
  EXPECT_EQ(AsciiToLower("\xC3\x89"), "\xC3\x89");  // E with an acute accent, in UTF-8.
}

TEST(EqualsIgnoreAsciiCase, ComparesLettersInEitherCase) {
  EXPECT_TRUE(EqualsIgnoreAsciiCase("Content-Type", "content-TYPE"));
  EXPECT_TRUE(EqualsIgnoreAsciiCase("", ""));
  EXPECT_FALSE(EqualsIgnoreAsciiCase("content", "content-type"));
  EXPECT_FALSE(
      EqualsIgnoreAsciiCase("@", "`"));  // They differ by the bit that distinguishes upper case from lower case.
}

TEST(IsAsciiDigit, AcceptsNothingElse) {
  for (const char c : {'0', '5', '9'}) EXPECT_TRUE(IsAsciiDigit(c)) << c;
  for (const char c : {'/', ':', 'a', '\xB2', '\0'}) EXPECT_FALSE(IsAsciiDigit(c)) << static_cast<int>(c);
}

}  // namespace
}  // namespace posenet::base
