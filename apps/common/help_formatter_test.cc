// SPDX-License-Identifier: Apache-2.0
#include "common/help_formatter.h"

#include <gtest/gtest.h>

namespace posenet::app {
namespace {

TEST(WrapText, BreaksAtSpaces) {
  EXPECT_EQ(WrapText("one two three", 7), "one two\nthree");
  EXPECT_EQ(WrapText("one two three", 80), "one two three");
  EXPECT_EQ(WrapText("extraordinary one", 5), "extraordinary\none");
  EXPECT_EQ(WrapText("", 5), "");
}

}  // namespace
}  // namespace posenet::app
