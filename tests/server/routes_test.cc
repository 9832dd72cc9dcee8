// SPDX-License-Identifier: Apache-2.0
// Every route and its access control.
#include <array>
#include <cstdio>

#include "server_fixture.h"

namespace posenet::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The output of `command`.
std::string OutputOf(const std::string& command) {
  std::string output;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return output;
  std::array<char, 4096> piece = {};
  while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), pipe)) output.append(piece.data(), size);
  ::pclose(pipe);
  return output;
}

class RoutesTest : public ServerTest {};

TEST_F(RoutesTest, PosesAreThoseOfTheCommandLine) {
  Start();
  const std::string line = OutputOf(std::string(POSENET_COMMAND) + " human estimate --model " + model_ +
                                    " --size 65 --max-poses 3 --min-keypoint-score 0.1 " + At("a.jpg"));
  Json expected = Json::parse(line);
  EXPECT_FALSE(expected["poses"].empty());
  expected.erase("image");
  const HttpReply reply = Post("/v1/human/poses?max-poses=3&min-keypoint-score=0.1", jpeg_);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.headers.at("content-type"), "application/json");
  EXPECT_THAT(reply.headers.at("server-timing"), HasSubstr("estimate;dur="));
  EXPECT_EQ(Json::parse(reply.body), expected);
}

TEST_F(RoutesTest, ReadsEveryFormatAndForms) {
  Start();
  for (const std::string name : {"b.png", "b.webp", "b.jpg"}) {
    const std::string bytes = cli::ReadText(cli::WriteImage(At(name), 40, 30));
    for (const std::string& fields : {std::string(), std::string("Content-Type: application/octet-stream\r\n")}) {
      const HttpReply reply = Post("/v1/human/poses?single", bytes, fields);
      ASSERT_EQ(reply.status, 200) << name << reply.body;
      EXPECT_EQ(Json::parse(reply.body)["width"], 40);
      EXPECT_EQ(Json::parse(reply.body)["poses"].size(), 1U);
    }
  }
  const std::string form =
      "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"me.jpg\"\r\n\r\n" + jpeg_ + "\r\n--b--\r\n";
  const HttpReply reply = Post("/v1/human/poses", form, "Content-Type: multipart/form-data; boundary=b\r\n");
  EXPECT_EQ(Json::parse(reply.body)["image"], "me.jpg");
}

TEST_F(RoutesTest, QueriesChangeTheResult) {
  Start({"--max-poses", "2"});
  const auto poses = [this](const std::string& query) {
    return Json::parse(Post("/v1/human/poses" + query, jpeg_).body)["poses"];
  };
  const Json two = poses("");
  EXPECT_EQ(two.size(), 2U);
  EXPECT_EQ(poses("?max-poses=4").size(), 4U);
  EXPECT_EQ(poses("?min-pose-score=1").size(), 0U);
  EXPECT_EQ(poses("?min-keypoint-score=1")[0]["keypoints"].size(), 0U);
  EXPECT_EQ(poses("?nms-radius=1000").size(), 1U);
  const Json mirrored = poses("?mirror");
  EXPECT_NEAR(mirrored[0]["keypoints"][0]["position"]["x"].get<double>(),
              63.0 - two[0]["keypoints"][0]["position"]["x"].get<double>(), 1e-3);
  // Alternating options on one estimator.
  for (int round = 0; round < 2; ++round) {
    for (int count = 1; count < 9; ++count) {
      EXPECT_EQ(poses("?max-poses=" + std::to_string(count)).size(), static_cast<std::size_t>(count));
    }
  }
  for (const std::string query : {"?max-poses=0", "?nonsense", "?single=maybe", "?score-threshold=2", "?%", "?track"}) {
    ExpectProblem(Post("/v1/human/poses" + query, jpeg_), 400);
  }
}

TEST_F(RoutesTest, LocalizesInTheNamedScene) {
  Start({"--scene", WriteScene("kitchen"), "--scene", WriteScene("hall")});
  const HttpReply reply = Post("/v1/camera/pose?scene=kitchen", jpeg_);
  ASSERT_EQ(reply.status, 200) << reply.body;
  const Json line = Json::parse(OutputOf(std::string(POSENET_COMMAND) + " camera localize --model " +
                                         At("kitchen.safetensors") + " " + At("a.jpg")));
  const Json answer = Json::parse(reply.body);
  EXPECT_EQ(answer["position"], line["position"]);
  EXPECT_EQ(answer["world_from_cam"], line["world_from_cam"]);
  ExpectProblem(Post("/v1/camera/pose", jpeg_), 400);
  ExpectProblem(Post("/v1/camera/pose?scene=cellar", jpeg_), 404);
  ExpectProblem(Post("/v1/camera/pose?scene=../kitchen", jpeg_), 404);
  ExpectProblem(Post("/v1/camera/pose?place=kitchen", jpeg_), 400);
  const Json models = Json::parse(Ask(port(), "GET", "/v1/models").body);
  EXPECT_EQ(models["human"]["name"], "tiny");
  EXPECT_EQ(models["human"]["input"]["width"], 65);
  EXPECT_EQ(models["scenes"][0]["name"], "kitchen");
  EXPECT_EQ(models["scenes"][1]["name"], "hall");
}

TEST_F(RoutesTest, WithoutScenesLocalizingIsNotFound) {
  Start();
  ExpectProblem(Post("/v1/camera/pose", jpeg_), 404);
}

TEST_F(RoutesTest, PageLoadsNothingFromElsewhere) {
  Start();
  const HttpReply page = Ask(port(), "GET", "/");
  EXPECT_EQ(page.status, 200);
  const std::string policy = page.headers.at("content-security-policy");
  EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
  for (const std::string path : {"/", "/page.js", "/page.css"}) {
    const HttpReply file = Ask(port(), "GET", path);
    EXPECT_GT(file.body.size(), 500U) << path;
    EXPECT_EQ(file.headers.at("x-content-type-options"), "nosniff");
    EXPECT_THAT(file.body, Not(HasSubstr("src=\"http")));
    EXPECT_THAT(file.body, Not(HasSubstr("url(")));
    EXPECT_THAT(file.body, Not(HasSubstr("<script>")));
  }
}

TEST_F(RoutesTest, HealthReadinessAndMetrics) {
  Start();
  EXPECT_EQ(Ask(port(), "GET", "/healthz").body, "ok\n");
  EXPECT_EQ(Ask(port(), "GET", "/readyz").status, 200);
  ASSERT_TRUE(IsWell());
  EXPECT_EQ(MetricOnceItIs("posenet_requests_total{route=\"/v1/human/poses\",status=\"200\"}", 1.0), 1.0);
  EXPECT_EQ(Metric("posenet_pixels_total"), 64.0 * 48.0);
  EXPECT_EQ(MetricOnceItIs("posenet_body_bytes", 0.0), 0.0);
  EXPECT_GT(Metric("process_resident_memory_bytes"), 1e6);
}

TEST_F(RoutesTest, HeadHasNoBody) {
  Start();
  const HttpReply get = Ask(port(), "GET", "/openapi.json");
  RawClient client(port());
  client.Send(RequestText("HEAD", "/openapi.json") + RequestText("GET", "/healthz"));
  const HttpReply head = client.ReadReply("HEAD");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.at("content-length"), std::to_string(get.body.size()));
  EXPECT_EQ(client.ReadReply().body, "ok\n");  // The next response follows at once.
}

TEST_F(RoutesTest, UnknownPathsAndMethodsAreProblems) {
  Start();
  for (const std::string path : {"/nothing", "/healthz/", "//healthz", "/../../etc/passwd", "/%2e%2e/etc/passwd",
                                 "/page/index.html", "/v1/human/poses/", "/v1\\human"}) {
    ExpectProblem(Ask(port(), "GET", path), 404);
  }
  const HttpReply get = Ask(port(), "GET", "/v1/human/poses");
  ExpectProblem(get, 405);
  EXPECT_EQ(get.headers.at("allow"), "POST, OPTIONS");
  const HttpReply put = Ask(port(), "DELETE", "/v1/models");
  ExpectProblem(put, 405);
  EXPECT_EQ(put.headers.at("allow"), "GET, HEAD, OPTIONS");
  ExpectProblem(Ask(port(), "GET", "/v1/models?x=1"), 400);
}

TEST_F(RoutesTest, RoutesThatComputeRequireTheToken) {
  const std::string token = "correct-horse-battery";
  Start({"--token-file", folder_.Write("token", token + "\n")});
  const std::string good = "Authorization: Bearer " + token + "\r\n";
  for (const std::string path : {"/", "/healthz", "/readyz", "/openapi.json"}) {
    EXPECT_EQ(Ask(port(), "GET", path).status, 200) << path;
  }
  for (const std::string path : {"/metrics", "/v1/models"}) {
    const HttpReply refused = Ask(port(), "GET", path);
    ExpectProblem(refused, 401);
    EXPECT_THAT(refused.headers.at("www-authenticate"), HasSubstr("Bearer"));
    EXPECT_EQ(Ask(port(), "GET", path, good).status, 200);
  }
  ExpectProblem(Post("/v1/human/poses", jpeg_), 401);
  EXPECT_EQ(Post("/v1/human/poses", jpeg_, good).status, 200);
  for (const std::string bad : {"Authorization: Bearer \r\n", "Authorization: Bearer correct-horse-batterx\r\n",
                                "Authorization: Basic correct-horse-battery\r\n"}) {
    ExpectProblem(Post("/v1/human/poses", jpeg_, bad), 401);
  }
  EXPECT_THAT(server_->Log(), Not(HasSubstr("horse")));
  // Streams: in the field, or in the subprotocol, as base64url of the token.
  EXPECT_EQ(Ask(port(), "GET", "/v1/human/stream").status, 401);
  const std::string protocol = "Sec-WebSocket-Protocol: posenet.v1, posenet.bearer.Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5\r\n";
  for (const std::string& fields : {good, protocol}) {
    RawClient client(port());
    client.Send(HandshakeText("/v1/human/stream", fields));
    const HttpReply reply = client.ReadReply();
    EXPECT_EQ(reply.status, 101) << fields;
    if (fields == protocol) {
      EXPECT_EQ(reply.headers.at("sec-websocket-protocol"), "posenet.v1");
    }
  }
}

TEST_F(RoutesTest, AllowedOriginsGetCorsFields) {
  Start({"--cors", "https://example.com"});
  const std::string origin = "Origin: https://example.com\r\n";
  const HttpReply preflight = Ask(port(), "OPTIONS", "/v1/human/poses", origin);
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.headers.at("access-control-allow-origin"), "https://example.com");
  EXPECT_THAT(preflight.headers.at("access-control-allow-methods"), HasSubstr("POST"));
  EXPECT_THAT(preflight.headers.at("access-control-allow-headers"), HasSubstr("Authorization"));
  EXPECT_EQ(Ask(port(), "GET", "/healthz", origin).headers.count("access-control-allow-origin"), 1U);
  EXPECT_EQ(Ask(port(), "GET", "/healthz", "Origin: https://evil.com\r\n").headers.count("access-control-allow-origin"),
            0U);
  EXPECT_EQ(Ask(port(), "GET", "/healthz").headers.at("vary"), "Origin");
  RawClient other(port());
  other.Send(HandshakeText("/v1/human/stream", "Origin: https://evil.com\r\n"));
  ExpectProblem(other.ReadReply(), 403);
  for (const std::string& fields : {origin, std::string("Origin: http://127.0.0.1\r\n")}) {
    RawClient client(port());
    client.Send(HandshakeText("/v1/human/stream", fields));
    EXPECT_EQ(client.ReadReply().status, 101) << fields;
  }
}

TEST_F(RoutesTest, WithoutCorsThereAreNoCorsFields) {
  Start();
  const HttpReply reply = Ask(port(), "OPTIONS", "/v1/human/poses", "Origin: https://example.com\r\n");
  EXPECT_EQ(reply.status, 204);
  EXPECT_EQ(reply.headers.at("allow"), "POST, OPTIONS");
  EXPECT_EQ(reply.headers.count("access-control-allow-origin"), 0U);
}

}  // namespace
}  // namespace posenet::server
