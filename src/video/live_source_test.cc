// SPDX-License-Identifier: Apache-2.0
// A network camera: images one after the other over HTTP, as long as it likes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <tuple>
#include <vector>

#include "base/testing/matchers.h"
#include "video/frame_source.h"
#include "video/testing/http_camera.h"
#include "video/testing/video_files.h"

namespace posenet::video {
namespace {

/// The answer of a camera with that many images, numbered.
std::vector<std::string> CameraPieces(int count, PartLength length) {
  std::vector<std::string> pieces = {CameraHead()};
  for (int i = 0; i < count; ++i) pieces.push_back(CameraPart(i, length));
  return pieces;
}

using Clock = std::chrono::steady_clock;

// Milliseconds between images, and whether the camera says how long they are.
class LiveSourceTest : public testing::TestWithParam<std::tuple<int, PartLength>> {};

TEST_P(LiveSourceTest, ReturnsImagesInOrderUntilTheCameraDisconnects) {
  constexpr int kCount = 20;
  const auto [pause_ms, length] = GetParam();
  const auto start = Clock::now();
  const TestCamera camera(CameraPieces(kCount, length), std::chrono::milliseconds(pause_ms));
  const auto source = OpenFrameSource(camera.Url());
  ASSERT_THAT(source, base::Succeeds());
  EXPECT_TRUE((*source)->info().is_live);
  EXPECT_FALSE((*source)->info().frame_count.has_value());
  double last_s = 0.0;
  int count = 0;
  for (;; ++count) {
    const auto frame = (*source)->Next();
    ASSERT_THAT(frame, base::Succeeds()) << "after " << count;
    if (!frame->has_value()) break;
    EXPECT_EQ((*frame)->number, count);
    EXPECT_FALSE((*frame)->error.has_value());
    EXPECT_EQ(NumberIn((*frame)->image), count);
    EXPECT_GE((*frame)->time_s, last_s);
    last_s = (*frame)->time_s;
  }
  EXPECT_EQ(count, kCount);
  // Images have no times of their own; theirs is when they came after the first one.
  EXPECT_GT(last_s, 0.0);
  EXPECT_LT(last_s, std::chrono::duration<double>(Clock::now() - start).count());
}

INSTANTIATE_TEST_SUITE_P(MillisecondsBetweenImages, LiveSourceTest,
                         testing::Combine(testing::Values(0, 30),
                                          testing::Values(PartLength::kGiven, PartLength::kNotGiven)));

TEST(LiveCameraTest, EachImageIsReturnedBeforeTheNextArrives) {
  for (const PartLength length : {PartLength::kGiven, PartLength::kNotGiven}) {
    TestCamera camera;
    camera.Send(CameraHead() + CameraPart(0, length));
    const auto source = OpenFrameSource(camera.Url());
    ASSERT_THAT(source, base::Succeeds());
    EXPECT_EQ((*source)->info().width_px, kImageWidthPx);
    EXPECT_EQ((*source)->info().height_px, kImageHeightPx);
    for (int i = 0; i < 5; ++i) {
      const auto frame = (*source)->Next();
      ASSERT_THAT(frame, base::Succeeds());
      ASSERT_TRUE(frame->has_value());
      EXPECT_EQ(NumberIn((*frame)->image), i);
      camera.Send(CameraPart(i + 1, length));
    }
  }
}

TEST(LiveCameraTest, ACameraMayDisconnectInTheMiddleOfAnImage) {
  const std::string cut = CameraPart(2).substr(0, CameraPart(2).size() / 2);
  const TestCamera camera({CameraHead(), CameraPart(0), CameraPart(1), cut}, {});
  const auto source = OpenFrameSource(camera.Url());
  ASSERT_THAT(source, base::Succeeds());
  for (int i = 0; i < 2; ++i) {
    const auto frame = (*source)->Next();
    ASSERT_THAT(frame, base::Succeeds());
    EXPECT_TRUE(frame->has_value());
  }
  const auto end = (*source)->Next();
  ASSERT_THAT(end, base::Succeeds());
  EXPECT_FALSE(end->has_value());
}

TEST(LiveCameraTest, ACameraThatRefusesOrSendsNoImagesIsAnError) {
  std::string nobody;
  {
    const TestCamera gone({}, {});
    nobody = gone.Url();
  }
  EXPECT_THAT(OpenFrameSource(nobody), base::FailsWith(ErrorCode::kIo, nobody));
  const TestCamera missing({"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"}, {});
  const auto not_found = OpenFrameSource(missing.Url());
  ASSERT_FALSE(not_found.has_value());
  EXPECT_THAT(not_found.error().message, testing::HasSubstr("404"));
  const TestCamera text({"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n", "not an image"},
                        {});
  EXPECT_FALSE(OpenFrameSource(text.Url()).has_value());
}

TEST(LiveCameraTest, WaitingForASilentCameraCanBeCancelled) {
  // Says nothing at all for longer than anybody waits here.
  const TestCamera silent({""}, std::chrono::milliseconds(1500));
  const auto start = Clock::now();
  const auto is_enough = [start] { return Clock::now() - start > std::chrono::milliseconds(200); };
  EXPECT_FALSE(OpenFrameSource(silent.Url(), {.is_cancelled = is_enough}).has_value());
  EXPECT_LT(Clock::now() - start, std::chrono::milliseconds(1400));
}

}  // namespace
}  // namespace posenet::video
