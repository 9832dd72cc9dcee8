// SPDX-License-Identifier: Apache-2.0
// The fixture of the server tests.
#ifndef POSENET_TESTS_SERVER_SERVER_FIXTURE_H_
#define POSENET_TESTS_SERVER_SERVER_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/testing/temporary_folder.h"
#include "camera/testing/camera_models.h"
#include "model/model_file.h"
#include "raw_client.h"
#include "server_process.h"
#include "test_files.h"

namespace posenet::server {

using Json = nlohmann::json;

/// A folder with models and images, and running servers.
class ServerTest : public ::testing::Test {
 protected:
  ServerTest()
      : model_(cli::WriteTinyModel(At("tiny.safetensors"), cli::Sees::kPeople)),
        jpeg_(cli::ReadText(cli::WriteImage(At("a.jpg"), 64, 48))) {}

  [[nodiscard]] std::string At(const std::string& name) const { return (folder_.path() / name).native(); }

  /// Writes a model for scene NAME whose position is the mean color of an image.
  [[nodiscard]] std::string WriteScene(const std::string& name) const {
    const std::string file = At(name + ".safetensors");
    if (!model::WriteModelFile(file, camera::MakeTestModel({})).has_value())
      throw std::runtime_error("cannot write " + file);
    return file;
  }

  /// Starts a server with a tiny model that detects people everywhere, at 65 pixels.
  ServerProcess& Start(std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), {"--model", model_, "--size", "65"});
    if (std::ranges::find(arguments, "--workers") == arguments.end()) {
      arguments.insert(arguments.end(), {"--workers", "2"});
    }
    server_.reset();  // Its log is replaced.
    server_ = std::make_unique<ServerProcess>(std::move(arguments), At("log"));
    return *server_;
  }

  [[nodiscard]] int port() const { return server_->port(); }

  [[nodiscard]] HttpReply Post(const std::string& target, const std::string& body,
                               const std::string& fields = "Content-Type: image/jpeg\r\n") const {
    return Ask(port(), "POST", target, fields, body);
  }

  /// Whether the server still serves a valid request.
  [[nodiscard]] bool IsWell() const { return Post("/v1/human/poses", jpeg_).status == 200; }

  /// The value of a sample of /metrics; -1 if it is missing.
  [[nodiscard]] double Metric(const std::string& sample) const {
    const std::string text = "\n" + Ask(port(), "GET", "/metrics").body;
    const std::size_t at = text.find("\n" + sample + " ");
    return at == std::string::npos ? -1.0 : std::stod(text.substr(at + sample.size() + 2));
  }

  /// The same once it equals `value`, or after ten seconds, because some counters change after the response.
  [[nodiscard]] double MetricOnceItIs(const std::string& sample, double value) const {
    for (int i = 0; i < 200 && Metric(sample) != value; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return Metric(sample);
  }

  base::TemporaryFolder folder_;
  std::string model_;
  std::string jpeg_;
  std::unique_ptr<ServerProcess> server_;
};

/// Expects a problem document (RFC 9457) with the status of its response.
inline void ExpectProblem(const HttpReply& reply, int status) {
  EXPECT_EQ(reply.status, status) << reply.body;
  const auto type = reply.headers.find("content-type");
  ASSERT_NE(type, reply.headers.end());
  EXPECT_EQ(type->second, "application/problem+json");
  const Json problem = Json::parse(reply.body, nullptr, /*allow_exceptions=*/false);
  ASSERT_TRUE(problem.is_object()) << reply.body;
  EXPECT_EQ(problem["status"], status);
  EXPECT_FALSE(problem["detail"].get<std::string>().empty());
}

}  // namespace posenet::server

#endif  // POSENET_TESTS_SERVER_SERVER_FIXTURE_H_
