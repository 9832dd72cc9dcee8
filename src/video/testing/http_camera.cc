// SPDX-License-Identifier: Apache-2.0
#include "video/testing/http_camera.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string_view>
#include <utility>

#include "base/strings.h"
#include "media/codecs.h"
#include "video/testing/video_files.h"

namespace posenet::video {

TestCamera::TestCamera() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  EXPECT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size), 0);
  EXPECT_EQ(::listen(listener_, 1), 0);
  EXPECT_EQ(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this] { Serve(); });
}

TestCamera::TestCamera(const std::vector<std::string>& pieces, std::chrono::milliseconds pause) : TestCamera() {
  const std::scoped_lock lock(mutex_);
  pause_ = pause;
  pieces_.assign(pieces.begin(), pieces.end());
  is_hanging_up_ = true;
}

TestCamera::~TestCamera() {
  {
    const std::scoped_lock lock(mutex_);
    pieces_.clear();
    is_hanging_up_ = true;
    // Wakes the thread, which may be waiting for a client or for the client to read.
    ::shutdown(listener_, SHUT_RDWR);
    if (client_ >= 0) ::shutdown(client_, SHUT_RDWR);
  }
  changed_.notify_all();
  thread_.join();
  ::close(listener_);
}

std::string TestCamera::Url() const { return base::StrCat("http://127.0.0.1:", port_, "/camera"); }

void TestCamera::Send(std::string piece) {
  {
    const std::scoped_lock lock(mutex_);
    pieces_.push_back(std::move(piece));
  }
  changed_.notify_all();
}

void TestCamera::HangUp() {
  {
    const std::scoped_lock lock(mutex_);
    is_hanging_up_ = true;
  }
  changed_.notify_all();
}

void TestCamera::WaitForClient() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return was_requested_; });
}

bool TestCamera::Take(std::string& piece) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return is_hanging_up_ || !pieces_.empty(); });
  if (pieces_.empty()) return false;
  piece = std::move(pieces_.front());
  pieces_.pop_front();
  return true;
}

void TestCamera::Serve() {
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  {
    const std::scoped_lock lock(mutex_);
    client_ = client;
  }
  std::array<char, 4096> request = {};
  bool is_there = ::recv(client, request.data(), request.size(), 0) > 0;
  {
    const std::scoped_lock lock(mutex_);
    was_requested_ = true;
  }
  changed_.notify_all();
  for (std::string piece; Take(piece);) {
    std::this_thread::sleep_for(pause_);
    for (std::string_view rest = piece; is_there && !rest.empty();) {
      const ssize_t sent = ::send(client, rest.data(), rest.size(), MSG_NOSIGNAL);
      is_there = sent >= 0;
      if (is_there) rest.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  const std::scoped_lock lock(mutex_);
  ::close(client);
  client_ = -1;
}

std::string CameraHead() {
  return "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\nConnection: close\r\n\r\n";
}

std::string CameraPart(int number, PartLength length) {
  const std::string jpeg = NumberedJpeg(number);
  std::string part = "--frame\r\nContent-Type: image/jpeg\r\n";
  if (length == PartLength::kGiven) part += base::StrCat("Content-Length: ", jpeg.size(), "\r\n");
  return part + "\r\n" + jpeg + "\r\n";
}

std::string NumberedJpeg(int number) {
  const auto jpeg = media::EncodeJpeg(NumberedImage(number, kImageWidthPx, kImageHeightPx), 90).value();
  return {reinterpret_cast<const char*>(jpeg.data()), jpeg.size()};
}

}  // namespace posenet::video
