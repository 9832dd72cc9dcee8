// SPDX-License-Identifier: Apache-2.0
// Starting and stopping the server, and failing to start it.
#include <algorithm>
#include <csignal>
#include <sstream>
#include <thread>

#include "server_fixture.h"

namespace posenet::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class LifetimeTest : public ServerTest {
 protected:
  // The message, after "posenet: ", with which the server fails to start; checks its exit status.
  void ExpectRefusal(const std::vector<std::string>& arguments, int exit_status, const std::string& part) const {
    std::string command = std::string(POSENET_COMMAND) + " serve";
    for (const std::string& argument : arguments) command += " '" + argument + "'";
    const int status = std::system((command + " 2>" + At("err")).c_str());
    EXPECT_EQ(WEXITSTATUS(status), exit_status) << command;
    const std::string message = cli::ReadText(At("err"));
    EXPECT_THAT(message, ::testing::StartsWith("posenet: "));
    EXPECT_THAT(message, HasSubstr(part));
    EXPECT_EQ(message.find('\n'), message.size() - 1) << message;
  }
};

TEST_F(LifetimeTest, ReportsWhyItCannotStart) {
  const std::string port_in_use = std::to_string(Start().port());
  ExpectRefusal({"--model", model_, "--port", port_in_use}, 1, "in use");
  ExpectRefusal({"--model", "no-such-model", "--port", "0"}, 2, "no-such-model");
  ExpectRefusal({"--model", model_, "--port", "70000"}, 2, "65535");
  ExpectRefusal({"--model", model_, "--host", "not an address"}, 2, "IP address");
  ExpectRefusal({"--model", model_, "--token-file", At("none")}, 2, "none");
  ExpectRefusal({"--model", model_, "--token-file", folder_.Write("short", "abc\n")}, 1, "16 to 512");
  ExpectRefusal({"--model", model_, "--max-body", "lots"}, 2, "20MB");
  ExpectRefusal({"--model", model_, "--cors", "example.com"}, 2, "origin");
  ExpectRefusal({"--model", model_, "--scene", model_, "--port", "0"}, 2, "tiny");
  ExpectRefusal({"--model", model_, "--scene", "gone.safetensors"}, 2, "gone");
}

TEST_F(LifetimeTest, FinishesAcceptedRequestsWhenStopped) {
  for (const int signal : {SIGTERM, SIGINT}) {
    Start({"--workers", "1"});
    const std::string large = cli::ReadText(cli::WriteImage(At("large.jpg"), 4000, 3000));
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 4; ++i) {
      clients.push_back(std::make_unique<RawClient>(port()));
      ASSERT_TRUE(clients.back()->Send(RequestText("POST", "/v1/human/poses", "", large)));
    }
    RawClient idle(port());
    RawClient stream(port());
    stream.Send(HandshakeText("/v1/human/stream"));
    EXPECT_EQ(stream.ReadReply().status, 101);
    // Waits until all are accepted: one is processed, three wait or are finished. A request that is not fully read is
    // not accepted.
    const auto waiting_or_finished = [this] {
      return std::max(0.0, Metric("posenet_queue_depth")) +
             std::max(0.0, Metric("posenet_requests_total{route=\"/v1/human/poses\",status=\"200\"}"));
    };
    for (int i = 0; i < 1000 && waiting_or_finished() < 3.0; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    const int port_before = port();
    server_->Signal(signal);
    for (const auto& client : clients) EXPECT_EQ(client->ReadReply().status, 200);
    EXPECT_TRUE(idle.ReadsEnd());
    const auto close_frame = stream.ReadMessage();
    ASSERT_TRUE(close_frame.has_value());
    EXPECT_EQ(close_frame->opcode, 8);
    EXPECT_EQ(close_frame->payload.substr(0, 2), std::string("\x03\xE9", 2));  // 1001: going away.
    stream.Send(RawClient::Frame(8, std::string("\x03\xE9", 2)));
    EXPECT_EQ(server_->Wait(), 0);
    EXPECT_THAT(server_->Log(), HasSubstr("all requests were finished"));
    EXPECT_THROW(RawClient{port_before}, std::runtime_error);
  }
}

TEST_F(LifetimeTest, FinishesABodyThatIsStillArrivingWhenStopped) {
  Start({"--read-timeout", "15"});
  const std::string request = RequestText("POST", "/v1/human/poses", "Content-Type: image/jpeg\r\n", jpeg_);
  // From only a part of the header to all but the last byte.
  std::vector<std::unique_ptr<RawClient>> clients;
  const std::vector<std::size_t> sent = {5, request.size() - jpeg_.size(), request.size() - jpeg_.size() / 2,
                                         request.size() - 1};
  for (const std::size_t size : sent) {
    clients.push_back(std::make_unique<RawClient>(port()));
    ASSERT_TRUE(clients.back()->Send(request.substr(0, size)));
  }
  // Including the connection that reads the metrics.
  for (int i = 0; i < 1000 && Metric("posenet_connections") < 5.0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  server_->Signal(SIGTERM);
  while (server_->Log().find("\"stopping\"") == std::string::npos) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  for (std::size_t i = 0; i < clients.size(); ++i) {
    ASSERT_TRUE(clients[i]->Send(request.substr(sent[i])));
    const HttpReply reply = clients[i]->ReadReply();
    EXPECT_EQ(reply.status, 200) << sent[i] << " bytes came before";
    EXPECT_EQ(reply.headers.at("connection"), "close");
    EXPECT_TRUE(clients[i]->ReadsEnd());
  }
  EXPECT_EQ(server_->Wait(), 0);
  EXPECT_THAT(server_->Log(), HasSubstr("all requests were finished"));
}

TEST_F(LifetimeTest, ABodyThatNeverArrivesDoesNotPreventStopping) {
  const std::string half = "POST /v1/human/poses HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nhalf";
  const auto seconds_to_stop = [&](const std::vector<std::string>& arguments, int exit_status) {
    Start(arguments);
    RawClient slow(port());
    EXPECT_TRUE(slow.Send(half));
    EXPECT_TRUE(IsWell());
    const auto start = std::chrono::steady_clock::now();
    server_->Signal(SIGTERM);
    EXPECT_TRUE(slow.ReadsEnd());
    EXPECT_EQ(server_->Wait(), exit_status) << server_->Log();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  // Whichever limit applies first; generous for a busy machine, but far from 60.
  EXPECT_LT(seconds_to_stop({"--read-timeout", "1", "--stop-timeout", "60"}, 0), 15.0);
  EXPECT_LT(seconds_to_stop({"--read-timeout", "60", "--stop-timeout", "1"}, 1), 15.0);
  EXPECT_THAT(server_->Log(), HasSubstr("timed out"));
}

TEST_F(LifetimeTest, ServesARequestThatArrivesWithTheSignal) {
  for (int round = 0; round < 3; ++round) {
    Start();
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 8; ++i) {
      clients.push_back(std::make_unique<RawClient>(port()));
      clients.back()->Send(RequestText("GET", "/healthz"));
      ASSERT_EQ(clients.back()->ReadReply().status, 200);
    }
    // While the server is suspended, the idle connections receive both: they must not be closed with unread requests.
    server_->Signal(SIGSTOP);
    for (const auto& client : clients) {
      ASSERT_TRUE(client->Send(RequestText("POST", "/v1/human/poses", "Content-Type: image/jpeg\r\n", jpeg_)));
    }
    server_->Signal(SIGTERM);
    server_->Signal(SIGCONT);
    for (const auto& client : clients) EXPECT_EQ(client->ReadReply().status, 200);
    EXPECT_EQ(server_->Wait(), 0);
  }
}

TEST_F(LifetimeTest, RestartsOnTheSamePortAfterAKill) {
  Start();
  EXPECT_TRUE(IsWell());
  const std::string port_before = std::to_string(port());
  RawClient open(port());
  open.Send("POST /v1/human/poses HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nhalf");
  server_->Signal(SIGKILL);
  EXPECT_EQ(server_->Wait(), -SIGKILL);
  Start({"--port", port_before});
  EXPECT_EQ(std::to_string(port()), port_before);
  EXPECT_TRUE(IsWell());
}

TEST_F(LifetimeTest, LogsAreJsonWithoutImagesOrQueries) {
  Start();
  EXPECT_TRUE(IsWell());
  EXPECT_EQ(Ask(port(), "GET", "/nothing?secret=1").status, 404);
  server_->Signal(SIGTERM);
  EXPECT_EQ(server_->Wait(), 0);
  const std::string log = server_->Log();
  EXPECT_THAT(log, Not(HasSubstr("secret")));
  std::istringstream lines(log);
  int request_count = 0;
  for (std::string line; std::getline(lines, line);) {
    const Json record = Json::parse(line);
    EXPECT_TRUE(record.contains("time") && record.contains("event")) << line;
    if (record["event"] != "request") continue;
    ++request_count;
    EXPECT_EQ(record["client"], "127.0.0.1");
    if (record["path"] == "/v1/human/poses") {
      EXPECT_EQ(record["status"], 200);
      EXPECT_EQ(record["bytes_in"], jpeg_.size());
      EXPECT_EQ(record["width"], 64);
    }
  }
  EXPECT_EQ(request_count, 2);
}

}  // namespace
}  // namespace posenet::server
