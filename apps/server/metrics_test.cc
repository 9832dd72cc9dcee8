// SPDX-License-Identifier: Apache-2.0
#include "server/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace posenet::server {
namespace {

using ::testing::HasSubstr;

TEST(Metrics, CountsByRouteAndStatus) {
  Metrics metrics;
  metrics.CountRequest("/v1/human/poses", 200, 0.03);
  metrics.CountRequest("/v1/human/poses", 200, 0.06);
  metrics.CountRequest("/v1/human/poses", 503, 0.001);
  metrics.CountRejection(Rejection::kQueue);
  metrics.CountFrame(FrameOutcome::kDropped);
  metrics.CountTimeout(Timeout::kRead);
  metrics.AddPixels(640 * 480);
  const std::string text = metrics.Text({.queue_depth = 3, .queue_capacity = 32, .connections = 2});
  EXPECT_THAT(text, HasSubstr("posenet_requests_total{route=\"/v1/human/poses\",status=\"200\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("posenet_requests_total{route=\"/v1/human/poses\",status=\"503\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("duration_seconds_bucket{route=\"/v1/human/poses\",le=\"0.005\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("duration_seconds_bucket{route=\"/v1/human/poses\",le=\"0.05\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("duration_seconds_bucket{route=\"/v1/human/poses\",le=\"+Inf\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("posenet_request_duration_seconds_count{route=\"/v1/human/poses\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("posenet_rejected_total{reason=\"queue\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("posenet_stream_frames_total{outcome=\"dropped\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("posenet_timeouts_total{phase=\"read\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("posenet_pixels_total 307200\n"));
  EXPECT_THAT(text, HasSubstr("posenet_queue_depth 3\n"));
}

// The format of Prometheus: comments, and samples of a family that was introduced before.
TEST(Metrics, IsWellFormed) {
  Metrics metrics;
  metrics.CountRequest("other", 404, 1e-7);
  metrics.CountRequest("/", 200, 100.0);
  metrics.AddPixels(12'345'678'901);
  std::istringstream text(metrics.Text({}));
  const std::regex sample(
      R"re(([a-z_]+)(\{[a-z]+="[^"\\]*"(,[a-z]+="[^"\\]*")*\})? [0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?)re");
  std::set<std::string> families;
  int sample_count = 0;
  for (std::string line; std::getline(text, line);) {
    std::smatch match;
    if (line.starts_with("# TYPE ")) {
      families.insert(line.substr(7, line.find(' ', 7) - 7));
    } else if (!line.starts_with("# HELP ")) {
      ASSERT_TRUE(std::regex_match(line, match, sample)) << line;
      const std::string family = std::regex_replace(match[1].str(), std::regex("_(bucket|sum|count)$"), "");
      EXPECT_TRUE(families.contains(family)) << line;
      ++sample_count;
    }
  }
  EXPECT_GT(sample_count, 20);
}

}  // namespace
}  // namespace posenet::server
