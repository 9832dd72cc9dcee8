// SPDX-License-Identifier: Apache-2.0
// Limits on requests and clients.
#include <chrono>
#include <thread>

#include "malformed_requests.h"
#include "server_fixture.h"

namespace posenet::server {
namespace {

using ::testing::HasSubstr;

class LimitsTest : public ServerTest {};

TEST_F(LimitsTest, BadBodiesGetTheFittingStatus) {
  Start({"--max-body", "100kB", "--max-pixels", "10k"});
  const std::string target = "/v1/human/poses";
  ExpectProblem(Post(target, ""), 400);
  ExpectProblem(Post(target, jpeg_.substr(0, jpeg_.size() / 2)), 400);
  ExpectProblem(Post(target, "hello, server"), 415);
  ExpectProblem(Post(target, "GIF89a;;;;;;;"), 415);
  ExpectProblem(Post(target, jpeg_, "Content-Type: text/plain\r\n"), 415);
  ExpectProblem(Post(target, jpeg_, "Content-Encoding: gzip\r\n"), 415);
  ExpectProblem(Post(target, jpeg_, "Content-Type: multipart/form-data\r\n"), 400);
  ExpectProblem(Post(target, cli::HugePng()), 413);
  ExpectProblem(Post(target, cli::HugeBmp()), 415);
  ExpectProblem(Post(target, cli::ReadText(cli::WriteImage(At("large.png"), 101, 100))), 413);
  ExpectProblem(Post(target, std::string(100'001, 'x')), 413);
  EXPECT_TRUE(IsWell());
}

TEST_F(LimitsTest, RejectsInvalidLengthsAndHeaders) {
  Start({"--max-body", "100kB"});
  const auto ask = [this](const std::string& text) {
    RawClient client(port());
    client.Send(text);
    return client.ReadReply();
  };
  const std::string post = "POST /v1/human/poses HTTP/1.1\r\nHost: a\r\n";
  ExpectProblem(ask(post + "\r\n"), 411);
  ExpectProblem(ask(post + "Content-Length: 99999999999\r\n\r\n"), 413);
  ExpectProblem(ask(post + "Content-Length: -1\r\n\r\n"), 400);
  ExpectProblem(ask(post + "Content-Length: 99999999999999999999999\r\n\r\n"), 400);
  ExpectProblem(ask(post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
  ExpectProblem(ask(post + "Transfer-Encoding: gzip\r\n\r\n"), 400);
  ExpectProblem(ask(post + "Expect: miracles\r\nContent-Length: 3\r\n\r\nabc"), 417);
  ExpectProblem(ask("GET /healthz HTTP/1.1\r\n\r\n"), 400);
  ExpectProblem(ask("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400);
  ExpectProblem(ask("NONSENSE\r\n\r\n"), 400);
  ExpectProblem(ask("GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n"), 431);
  ExpectProblem(ask("GET /" + std::string(200'000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n"), 431);
  // Chunks that add up to too much, and malformed ones.
  const std::string chunk = "8000\r\n" + std::string(0x8000, 'x') + "\r\n";
  ExpectProblem(ask(post + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk + chunk + chunk), 413);
  ExpectProblem(ask(post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n"), 400);
  std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
  for (std::size_t at = 0; at < jpeg_.size(); at += 16) {
    const std::string piece = jpeg_.substr(at, 16);
    chunked +=
        (piece.size() == 16 ? "10\r\n" : std::string(1, "0123456789abcdef"[piece.size()]) + "\r\n") + piece + "\r\n";
  }
  EXPECT_EQ(ask(chunked + "0\r\n\r\n").status, 200);
  EXPECT_TRUE(IsWell());
}

TEST_F(LimitsTest, SendsContinueBeforeTheBody) {
  Start();
  RawClient client(port());
  client.Send("POST /v1/human/poses HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: " +
              std::to_string(jpeg_.size()) + "\r\n\r\n");
  EXPECT_EQ(client.ReadReply().status, 100);
  client.Send(jpeg_);
  EXPECT_EQ(client.ReadReply().status, 200);
}

TEST_F(LimitsTest, PipelinedRequestsAreServedInOrder) {
  Start();
  RawClient client(port());
  client.Send(RequestText("GET", "/healthz") + RequestText("POST", "/v1/human/poses", "", jpeg_) +
              RequestText("GET", "/nothing") + RequestText("GET", "/readyz", "Connection: close\r\n"));
  EXPECT_EQ(client.ReadReply().body, "ok\n");
  EXPECT_EQ(client.ReadReply().status, 200);
  EXPECT_EQ(client.ReadReply().status, 404);
  EXPECT_EQ(client.ReadReply().body, "ready\n");
  EXPECT_TRUE(client.ReadsEnd());
}

TEST_F(LimitsTest, SlowClientsAreDisconnected) {
  Start({"--read-timeout", "0.5", "--idle-timeout", "1"});
  RawClient slow(port(), std::chrono::seconds(5));
  slow.Send("POST /v1/human/poses HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc");
  RawClient slower(port(), std::chrono::seconds(5));
  slower.Send("GET /hea");
  RawClient idle(port(), std::chrono::seconds(5));
  EXPECT_TRUE(slow.ReadsEnd());
  EXPECT_TRUE(slower.ReadsEnd());
  EXPECT_TRUE(idle.ReadsEnd());
  EXPECT_EQ(Metric("posenet_timeouts_total{phase=\"read\"}"), 2.0);
  EXPECT_TRUE(IsWell());
}

TEST_F(LimitsTest, LimitsTheNumberOfConnections) {
  Start({"--max-connections", "2"});
  RawClient first(port());
  RawClient second(port());
  for (RawClient* client : {&first, &second}) {
    client->Send(RequestText("GET", "/healthz"));
    EXPECT_EQ(client->ReadReply().status, 200);
  }
  RawClient third(port());
  const HttpReply refused = third.ReadReply();
  ExpectProblem(refused, 503);
  EXPECT_EQ(refused.headers.at("retry-after"), "1");
  first.Send(RequestText("GET", "/healthz"));
  EXPECT_EQ(first.ReadReply().status, 200);
}

// An image that takes long to decode: 25 million pixels.
TEST_F(LimitsTest, RejectsRequestsBeyondTheQueue) {
  Start({"--workers", "1", "--queue", "1"});
  const std::string large = cli::ReadText(cli::WriteImage(At("large.jpg"), 5000, 5000));
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 6; ++i) {
    clients.push_back(std::make_unique<RawClient>(port()));
    ASSERT_TRUE(clients.back()->Send(RequestText("POST", "/v1/human/poses", "", large)));
  }
  int ok = 0;
  int refused = 0;
  for (const auto& client : clients) {
    const HttpReply reply = client->ReadReply();
    if (reply.status == 200) ++ok;
    if (reply.status != 503) continue;
    ++refused;
    ExpectProblem(reply, 503);
    EXPECT_EQ(reply.headers.at("retry-after"), "1");
  }
  EXPECT_EQ(ok + refused, 6);
  EXPECT_GE(ok, 2);
  EXPECT_GE(refused, 1);
  EXPECT_EQ(Metric("posenet_rejected_total{reason=\"queue\"}"), refused);
  EXPECT_TRUE(IsWell());
}

TEST_F(LimitsTest, SurvivesMalformedRequests) {
  Start({"--read-timeout", "2"});
  MalformedRequests requests(20261123, {jpeg_, cli::ReadText(cli::WriteImage(At("b.png"), 20, 20)),
                                        cli::ReadText(cli::WriteImage(At("b.webp"), 20, 20)), cli::HugePng()});
  const FuzzResult result = SendMalformed(port(), requests, 400);
  EXPECT_EQ(result.bad_status_count, 0) << result.first_bad;
  EXPECT_GT(result.response_count, 200);
  EXPECT_TRUE(server_->IsAlive());
  EXPECT_TRUE(IsWell());
  // The last requests may still be processed after their clients disconnected, but none may remain.
  EXPECT_EQ(MetricOnceItIs("posenet_body_bytes", 0.0), 0.0);
}

}  // namespace
}  // namespace posenet::server
