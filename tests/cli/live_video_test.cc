// SPDX-License-Identifier: Apache-2.0
// posenet human video on live input: a network camera, a pipe. Independent of the speed of the machine: each input is
// sent when the output for the one before has been read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "base/strings.h"
#include "base/testing/matchers.h"
#include "cli_fixture.h"
#include "video/frame_source.h"
#include "video/testing/http_camera.h"
#include "video/testing/video_files.h"

namespace posenet::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

using Clock = std::chrono::steady_clock;
using nlohmann::json;
using video::CameraHead;
using video::CameraPart;
using video::PartLength;
using video::TestCamera;

// Less than the 15 seconds after which a silent connection is given up.
constexpr auto kSoonerThanTheTimeout = std::chrono::seconds(12);
// The number of distinct images of NumberedImage.
constexpr int kNumbers = 25;

class LiveVideoTest : public CliTest {
 protected:
  // Without poses to draw, the image is unchanged and still shows its number.
  LiveVideoTest() : no_people_(WriteTinyModel(At("no-people.safetensors"), Sees::kNoPeople)) {}

  // `posenet human video --model NO_PEOPLE --threads 1 arguments...`
  [[nodiscard]] std::vector<std::string> Arguments(std::vector<std::string> arguments) const {
    const std::vector<std::string> before = {"human", "video", "--model", no_people_, "--threads", "1"};
    arguments.insert(arguments.begin(), before.begin(), before.end());
    return arguments;
  }

  // The next line; null if there is none.
  static json NextLine(RunningCommand& command) {
    const std::optional<std::string> line = command.NextLine();
    return line ? json::parse(*line) : json();
  }

  // Appends lines up to that of frame `number`.
  static void ReadUntilFrame(RunningCommand& command, int number, std::vector<json>& lines) {
    do {
      const json line = NextLine(command);
      ASSERT_TRUE(line.is_object()) << "no line for frame " << number;
      lines.push_back(line);
    } while (lines.back()["frame"] < number);
    EXPECT_EQ(lines.back()["frame"], number);
  }

  // Expects that frame numbers ascend, and that "skipped" counts the frames in between.
  static void ExpectAscending(const std::vector<json>& lines) {
    int expected = 0;
    double last_s = 0.0;
    for (const json& line : lines) {
      expected += line.value("skipped", 0);
      EXPECT_EQ(line["frame"], expected++);
      EXPECT_TRUE(line["poses"].is_array()) << line;
      EXPECT_GE(line["time_s"], last_s);
      last_s = line["time_s"];
    }
  }

  // Expects that the video has a frame for each line, with the same image, at the same time after the first of them.
  void ExpectPlays(const std::string& name, const std::vector<json>& lines) const {
    ASSERT_FALSE(lines.empty());
    // The first line is not that of the first image where that was skipped.
    const double first_s = lines.front()["time_s"];
    const auto source = video::OpenFrameSource(At(name));
    ASSERT_THAT(source, base::Succeeds());
    for (const json& line : lines) {
      const auto frame = (*source)->Next();
      ASSERT_THAT(frame, base::Succeeds());
      ASSERT_TRUE(frame->has_value()) << "no frame for " << line;
      EXPECT_FALSE((*frame)->error.has_value());
      EXPECT_EQ(video::NumberIn((*frame)->image), line["frame"].get<int>() % kNumbers);
      EXPECT_NEAR((*frame)->time_s, line["time_s"].get<double>() - first_s, 0.002);
    }
    const auto end = (*source)->Next();
    ASSERT_THAT(end, base::Succeeds());
    EXPECT_FALSE(end->has_value());
  }

  // Expects a header row and one row for each line, because no frame has poses.
  void ExpectRows(const std::string& name, const std::vector<json>& lines) const {
    std::istringstream table(ReadText(At(name)));
    std::vector<std::string> rows;
    for (std::string row; std::getline(table, row);) {
      EXPECT_EQ(std::ranges::count(row, ','), 11) << row;
      rows.push_back(row);
    }
    ASSERT_EQ(rows.size(), lines.size() + 1);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      EXPECT_TRUE(rows[i + 1].starts_with(base::StrCat(lines[i]["frame"].get<int>(), ","))) << rows[i + 1];
    }
  }

  std::string no_people_;
};

// `lines`, and those of `text`.
std::vector<json> WithLinesOf(const std::string& text, std::vector<json> lines) {
  EXPECT_TRUE(text.empty() || text.ends_with("}\n")) << text;
  for (json& line : JsonLines(text)) lines.push_back(std::move(line));
  return lines;
}

TEST_F(LiveVideoTest, ProcessesTheLatestImageOfAFastCameraAndCountsTheOthers) {
  constexpr int kImagesAtATime = 12;
  constexpr int kTimes = 4;
  TestCamera camera;
  // At that size the network takes a hundred times longer than the arrival of an image.
  RunningCommand command(Arguments({camera.Url(), "--size", "3073", "--output", At("o.mkv"), "--csv", At("o.csv")}));
  camera.Send(CameraHead());
  int sent_count = 0;
  std::vector<json> lines;
  for (int i = 0; i < kTimes; ++i) {
    for (int j = 0; j < kImagesAtATime; ++j) camera.Send(CameraPart(sent_count++));
    // Nothing is sent after the latest image until it is processed.
    ASSERT_NO_FATAL_FAILURE(ReadUntilFrame(command, sent_count - 1, lines));
  }
  camera.HangUp();
  const CommandResult result = command.Finish();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, IsEmpty());
  ExpectAscending(lines);
  int skipped_count = 0;
  for (const json& line : lines) skipped_count += line.value("skipped", 0);
  EXPECT_GT(skipped_count, sent_count / 2);
  EXPECT_EQ(lines.size() + static_cast<std::size_t>(skipped_count), static_cast<std::size_t>(sent_count));
  EXPECT_TRUE(result.err.starts_with(base::StrCat(lines.size(), " frames in "))) << result.err;
  EXPECT_THAT(result.err, HasSubstr(base::StrCat(", ", skipped_count, " skipped to keep up\n")));
  ExpectPlays("o.mkv", lines);
  ExpectRows("o.csv", lines);
}

TEST_F(LiveVideoTest, ProcessesEachImageOfASlowCameraBeforeTheNextArrives) {
  for (const PartLength length : {PartLength::kGiven, PartLength::kNotGiven}) {
    const auto start = Clock::now();
    TestCamera camera;
    RunningCommand command(Arguments({camera.Url(), "--size", "65", "--output", At("o.mp4")}));
    camera.Send(CameraHead());
    std::vector<json> lines;
    for (int i = 0; i < 5; ++i) {
      camera.Send(CameraPart(i, length));
      ASSERT_NO_FATAL_FAILURE(ReadUntilFrame(command, i, lines));
    }
    camera.HangUp();
    const CommandResult result = command.Finish();
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_THAT(result.err, IsEmpty());
    EXPECT_EQ(lines.size(), 5U);
    ExpectAscending(lines);
    EXPECT_EQ(lines.front()["time_s"], 0.0);
    EXPECT_GT(lines.back()["time_s"], 0.0);
    EXPECT_LT(lines.back()["time_s"], std::chrono::duration<double>(Clock::now() - start).count());
    ExpectPlays("o.mp4", lines);
  }
}

TEST_F(LiveVideoTest, KeepsFinishedResultsWhenInterruptedWhileACameraSends) {
  std::vector<std::string> pieces = {CameraHead()};
  for (int i = 0; i < kNumbers; ++i) pieces.push_back(CameraPart(i));
  while (pieces.size() < 5000) pieces.push_back(pieces[pieces.size() - kNumbers]);
  const TestCamera camera(pieces, std::chrono::milliseconds(1));
  RunningCommand command(Arguments({camera.Url(), "--size", "65", "--output", At("o.mp4"), "--csv", At("o.csv")}));
  std::vector<json> lines;
  for (int i = 0; i < 3; ++i) lines.push_back(NextLine(command));
  command.Interrupt();
  const CommandResult result = command.Finish();
  EXPECT_EQ(result.exit_status, 130) << result.err;
  EXPECT_THAT(result.err, HasSubstr("; their results are kept"));
  lines = WithLinesOf(result.out, std::move(lines));
  EXPECT_LT(lines.size(), 5000U);
  ExpectAscending(lines);
  ExpectPlays("o.mp4", lines);
  ExpectRows("o.csv", lines);
}

TEST_F(LiveVideoTest, KeepsFinishedResultsWhenTerminated) {
  TestCamera camera;
  camera.Send(CameraHead() + CameraPart(0));
  RunningCommand command(Arguments({camera.Url(), "--size", "65", "--output", At("o.mp4")}));
  const std::vector<json> lines = {NextLine(command)};
  command.Interrupt(SIGTERM);
  const CommandResult result = command.Finish();
  EXPECT_EQ(result.exit_status, 143) << result.err;
  EXPECT_THAT(result.err, HasSubstr("terminated after 1 frame; their results are kept"));
  ExpectPlays("o.mp4", lines);
}

TEST_F(LiveVideoTest, DoesNotWaitForASilentCameraWhenInterrupted) {
  const auto start = Clock::now();
  TestCamera mute;
  RunningCommand before(Arguments({mute.Url(), "--output", At("before.mp4")}));
  mute.WaitForClient();
  before.Interrupt();
  const CommandResult nothing = before.Finish();
  EXPECT_EQ(nothing.exit_status, 130);
  EXPECT_THAT(nothing.err, AllOf(IsOneMessage(), HasSubstr("interrupted")));

  TestCamera camera;
  camera.Send(CameraHead() + CameraPart(0));
  RunningCommand after(Arguments({camera.Url(), "--size", "65", "--output", At("after.mp4")}));
  const std::vector<json> lines = {NextLine(after)};
  after.Interrupt();
  const CommandResult one = after.Finish();
  EXPECT_EQ(one.exit_status, 130);
  EXPECT_THAT(one.out, IsEmpty());
  EXPECT_LT(Clock::now() - start, kSoonerThanTheTimeout);
  EXPECT_THAT(Files(), UnorderedElementsAre("no-people.safetensors", "after.mp4"));
  ExpectPlays("after.mp4", lines);
}

// A format of piped video: a header and frames.
struct PipedVideo {
  const char* name;
  std::string (*head)();
  std::string (*frame)(int number);
};

constexpr int kPipedWidthPx = 320;
constexpr int kPipedHeightPx = 240;

std::string Y4mHead() {
  return base::StrCat("YUV4MPEG2 W", kPipedWidthPx, " H", kPipedHeightPx, " F10:1 Ip A1:1 C420jpeg\n");
}

std::string Y4mFrame(int number) {
  // Black is 16 and white 235 in YUV4MPEG2.
  const int luma = 16 + video::NumberedImage(number, 1, 1).rgb.front() * 219 / 255;
  std::string frame = "FRAME\n";
  frame.append(std::size_t{kPipedWidthPx} * kPipedHeightPx, static_cast<char>(luma));
  return frame.append(std::size_t{kPipedWidthPx} * kPipedHeightPx / 2, '\x80');  // Gray.
}

std::string NoHead() { return ""; }
std::string MultipartFrame(int number) { return CameraPart(number); }

class PipedVideoTest : public LiveVideoTest, public testing::WithParamInterface<PipedVideo> {};

TEST_P(PipedVideoTest, ProcessesEachFrameBeforeTheNextArrives) {
  std::vector<std::string> arguments = {"-", "--size", "65", "--output", At("o.mp4")};
  // YUV4MPEG2 has a frame rate.
  if (GetParam().name != std::string("y4m")) arguments.insert(arguments.end(), {"--fps", "10"});
  RunningCommand command(Arguments(arguments));
  command.Write(GetParam().head());
  std::vector<json> lines;
  for (int i = 0; i < 5; ++i) {
    command.Write(GetParam().frame(i));
    ASSERT_NO_FATAL_FAILURE(ReadUntilFrame(command, i, lines));
    EXPECT_NEAR(lines.back()["time_s"].get<double>(), 0.1 * i, 1e-5);
  }
  command.CloseInput();
  const CommandResult result = command.Finish();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_EQ(lines.size(), 5U);
  ExpectAscending(lines);
  ExpectPlays("o.mp4", lines);
}

TEST_P(PipedVideoTest, ProcessesEveryFrameOfAFastWriterWhichWaits) {
  constexpr int kCount = 300;
  // Detects so many people that the output pipe is full after a few frames; the command then waits for this test.
  RunningCommand command({"human", "video", "-", "--model", model_, "--size", "129", "--max-poses", "25"});
  std::atomic<int> written_count = 0;
  const std::jthread writer([&] {
    command.Write(GetParam().head());
    while (written_count < kCount && command.Write(GetParam().frame(written_count))) ++written_count;
    command.CloseInput();
  });
  // Until no frame has been read for a moment.
  for (int before = -1; written_count == 0 || written_count != before;) {
    before = written_count;
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
  }
  EXPECT_LT(written_count, kCount);
  std::vector<json> lines;
  ASSERT_NO_FATAL_FAILURE(ReadUntilFrame(command, kCount - 1, lines));
  const CommandResult result = command.Finish();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_EQ(lines.size(), static_cast<std::size_t>(kCount));
  ExpectAscending(lines);
}

TEST_P(PipedVideoTest, ReportsAPipeThatEndsInTheMiddleOfAFrame) {
  const std::string cut = GetParam().frame(3);
  // In the middle, and before the last byte.
  for (const std::size_t size : {cut.size() / 2, cut.size() - 3}) {
    RunningCommand command(Arguments({"-", "--size", "65", "--output", At("o.mp4"), "--csv", At("o.csv")}));
    command.Write(GetParam().head());
    for (int i = 0; i < 3; ++i) command.Write(GetParam().frame(i));
    command.Write(cut.substr(0, size));
    command.CloseInput();
    const CommandResult result = command.Finish();
    EXPECT_EQ(result.exit_status, 1);
    EXPECT_THAT(result.err, HasSubstr("ends in the middle of a"));
    const std::vector<json> lines = WithLinesOf(result.out, {});
    EXPECT_EQ(lines.size(), 3U);
    ExpectAscending(lines);
    ExpectPlays("o.mp4", lines);
    ExpectRows("o.csv", lines);
  }
}

TEST_P(PipedVideoTest, DoesNotWaitForASilentPipeWhenInterrupted) {
  const std::string video = GetParam().head() + GetParam().frame(0);
  RunningCommand before(Arguments({"-", "--size", "65", "--output", At("before.mp4")}));
  before.Write(video.substr(0, 1));
  before.WaitUntilInputIsRead();
  before.Interrupt();
  const CommandResult nothing = before.Finish();
  EXPECT_EQ(nothing.exit_status, 130);
  EXPECT_THAT(nothing.err, AllOf(IsOneMessage(), HasSubstr("interrupted")));

  RunningCommand after(Arguments({"-", "--size", "65", "--output", At("after.mp4")}));
  after.Write(video + GetParam().frame(1).substr(0, 10));
  const std::vector<json> lines = {NextLine(after)};
  after.Interrupt();
  const CommandResult one = after.Finish();
  EXPECT_EQ(one.exit_status, 130);
  EXPECT_THAT(one.out, IsEmpty());
  EXPECT_THAT(Files(), UnorderedElementsAre("no-people.safetensors", "after.mp4"));
  ExpectPlays("after.mp4", lines);
}

INSTANTIATE_TEST_SUITE_P(Formats, PipedVideoTest,
                         testing::Values(PipedVideo{.name = "y4m", .head = Y4mHead, .frame = Y4mFrame},
                                         PipedVideo{.name = "mjpeg", .head = NoHead, .frame = video::NumberedJpeg},
                                         PipedVideo{.name = "multipart", .head = NoHead, .frame = MultipartFrame}),
                         [](const testing::TestParamInfo<PipedVideo>& test) { return test.param.name; });

}  // namespace
}  // namespace posenet::cli
