// SPDX-License-Identifier: Apache-2.0
// posenet human video with MoveNet and --refine. The models find the same in every frame: a person who stands, whom
// refining moves to the right, so that the position shows which networks ran.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli_fixture.h"
#include "video/testing/video_files.h"

namespace posenet::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr int kFrameCount = 14;

class RefineVideoTest : public CliTest {
 protected:
  RefineVideoTest()
      : standing_(WriteTinyMoveNet(At("standing.safetensors"), TinyMoveNet::kStanding)),
        walking_(WriteTinyMoveNet(At("walking.safetensors"), TinyMoveNet::kWalking)),
        video_(At("a.mp4")) {
    video::WriteNumberedVideo(video_, video::EvenTimes(kFrameCount, 0.04), 25.0);
  }

  /// `posenet human video --model STANDING --refine WALKING arguments... VIDEO`
  [[nodiscard]] CommandResult Video(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"human", "video", "--model", standing_, "--refine", walking_});
    arguments.push_back(video_);
    return RunCommand(arguments);
  }

  /// The only pose of each frame.
  static std::vector<nlohmann::json> Poses(const CommandResult& result) {
    EXPECT_EQ(result.exit_status, 0) << result.err;
    std::vector<nlohmann::json> poses;
    for (const nlohmann::json& line : JsonLines(result.out)) {
      EXPECT_EQ(line["poses"].size(), 1U);
      poses.push_back(line["poses"].at(0));
    }
    EXPECT_EQ(poses.size(), static_cast<std::size_t>(kFrameCount));
    return poses;
  }

  static std::vector<double> NoseXs(const CommandResult& result) {
    std::vector<double> xs;
    for (const nlohmann::json& pose : Poses(result)) xs.push_back(pose["keypoints"][0]["position"]["x"]);
    return xs;
  }

  std::string standing_;
  std::string walking_;
  std::string video_;
};

TEST_F(RefineVideoTest, RefinesTrackedPeopleBetweenProposals) {
  const CommandResult result = Video({"--track", "--propose-every", "5"});
  const std::vector<double> xs = NoseXs(result);
  ASSERT_EQ(xs.size(), static_cast<std::size_t>(kFrameCount));
  for (std::size_t i = 1; i < xs.size(); ++i) {
    // The model runs until the track is confirmed, and then in every fifth frame.
    if (i <= 2 || i == 7 || i == 12) {
      EXPECT_NEAR(xs[i], xs[0], 1e-3) << i;
    } else {
      EXPECT_GT(xs[i], xs[i - 1] + 1e-3) << i;
    }
  }
  for (const nlohmann::json& pose : Poses(result)) EXPECT_EQ(pose["id"], 1);
}

TEST_F(RefineVideoTest, RunsTheModelInEveryFrameOnRequest) {
  const std::vector<double> xs = NoseXs(Video({}));
  ASSERT_FALSE(xs.empty());
  for (const double x : xs) EXPECT_NEAR(x, xs[0], 1e-3);
  for (const double x : NoseXs(Video({"--track", "--propose-every", "1"}))) EXPECT_NEAR(x, xs[0], 1e-3);
}

TEST_F(RefineVideoTest, SmoothedPeopleAreTrackedOnce) {
  const CommandResult result = Video({"--smooth"});
  for (const nlohmann::json& pose : Poses(result)) EXPECT_EQ(pose["id"], 1);
}

TEST_F(RefineVideoTest, RefinesASinglePersonInEveryFrame) {
  const std::vector<double> xs = NoseXs(Video({"--single"}));
  for (std::size_t i = 1; i < xs.size(); ++i) EXPECT_GT(xs[i], xs[i - 1] + 1e-3) << i;
}

TEST_F(RefineVideoTest, FollowsASinglePersonWithMoveNetAlone) {
  const CommandResult result = RunCommand({"human", "video", "--model", standing_, "--single", "--smooth", video_});
  for (const nlohmann::json& pose : Poses(result)) EXPECT_EQ(pose["id"], 1);
}

TEST_F(RefineVideoTest, RejectsOptionsWithoutEffect) {
  const auto expect = [this](const std::vector<std::string>& arguments, const std::string& message) {
    const CommandResult result = Video(arguments);
    EXPECT_EQ(result.exit_status, 2) << result.out;
    EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr(message)));
  };
  expect({"--propose-every", "3"}, "--propose-every has no effect without --track or --smooth");
  expect({"--propose-every", "3", "--track", "--single"}, "--propose-every has no effect with --single");
  expect({"--propose-every", "0", "--track"}, "--propose-every: expected a whole number from 1 to 1000, got '0'");
  expect({"--max-poses", "3"}, "--max-poses has no effect: the model estimates one person");
}

}  // namespace
}  // namespace posenet::cli
