// SPDX-License-Identifier: Apache-2.0
#include "base/strings.h"

#include <gtest/gtest.h>

#include <sstream>

namespace posenet::base {
namespace {

TEST(Counted, AgreesInNumber) {
  EXPECT_EQ(Counted(0, "frame"), "0 frames");
  EXPECT_EQ(Counted(std::size_t{1}, "frame"), "1 frame");
  EXPECT_EQ(Counted(2, "frame"), "2 frames");
}

TEST(StrCat, ConcatenatesTextAndNumbers) {
  EXPECT_EQ(StrCat("a", 1, ' ', 2.5), "a1 2.5");
  EXPECT_EQ(StrCat(std::string("b"), std::string_view("c"), std::size_t{7}, -3LL), "bc7-3");
}

TEST(StrCat, FormatsNumbersAsStreamsDo) {
  for (const double number : {0.0, 1.0, -0.5, 1.0 / 3.0, 1e6, 123456789.0, 1e-7, -1.234567e-300, 1e300}) {
    std::ostringstream out;
    out << number;
    EXPECT_EQ(StrCat(number), out.str());
  }
  EXPECT_EQ(StrCat(0.1F), "0.1");
}

TEST(Printable, KeepsTextAndReplacesControlCharacters) {
  EXPECT_EQ(Printable("plain"), "plain");
  EXPECT_EQ(Printable("caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"), "caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80");
  EXPECT_EQ(Printable("a\n\x1B[31mb\x7F"), "a??[31mb?");
}

TEST(Printable, ReplacesInvalidUtf8) {
  EXPECT_EQ(Printable("\xFF\xC0\x80x"), "???x");
  EXPECT_EQ(Printable("\xED\xA0\x80"), "???");  // A surrogate.
  EXPECT_EQ(Printable("\xE2\x82"), "??");       // Truncated.
}

TEST(Printable, TruncatesBetweenCharacters) {
  EXPECT_EQ(Printable("abc", 2), "ab");
  EXPECT_EQ(Printable("a\xE2\x82\xAC", 3), "a");
}

}  // namespace
}  // namespace posenet::base
