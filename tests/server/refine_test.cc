// SPDX-License-Identifier: Apache-2.0
// Servers with MoveNet, with --refine and with --single. The models find the same in every image: a person who stands,
// whom refining moves to the right, so that the position shows which networks ran.
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "server_fixture.h"

namespace posenet::server {
namespace {

class RefineServerTest : public ServerTest {
 protected:
  /// Starts a server whose model is a MoveNet for one person.
  void StartMoveNet(const std::vector<std::string>& arguments = {}) {
    model_ = cli::WriteTinyMoveNet(At("standing.safetensors"), cli::TinyMoveNet::kStanding);
    Start(arguments);
  }

  [[nodiscard]] std::string Walking() const {
    return cli::WriteTinyMoveNet(At("walking.safetensors"), cli::TinyMoveNet::kWalking);
  }

  [[nodiscard]] Json PosesOf(const std::string& query) const {
    const HttpReply reply = Post("/v1/human/poses" + query, jpeg_);
    EXPECT_EQ(reply.status, 200) << reply.body;
    return Json::parse(reply.body).at("poses");
  }

  /// The poses in `count` frames, all the same image, of a new stream.
  [[nodiscard]] std::vector<Json> Stream(const std::string& query, int count) const {
    constexpr int kBinary = 2;
    RawClient client(port());
    client.Send(HandshakeText("/v1/human/stream" + query));
    EXPECT_EQ(client.ReadReply().status, 101);
    std::vector<Json> poses;
    for (int i = 0; i < count; ++i) {
      client.Send(RawClient::Frame(kBinary, jpeg_));
      const auto message = client.ReadMessage();
      if (!message) break;
      poses.push_back(Json::parse(message->payload).at("poses"));
    }
    EXPECT_EQ(poses.size(), static_cast<std::size_t>(count));
    return poses;
  }

  static double NoseX(const Json& poses) { return poses.at(0)["keypoints"][0]["position"]["x"]; }
};

TEST_F(RefineServerTest, StreamsRefineTrackedPeopleBetweenProposals) {
  StartMoveNet({"--refine", Walking(), "--propose-every", "5"});
  const double expected_x = NoseX(PosesOf(""));
  for (const std::string query : {"?track", "?track&smooth"}) {
    // Each stream has a state of its own.
    const std::vector<Json> frames = Stream(query, 9);
    for (std::size_t i = 0; i < frames.size(); ++i) {
      ASSERT_EQ(frames[i].size(), 1U);
      EXPECT_EQ(frames[i][0]["id"], 1);
      if (query != "?track") continue;
      // The model runs until the track is confirmed, and then in every fifth frame.
      if (i <= 2 || i == 7) {
        EXPECT_NEAR(NoseX(frames[i]), expected_x, 1e-3) << i;
      } else {
        EXPECT_GT(NoseX(frames[i]), NoseX(frames[i - 1]) + 1e-3) << i;
      }
    }
  }
}

TEST_F(RefineServerTest, StreamsWithoutTracksRunTheModelInEveryFrame) {
  StartMoveNet({"--refine", Walking()});
  const Json expected = PosesOf("");
  for (const Json& poses : Stream("", 5)) EXPECT_EQ(poses, expected);
}

TEST_F(RefineServerTest, FollowedPosesAreMirroredAndFiltered) {
  StartMoveNet({"--refine", Walking()});
  const double expected_x = NoseX(PosesOf("?mirror"));
  const std::vector<Json> frames = Stream("?track&mirror", 5);
  EXPECT_NEAR(NoseX(frames[0]), expected_x, 1e-3);
  EXPECT_LT(NoseX(frames[4]), expected_x - 1e-3);
  EXPECT_FALSE(Stream("?track&min-pose-score=0.9", 1)[0].empty());
}

TEST_F(RefineServerTest, RequestsChooseBetweenOneAndSeveralPeople) {
  Start();
  const Json several = PosesOf("");
  const Json one = PosesOf("?single=1");
  EXPECT_GT(several.size(), 1U);
  EXPECT_EQ(one.size(), 1U);
  EXPECT_EQ(PosesOf("?single=0"), several);
  Start({"--single"});
  EXPECT_EQ(PosesOf(""), one);
  EXPECT_EQ(PosesOf("?single=1"), one);
  EXPECT_EQ(PosesOf("?single=0"), several);
  EXPECT_EQ(PosesOf("?single=0&max-poses=2").size(), 2U);
  EXPECT_EQ(Stream("?single=0", 1)[0], several);
  ExpectProblem(Post("/v1/human/poses?max-poses=2", jpeg_), 400);
}

TEST_F(RefineServerTest, AModelForOnePersonRejectsParametersForSeveral) {
  StartMoveNet();
  EXPECT_EQ(PosesOf("?single=0"), PosesOf("?single=1"));
  for (const char* query : {"?max-poses=2", "?score-threshold=0.1", "?nms-radius=3", "?decoder=tfjs"}) {
    ExpectProblem(Post(std::string("/v1/human/poses") + query, jpeg_), 400);
  }
  const Json human = Json::parse(Ask(port(), "GET", "/v1/models").body)["human"];
  EXPECT_EQ(human["decoder"], "movenet single");
  EXPECT_EQ(human["estimates_several"], false);
}

}  // namespace
}  // namespace posenet::server
