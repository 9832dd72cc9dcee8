// SPDX-License-Identifier: Apache-2.0
// posenet human estimate
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

TEST_F(EstimateTest, WritesALineInTheShapeOfTensorFlowJs) {
  const std::string image = Image("a.png", 64, 48);
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

TEST_F(EstimateTest, ReadsFilesFoldersAndStandardInputInOrder) {
  fs::create_directories(At("folder/deep"));
  const std::string one = Image("one.jpg");
  Image("folder/b.png");
  Image("folder/deep/a.webp");
  File("folder/notes.txt", "not an image");
  const CommandResult result = Estimate({one, "-", At("folder"), one}, {.standard_input = ReadText(one)});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  std::vector<std::string> names;
  for (const auto& line : JsonLines(result.out)) names.push_back(line["image"]);
  EXPECT_THAT(names, ElementsAre(one, "-", At("folder/b.png"), At("folder/deep/a.webp"), one));
}

TEST_F(EstimateTest, AppliesTheOptionsOfDecoders) {
  const std::string image = Image("a.png");
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
  EXPECT_GE(count({"--decoder", "hough", "--score-threshold", "0"}), 1U);
  EXPECT_EQ(count({"--decoder", "hough", "--score-threshold", "0", "--max-poses", "1"}), 1U);
  EXPECT_GE(count({"--output-stride", "8"}), 1U);
}

TEST_F(EstimateTest, AppliesFitAndResampling) {
  const std::string image = Image("a.png", 64, 40);
  const auto poses = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--single", image});
    const CommandResult result = Estimate(arguments);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return JsonLines(result.out)[0]["poses"];
  };
  const auto by_default = poses({});
  EXPECT_EQ(poses({"--fit", "pad", "--resample", "bilinear"}), by_default);
  EXPECT_NE(poses({"--fit", "stretch"}), by_default);
  EXPECT_NE(poses({"--fit", "crop"}), by_default);
  // The test model has the same output for every image.
  EXPECT_EQ(poses({"--resample", "antialiased"}), by_default);
  EXPECT_THAT(Estimate({"--fit", "zoom", image}).err, HasSubstr("expected pad, stretch or crop, got 'zoom'"));
  EXPECT_THAT(Estimate({"--resample", "cubic", image}).err,
              HasSubstr("expected bilinear, nearest or antialiased, got 'cubic'"));
  EXPECT_EQ(Estimate({"--fit", "", image}).exit_status, 2);
}

TEST_F(EstimateTest, HidesWeakKeypoints) {
  const auto lines = JsonLines(Estimate({"--min-keypoint-score", "0.9", Image("a.png")}).out);
  EXPECT_FALSE(lines[0]["poses"].empty());
  for (const auto& pose : lines[0]["poses"]) EXPECT_THAT(pose["keypoints"], IsEmpty());
}

TEST_F(EstimateTest, FlipsPositions) {
  const std::string image = Image("a.png", 64, 64);
  const auto x_of_nose = [&](const CommandResult& result) {
    return JsonLines(result.out)[0]["poses"][0]["keypoints"][0]["position"]["x"].get<double>();
  };
  const double plain = x_of_nose(Estimate({"--single", image}));
  const double flipped = x_of_nose(Estimate({"--single", "--flip-horizontal", image}));
  EXPECT_NEAR(plain + flipped, 63.0, 0.01);
}

TEST_F(EstimateTest, ContinuesAfterAFailure) {
  const std::string good = Image("a.png");
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

TEST_F(EstimateTest, ReportsAnEmptyFolder) {
  fs::create_directories(At("empty"));
  const CommandResult result = Estimate({At("empty")});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("no images")));
  EXPECT_EQ(JsonLines(result.out).size(), 1U);
}

TEST_F(EstimateTest, WritesValidUtf8ForAnyName) {
  const std::string image = At("odd\xFF\"\n,name.png");
  WriteImage(At("a.png"), 64, 48);
  fs::rename(At("a.png"), image);
  const CommandResult result = Estimate({image, "--csv", At("o.csv")});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(JsonLines(result.out)[0]["image"], At("odd\xEF\xBF\xBD\"\n,name.png"));
  EXPECT_THAT(ReadText(At("o.csv")), HasSubstr("odd\xEF\xBF\xBD\"\"\n,name.png\",64,48,0,"));
}

TEST_F(EstimateTest, WritesJsonToAFileInstead) {
  const std::string image = Image("a.png");
  const CommandResult to_file = Estimate({"--json", At("o.jsonl"), image});
  EXPECT_EQ(to_file.exit_status, 0) << to_file.err;
  EXPECT_THAT(to_file.out, IsEmpty());
  EXPECT_EQ(ReadText(At("o.jsonl")), Estimate({image}).out);
  const CommandResult pretty = Estimate({"--pretty", image});
  EXPECT_EQ(nlohmann::json::parse(pretty.out), nlohmann::json::parse(ReadText(At("o.jsonl"))));
  EXPECT_GT(std::count(pretty.out.begin(), pretty.out.end(), '\n'), 20);
}

TEST_F(EstimateTest, WritesCsvAlsoForImagesWithoutPeople) {
  const std::string image = Image("a.png");
  EXPECT_EQ(Estimate({"--max-poses", "1", "--csv", At("o.csv"), image}).exit_status, 0);
  const std::string csv = ReadText(At("o.csv"));
  EXPECT_THAT(csv, StartsWith("image,width,height,pose,pose_score,part,x,y,score,error\n" + image + ",64,48,0,"));
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 18);

  const std::string blind = WriteTinyModel(At("blind.safetensors"), Sees::kNoPeople);
  EXPECT_EQ(Estimate({"--csv", At("o.csv"), image}).exit_status, 0);
  EXPECT_EQ(
      RunCommand({"human", "estimate", "--model", blind, "--size", "65", "--csv", At("o.csv"), image}).exit_status, 0);
  EXPECT_EQ(ReadText(At("o.csv")),
            "image,width,height,pose,pose_score,part,x,y,score,error\n" + image + ",64,48,,,,,,,\n");
}

TEST_F(EstimateTest, WritesCocoResultsWithAllKeypoints) {
  const CommandResult result = Estimate({"--max-poses", "2", "--min-keypoint-score", "0.9", "--coco-results",
                                         At("o.json"), Image("000000000139.jpg"), Image("000000000785.jpg")});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  const auto results = nlohmann::json::parse(ReadText(At("o.json")));
  ASSERT_EQ(results.size(), 4U);
  EXPECT_EQ(results[0]["image_id"], 139);
  EXPECT_EQ(results[3]["image_id"], 785);
  EXPECT_EQ(results[3]["category_id"], 1);
  EXPECT_EQ(results[3]["keypoints"].size(), 51U);
}

TEST_F(EstimateTest, WritesEmptyCocoResults) {
  EXPECT_EQ(Estimate({"--min-pose-score", "1", "--coco-results", At("o.json"), Image("a.png")}).exit_status, 0);
  EXPECT_EQ(nlohmann::json::parse(ReadText(At("o.json"))), nlohmann::json::array());
}

TEST_F(EstimateTest, DrawsIntoAFile) {
  EXPECT_EQ(Estimate({"--draw", At("o.jpg"), Image("a.png")}).exit_status, 0);
  const auto drawing = media::ReadImageFile(At("o.jpg"));
  ASSERT_TRUE(drawing.has_value()) << drawing.error().message;
  EXPECT_EQ(drawing->width_px * 48, drawing->height_px * 64);
}

TEST_F(EstimateTest, DrawsIntoAFolder) {
  fs::create_directories(At("in/deep"));
  Image("in/a.jpg");
  Image("in/a.png");
  Image("in/deep/b.jpg");
  const CommandResult result = Estimate({"--draw", At("out/new"), At("in"), "--flip-horizontal"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  for (const char* name : {"out/new/a.png", "out/new/a-2.png", "out/new/deep/b.png"}) {
    EXPECT_TRUE(media::ReadImageFile(At(name)).has_value()) << name;
  }
}

TEST_F(EstimateTest, ReplacesOlderFilesOnlyWhenComplete) {
  File("o.csv", "old");
  const CommandResult result =
      Estimate({"--csv", At("o.csv"), Image("a.png")}, {.standard_output = StandardOutput::kFullDisk});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_EQ(ReadText(At("o.csv")), "old");
  EXPECT_THAT(Files(), ::testing::UnorderedElementsAre("a.png", "o.csv"));
}

TEST_F(EstimateTest, KeepsFinishedResultsWhenInterrupted) {
  // The output fills the pipe, so the command is still running when the signal arrives.
  std::vector<std::string> arguments(2000, Image("a.png"));
  arguments.insert(arguments.end(), {"--csv", At("o.csv"), "--coco-results", At("o.json"), "--max-poses", "1"});
  const CommandResult result = Estimate(arguments, {.standard_output = StandardOutput::kInterruptedAt});
  EXPECT_EQ(result.exit_status, 130);
  const std::size_t count = JsonLines(result.out).size();
  EXPECT_GT(count, 0U);
  EXPECT_LT(count, 2000U);
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("interrupted after " + std::to_string(count) +
                                                          " of 2000 images; their results are kept")));
  EXPECT_THAT(Files(), ::testing::UnorderedElementsAre("a.png", "o.csv", "o.json"));
  const std::string csv = ReadText(At("o.csv"));
  EXPECT_EQ(static_cast<std::size_t>(std::count(csv.begin(), csv.end(), '\n')), 1 + 17 * count);
  EXPECT_EQ(nlohmann::json::parse(ReadText(At("o.json"))).size(), count);
}

// Names of commands, options and standard input as names of files.
TEST_F(EstimateTest, ReadsFilesWithTheNamesOfCommands) {
  for (const std::string name : {"human", "estimate", "eval", "camera", "bench", "model", "serve", "list", "0"}) {
    std::filesystem::rename(Image("a.png"), At(name));
    const CommandResult result =
        RunCommand({"human", "estimate", "--model", model_, "--size", "65", name}, {.folder = folder_.path()});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_EQ(JsonLines(result.out).at(0)["image"], name);
  }
}

TEST_F(EstimateTest, ReadsFilesWhoseNamesBeginWithADash) {
  std::filesystem::rename(Image("a.png"), At("-dash.png"));
  const auto estimate = [&](const std::vector<std::string>& inputs) {
    std::vector<std::string> arguments = {"human", "estimate", "--model", model_, "--size", "65"};
    arguments.insert(arguments.end(), inputs.begin(), inputs.end());
    return RunCommand(arguments, {.folder = folder_.path()});
  };
  EXPECT_EQ(JsonLines(estimate({"./-dash.png"}).out).at(0)["image"], "./-dash.png");
  EXPECT_EQ(JsonLines(estimate({"--", "-dash.png"}).out).at(0)["image"], "-dash.png");
  const CommandResult option = estimate({"-dash.png"});
  EXPECT_EQ(option.exit_status, 2);
  EXPECT_THAT(option.err, AllOf(IsOneMessage(), HasSubstr("unknown option '-dash.png'"),
                                HasSubstr("for the file of that name, write ./-dash.png")));
}

TEST_F(EstimateTest, AsksToImportModelsOfOtherPrograms) {
  for (const char* name : {"x.tflite", "model.json"}) {
    const CommandResult result = RunCommand({"human", "estimate", "--model", File(name, "not read"), Image("a.png")});
    EXPECT_EQ(result.exit_status, 2);
    EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr(name), HasSubstr("posenet model import")));
  }
}

}  // namespace
}  // namespace posenet::cli
