// SPDX-License-Identifier: Apache-2.0
#include "base/natural_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace posenet::base {
namespace {

TEST(NaturalLess, ComparesNumbersByValue) {
  std::vector<std::string> names = {"f10.png", "f9.png", "f100.png", "f09.png",  "f1.png",
                                    "e2",      "f",      "f9.jpg",   "seq-10/a", "seq-2/b"};
  std::ranges::sort(names, NaturalLess);
  EXPECT_THAT(names, testing::ElementsAre("e2", "f", "f1.png", "f9.jpg", "f09.png", "f9.png", "f10.png", "f100.png",
                                          "seq-2/b", "seq-10/a"));
}

TEST(NaturalLess, IsAStrictTotalOrder) {
  const std::vector<std::string> names = {"",   "0",   "00",   "1",     "01",    "a",
                                          "a0", "a00", "a1b2", "a1b10", "a01b2", "99999999999999999999999"};
  for (const std::string& a : names) {
    EXPECT_FALSE(NaturalLess(a, a)) << a;
    for (const std::string& b : names) {
      if (a != b) {
        EXPECT_NE(NaturalLess(a, b), NaturalLess(b, a)) << a << " and " << b;
      }
      for (const std::string& c : names) {
        if (NaturalLess(a, b) && NaturalLess(b, c)) {
          EXPECT_TRUE(NaturalLess(a, c)) << a << ' ' << b << ' ' << c;
        }
      }
    }
  }
}

}  // namespace
}  // namespace posenet::base
