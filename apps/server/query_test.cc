// SPDX-License-Identifier: Apache-2.0
#include "server/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace posenet::server {
namespace {

using ::testing::HasSubstr;

TEST(ParseTarget, SplitsPathAndParameters) {
  const auto target = ParseTarget("/v1/human/poses?single&max-poses=3&&name=a%20b+c%2B");
  ASSERT_TRUE(target.has_value()) << target.error().message;
  EXPECT_EQ(target->path, "/v1/human/poses");
  ASSERT_EQ(target->query.size(), 3U);
  EXPECT_EQ(target->query[0].name, "single");
  EXPECT_EQ(target->query[0].value, "");
  EXPECT_EQ(target->query[1].value, "3");
  EXPECT_EQ(target->query[2].value, "a b c+");
}

TEST(ParseTarget, DropsTheHostOfAbsoluteTargets) {
  EXPECT_EQ(ParseTarget("http://example.com:80/healthz?x")->path, "/healthz");
  EXPECT_EQ(ParseTarget("https://example.com")->path, "/");
  EXPECT_EQ(ParseTarget("*")->path, "*");
}

TEST(ParseTarget, DoesNotDecodePaths) {
  for (const std::string path : {"/../etc/passwd", "/%2e%2e/x", "//healthz", "/healthz/", "/a%zz"}) {
    const auto target = ParseTarget(path);
    ASSERT_TRUE(target.has_value());
    EXPECT_EQ(target->path, path);
  }
}

TEST(ParseTarget, RejectsMalformedTargets) {
  for (const std::string target : {"healthz", "", "/a?b=%", "/a?b=%1", "/a?%zz=1", "/a?b=%00", "/a?b=%0d%0aX"}) {
    const auto parsed = ParseTarget(target);
    ASSERT_FALSE(parsed.has_value()) << target;
    EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidArgument);
  }
  std::string many = "/?";
  for (int i = 0; i < 65; ++i) many += "a=1&";
  const auto parsed = ParseTarget(many);
  ASSERT_FALSE(parsed.has_value());
  EXPECT_THAT(parsed.error().message, HasSubstr("more than 64"));
}

}  // namespace
}  // namespace posenet::server
