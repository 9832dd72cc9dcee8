// SPDX-License-Identifier: Apache-2.0
// posenet human video on what comes while it runs: a network camera, a pipe. Nothing here depends on how fast this
// machine is: what is sent next is sent when the answer to what came before has been read.
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

// Less than the 15 seconds for which a silent connection is waited for.
constexpr auto kSoonerThanTheTimeout = std::chrono::seconds(12);
// How many numbers NumberedImage has.
constexpr int kNumbers = 25;

class LiveVideoTest : public CliTest {
 protected:
  // Who sees nobody leaves the image as it is, so that its number is still in it.
  LiveVideoTest() : seeing_nobody_(WriteTinyModel(At("nobody.safetensors"), Sees::kNobody)) {}

  // `posenet human video --model SEEING_NOBODY --threads 1 arguments...`
  [[nodiscard]] std::vector<std::string> Arguments(std::vector<std::string> arguments) const {
    const std::vector<std::string> before = {"human", "video", "--model", seeing_nobody_, "--threads", "1"};
    arguments.insert(arguments.begin(), before.begin(), before.end());
    return arguments;
  }

  // The next answer; null when there is none.
  static json NextAnswer(RunningCommand& command) {
    const std::optional<std::string> line = command.NextLine();
    return line ? json::parse(*line) : json();
  }

  // Appends answers until that of frame `number`.
  static void ReadUntilFrame(RunningCommand& command, int number, std::vector<json>& answers) {
    do {
      const json answer = NextAnswer(command);
      ASSERT_TRUE(answer.is_object()) << "no answer to frame " << number;
      answers.push_back(answer);
    } while (answers.back()["frame"] < number);
    EXPECT_EQ(answers.back()["frame"], number);
  }

  // That each is about a frame after the one before, and about all that were left out between.
  static void ExpectAscending(const std::vector<json>& answers) {
    int expected = 0;
    double last_s = 0.0;
    for (const json& answer : answers) {
      expected += answer.value("skipped", 0);
      EXPECT_EQ(answer["frame"], expected++);
      EXPECT_TRUE(answer["poses"].is_array()) << answer;
      EXPECT_GE(answer["time_s"], last_s);
      last_s = answer["time_s"];
    }
  }

  // That the video has a frame for each answer, which shows what was answered, at its time.
  void ExpectPlays(const std::string& name, const std::vector<json>& answers) const {
    const auto source = video::OpenFrameSource(At(name));
    ASSERT_THAT(source, base::Succeeds());
    for (const json& answer : answers) {
      const auto frame = (*source)->Next();
      ASSERT_THAT(frame, base::Succeeds());
      ASSERT_TRUE(frame->has_value()) << "no frame for " << answer;
      EXPECT_FALSE((*frame)->error.has_value());
      EXPECT_EQ(video::NumberIn((*frame)->image), answer["frame"].get<int>() % kNumbers);
      EXPECT_NEAR((*frame)->time_s, answer["time_s"].get<double>(), 0.002);
    }
    const auto end = (*source)->Next();
    ASSERT_THAT(end, base::Succeeds());
    EXPECT_FALSE(end->has_value());
  }

  // That the table has a whole row for each answer, all of them about nobody, below the names of its columns.
  void ExpectRows(const std::string& name, const std::vector<json>& answers) const {
    std::istringstream table(ReadText(At(name)));
    std::vector<std::string> rows;
    for (std::string row; std::getline(table, row);) {
      EXPECT_EQ(std::ranges::count(row, ','), 11) << row;
      rows.push_back(row);
    }
    ASSERT_EQ(rows.size(), answers.size() + 1);
    for (std::size_t i = 0; i < answers.size(); ++i) {
      EXPECT_TRUE(rows[i + 1].starts_with(base::StrCat(answers[i]["frame"].get<int>(), ","))) << rows[i + 1];
    }
  }

  std::string seeing_nobody_;
};

std::vector<json> ParsedAndAppended(std::vector<json> answers, const std::string& lines) {
  EXPECT_TRUE(lines.empty() || lines.ends_with("}\n")) << lines;
  for (json& line : JsonLines(lines)) answers.push_back(std::move(line));
  return answers;
}

TEST_F(LiveVideoTest, OfAFastCameraTheNewestImageIsAnsweredAndTheRestAreCounted) {
  constexpr int kImagesAtATime = 12;
  constexpr int kTimes = 4;
  TestCamera camera;
  // At that size the network takes a hundred times longer than an image takes to come.
  RunningCommand command(Arguments({camera.Url(), "--size", "3073", "--output", At("o.mkv"), "--csv", At("o.csv")}));
  camera.Send(CameraHead());
  int sent_count = 0;
  std::vector<json> answers;
  for (int i = 0; i < kTimes; ++i) {
    for (int j = 0; j < kImagesAtATime; ++j) camera.Send(CameraPart(sent_count++));
    // Nothing comes after the newest until it is answered.
    ASSERT_NO_FATAL_FAILURE(ReadUntilFrame(command, sent_count - 1, answers));
  }
  camera.HangUp();
  const CommandResult result = command.Finish();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, IsEmpty());
  ExpectAscending(answers);
  int skipped_count = 0;
  for (const json& answer : answers) skipped_count += answer.value("skipped", 0);
  EXPECT_GT(skipped_count, sent_count / 2);
  EXPECT_EQ(answers.size() + static_cast<std::size_t>(skipped_count), static_cast<std::size_t>(sent_count));
  EXPECT_TRUE(result.err.starts_with(base::StrCat(answers.size(), " frames in "))) << result.err;
  EXPECT_THAT(result.err, HasSubstr(base::StrCat(", ", skipped_count, " skipped to keep up\n")));
  ExpectPlays("o.mkv", answers);
  ExpectRows("o.csv", answers);
}

TEST_F(LiveVideoTest, OfASlowCameraEachImageIsAnsweredBeforeTheNextOneComes) {
  for (const PartLength length : {PartLength::kGiven, PartLength::kNotGiven}) {
    const auto start = Clock::now();
    TestCamera camera;
    RunningCommand command(Arguments({camera.Url(), "--size", "65", "--output", At("o.mp4")}));
    camera.Send(CameraHead());
    std::vector<json> answers;
    for (int i = 0; i < 5; ++i) {
      camera.Send(CameraPart(i, length));
      ASSERT_NO_FATAL_FAILURE(ReadUntilFrame(command, i, answers));
    }
    camera.HangUp();
    const CommandResult result = command.Finish();
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_THAT(result.err, IsEmpty());
    EXPECT_EQ(answers.size(), 5U);
    ExpectAscending(answers);
    EXPECT_EQ(answers.front()["time_s"], 0.0);
    EXPECT_GT(answers.back()["time_s"], 0.0);
    EXPECT_LT(answers.back()["time_s"], std::chrono::duration<double>(Clock::now() - start).count());
    ExpectPlays("o.mp4", answers);
  }
}

TEST_F(LiveVideoTest, InterruptedWhileACameraSendsItCompletesWhatItHas) {
  std::vector<std::string> pieces = {CameraHead()};
  for (int i = 0; i < kNumbers; ++i) pieces.push_back(CameraPart(i));
  while (pieces.size() < 5000) pieces.push_back(pieces[pieces.size() - kNumbers]);
  const TestCamera camera(pieces, std::chrono::milliseconds(1));
  RunningCommand command(Arguments({camera.Url(), "--size", "65", "--output", At("o.mp4"), "--csv", At("o.csv")}));
  std::vector<json> answers;
  for (int i = 0; i < 3; ++i) answers.push_back(NextAnswer(command));
  command.Interrupt();
  const CommandResult result = command.Finish();
  EXPECT_EQ(result.exit_status, 130) << result.err;
  EXPECT_THAT(result.err, HasSubstr("interrupted; what was written until then is complete"));
  answers = ParsedAndAppended(std::move(answers), result.out);
  EXPECT_LT(answers.size(), 5000U);
  ExpectAscending(answers);
  ExpectPlays("o.mp4", answers);
  ExpectRows("o.csv", answers);
}

TEST_F(LiveVideoTest, TerminatedItEndsLikewiseAndSaysSo) {
  TestCamera camera;
  camera.Send(CameraHead() + CameraPart(0));
  RunningCommand command(Arguments({camera.Url(), "--size", "65", "--output", At("o.mp4")}));
  const std::vector<json> answers = {NextAnswer(command)};
  command.Interrupt(SIGTERM);
  const CommandResult result = command.Finish();
  EXPECT_EQ(result.exit_status, 143) << result.err;
  EXPECT_THAT(result.err, HasSubstr("terminated; what was written until then is complete"));
  ExpectPlays("o.mp4", answers);
}

TEST_F(LiveVideoTest, InterruptedItDoesNotWaitForASilentCamera) {
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
  const std::vector<json> answers = {NextAnswer(after)};
  after.Interrupt();
  const CommandResult one = after.Finish();
  EXPECT_EQ(one.exit_status, 130);
  EXPECT_THAT(one.out, IsEmpty());
  EXPECT_LT(Clock::now() - start, kSoonerThanTheTimeout);
  EXPECT_THAT(Files(), UnorderedElementsAre("nobody.safetensors", "after.mp4"));
  ExpectPlays("after.mp4", answers);
}

// What comes through a pipe: a head and frames.
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
  return frame.append(std::size_t{kPipedWidthPx} * kPipedHeightPx / 2, '\x80');  // No colour.
}

std::string NoHead() { return ""; }
std::string MultipartFrame(int number) { return CameraPart(number); }

class PipedVideoTest : public LiveVideoTest, public testing::WithParamInterface<PipedVideo> {};

TEST_P(PipedVideoTest, EachFrameIsAnsweredBeforeTheNextOneComes) {
  RunningCommand command(Arguments({"-", "--size", "65", "--fps", "10", "--output", At("o.mp4")}));
  command.Write(GetParam().head());
  std::vector<json> answers;
  for (int i = 0; i < 5; ++i) {
    command.Write(GetParam().frame(i));
    ASSERT_NO_FATAL_FAILURE(ReadUntilFrame(command, i, answers));
    EXPECT_NEAR(answers.back()["time_s"].get<double>(), 0.1 * i, 1e-5);
  }
  command.CloseInput();
  const CommandResult result = command.Finish();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_EQ(answers.size(), 5U);
  ExpectAscending(answers);
  ExpectPlays("o.mp4", answers);
}

TEST_P(PipedVideoTest, WhoWritesFasterWaitsAndEveryFrameIsAnswered) {
  constexpr int kCount = 300;
  // Sees so many people that the pipe for the answers is full after a few frames, which then wait for us.
  RunningCommand command({"human", "video", "-", "--model", model_, "--size", "129", "--max-poses", "100"});
  std::atomic<int> written_count = 0;
  const std::jthread writer([&] {
    command.Write(GetParam().head());
    while (written_count < kCount && command.Write(GetParam().frame(written_count))) ++written_count;
    command.CloseInput();
  });
  // However long the others need: until no frame has been taken for a moment.
  for (int before = -1; written_count == 0 || written_count != before;) {
    before = written_count;
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
  }
  EXPECT_LT(written_count, kCount);
  std::vector<json> answers;
  ASSERT_NO_FATAL_FAILURE(ReadUntilFrame(command, kCount - 1, answers));
  const CommandResult result = command.Finish();
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_EQ(answers.size(), static_cast<std::size_t>(kCount));
  ExpectAscending(answers);
}

TEST_P(PipedVideoTest, APipeThatEndsInTheMiddleOfAFrameIsAnErrorAfterWhatCameBefore) {
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
    EXPECT_THAT(result.err, HasSubstr("ends in the middle of a "));
    const std::vector<json> answers = ParsedAndAppended({}, result.out);
    EXPECT_EQ(answers.size(), 3U);
    ExpectAscending(answers);
    ExpectPlays("o.mp4", answers);
    ExpectRows("o.csv", answers);
  }
}

TEST_P(PipedVideoTest, InterruptedItDoesNotWaitForASilentPipe) {
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
  const std::vector<json> answers = {NextAnswer(after)};
  after.Interrupt();
  const CommandResult one = after.Finish();
  EXPECT_EQ(one.exit_status, 130);
  EXPECT_THAT(one.out, IsEmpty());
  EXPECT_THAT(Files(), UnorderedElementsAre("nobody.safetensors", "after.mp4"));
  ExpectPlays("after.mp4", answers);
}

INSTANTIATE_TEST_SUITE_P(Formats, PipedVideoTest,
                         testing::Values(PipedVideo{.name = "y4m", .head = Y4mHead, .frame = Y4mFrame},
                                         PipedVideo{.name = "mjpeg", .head = NoHead, .frame = video::NumberedJpeg},
                                         PipedVideo{.name = "multipart", .head = NoHead, .frame = MultipartFrame}),
                         [](const testing::TestParamInfo<PipedVideo>& info) { return info.param.name; });

}  // namespace
}  // namespace posenet::cli
