// SPDX-License-Identifier: Apache-2.0
#include "server/serve_options.h"

#include <gtest/gtest.h>

#include <string>

namespace posenet::server {
namespace {

TEST(ParseByteSize, ReadsUnits) {
  EXPECT_EQ(ParseByteSize("1000"), 1000U);
  EXPECT_EQ(ParseByteSize("20MB"), 20'000'000U);
  EXPECT_EQ(ParseByteSize("20M"), 20'000'000U);
  EXPECT_EQ(ParseByteSize("1.5 GiB"), 1'610'612'736U);
  EXPECT_EQ(ParseByteSize("300k"), 300'000U);
  EXPECT_EQ(ParseByteSize("4Ki"), 4096U);
  EXPECT_EQ(ParseByteSize("0"), 0U);
}

TEST(ParseByteSize, RejectsOtherText) {
  for (const std::string text : {"", "MB", "-1", "1TB", "1e3", "1..2", "20 M B", "nan", "99999999999G", "1MBs"}) {
    EXPECT_EQ(ParseByteSize(text), std::nullopt) << text;
  }
}

TEST(IsOrigin, RequiresSchemeAndHostOnly) {
  for (const std::string text : {"*", "https://example.com", "http://localhost:8000", "http://[::1]:80"}) {
    EXPECT_TRUE(IsOrigin(text)) << text;
  }
  for (const std::string text : {"", "example.com", "https://", "https://a/", "https://a b", "ftp://a", "null"}) {
    EXPECT_FALSE(IsOrigin(text)) << text;
  }
}

}  // namespace
}  // namespace posenet::server
