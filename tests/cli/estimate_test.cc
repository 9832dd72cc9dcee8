// SPDX-License-Identifier: Apache-2.0
// posenet human estimate: what it answers and writes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "cli_fixture.h"
#include "media/image_file.h"

namespace posenet::cli {
namespace {

namespace fs = std::filesystem;

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

using EstimateTest = CliTest;

TEST_F(EstimateTest, AnswersALineOfTensorFlowsShape) {
  const std::string image = image::Image("a.png", 64, 48);
  const CommandResult result = Estimate({image});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_THAT(result.err, IsEmpty());
  const auto lines = JsonLines(result.out);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0]["image"], image);
  EXPECT_EQ(lines[0]["width"], 64);
  EXPECT_EQ(lines[0]["height"], 48);
  const auto& poses = lines[0]["poses"];
  ASSERT_FALSE(poses.empty());
  EXPECT_LE(poses.size(), 5U);
  const auto& keypoints = poses[0]["keypoints"];
  ASSERT_EQ(keypoints.size(), 17U);
  EXPECT_EQ(keypoints[16]["part"], "rightAnkle");
  EXPECT_NEAR(keypoints[0]["score"].get<double>(), 0.8808, 1e-4);
  EXPECT_TRUE(keypoints[0]["position"]["x"].is_number());
}

TEST_F(EstimateTest, TakesFilesFoldersAndStandardInputInOrder) {
  fs::create_directories(At("folder/deep"));
  const std::string one = image::Image("one.jpg");
  image::Image("folder/b.png");
  image::Image("folder/deep/a.webp");
  File("folder/notes.txt", "not an image");
  const CommandResult result = Estimate({one, "-", At("folder"), one}, {.standard_input = ReadText(one)});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  std::vector<std::string> names;
  for (const auto& line : JsonLines(result.out)) names.push_back(line["image"]);
  EXPECT_THAT(names, ElementsAre(one, "-", At("folder/b.png"), At("folder/deep/a.webp"), one));
}

TEST_F(EstimateTest, ObeysTheDecodersOptions) {
  const std::string image = image::Image("a.png");
  const auto count = [&](const std::vector<std::string>& options) {
    std::vector<std::string> arguments = options;
    arguments.push_back(image);
    const CommandResult result = Estimate(arguments);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return JsonLines(result.out)[0]["poses"].size();
  };
  EXPECT_EQ(count({"--single"}), 1U);
  EXPECT_EQ(count({"--max-poses", "2"}), 2U);
  EXPECT_EQ(count({"--score-threshold", "0.9"}), 0U);
  EXPECT_EQ(count({"--nms-radius", "1000"}), 1U);
  EXPECT_EQ(count({"--min-pose-score", "1"}), 0U);
  EXPECT_GE(count({"--decoder", "coral"}), 1U);
  EXPECT_GE(count({"--output-stride", "8"}), 1U);
}

TEST_F(EstimateTest, FitsAndResamplesAsAsked) {
  const std::string image = image::Image("a.png", 64, 40);
  const auto poses = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--single", image});
    const CommandResult result = Estimate(arguments);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return JsonLines(result.out)[0]["poses"];
  };
  const auto usual = poses({});
  EXPECT_EQ(poses({"--fit", "pad", "--resample", "bilinear"}), usual);
  EXPECT_NE(poses({"--fit", "stretch"}), usual);
  EXPECT_NE(poses({"--fit", "crop"}), usual);
  // The test's model answers the same about every image.
  EXPECT_EQ(poses({"--resample", "antialiased"}), usual);
  EXPECT_THAT(Estimate({"--fit", "zoom", image}).err, HasSubstr("expected pad, stretch or crop, got 'zoom'"));
  EXPECT_THAT(Estimate({"--resample", "cubic", image}).err,
              HasSubstr("expected bilinear, nearest or antialiased, got 'cubic'"));
  EXPECT_EQ(Estimate({"--fit", "", image}).exit_status, 2);
}

TEST_F(EstimateTest, HidesWeakKeypoints) {
  const auto lines = JsonLines(Estimate({"--min-keypoint-score", "0.9", image::Image("a.png")}).out);
  EXPECT_FALSE(lines[0]["poses"].empty());
  for (const auto& pose : lines[0]["poses"]) EXPECT_THAT(pose["keypoints"], IsEmpty());
}

TEST_F(EstimateTest, FlipsPositions) {
  const std::string image = image::Image("a.png", 64, 64);
  const auto x_of_nose = [&](const CommandResult& result) {
    return JsonLines(result.out)[0]["poses"][0]["keypoints"][0]["position"]["x"].get<double>();
  };
  const double plain = x_of_nose(Estimate({"--single", image}));
  const double flipped = x_of_nose(Estimate({"--single", "--flip-horizontal", image}));
  EXPECT_NEAR(plain + flipped, 63.0, 0.01);
}

TEST_F(EstimateTest, GoesOnAfterAFailure) {
  const std::string good = image::Image("a.png");
  const CommandResult result = Estimate({At("missing.jpg"), good, "--csv", At("o.csv")});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("missing.jpg: ")));
  const auto lines = JsonLines(result.out);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0]["image"], At("missing.jpg"));
  EXPECT_THAT(lines[0]["error"].get<std::string>(), HasSubstr("No such file"));
  EXPECT_FALSE(lines[0].contains("poses"));
  EXPECT_EQ(lines[1]["image"], good);
  EXPECT_THAT(ReadText(At("o.csv")), HasSubstr(At("missing.jpg") + ",,,,,,,,,"));
}

TEST_F(EstimateTest, AnEmptyFolderIsAFailure) {
  fs::create_directories(At("empty"));
  const CommandResult result = Estimate({At("empty")});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("no images")));
  EXPECT_EQ(JsonLines(result.out).size(), 1U);
}

TEST_F(EstimateTest, AnswersValidUtf8ForAnyName) {
  const std::string image = At("odd\xFF\"\n,name.png");
  WriteImage(At("a.png"), 64, 48);
  fs::rename(At("a.png"), image);
  const CommandResult result = Estimate({image, "--csv", At("o.csv")});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(JsonLines(result.out)[0]["image"], At("odd\xEF\xBF\xBD\"\n,name.png"));
  EXPECT_THAT(ReadText(At("o.csv")), HasSubstr("odd\xEF\xBF\xBD\"\"\n,name.png\",64,48,0,"));
}

TEST_F(EstimateTest, WritesJsonToAFileInstead) {
  const std::string image = image::Image("a.png");
  const CommandResult to_file = Estimate({"--json", At("o.jsonl"), image});
  EXPECT_EQ(to_file.exit_status, 0) << to_file.err;
  EXPECT_THAT(to_file.out, IsEmpty());
  EXPECT_EQ(ReadText(At("o.jsonl")), Estimate({image}).out);
  const CommandResult pretty = Estimate({"--pretty", image});
  EXPECT_EQ(nlohmann::json::parse(pretty.out), nlohmann::json::parse(ReadText(At("o.jsonl"))));
  EXPECT_GT(std::count(pretty.out.begin(), pretty.out.end(), '\n'), 20);
}

TEST_F(EstimateTest, WritesCsvAlsoForImagesWithoutPeople) {
  const std::string image = image::Image("a.png");
  EXPECT_EQ(Estimate({"--max-poses", "1", "--csv", At("o.csv"), image}).exit_status, 0);
  const std::string csv = ReadText(At("o.csv"));
  EXPECT_THAT(csv, StartsWith("image,width,height,pose,pose_score,part,x,y,score,error\n" + image + ",64,48,0,"));
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 18);

  const std::string blind = WriteTinyModel(At("blind.safetensors"), Sees::kNobody);
  EXPECT_EQ(Estimate({"--csv", At("o.csv"), image}).exit_status, 0);
  EXPECT_EQ(
      RunCommand({"human", "estimate", "--model", blind, "--size", "65", "--csv", At("o.csv"), image}).exit_status, 0);
  EXPECT_EQ(ReadText(At("o.csv")),
            "image,width,height,pose,pose_score,part,x,y,score,error\n" + image + ",64,48,,,,,,,\n");
}

TEST_F(EstimateTest, WritesCocoResultsWithAllKeypoints) {
  const CommandResult result =
      Estimate({"--max-poses", "2", "--min-keypoint-score", "0.9", "--coco-results", At("o.json"),
                image::Image("000000000139.jpg"), image::Image("000000000785.jpg")});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  const auto results = nlohmann::json::parse(ReadText(At("o.json")));
  ASSERT_EQ(results.size(), 4U);
  EXPECT_EQ(results[0]["image_id"], 139);
  EXPECT_EQ(results[3]["image_id"], 785);
  EXPECT_EQ(results[3]["category_id"], 1);
  EXPECT_EQ(results[3]["keypoints"].size(), 51U);
}

TEST_F(EstimateTest, WritesEmptyCocoResults) {
  EXPECT_EQ(Estimate({"--min-pose-score", "1", "--coco-results", At("o.json"), image::Image("a.png")}).exit_status, 0);
  EXPECT_EQ(nlohmann::json::parse(ReadText(At("o.json"))), nlohmann::json::array());
}

TEST_F(EstimateTest, DrawsIntoAFile) {
  EXPECT_EQ(Estimate({"--draw", At("o.jpg"), image::Image("a.png")}).exit_status, 0);
  const auto drawing = media::ReadImageFile(At("o.jpg"));
  ASSERT_TRUE(drawing.has_value()) << drawing.error().message;
  EXPECT_EQ(drawing->width_px * 48, drawing->height_px * 64);
}

TEST_F(EstimateTest, DrawsIntoAFolder) {
  fs::create_directories(At("in/deep"));
  image::Image("in/a.jpg");
  image::Image("in/a.png");
  image::Image("in/deep/b.jpg");
  const CommandResult result = Estimate({"--draw", At("out/new"), At("in"), "--flip-horizontal"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  for (const char* name : {"out/new/a.png", "out/new/a-2.png", "out/new/deep/b.png"}) {
    EXPECT_TRUE(media::ReadImageFile(At(name)).has_value()) << name;
  }
}

TEST_F(EstimateTest, ReplacesOlderFilesOnlyWhenComplete) {
  File("o.csv", "old");
  const CommandResult result =
      Estimate({"--csv", At("o.csv"), image::Image("a.png")}, {.standard_output = StandardOutput::kFullDisk});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_EQ(ReadText(At("o.csv")), "old");
  EXPECT_THAT(Files(), ::testing::UnorderedElementsAre("a.png", "o.csv"));
}

TEST_F(EstimateTest, StopsBetweenImagesWhenInterrupted) {
  // Their answers fill the pipe, so the command is still at it when the signal comes.
  std::vector<std::string> arguments(2000, image::Image("a.png"));
  arguments.insert(arguments.end(), {"--csv", At("o.csv")});
  const CommandResult result = Estimate(arguments, {.standard_output = StandardOutput::kInterruptedAt});
  EXPECT_EQ(result.exit_status, 130);
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("interrupted")));
  EXPECT_LT(JsonLines(result.out).size(), 2000U);
  EXPECT_THAT(Files(), ElementsAre("a.png"));
}

}  // namespace
}  // namespace posenet::cli
