// SPDX-License-Identifier: Apache-2.0
#include "server/router.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace posenet::server {
namespace {

TEST(Router, FindsEveryRouteByItsPathAndNoOther) {
  std::set<std::string_view> paths;
  for (const Route& route : Routes()) {
    EXPECT_EQ(FindRoute(route.path), &route);
    EXPECT_TRUE(paths.insert(route.path).second) << route.path;
  }
  for (const std::string path : {"", "//", "/healthz/", "/HEALTHZ", "/v1", "/v1/human/poses/..", "/%68ealthz", "*"}) {
    EXPECT_EQ(FindRoute(path), nullptr) << path;
  }
}

TEST(Router, AllowsTheMethodsOfEachRoute) {
  const Route& models = *FindRoute("/v1/models");
  EXPECT_TRUE(Allows(models, "GET"));
  EXPECT_TRUE(Allows(models, "HEAD"));
  EXPECT_FALSE(Allows(models, "POST"));
  EXPECT_EQ(AllowedMethods(models), "GET, HEAD, OPTIONS");
  const Route& poses = *FindRoute("/v1/human/poses");
  EXPECT_TRUE(Allows(poses, "POST"));
  EXPECT_FALSE(Allows(poses, "HEAD"));
  EXPECT_EQ(AllowedMethods(poses), "POST, OPTIONS");
}

TEST(Router, ProtectsRoutesThatComputeWithTheToken) {
  for (const Route& route : Routes()) {
    if (route.path.starts_with("/v1/")) {
      EXPECT_EQ(route.access, Access::kToken) << route.path;
    }
  }
  EXPECT_EQ(FindRoute("/healthz")->access, Access::kOpen);
}

}  // namespace
}  // namespace posenet::server
