// SPDX-License-Identifier: Apache-2.0
// posenet human video
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/testing/matchers.h"
#include "cli_fixture.h"
#include "human/testing/movenet_maps.h"
#include "media/image_file.h"
#include "model/model_file.h"
#include "video/frame_source.h"
#include "video/testing/video_files.h"

namespace posenet::cli {
namespace {

namespace fs = std::filesystem;

using testing::AllOf;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class VideoTest : public CliTest {
 protected:
  // `posenet human video --model TINY --size 65 arguments...`
  [[nodiscard]] CommandResult Video(std::vector<std::string> arguments, const CommandOptions& options = {}) const {
    const std::vector<std::string> before = {"human", "video", "--model", model_, "--size", "65"};
    arguments.insert(arguments.begin(), before.begin(), before.end());
    return RunCommand(arguments, options);
  }

  [[nodiscard]] std::string NumberedVideo(const std::string& name, int frame_count) const {
    const std::string file = At(name);
    video::WriteNumberedVideo(file, video::EvenTimes(frame_count, 0.04), 25.0);
    return file;
  }

  static std::vector<int> FrameNumbers(const std::string& lines) {
    std::vector<int> numbers;
    for (const auto& line : JsonLines(lines)) numbers.push_back(line["frame"]);
    return numbers;
  }
};

TEST_F(VideoTest, WritesALineForEveryFrame) {
  const CommandResult result = Video({NumberedVideo("a.mp4", 12)});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.err, IsEmpty());
  const auto lines = JsonLines(result.out);
  ASSERT_EQ(lines.size(), 12U);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(lines[i]["frame"], i);
    EXPECT_NEAR(lines[i]["time_s"].get<double>(), 0.04 * static_cast<double>(i), 1e-4);
    EXPECT_EQ(lines[i]["width"], 64);
    EXPECT_EQ(lines[i]["height"], 48);
    ASSERT_FALSE(lines[i]["poses"].empty());
    EXPECT_FALSE(lines[i]["poses"][0].contains("id"));
    EXPECT_EQ(lines[i]["poses"][0]["keypoints"].size(), 17U);
  }
}

TEST_F(VideoTest, WritesOpenPoseFilesPerFrame) {
  const CommandResult result =
      Video({NumberedVideo("dance.mp4", 5), "--every", "2", "--track", "--openpose", At("poses")});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  const auto lines = JsonLines(result.out);
  ASSERT_EQ(lines.size(), 3U);
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(At("poses"))) names.push_back(entry.path().filename().native());
  EXPECT_THAT(names, UnorderedElementsAre("dance_000000000000_keypoints.json", "dance_000000000002_keypoints.json",
                                          "dance_000000000004_keypoints.json"));
  const auto last = nlohmann::json::parse(ReadText(At("poses/dance_000000000004_keypoints.json")));
  ASSERT_EQ(last["people"].size(), lines[2]["poses"].size());
  for (std::size_t i = 0; i < last["people"].size(); ++i) {
    EXPECT_EQ(last["people"][i]["person_id"][0], lines[2]["poses"][i]["id"]);
  }
  const CommandResult again = Video({NumberedVideo("dance.mp4", 5), "--openpose", At("poses")});
  EXPECT_EQ(again.exit_status, 2);
  EXPECT_THAT(again.err, AllOf(HasSubstr("--openpose: "), HasSubstr("exists already")));
}

TEST_F(VideoTest, AssignsDistinctTrackIds) {
  for (const char* const option : {"--track", "--smooth"}) {
    const CommandResult result = Video({NumberedVideo("a.mp4", 5), option});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    for (const auto& line : JsonLines(result.out)) {
      std::vector<int> ids;
      for (const auto& pose : line["poses"]) ids.push_back(pose["id"]);
      std::ranges::sort(ids);
      EXPECT_EQ(std::ranges::adjacent_find(ids), ids.end());
      EXPECT_GE(ids.at(0), 1);
    }
  }
}

TEST_F(VideoTest, FollowsOnePerson) {
  const CommandResult result =
      Video({NumberedVideo("a.mp4", 5), "--single", "--smooth", "--smooth-cutoff", "1", "--track-by", "box"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  const auto lines = JsonLines(result.out);
  ASSERT_EQ(lines.size(), 5U);
  for (const auto& line : lines) EXPECT_LE(line["poses"].size(), 1U);
}

TEST_F(VideoTest, ProcessesSelectedFramesOnly) {
  const std::string file = NumberedVideo("a.mp4", 12);
  EXPECT_THAT(FrameNumbers(Video({file, "--every", "5"}).out), ElementsAre(0, 5, 10));
  EXPECT_THAT(FrameNumbers(Video({file, "--start", "0.1", "--end", "0.2"}).out), ElementsAre(3, 4));
}

TEST_F(VideoTest, ReadsFoldersAndStandardInput) {
  fs::create_directories(At("frames"));
  std::string motion_jpeg;
  for (int i = 8; i < 12; ++i) motion_jpeg += ReadText(Image("frames/f" + std::to_string(i) + ".jpg"));
  EXPECT_THAT(FrameNumbers(Video({At("frames"), "--fps", "10"}).out), ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(JsonLines(Video({At("frames"), "--fps", "10"}).out).back()["time_s"], 0.3);

  const CommandResult piped = Video({"-"}, {.standard_input = motion_jpeg});
  EXPECT_EQ(piped.exit_status, 0) << piped.err;
  EXPECT_THAT(FrameNumbers(piped.out), ElementsAre(0, 1, 2, 3));

  std::string y4m = "YUV4MPEG2 W64 H48 F10:1 Ip A1:1 C420jpeg\n";
  for (int i = 0; i < 3; ++i) y4m += "FRAME\n" + std::string(64 * 48 * 3 / 2, static_cast<char>(100 + i));
  const CommandResult raw = Video({"-"}, {.standard_input = y4m});
  EXPECT_EQ(raw.exit_status, 0) << raw.err;
  EXPECT_THAT(FrameNumbers(raw.out), ElementsAre(0, 1, 2));
  EXPECT_NEAR(JsonLines(raw.out).back()["time_s"].get<double>(), 0.2, 1e-6);
}

TEST_F(VideoTest, WritesAVideoInStepWithItsInput) {
  const std::string file = NumberedVideo("a.mp4", 12);
  const CommandResult result = Video({file, "--output", At("o.mp4"), "--jsonl", At("o.jsonl"), "--csv", At("o.csv")});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(Files(), UnorderedElementsAre("a.mp4", "o.mp4", "o.jsonl", "o.csv"));
  EXPECT_EQ(JsonLines(ReadText(At("o.jsonl"))).size(), 12U);
  EXPECT_TRUE(ReadText(At("o.csv")).starts_with("frame,time_s,width,height,pose,id,"));
  const auto before = video::OpenFrameSource(file);
  const auto after = video::OpenFrameSource(At("o.mp4"));
  ASSERT_THAT(after, base::Succeeds());
  EXPECT_EQ((*after)->info().frame_count, (*before)->info().frame_count);
  EXPECT_NEAR((*after)->info().duration_s.value_or(0.0), (*before)->info().duration_s.value_or(0.0), 1e-3);
  EXPECT_EQ((*after)->info().width_px, 64);
}

TEST_F(VideoTest, ContinuesAfterABrokenFrame) {
  fs::create_directories(At("frames"));
  Image("frames/1.png");
  File("frames/2.png", "\x89PNG\r\n\x1A\nbroken");
  Image("frames/3.png");
  const CommandResult result = Video({At("frames"), "--output", At("o.mkv")});
  EXPECT_EQ(result.exit_status, 1);
  const auto lines = JsonLines(result.out);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_TRUE(lines[1].contains("error"));
  EXPECT_FALSE(lines[1].contains("poses"));
  EXPECT_FALSE(lines[2].contains("error"));
  EXPECT_THAT(result.err, HasSubstr("frame 1: "));
  const auto after = video::OpenFrameSource(At("o.mkv"));
  ASSERT_THAT(after, base::Succeeds());
  int count = 0;
  while ((*(*after)->Next()).has_value()) ++count;
  EXPECT_EQ(count, 3);
}

TEST_F(VideoTest, KeepsFinishedResultsWhenInterrupted) {
  const CommandResult result = Video({NumberedVideo("a.mp4", 2000), "--output", At("o.mp4")},
                                     {.standard_output = StandardOutput::kInterruptedAt});
  EXPECT_EQ(result.exit_status, 130);
  EXPECT_THAT(result.err, HasSubstr("; their results are kept"));
  const auto line_count = static_cast<std::int64_t>(JsonLines(result.out).size());
  EXPECT_GE(line_count, 1);
  EXPECT_LT(line_count, 2000);
  EXPECT_TRUE(result.out.ends_with("}\n"));
  const auto after = video::OpenFrameSource(At("o.mp4"));
  ASSERT_THAT(after, base::Succeeds());
  EXPECT_EQ((*after)->info().frame_count, line_count);
}

TEST_F(VideoTest, EndsIfItsOutputCannotBeWritten) {
  const std::string file = NumberedVideo("a.mp4", 500);
  const CommandResult closed = Video({file, "--output", At("o.mp4")}, {.standard_output = StandardOutput::kClosedPipe});
  EXPECT_EQ(closed.exit_status, 141);
  EXPECT_THAT(closed.err, IsEmpty());
  const CommandResult full = Video({file, "--output", At("o.mp4")}, {.standard_output = StandardOutput::kFullDisk});
  EXPECT_EQ(full.exit_status, 1);
  EXPECT_THAT(full.err, IsOneMessage());
  EXPECT_THAT(Files(), UnorderedElementsAre("a.mp4"));
}

TEST_F(VideoTest, ReadsInputsWithTheNamesOfCommands) {
  for (const std::string name : {"human", "video", "bench", "camera", "estimate"}) {
    fs::create_directories(At(name));
    Image(name + "/1.png");
    const CommandResult result = Video({name}, {.folder = folder_.path()});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_EQ(JsonLines(result.out).size(), 1U);
  }
}

TEST_F(VideoTest, ReadsFilesWhoseNamesBeginWithADash) {
  fs::rename(NumberedVideo("a.mp4", 2), At("-dash.mp4"));
  EXPECT_EQ(JsonLines(Video({"--", "-dash.mp4"}, {.folder = folder_.path()}).out).size(), 2U);
  EXPECT_EQ(JsonLines(Video({"./-dash.mp4"}, {.folder = folder_.path()}).out).size(), 2U);
}

TEST_F(VideoTest, HidesCredentials) {
  const CommandResult result = Video({"http://user:secret@127.0.0.1:1/video"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err,
              AllOf(IsOneMessage(), HasSubstr("http://***@127.0.0.1:1/video"), testing::Not(HasSubstr("secret"))));
  EXPECT_THAT(Video({"http://user:secret@127.0.0.1:1/video", "http://user:secret@127.0.0.1:1/video"}).err,
              testing::Not(HasSubstr("secret")));
}

TEST_F(VideoTest, ReportsErrors) {
  const std::string file = NumberedVideo("a.mp4", 2);
  const auto expect = [&](const std::vector<std::string>& arguments, int status, const std::string& text) {
    const CommandResult result = Video(arguments);
    EXPECT_EQ(result.exit_status, status) << result.err;
    EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr(text)));
    EXPECT_THAT(result.out, IsEmpty());
  };
  expect({At("none.mp4")}, 2, "none.mp4");
  expect({File("text.mp4", "not a video, but some text")}, 1, "is not a readable video");
  expect({File("empty.mp4", "")}, 1, "empty.mp4");
  expect({"camera:99"}, 2, "camera:99");
  expect({file, "--output", At("o.txt")}, 2, ".mp4");
  expect({file, "--output", file}, 2, "a.mp4");
  expect({file, "--csv", At("same"), "--jsonl", At("same")}, 2, "same");
  expect({file, "--start", "2", "--end", "1"}, 2, "--end");
  expect({file, "--start", "5", "--output", At("o.mp4")}, 1, "no frame after 5 s; it ends at 0.");
  expect({file, "--every", "0"}, 2, "--every");
  expect({file, "--track-by", "face"}, 2, "--track-by");
  for (const auto& [option, value] : std::vector<std::pair<const char*, const char*>>{
           {"--track-score", "0.3"}, {"--track-by", "box"}, {"--max-tracks", "3"}, {"--track-age", "500"}}) {
    expect({file, option, value}, 2, std::string(option) + " has no effect without --track or --smooth");
  }
  expect({file, "--track", "--propose-every", "3"}, 2, "--propose-every has no effect without --refine");
  for (const char* const option : {"--smooth-cutoff", "--smooth-beta"}) {
    expect({file, "--track", option, "1"}, 2, std::string(option) + " has no effect without --smooth");
  }
  expect({file, "--fps", "10"}, 2, "has frame times, so --fps has no effect");
  expect({"0"}, 2, "for a webcam, use camera:0");
  expect({"frames/img%d.png"}, 2, "is a pattern; pass the folder of the images");
  expect({file, "--track-score", "2"}, 2, "--track-score");
  expect({file, "--smooth-beta", "0"}, 2, "--smooth-beta");
  EXPECT_THAT(RunCommand({"human", "video", file, "--model", At("none.safetensors")}).err,
              AllOf(IsOneMessage(), HasSubstr("none.safetensors")));
  expect({}, 2, "INPUT");
  EXPECT_THAT(Files(), UnorderedElementsAre("a.mp4", "text.mp4", "empty.mp4"));
}

TEST_F(VideoTest, FollowsPeopleWithARefinerWhateverTheThreads) {
  const std::string movenet = At("movenet.safetensors");
  ASSERT_THAT(model::WriteModelFile(movenet, human::RandomMoveNet()), base::Succeeds());
  std::vector<std::string> outputs;
  for (const char* const thread_count : {"1", "3"}) {
    const CommandResult result = Video({NumberedVideo("a.mp4", 12), "--refine", movenet, "--precision", "fp32",
                                        "--track", "--propose-every", "4", "--threads", thread_count});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_EQ(JsonLines(result.out).size(), 12U);
    outputs.push_back(result.out);
  }
  EXPECT_EQ(outputs[0], outputs[1]);
}

TEST_F(VideoTest, HelpNamesTheOptions) {
  const CommandResult result = RunCommand({"human", "video", "--help"});
  EXPECT_EQ(result.exit_status, 0);
  for (const char* const word : {"camera:0", "--track", "--smooth", "--output", "Examples:", "Exit status:"}) {
    EXPECT_THAT(result.out, HasSubstr(word));
  }
}

}  // namespace
}  // namespace posenet::cli
