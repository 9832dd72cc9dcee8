// SPDX-License-Identifier: Apache-2.0
#include "server/human_query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace posenet::server {
namespace {

using ::testing::HasSubstr;

Result<HumanRequest> Parse(const std::string& query, HumanInput input = HumanInput::kImage,
                           const HumanRequest& defaults = {}, const EstimatorTraits& estimator = {}) {
  return ParseHumanQuery(ParseTarget("/?" + query)->query, input, defaults, estimator);
}

std::optional<PoseDecoder> DecoderOf(const std::string& query, const EstimatorTraits& estimator) {
  return Parse(query, HumanInput::kImage, {}, estimator)->decode.decoder;
}

TEST(ParseHumanQuery, ReadsEveryParameter) {
  const auto request = Parse(
      "decoder=coral&max-poses=3&score-threshold=0.25&nms-radius=12.5&min-pose-score=0.1&min-keypoint-score=0.2&"
      "mirror&track=1&smooth=true",
      HumanInput::kStream);
  ASSERT_TRUE(request.has_value()) << request.error().message;
  EXPECT_EQ(request->decode.decoder, PoseDecoder::kCoral);
  EXPECT_EQ(request->decode.multi.max_poses, 3);
  EXPECT_EQ(request->decode.multi.score_threshold, 0.25F);
  EXPECT_EQ(request->decode.multi.nms_radius_px, 12.5F);
  EXPECT_EQ(request->min_pose_score, 0.1F);
  EXPECT_EQ(request->min_keypoint_score, 0.2F);
  EXPECT_EQ(request->decode.mirror, Mirror::kHorizontal);
  EXPECT_TRUE(request->track);
  EXPECT_TRUE(request->smooth);
}

TEST(ParseHumanQuery, KeepsDefaultsThatAreNotChanged) {
  const auto request = Parse("", HumanInput::kImage, {.min_pose_score = 0.3F});
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->decode.decoder, std::nullopt);
  EXPECT_EQ(request->min_pose_score, 0.3F);
  EXPECT_EQ(Parse("decoder=hough")->decode.decoder, PoseDecoder::kHough);
  EXPECT_EQ(Parse("decoder=tfjs")->decode.decoder, PoseDecoder::kTfjsMultiple);
}

TEST(ParseHumanQuery, SingleChoosesAmongTheDecodersOfTheModel) {
  using enum PoseDecoder;
  constexpr EstimatorTraits kStartedWithSingle = {.decoder = kTfjsSingle, .decoder_for_several = kCoral};
  EXPECT_EQ(DecoderOf("single", {}), kTfjsSingle);
  EXPECT_EQ(DecoderOf("single=0", {}), kHough);
  EXPECT_EQ(DecoderOf("single=1", kStartedWithSingle), kTfjsSingle);
  EXPECT_EQ(DecoderOf("single=0", kStartedWithSingle), kCoral);
  EXPECT_EQ(DecoderOf("single=0&max-poses=3", kStartedWithSingle), kCoral);
  EXPECT_EQ(DecoderOf("single", {.decoder = kMoveNetMultiple, .decoder_for_several = kMoveNetMultiple}),
            kMoveNetSingle);
  // A model for one person has no other decoder.
  EXPECT_EQ(DecoderOf("single=0", {.decoder = kMoveNetSingle, .decoder_for_several = kMoveNetSingle}), kMoveNetSingle);
}

TEST(ParseHumanQuery, RejectsParametersWithoutEffect) {
  using enum PoseDecoder;
  const auto message = [](const std::string& query, const EstimatorTraits& estimator = {}) {
    const auto request = Parse(query, HumanInput::kImage, {}, estimator);
    return request.has_value() ? "" : request.error().message;
  };
  EXPECT_EQ(message("single&max-poses=1"), "max-poses has no effect with the decoder tfjs single");
  EXPECT_EQ(message("score-threshold=0.5&single=1"), "score-threshold has no effect with the decoder tfjs single");
  EXPECT_EQ(message("nms-radius=5", {.decoder = kTfjsSingle}), "nms-radius has no effect with the decoder tfjs single");
  EXPECT_EQ(message("max-poses=2", {.decoder = kMoveNetSingle, .decoder_for_several = kMoveNetSingle}),
            "max-poses has no effect with the decoder movenet single");
  EXPECT_EQ(message("max-poses=2", {.decoder = kMoveNetMultiple, .decoder_for_several = kMoveNetMultiple}), "");
  EXPECT_EQ(message("nms-radius=2", {.decoder = kMoveNetMultiple, .decoder_for_several = kMoveNetMultiple}),
            "nms-radius has no effect with the decoder movenet");
  EXPECT_EQ(message("decoder=tfjs&max-poses=2", {.decoder = kTfjsSingle}), "");
}

TEST(ParseHumanQuery, LimitsTheNumberOfRefinedPoses) {
  const auto parse = [](const std::string& query, bool is_refined) {
    return Parse(query, HumanInput::kImage, {}, {.is_refined = is_refined});
  };
  EXPECT_TRUE(parse("max-poses=100", true).has_value());
  EXPECT_TRUE(parse("max-poses=101", false).has_value());
  ASSERT_FALSE(parse("max-poses=101", true).has_value());
  EXPECT_THAT(parse("max-poses=101", true).error().message, HasSubstr("max-poses is 101; this server refines poses"));
}

TEST(ParseHumanQuery, RejectsUnknownAndInvalidParameters) {
  for (const std::string query : {"track",
                                  "smooth=1",
                                  "Single",
                                  "model=x",
                                  "max-poses=0",
                                  "max-poses=1.5",
                                  "max-poses=10001",
                                  "max-poses=",
                                  "score-threshold=1.1",
                                  "score-threshold=nan",
                                  "score-threshold=",
                                  "nms-radius=0",
                                  "nms-radius=-1",
                                  "nms-radius=inf",
                                  "min-pose-score=x",
                                  "min-keypoint-score=-0.1",
                                  "mirror=yes",
                                  "single=2",
                                  "decoder=x",
                                  "single&single",
                                  "max-poses=1&max-poses=2",
                                  "single&decoder=tfjs",
                                  "=1"}) {
    const auto request = Parse(query);
    ASSERT_FALSE(request.has_value()) << query;
    EXPECT_EQ(request.error().code, ErrorCode::kInvalidArgument);
  }
  EXPECT_THAT(Parse("max-pose=1").error().message, HasSubstr("max-poses"));
  EXPECT_THAT(Parse("max-poses=0").error().message, HasSubstr("whole number from 1"));
}

}  // namespace
}  // namespace posenet::server
