// SPDX-License-Identifier: Apache-2.0
// posenet human eval
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "cli_fixture.h"

namespace posenet::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Annotations of two images, with one person in the first, whose keypoint i is at (10 + i, 20 + i).
class EvalTest : public CliTest {
 protected:
  EvalTest() {
    nlohmann::json annotations;
    annotations["images"] = {{{"id", 7}, {"file_name", "a.png"}, {"width", 200}, {"height", 150}},
                             {{"id", 8}, {"file_name", "b.png"}, {"width", 200}, {"height", 150}}};
    annotations["categories"] = {{{"id", 1}, {"name", "person"}}};
    annotations["annotations"] = {{{"id", 1},
                                   {"image_id", 7},
                                   {"category_id", 1},
                                   {"keypoints", Keypoints()},
                                   {"num_keypoints", 17},
                                   {"area", 5000.0},
                                   {"bbox", {10, 20, 16, 16}},
                                   {"iscrowd", 0}}};
    annotations_ = File("annotations.json", annotations.dump());
    std::filesystem::create_directories(At("images"));
  }

  static std::vector<int> Keypoints() {
    std::vector<int> keypoints;
    for (int i = 0; i < 17; ++i) keypoints.insert(keypoints.end(), {10 + i, 20 + i, 2});
    return keypoints;
  }

  [[nodiscard]] CommandResult Eval(std::vector<std::string> arguments) const {
    const std::vector<std::string> before = {"human",      "eval",   "--annotations",
                                             annotations_, "--json", At("figures.json")};
    arguments.insert(arguments.begin(), before.begin(), before.end());
    return RunCommand(arguments);
  }

  [[nodiscard]] nlohmann::json Figures() const { return nlohmann::json::parse(ReadText(At("figures.json"))); }

  std::string annotations_;
};

TEST_F(EvalTest, PrintsNoFiguresIfNoImageCanBeRead) {
  const CommandResult result = Eval({"--images", At("images"), "--model", model_, "--size", "65"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, AllOf(HasSubstr("a.png: "), HasSubstr("--images: no image that " + annotations_ +
                                                                " lists could be read from " + At("images"))));
  EXPECT_FALSE(std::filesystem::exists(At("figures.json")));
}

TEST_F(EvalTest, EvaluatesAFileOfDetections) {
  const nlohmann::json perfect = {{{"image_id", 7}, {"category_id", 1}, {"keypoints", Keypoints()}, {"score", 0.9}}};
  const CommandResult result = Eval({"--detections", File("d.json", perfect.dump())});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets= 20 ] = 1.0000"),
                    HasSubstr("2 images, 1 person")));
  EXPECT_NEAR(Figures()["AP"].get<double>(), 1.0, 1e-9);
  EXPECT_EQ(Figures()["APL"], -1.0);
  EXPECT_EQ(Eval({"--detections", File("d.json", "[]")}).exit_status, 0);
  EXPECT_EQ(Figures()["AP"], 0.0);
}

TEST_F(EvalTest, ReportsDetectionsOnOtherImages) {
  nlohmann::json results = nlohmann::json::array();
  for (const int id : {7, 42, 8, 43, 42}) {
    results.push_back({{"image_id", id}, {"category_id", 1}, {"keypoints", Keypoints()}, {"score", 0.9}});
  }
  const CommandResult result = Eval({"--detections", File("d.json", results.dump())});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("d.json: 3 of 5 detections are on none of the 2 annotated "
                                                          "images; the first is [1], with image_id 42")));
  EXPECT_THAT(result.out, IsEmpty());
}

TEST_F(EvalTest, ReportsDetectionsOfOtherCategories) {
  const nlohmann::json results = {{{"image_id", 7}, {"category_id", 18}, {"keypoints", Keypoints()}, {"score", 0.9}}};
  const CommandResult result = Eval({"--detections", File("d.json", results.dump())});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("1 of 1 detections are not of category 1"),
                                HasSubstr("with category_id 18")));
}

TEST_F(EvalTest, NamesMalformedDetectionsByTheirIndex) {
  nlohmann::json results = {{{"image_id", 7}, {"category_id", 1}, {"keypoints", Keypoints()}, {"score", 0.9}},
                            {{"image_id", 7}, {"category_id", 1}, {"keypoints", Keypoints()}}};
  const CommandResult result = Eval({"--detections", File("d.json", results.dump())});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("d.json: [1].score: expected a number, found nothing")));
}

TEST_F(EvalTest, WritesResultsOfTheCategoryOfTheAnnotations) {
  nlohmann::json annotations = nlohmann::json::parse(ReadText(annotations_));
  annotations["categories"] = {{{"id", 1}, {"name", "car"}}, {{"id", 4}, {"name", "person"}}};
  annotations["annotations"][0]["category_id"] = 4;
  annotations_ = File("annotations.json", annotations.dump());
  Image("images/a.png", 200, 150);
  Image("images/b.png", 200, 150);
  const CommandResult result =
      Eval({"--images", At("images"), "--model", model_, "--size", "65", "--coco-results", At("d.json")});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  const auto results = nlohmann::json::parse(ReadText(At("d.json")));
  ASSERT_FALSE(results.empty());
  EXPECT_EQ(results[0]["image_id"], 7);
  EXPECT_EQ(results[0]["category_id"], 4);
  EXPECT_EQ(Eval({"--detections", At("d.json")}).exit_status, 0);
}

TEST_F(EvalTest, EvaluatesAFolderOfOpenPoseFiles) {
  // The keypoints of COCO in the order of OpenPose's BODY_25; -1 is one that COCO does not have.
  nlohmann::json numbers = nlohmann::json::array();
  for (const int part : {0, -1, 6, 8, 10, 5, 7, 9, -1, 12, 14, 16, 11, 13, 15, 2, 1, 4, 3, -1, -1, -1, -1, -1, -1}) {
    for (const double number : {10.0 + part, 20.0 + part, part < 0 ? 0.0 : 0.9}) numbers.push_back(number);
  }
  nlohmann::json file = {{"version", 1.3}};
  file["people"].push_back({{"person_id", {-1}}, {"pose_keypoints_2d", numbers}});
  File("openpose/a_keypoints.json", file.dump());
  const CommandResult result = Eval({"--detections", At("openpose")});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_NEAR(Figures()["AP"].get<double>(), 1.0, 1e-9);
  EXPECT_EQ(Figures()["protocol"]["detections"], At("openpose"));
}

TEST_F(EvalTest, ReportsOpenPoseFilesOfOtherImages) {
  File("openpose/a_keypoints.json", R"({"version":1.3,"people":[]})");
  EXPECT_EQ(Eval({"--detections", At("openpose")}).exit_status, 0);
  File("openpose/c_keypoints.json", R"({"version":1.3,"people":[]})");
  const CommandResult other = Eval({"--detections", At("openpose")});
  EXPECT_EQ(other.exit_status, 1);
  EXPECT_THAT(other.err,
              AllOf(IsOneMessage(), HasSubstr("1 of 2 files are for none of the 2 annotated images; the first "
                                              "is c_keypoints.json")));
  File("openpose/c_keypoints.json", "");
  std::filesystem::rename(At("openpose/c_keypoints.json"), At("openpose/b_keypoints.json"));
  EXPECT_THAT(Eval({"--detections", At("openpose")}).err,
              AllOf(IsOneMessage(), HasSubstr("b_keypoints.json: is empty")));
  EXPECT_THAT(Eval({"--detections", At("images")}).err, AllOf(IsOneMessage(), HasSubstr("no files that end in")));
}

TEST_F(EvalTest, RunsTheNetworkOnEveryListedImage) {
  Image("images/a.png", 200, 150);
  Image("images/b.png", 200, 150);
  const CommandResult result = Eval({"--images", At("images"), "--model", model_, "--size", "65", "--coco-results",
                                     At("d.json"), "--csv", At("o.csv"), "--draw", At("drawn")});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("protocol: model tiny (tiny), input 65x65, output stride 16, decoder tfjs"),
                    HasSubstr("precision fp32 ("), HasSubstr("2 images, 1 person"), HasSubstr("time: median ")));
  const nlohmann::json figures = Figures();
  EXPECT_EQ(figures["protocol"]["images"], 2);
  EXPECT_GT(figures["ms_per_image"]["median"].get<double>(), 0.0);
  EXPECT_TRUE(std::filesystem::exists(At("drawn/b.png")));

  const CommandResult again = Eval({"--detections", At("d.json")});
  EXPECT_EQ(again.exit_status, 0) << again.err;
  // Results files have two decimals.
  EXPECT_NEAR(Figures()["AP"].get<double>(), figures["AP"].get<double>(), 1e-3);
}

TEST_F(EvalTest, CountsAMissingImageAsOneWithoutDetections) {
  Image("images/b.png", 200, 150);
  const CommandResult result = Eval({"--images", At("images"), "--model", model_, "--size", "65"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("images/a.png: ")));
  EXPECT_EQ(Figures()["AP"], 0.0);
  EXPECT_EQ(Figures()["protocol"]["images"], 2);
}

TEST_F(EvalTest, ReportsDamagedFiles) {
  EXPECT_EQ(Eval({"--detections", File("d.json", "{\"no\": \"list\"}")}).exit_status, 1);
  annotations_ = File("annotations.json", "[1, 2");
  const CommandResult result = Eval({"--detections", File("d.json", "[]")});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("annotations.json")));
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(At("figures.json")));
}

}  // namespace
}  // namespace posenet::cli
