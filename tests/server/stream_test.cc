// SPDX-License-Identifier: Apache-2.0
// WebSocket streams.
#include <optional>
#include <set>

#include "server_fixture.h"

namespace posenet::server {
namespace {

constexpr int kText = 1;
constexpr int kBinary = 2;
constexpr int kClose = 8;
constexpr int kPing = 9;
constexpr int kPong = 10;

class StreamTest : public ServerTest {
 protected:
  std::unique_ptr<RawClient> Open(const std::string& query = "") {
    auto client = std::make_unique<RawClient>(port());
    client->Send(HandshakeText("/v1/human/stream" + query));
    EXPECT_EQ(client->ReadReply().status, 101);
    return client;
  }

  static Json ReadJson(RawClient& client) {
    const std::optional<SocketMessage> message = client.ReadMessage();
    if (!message || message->opcode != kText) return nullptr;
    return Json::parse(message->payload);
  }

  // The code with which the server closes, or 0.
  static int CloseCode(RawClient& client) {
    while (const std::optional<SocketMessage> message = client.ReadMessage()) {
      if (message->opcode != kClose || message->payload.size() < 2) continue;
      return static_cast<unsigned char>(message->payload[0]) * 256 + static_cast<unsigned char>(message->payload[1]);
    }
    return 0;
  }
};

TEST_F(StreamTest, FramesGetTheSamePosesAsImages) {
  Start();
  Json expected = Json::parse(Post("/v1/human/poses?max-poses=2", jpeg_).body);
  const auto client = Open("?max-poses=2");
  for (int frame = 1; frame <= 3; ++frame) {
    client->Send(RawClient::Frame(kBinary, jpeg_));
    const Json answer = ReadJson(*client);
    EXPECT_EQ(answer["frame"], frame);
    EXPECT_EQ(answer["dropped"], 0);
    EXPECT_EQ(answer["width"], 64);
    EXPECT_GT(answer["milliseconds"].get<double>(), 0.0);
    EXPECT_EQ(answer["poses"], expected["poses"]);
  }
  client->Send(RawClient::Frame(kPing, "hello"));
  const auto pong = client->ReadMessage();
  ASSERT_TRUE(pong.has_value());
  EXPECT_EQ(pong->opcode, kPong);
  EXPECT_EQ(pong->payload, "hello");
  client->Send(RawClient::Frame(kClose, std::string("\x03\xE8", 2)));
  EXPECT_EQ(CloseCode(*client), 1000);
}

TEST_F(StreamTest, PeopleKeepTheirTrackIds) {
  Start();
  const auto client = Open("?track&smooth&max-poses=3");
  std::set<std::int64_t> first_ids;
  for (int frame = 0; frame < 3; ++frame) {
    client->Send(RawClient::Frame(kBinary, jpeg_));
    const Json answer = ReadJson(*client);
    std::set<std::int64_t> ids;
    for (const Json& pose : answer["poses"]) ids.insert(pose.at("id").get<std::int64_t>());
    EXPECT_EQ(ids.size(), answer["poses"].size());
    if (frame == 0) first_ids = ids;
    EXPECT_EQ(ids, first_ids);
  }
  EXPECT_FALSE(first_ids.empty());
}

TEST_F(StreamTest, TheLatestFrameIsProcessedNext) {
  Start({"--workers", "1"});
  const std::string slow = cli::ReadText(cli::WriteImage(At("slow.jpg"), 4000, 3000));
  const auto client = Open();
  client->Send(RawClient::Frame(kBinary, slow));
  for (int i = 0; i < 9; ++i) client->Send(RawClient::Frame(kBinary, jpeg_));
  const Json first = ReadJson(*client);
  EXPECT_EQ(first["frame"], 1);
  EXPECT_EQ(first["width"], 4000);
  const Json second = ReadJson(*client);
  EXPECT_EQ(second["frame"], 10);
  EXPECT_EQ(second["dropped"], 8);
  EXPECT_EQ(Metric("posenet_stream_frames_total{outcome=\"dropped\"}"), 8.0);
  EXPECT_EQ(Metric("posenet_stream_frames_total{outcome=\"processed\"}"), 2.0);
}

TEST_F(StreamTest, BadFramesGetErrorsAndTheStreamContinues) {
  Start({"--max-pixels", "10k"});
  const auto client = Open();
  const auto status = [&](const std::string& bytes) {
    client->Send(RawClient::Frame(kBinary, bytes));
    const Json answer = ReadJson(*client);
    EXPECT_FALSE(answer["error"].get<std::string>().empty());
    return answer["status"].get<int>();
  };
  EXPECT_EQ(status(""), 400);
  EXPECT_EQ(status("hello"), 415);
  EXPECT_EQ(status(jpeg_.substr(0, 200)), 400);
  EXPECT_EQ(status(cli::HugePng()), 413);
  client->Send(RawClient::Frame(kBinary, jpeg_));
  EXPECT_EQ(ReadJson(*client)["frame"], 5);
}

TEST_F(StreamTest, ClientsThatBreakTheProtocolAreDisconnected) {
  Start({"--max-body", "50kB"});
  const auto code_after = [this](const std::string& bytes) {
    const auto client = Open();
    client->Send(bytes);
    client->FinishSending();
    return CloseCode(*client);
  };
  EXPECT_EQ(code_after(RawClient::Frame(kText, "hello")), 1003);
  EXPECT_EQ(code_after(RawClient::Frame(kBinary, std::string(60'000, 'x'))), 1009);
  EXPECT_EQ(code_after(RawClient::Frame(3, "x")), 1002);              // No such opcode.
  EXPECT_EQ(code_after(RawClient::Frame(kBinary, "x", 0xF0)), 1002);  // Reserved bits.
  EXPECT_EQ(code_after(RawClient::Frame(0, "x")), 1002);              // Continues nothing.
  EXPECT_EQ(code_after(std::string("\x82\x01x", 3)), 1002);           // Not masked.
  EXPECT_EQ(code_after(RawClient::Frame(kPing, std::string(200, 'x'))), 1002);
  EXPECT_EQ(code_after(std::string("\x82\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 10) + "abcd"), 1009);
  EXPECT_TRUE(IsWell());
}

TEST_F(StreamTest, RejectsIncompleteHandshakes) {
  Start();
  const HttpReply plain = Ask(port(), "GET", "/v1/human/stream");
  ExpectProblem(plain, 426);
  EXPECT_EQ(plain.headers.at("upgrade"), "websocket");
  RawClient unknown(port());
  unknown.Send(HandshakeText("/v1/human/stream?unknown"));
  ExpectProblem(unknown.ReadReply(), 400);
  RawClient keyless(port());
  keyless.Send(RequestText("GET", "/v1/human/stream",
                           "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"));
  const int status = keyless.ReadReply().status;
  EXPECT_GE(status, 400);
  EXPECT_LT(status, 500);
  EXPECT_TRUE(IsWell());
}

TEST_F(StreamTest, IdleStreamsAreClosed) {
  Start({"--idle-timeout", "1", "--read-timeout", "0.5"});
  RawClient halting(port(), std::chrono::seconds(5));
  halting.Send(HandshakeText("/v1/human/stream"));
  EXPECT_EQ(halting.ReadReply().status, 101);
  halting.Send(RawClient::Frame(kBinary, jpeg_).substr(0, 100));
  EXPECT_TRUE(halting.ReadsEnd());
  EXPECT_EQ(Metric("posenet_timeouts_total{phase=\"read\"}"), 1.0);
}

}  // namespace
}  // namespace posenet::server
