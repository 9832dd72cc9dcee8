// SPDX-License-Identifier: Apache-2.0
#include "server/request_log.h"

#include <gtest/gtest.h>

#include <latch>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>
#include <string>

namespace posenet::server {
namespace {

using Json = nlohmann::json;

TEST(RequestLine, IsOneLineOfJsonForAnyPath) {
  const std::string line = RequestLine({.client = "127.0.0.1",
                                        .method = "GE\"T",
                                        .path = "/\x01\xFF\"\n" + std::string(500, 'x'),
                                        .status = 404,
                                        .bytes_in = 5,
                                        .bytes_out = 6,
                                        .milliseconds = 1.5});
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  const Json record = Json::parse(line);
  EXPECT_EQ(record["status"], 404);
  EXPECT_EQ(record["milliseconds"], 1.5);
  EXPECT_LE(record["path"].get<std::string>().size(), 220U);
  EXPECT_FALSE(record.contains("width"));
  EXPECT_TRUE(std::regex_match(record["time"].get<std::string>(),
                               std::regex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z")));
}

TEST(RequestLine, HasTheStatisticsOfProcessedImages) {
  const Json record =
      Json::parse(RequestLine({.status = 200, .stats = {.width_px = 64, .height_px = 48, .people = 2}}));
  EXPECT_EQ(record["width"], 64);
  EXPECT_EQ(record["people"], 2);
  EXPECT_FALSE(Json::parse(RequestLine({.status = 200, .stats = {.width_px = 64}})).contains("people"));
}

TEST(RequestLog, WritesAllLinesBeforeDestruction) {
  std::string written;
  {
    RequestLog log([&](std::string_view text) { written += text; });
    for (int i = 0; i < 100; ++i) log.Write(std::to_string(i) + "\n");
  }
  EXPECT_TRUE(written.starts_with("0\n1\n2\n"));
  EXPECT_TRUE(written.ends_with("98\n99\n"));
}

TEST(RequestLog, DropsLinesRatherThanWaitingForAReader) {
  std::latch may_write(1);
  std::string written;
  {
    RequestLog log([&](std::string_view text) {
      may_write.wait();
      written += text;
    });
    for (int i = 0; i < 20'000; ++i) log.Write("x\n");
    may_write.count_down();
  }
  EXPECT_LT(written.size(), 2U * 2 * 4096 + 1000);
  EXPECT_NE(written.find("lines were dropped"), std::string::npos);
}

}  // namespace
}  // namespace posenet::server
