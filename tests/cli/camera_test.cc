// SPDX-License-Identifier: Apache-2.0
// posenet camera inspect and score
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/strings.h"
#include "cli_fixture.h"

namespace posenet::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// A scene in the Cambridge format: cameras on a line along x, 10 cm apart; the middle of each sequence is for testing.
class CameraTest : public CliTest {
 protected:
  CameraTest() {
    const std::string header = "Visual Landmark Dataset V1\nImageFile, Camera Position [X Y Z W P Q R]\n\n";
    std::string train = header;
    std::string test = header;
    for (int i = 0; i < 20; ++i) {
      const std::string name = base::StrCat("seq", i < 10 ? 1 : 2, "/", i, ".png");
      (i % 10 == 5 ? test : train) += base::StrCat(name, " ", 0.1 * i, " 0 0 1 0 0 0\n");
      std::filesystem::create_directories(At("scene/seq1"));
      std::filesystem::create_directories(At("scene/seq2"));
      Image("scene/" + name, 32, 24);
    }
    File("scene/dataset_train.txt", train);
    File("scene/dataset_test.txt", test);
  }

  [[nodiscard]] CommandResult Inspect(const std::vector<std::string>& arguments) const {
    return Camera("inspect", arguments);
  }
  [[nodiscard]] CommandResult Score(const std::vector<std::string>& arguments) const {
    return Camera("score", arguments);
  }

 private:
  static CommandResult Camera(const char* command, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"camera", command});
    return RunCommand(arguments);
  }
};

TEST_F(CameraTest, InspectDescribesAScene) {
  const CommandResult result = Inspect({At("scene")});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("cambridge"), HasSubstr("20: 18 for training, 2 for testing"),
                    HasSubstr("median 0.100 m, 0.00 deg"), HasSubstr("100.0 % of test views"),
                    HasSubstr("oracle retrieval  2       0        0.100 m, 0.00 deg"), Not(HasSubstr("warning"))));
}

TEST_F(CameraTest, InspectPrintsJson) {
  const CommandResult result = Inspect({At("scene"), "--json"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  const nlohmann::json json = nlohmann::json::parse(result.out);
  EXPECT_EQ(json["frames"]["train"], 18);
  EXPECT_EQ(json["units"], "meters");
  EXPECT_NEAR(json["oracle_retrieval"]["median"]["position"].get<double>(), 0.1, 1e-9);
  EXPECT_TRUE(json["warnings"].empty());
}

TEST_F(CameraTest, InspectReportsMissingAndDamagedPhotos) {
  std::filesystem::remove(At("scene/seq1/3.png"));
  CommandResult result = Inspect({At("scene")});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.out, AllOf(HasSubstr("warning: 1 of 20 photos cannot be read"), HasSubstr("dataset_train.txt:7"),
                                HasSubstr("seq1/3.png does not exist")));
  File("scene/seq1/3.png", "not an image");
  EXPECT_EQ(Inspect({At("scene")}).exit_status, 0);
  result = Inspect({At("scene"), "--check-photos"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.out, HasSubstr("seq1/3.png: is not an image"));
}

TEST_F(CameraTest, InspectHoldsOutBlocks) {
  std::filesystem::remove(At("scene/dataset_test.txt"));
  const CommandResult result = Inspect({At("scene"), "--holdout", "0.25"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("(held out)"), HasSubstr("note: the data has no test split: held out 4 of 18")));
}

TEST_F(CameraTest, ReportsTheLineOfADamagedScene) {
  for (const auto& [line, message] : std::vector<std::pair<std::string, std::string>>{
           {"seq1/0.png 0 0 0 0 0 0 0", "dataset_test.txt:4: expected a unit quaternion, got one of length 0"},
           {"seq1/0.png 0 nan 0 1 0 0 0", "dataset_test.txt:4: expected a finite number, got 'nan'"},
           {"seq1/0.png 0 0 0 1 0 0 0", "dataset_test.txt:4: 'seq1/0.png' is listed twice"},
           {"seq1/0.png 0 0 0 1 0 0 0 0 0 0 0", "dataset_test.txt:4: expected 8 fields"},
           {"", "dataset_test.txt: expected lines"}}) {
    File("scene/dataset_test.txt",
         "Visual Landmark Dataset V1\nImageFile, Camera Position [X Y Z W P Q R]\n\n" + line + "\n");
    const CommandResult result = Inspect({At("scene")});
    EXPECT_EQ(result.exit_status, 1) << line;
    EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr(message)));
    EXPECT_THAT(result.out, IsEmpty());
  }
}

TEST_F(CameraTest, RejectsWrongCommandLines) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"camera"}, "expected a command"},
      {{"camera", "inspect"}, "DATA is required"},
      {{"camera", "inspect", At("nowhere")}, "nowhere: no such file or folder"},
      {{"camera", "inspect", At("scene/seq1")}, "not a scene; expected 7-Scenes"},
      {{"camera", "inspect", At("scene"), "--format", "jpeg"}, "expected 7scenes, cambridge"},
      {{"camera", "inspect", At("scene"), "--holdout", "1"}, "expected a share of the frames"},
      {{"camera", "inspect", At("scene"), "--holdout", "0.3"}, "has a test split; a holdout share"},
      {{"camera", "score", At("scene")}, "ESTIMATES is required"},
      {{"camera", "score", At("scene"), At("none.txt")}, "none.txt: cannot open"},
  };
  for (const auto& [arguments, message] : cases) {
    const CommandResult result = RunCommand(arguments);
    EXPECT_EQ(result.exit_status, 2) << message;
    EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr(message)));
    EXPECT_THAT(result.out, IsEmpty());
  }
}

TEST_F(CameraTest, ScoreComparesWithTheTestFramesOfAScene) {
  // World to camera: the translation is minus the center. One frame has an estimate 2 cm off, the other none.
  const std::string estimates = File("estimates.txt", "seq1/5.png 1 0 0 0 -0.52 0 0\nseq9/1.png 1 0 0 0 0 0 0\n");
  const CommandResult result = Score({At("scene"), estimates});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("estimates.txt     2       1        -, -"), HasSubstr("constant pose"),
                    HasSubstr("oracle retrieval"), HasSubstr("50.0 %"), HasSubstr("by sequence"),
                    HasSubstr("note: 1 of 2 estimates match no frame of the ground truth; the first is 'seq9/1.png'")));
  const nlohmann::json json = nlohmann::json::parse(Score({At("scene"), estimates, "--json"}).out);
  EXPECT_EQ(json["missing"], 1);
  EXPECT_TRUE(json["median"]["position"].is_null());
  EXPECT_NEAR(json["mean"]["position"].get<double>(), 0.02, 1e-9);
  EXPECT_NEAR(json["sequences"]["seq1"]["median"]["position"].get<double>(), 0.02, 1e-9);
  EXPECT_NEAR(json["within"]["5 cm, 5 deg"].get<double>(), 0.5, 1e-9);
}

TEST_F(CameraTest, ScoreUsesAllFramesOfASceneWithoutASplit) {
  std::filesystem::remove(At("scene/dataset_test.txt"));
  const std::string estimates = File("estimates.txt", "seq1/3.png 1 0 0 0 -0.3 0 0\n");
  const CommandResult result = Score({At("scene"), estimates});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("note: the scene has no test split: all of its frames are used"),
                                HasSubstr("18      17")));
  EXPECT_THAT(Score({At("scene"), estimates, "--holdout", "0.25"}).out, HasSubstr("oracle retrieval"));
}

TEST_F(CameraTest, ScoreReportsDamagedEstimates) {
  const std::string truth = File("truth.txt", "a.png 1 0 0 0 0 0 0\nb.png 1 0 0 0 0 0 0\n");
  for (const auto& [content, message] : std::vector<std::pair<std::string, std::string>>{
           {"a.png 1 0 0\n", "e.txt:1: expected 'name qw qx qy qz tx ty tz', got 4 fields"},
           {"a.png 0 0 0 0 0 0 0\n", "e.txt:1: expected a unit quaternion"},
           {"a.png 1 0 0 0 0 inf 0\n", "e.txt:1: expected a finite number, got 'inf'"},
           {"a.png 1 0 0 0 0 0 0\na.png 1 0 0 0 0 0 0\n", "e.txt:2: a second pose of 'a.png'"},
           {"c.png 1 0 0 0 0 0 0\n", "none of 1 matches a frame"},
           {"", "found none"}}) {
    const CommandResult result = Score({truth, File("e.txt", content)});
    EXPECT_EQ(result.exit_status, 1) << content;
    EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr(message)));
    EXPECT_THAT(result.out, IsEmpty());
  }
}

TEST_F(CameraTest, WritesReportsAsOnePageWithPhotos) {
  const std::string estimates = File("estimates<b>.txt", "seq1/5.png 1 0 0 0 -0.52 0 0\n");
  EXPECT_EQ(Inspect({At("scene"), "--report", At("inspection")}).exit_status, 0);
  EXPECT_EQ(Score({At("scene"), estimates, "--report", At("score")}).exit_status, 0);
  const std::string inspection = ReadText(At("inspection/index.html"));
  EXPECT_THAT(inspection,
              AllOf(HasSubstr("<svg"), HasSubstr("data:image/jpeg;base64,"), HasSubstr("oracle retrieval")));
  const std::string score = ReadText(At("score/index.html"));
  EXPECT_THAT(score, AllOf(HasSubstr("<svg"), HasSubstr("estimates&lt;b&gt;.txt"),
                           HasSubstr("seq2/15.png: no estimate"), Not(HasSubstr("estimates<b>"))));
  const CommandResult blocked = Inspect({At("scene"), "--report", estimates});
  EXPECT_EQ(blocked.exit_status, 1);
  EXPECT_THAT(blocked.err, IsOneMessage());
  EXPECT_THAT(blocked.out, IsEmpty());
}

TEST_F(CameraTest, SynthRendersAValidScene) {
  const CommandResult result =
      RunCommand({"camera", "synth", "--output", At("room"), "--frames", "12", "--size", "48x36", "--seed", "3"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("12 photos of 48x36 pixels"));
  const CommandResult inspected = Inspect({At("room"), "--check-photos"});
  EXPECT_EQ(inspected.exit_status, 0) << inspected.err;
  EXPECT_THAT(inspected.out, AllOf(HasSubstr("7scenes"), HasSubstr("12: 10 for training, 2 for testing"),
                                   HasSubstr("1 camera, 48x36 pixels, focal length 39.4 px")));
  // Ground truth scored against itself.
  EXPECT_THAT(Score({At("room"), At("room")}).out, HasSubstr("0.000 m, 0.00 deg"));

  const CommandResult again = RunCommand({"camera", "synth", "--output", At("room")});
  EXPECT_EQ(again.exit_status, 2);
  EXPECT_THAT(again.err, AllOf(IsOneMessage(), HasSubstr("exists already")));
}

TEST_F(CameraTest, SynthLeavesNoFilesAfterAFailure) {
  File("photos/a.png", "not an image");
  const CommandResult result = RunCommand({"camera", "synth", "--output", At("room"), "--photos", At("photos")});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("a.png: is not an image")));
  EXPECT_THAT(Files(), ::testing::UnorderedElementsAre("photos", "scene"));
  EXPECT_EQ(RunCommand({"camera", "synth", "--output", At("no/such/room")}).exit_status, 1);
}

TEST_F(CameraTest, ReportsAFullDiskUnderStandardOutput) {
  const CommandResult result =
      RunCommand({"camera", "inspect", At("scene")}, {.standard_output = StandardOutput::kFullDisk});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, HasSubstr("No space left"));
}

}  // namespace
}  // namespace posenet::cli
