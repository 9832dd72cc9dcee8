// SPDX-License-Identifier: Apache-2.0
// A network camera: pictures one after the other over HTTP, as long as it likes.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "base/strings.h"
#include "base/test_matchers.h"
#include "media/codecs.h"
#include "video/frame_source.h"
#include "video/test_video.h"

namespace posenet::video {
namespace {

/// Sends what it is given, piece by piece with a pause before each, to the first who asks, and hangs up.
class TestCamera {
 public:
  TestCamera(std::vector<std::string> pieces, std::chrono::milliseconds pause)
      : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(listener_, 1), 0);
    EXPECT_EQ(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this, pieces = std::move(pieces), pause] { Serve(pieces, pause); });
  }
  TestCamera(const TestCamera&) = delete;
  TestCamera& operator=(const TestCamera&) = delete;
  ~TestCamera() {
    ::shutdown(listener_, SHUT_RDWR);  // Who still waits for somebody to ask.
    thread_.join();
    ::close(listener_);
  }

  [[nodiscard]] std::string Url() const { return StrCat("http://127.0.0.1:", port_, "/camera"); }

 private:
  void Serve(const std::vector<std::string>& pieces, std::chrono::milliseconds pause) const {
    const int client = ::accept(listener_, nullptr, nullptr);
    if (client < 0) return;
    std::array<char, 4096> request = {};
    bool is_there = ::recv(client, request.data(), request.size(), 0) > 0;
    for (const std::string& piece : pieces) {
      std::this_thread::sleep_for(pause);
      is_there = is_there && ::send(client, piece.data(), piece.size(), MSG_NOSIGNAL) >= 0;
    }
    ::close(client);
  }

  int listener_;
  int port_ = 0;
  std::jthread thread_;
};

/// The answer of a camera with that many pictures, numbered.
std::vector<std::string> CameraPieces(int count) {
  std::vector<std::string> pieces = {
      "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\nConnection: close\r\n\r\n"};
  for (int i = 0; i < count; ++i) {
    const auto jpeg = media::EncodeJpeg(NumberedImage(i), 90).value();
    pieces.push_back(StrCat("--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ", jpeg.size(), "\r\n\r\n"));
    pieces.back().append(reinterpret_cast<const char*>(jpeg.data()), jpeg.size()).append("\r\n");
  }
  return pieces;
}

class LiveSourceTest : public testing::TestWithParam<int> {};

TEST_P(LiveSourceTest, GivesPicturesInOrderUntilTheCameraHangsUp) {
  constexpr int kCount = 20;
  const TestCamera camera(CameraPieces(kCount), std::chrono::milliseconds(GetParam()));
  const auto source = OpenFrameSource(camera.Url());
  ASSERT_THAT(source, Succeeds());
  EXPECT_TRUE((*source)->info().is_live);
  EXPECT_FALSE((*source)->info().frame_count.has_value());
  double last_s = 0.0;
  int count = 0;
  for (;; ++count) {
    const auto frame = (*source)->Next();
    ASSERT_THAT(frame, Succeeds()) << "after " << count;
    if (!frame->has_value()) break;
    EXPECT_EQ((*frame)->number, count);
    EXPECT_FALSE((*frame)->error.has_value());
    EXPECT_EQ(NumberIn((*frame)->image), count);
    EXPECT_GE((*frame)->time_s, last_s);
    last_s = (*frame)->time_s;
  }
  EXPECT_EQ(count, kCount);
}

INSTANTIATE_TEST_SUITE_P(MillisecondsBetweenPictures, LiveSourceTest, testing::Values(0, 30));

TEST(LiveCameraTest, ACameraThatRefusesOrHasNoPicturesIsAnError) {
  std::string nobody;
  {
    const TestCamera gone({}, {});
    nobody = gone.Url();
  }
  EXPECT_THAT(OpenFrameSource(nobody), FailsWith(ErrorCode::kIo, nobody));
  const TestCamera missing({"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"}, {});
  const auto not_found = OpenFrameSource(missing.Url());
  ASSERT_FALSE(not_found.has_value());
  EXPECT_THAT(not_found.error().message, testing::HasSubstr("404"));
  const TestCamera text({"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n", "no picture"}, {});
  EXPECT_FALSE(OpenFrameSource(text.Url()).has_value());
}

TEST(LiveCameraTest, ASilentCameraIsWaitedForNoLongerThanTheUserDoes) {
  // Says nothing at all for longer than anybody waits here.
  const TestCamera silent({""}, std::chrono::milliseconds(1500));
  const auto start = std::chrono::steady_clock::now();
  const auto is_enough = [start] { return std::chrono::steady_clock::now() - start > std::chrono::milliseconds(200); };
  EXPECT_FALSE(OpenFrameSource(silent.Url(), {.is_cancelled = is_enough}).has_value());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(1400));
}

}  // namespace
}  // namespace posenet::video
