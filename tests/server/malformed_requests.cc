// SPDX-License-Identifier: Apache-2.0
#include "malformed_requests.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <string_view>
#include <utility>

#include "raw_client.h"

namespace posenet::server {
namespace {

constexpr std::array<std::string_view, 12> kTargets = {"/v1/human/poses",
                                                       "/v1/human/poses?single",
                                                       "/v1/human/poses?max-poses=1e9",
                                                       "/v1/camera/pose?scene=../..",
                                                       "/v1/human/stream",
                                                       "/metrics?x=%",
                                                       "/%2e%2e/%2e%2e/etc/passwd",
                                                       "//etc/passwd",
                                                       "http://a:b@c/v1/models",
                                                       "/healthz?%00",
                                                       "*",
                                                       "/v1/human/poses?nms-radius=nan"};
constexpr std::array<std::string_view, 8> kMethods = {"GET", "POST", "HEAD", "OPTIONS", "PUT", "BREW", "get", "TRACE"};
constexpr std::array<std::string_view, 16> kFields = {"Content-Length: -1",
                                                      "Content-Length: 99999999999999999999",
                                                      "Content-Length: 5\r\nContent-Length: 6",
                                                      "Transfer-Encoding: gzip",
                                                      "Transfer-Encoding: chunked, gzip",
                                                      "Transfer-Encoding: chunked\r\nContent-Length: 3",
                                                      "Content-Type: text/plain",
                                                      "Content-Type: multipart/form-data",
                                                      "Content-Encoding: br",
                                                      "Expect: nothing",
                                                      "Host: b",
                                                      "Authorization: Bearer",
                                                      "Connection: upgrade\r\nUpgrade: websocket",
                                                      "Connection: close, keep-alive",
                                                      "X: \x01\x02",
                                                      "Content-Type: multipart/form-data; boundary=\"--\""};

}  // namespace

MalformedRequests::MalformedRequests(unsigned seed, std::vector<std::string> images)
    : random_(seed), images_(std::move(images)) {}

std::string MalformedRequests::Garbage(std::size_t max_bytes) {
  std::string garbage(random_() % max_bytes, '\0');
  for (char& c : garbage) c = static_cast<char>(random_());
  return garbage;
}

std::string MalformedRequests::Image() { return images_[random_() % images_.size()]; }

std::string MalformedRequests::Damaged(std::string bytes) {
  switch (random_() % 4) {
    case 0:
      bytes.resize(random_() % (bytes.size() + 1));
      break;
    case 1:
      bytes.insert(random_() % (bytes.size() + 1), Garbage(64));
      break;
    default:
      for (auto count = random_() % 16 + 1; count > 0 && !bytes.empty(); --count) {
        bytes[random_() % bytes.size()] = static_cast<char>(random_());
      }
  }
  return bytes;
}

std::string MalformedRequests::BrokenHead() {
  std::string text(kMethods[random_() % kMethods.size()]);
  text.append(" ").append(kTargets[random_() % kTargets.size()]);
  text.append(random_() % 8 == 0 ? " HTTP/9.9\r\n" : " HTTP/1.1\r\n");
  if (random_() % 8 != 0) text += "Host: a\r\n";
  for (auto count = random_() % 4; count > 0; --count) text.append(kFields[random_() % kFields.size()]).append("\r\n");
  if (random_() % 16 == 0) text.append("Long: ").append(random_() % 40'000, 'x').append("\r\n");
  return text + "\r\n" + Garbage(256);
}

std::string MalformedRequests::BrokenForm() {
  const std::string form =
      "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.jpg\"\r\n"
      "Content-Type: image/jpeg\r\n\r\n" +
      Image() + "\r\n--b--\r\n";
  return RequestText("POST", "/v1/human/poses", "Content-Type: multipart/form-data; boundary=b\r\n", Damaged(form));
}

std::string MalformedRequests::BrokenStream() {
  std::string text = HandshakeText("/v1/human/stream?track&smooth");
  for (auto count = random_() % 4 + 1; count > 0; --count) {
    const int opcode = static_cast<int>(random_() % 16);
    const auto bits = static_cast<std::uint8_t>((random_() % 16) << 4);
    text += random_() % 3 == 0 ? Garbage(64) : RawClient::Frame(opcode, Damaged(Image()), bits);
  }
  return text;
}

std::string MalformedRequests::Next() {
  switch (random_() % 7) {
    case 0:
      return Garbage(2000);
    case 1:
    case 2:
      return BrokenHead();
    case 3:
      return BrokenForm();
    case 4:
      return BrokenStream();
    case 5:
      return Damaged(RequestText("POST", "/v1/human/poses", "Content-Type: image/jpeg\r\n", Image()));
    default:
      return RequestText("POST", "/v1/human/poses", "", Damaged(Image()));
  }
}

FuzzResult SendMalformed(int port, MalformedRequests& requests, int count) {
  FuzzResult result;
  for (int i = 0; i < count; ++i) {
    const std::string request = requests.Next();
    RawClient client(port, std::chrono::seconds(10));
    client.Send(request);
    client.FinishSending();
    const HttpReply reply = client.ReadReply(request.substr(0, request.find(' ')));
    if (reply.status != 0) ++result.response_count;
    if (reply.status >= 500 && reply.status != 503) {
      if (result.bad_status_count++ == 0) result.first_bad = request.substr(0, 400);
    }
  }
  return result;
}

}  // namespace posenet::server
