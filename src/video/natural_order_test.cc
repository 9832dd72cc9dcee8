// SPDX-License-Identifier: Apache-2.0
#include "video/natural_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace posenet::video {
namespace {

TEST(NaturalOrder, CountsNumbersAsNumbers) {
  std::vector<std::string> names = {"f10.png", "f9.png", "f100.png", "f09.png", "f1.png", "e2", "f", "f9.jpg"};
  std::ranges::sort(names, NaturallyBefore);
  EXPECT_THAT(names, testing::ElementsAre("e2", "f", "f1.png", "f9.jpg", "f09.png", "f9.png", "f10.png", "f100.png"));
}

TEST(NaturalOrder, IsStrict) {
  const std::vector<std::string> names = {"",   "0",   "00",   "1",     "01",    "a",
                                          "a0", "a00", "a1b2", "a1b10", "a01b2", "99999999999999999999999"};
  for (const std::string& a : names) {
    EXPECT_FALSE(NaturallyBefore(a, a)) << a;
    for (const std::string& b : names) {
      if (a != b) {
        EXPECT_NE(NaturallyBefore(a, b), NaturallyBefore(b, a)) << a << " and " << b;
      }
      for (const std::string& c : names) {
        if (NaturallyBefore(a, b) && NaturallyBefore(b, c)) {
          EXPECT_TRUE(NaturallyBefore(a, c)) << a << ' ' << b << ' ' << c;
        }
      }
    }
  }
}

}  // namespace
}  // namespace posenet::video
