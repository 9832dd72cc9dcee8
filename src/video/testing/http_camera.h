// SPDX-License-Identifier: Apache-2.0
// A network camera for tests: images one after the other over HTTP, as long as it likes.
#ifndef POSENET_VIDEO_TESTING_HTTP_CAMERA_H_
#define POSENET_VIDEO_TESTING_HTTP_CAMERA_H_

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace posenet::video {

/// Listens on a free port of this machine and sends what it is given to the first client.
class TestCamera {
 public:
  /// Sends what Send is given, until HangUp.
  TestCamera();
  /// Sends `pieces`, with a pause before each, and hangs up.
  TestCamera(const std::vector<std::string>& pieces, std::chrono::milliseconds pause);
  TestCamera(const TestCamera&) = delete;
  TestCamera& operator=(const TestCamera&) = delete;
  /// Hangs up immediately.
  ~TestCamera();

  [[nodiscard]] std::string Url() const;

  /// Queues `piece`, which is sent after all before it once a client is connected; returns immediately.
  void Send(std::string piece);
  /// Ends the connection after what was to be sent.
  void HangUp();
  /// Waits until a client has connected.
  void WaitForClient();

 private:
  void Serve();
  // Waits for the next piece; false when there will be none.
  bool Take(std::string& piece);

  std::chrono::milliseconds pause_ = {};
  int listener_;
  int port_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> pieces_;
  bool is_hanging_up_ = false;
  int client_ = -1;
  bool was_requested_ = false;
  std::jthread thread_;  // Last: it uses all of the above.
};

/// The beginning of a camera's answer.
std::string CameraHead();

/// Whether a camera says how long an image is.
enum class PartLength { kGiven, kNotGiven };

/// A NumberedImage as a part of a camera's answer.
std::string CameraPart(int number, PartLength length = PartLength::kGiven);

/// The size of a camera's images. One must not be smaller than the 2 KB that FFmpeg looks at to tell what comes over
/// HTTP, or the first would have to wait for the second.
inline constexpr int kImageWidthPx = 640;
inline constexpr int kImageHeightPx = 480;

/// A NumberedImage of that size as JPEG.
std::string NumberedJpeg(int number);

}  // namespace posenet::video

#endif  // POSENET_VIDEO_TESTING_HTTP_CAMERA_H_
