// SPDX-License-Identifier: Apache-2.0
// posenet camera localize and eval
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/strings.h"
#include "camera/testing/camera_models.h"
#include "cli_fixture.h"
#include "image/image.h"
#include "media/image_file.h"
#include "model/model_file.h"

namespace posenet::cli {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

// So large that the rotation is the bias for every photo.
constexpr float kFirm = 1e9F;

// Models whose position is the mean color of a photo, 0 to 1, and photos of one color.
class LocalizeTest : public CliTest {
 protected:
  LocalizeTest() : camera_(WriteModel("camera.safetensors", {.rotation_bias = {kFirm, 0, 0, 0}})) {}

  std::string WriteModel(const std::string& name, const camera::TestModelOptions& options) const {
    const Result<void> written = model::WriteModelFile(At(name), camera::MakeTestModel(options));
    if (!written.has_value()) throw std::runtime_error(written.error().message);
    return At(name);
  }

  std::string Plain(const std::string& name, int red, int green, int blue, int width_px = 16,
                    int height_px = 12) const {
    image::Image image = {.width_px = width_px, .height_px = height_px, .rgb = {}};
    for (int i = 0; i < width_px * height_px; ++i) {
      for (const int value : {red, green, blue}) image.rgb.push_back(static_cast<std::uint8_t>(value));
    }
    std::filesystem::create_directories(std::filesystem::path(At(name)).parent_path());
    const Result<void> written = media::WriteImageFile(At(name), image);
    if (!written.has_value()) throw std::runtime_error(written.error().message);
    return At(name);
  }

  // A scene in the Cambridge format, in which x and z of each camera are the red and blue of its photo. The model
  // localizes all of them exactly.
  void WriteScene() const {
    const std::string header = "Visual Landmark Dataset V1\nImageFile, Camera Position [X Y Z W P Q R]\n\n";
    std::string train = header;
    std::string test = header;
    for (int i = 0; i < 20; ++i) {
      const std::string name = base::StrCat("seq", i < 10 ? 1 : 2, "/", i, ".png");
      const int red = 10 * i;
      const std::string line = base::StrCat(name, " ", red / 255.0, " 0 ", (200 - red) / 255.0, " 1 0 0 0\n");
      (i % 10 == 5 || i % 10 == 6 ? test : train) += line;
      Plain("scene/" + name, red, 0, 200 - red);
    }
    File("scene/dataset_train.txt", train);
    File("scene/dataset_test.txt", test);
  }

  [[nodiscard]] CommandResult Localize(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"camera", "localize", "--threads", "1"});
    return RunCommand(arguments);
  }
  [[nodiscard]] CommandResult Eval(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"camera", "eval", At("scene"), "--threads", "1"});
    return RunCommand(arguments);
  }

  std::string camera_;
};

TEST_F(LocalizeTest, WritesThePoseOfAPhoto) {
  const std::string photo = Plain("a.png", 51, 102, 255);
  const CommandResult result = Localize({"--model", camera_, photo});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.err, IsEmpty());
  const auto lines = JsonLines(result.out);
  ASSERT_EQ(lines.size(), 1U);
  const nlohmann::json& json = lines[0];
  EXPECT_EQ(json["image"], photo);
  EXPECT_EQ(json["width"], 16);
  EXPECT_EQ(json["height"], 12);
  EXPECT_EQ(json["units"], "meters");
  EXPECT_NEAR(json["position"][0].get<double>(), 0.2, 1e-5);
  EXPECT_NEAR(json["position"][1].get<double>(), 0.4, 1e-5);
  EXPECT_NEAR(json["position"][2].get<double>(), 1.0, 1e-5);
  EXPECT_EQ(json["quaternion"], nlohmann::json({1, 0, 0, 0}));
  ASSERT_EQ(json["world_from_cam"].size(), 4U);
  EXPECT_NEAR(json["world_from_cam"][2][3].get<double>(), 1.0, 1e-5);
  EXPECT_EQ(json["world_from_cam"][3], nlohmann::json({0, 0, 0, 1}));
  EXPECT_GE(json["milliseconds"].get<double>(), 0.0);
  EXPECT_FALSE(json.contains("uncertainty"));
}

TEST_F(LocalizeTest, PrettyWritesTheSameJson) {
  const std::string photo = Plain("a.png", 51, 102, 255);
  const CommandResult result = Localize({"--model", camera_, "--pretty", photo});
  EXPECT_THAT(result.out, StartsWith("{\n  \"image\""));
  nlohmann::json pretty = nlohmann::json::parse(result.out);
  nlohmann::json line = JsonLines(Localize({"--model", camera_, photo}).out)[0];
  pretty.erase("milliseconds");
  line.erase("milliseconds");
  EXPECT_EQ(pretty, line);
}

TEST_F(LocalizeTest, ContinuesAfterAFailure) {
  File("photos/b.png", "not an image");
  Plain("photos/a.png", 255, 0, 0, 2, 2);
  Plain("photos/c.png", 0, 255, 0, 1, 30);
  const CommandResult result = Localize(
      {"--model", camera_, "--csv", At("out.csv"), "--poses", At("out.txt"), "--json", At("out.json"), At("photos")});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("b.png: is not an image")));
  const auto lines = JsonLines(ReadText(At("out.json")));
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_NEAR(lines[0]["position"][0].get<double>(), 1.0, 1e-5);
  EXPECT_THAT(lines[1]["error"].get<std::string>(), HasSubstr("is not an image"));
  EXPECT_NEAR(lines[2]["position"][1].get<double>(), 1.0, 1e-5);
  const std::string csv = ReadText(At("out.csv"));
  EXPECT_THAT(csv, StartsWith("image,width,height,x,y,z,qw,qx,qy,qz,position_std,rotation_std_deg,error\n"));
  EXPECT_THAT(csv, AllOf(HasSubstr("a.png,2,2,1,0,0,1,0,0,0"), HasSubstr("b.png,,,,,,,,,,,,\"is not an image")));
  // World to camera, without the photo that failed.
  const std::string poses = ReadText(At("out.txt"));
  EXPECT_EQ(std::count(poses.begin(), poses.end(), '\n'), 2);
  EXPECT_THAT(poses, AllOf(HasSubstr("a.png 1 "), HasSubstr(" -1"), Not(HasSubstr("b.png"))));
}

TEST_F(LocalizeTest, WritesUncertainty) {
  const std::string model = WriteModel("dropout.safetensors", {.rotation_bias = {kFirm, 0, 0, 0}, .dropout = 0.5F});
  const std::string photo = Plain("a.png", 0, 0, 102);
  const auto localize = [&](const std::string& seed) {
    const CommandResult result = Localize({"--model", model, "--uncertainty", "200", "--seed", seed, photo});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    nlohmann::json json = JsonLines(result.out)[0];
    json.erase("milliseconds");
    return json;
  };
  const nlohmann::json json = localize("7");
  EXPECT_NEAR(json["uncertainty"]["position"][2].get<double>(), 0.4, 0.04);
  EXPECT_NEAR(json["uncertainty"]["position_total"].get<double>(), 0.4, 0.04);
  EXPECT_NEAR(json["uncertainty"]["rotation_deg"].get<double>(), 0.0, 1e-3);
  EXPECT_EQ(localize("7"), json);
  EXPECT_NE(localize("8"), json);
}

TEST_F(LocalizeTest, AveragesDenseCrops) {
  const std::string model = WriteModel("crops.safetensors", {.crop_share = 0.5});
  const CommandResult result = Localize({"--model", model, "--dense", "12", Plain("a.png", 0, 0, 102)});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_NEAR(JsonLines(result.out)[0]["position"][2].get<double>(), 0.4, 1e-5);
}

TEST_F(LocalizeTest, RejectsWrongCommandLines) {
  const std::string photo = Plain("a.png", 0, 0, 0);
  const std::string spaced = Plain("a b.png", 0, 0, 0);
  WriteScene();
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"localize", photo}, "--model is required"},
      {{"localize", "--model", camera_}, "INPUT is required"},
      {{"localize", "--model", At("none.safetensors"), photo}, "none.safetensors"},
      {{"localize", "--model", model_, photo}, "is for human-pose; expected one for camera-pose"},
      {{"localize", "--model", camera_, "--dense", "9", photo}, "was trained on whole photos"},
      {{"localize", "--model", camera_, "--dense", "0", photo}, "expected a whole number from 1"},
      {{"localize", "--model", camera_, "--uncertainty", "40", photo}, "has no dropout"},
      {{"localize", "--model", camera_, "--uncertainty", "1", photo}, "expected a whole number from 2"},
      {{"localize", "--model", camera_, "--seed", "x", photo}, "expected a whole number, got 'x'"},
      {{"localize", "--model", camera_, "--poses", At("p.txt"), spaced}, "has a space in its name"},
      {{"localize", "--model", camera_, "--csv", At("o"), "--poses", At("o"), photo}, "two options write to this file"},
      {{"localize", "--model", camera_, "--csv", photo, photo}, "would be overwritten"},
      {{"eval", At("scene")}, "--model is required"},
      {{"eval", At("scene"), "--model", model_}, "is for human-pose"},
      {{"eval", At("scene"), "--model", camera_, "--log", At("l.csv")}, "--log has no effect without --report"},
      {{"eval", At("scene"), "--model", camera_, "--holdout", "0.3"}, "has a test split; a holdout share"},
      {{"eval", At("nowhere"), "--model", camera_}, "no such file or folder"},
  };
  for (auto [arguments, message] : cases) {
    arguments.insert(arguments.begin(), "camera");
    const CommandResult result = RunCommand(arguments);
    EXPECT_EQ(result.exit_status, 2) << message;
    EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr(message)));
    EXPECT_THAT(result.out, IsEmpty());
  }
}

TEST_F(LocalizeTest, EstimateRejectsCameraModels) {
  const CommandResult result = RunCommand({"human", "estimate", "--model", camera_, Plain("a.png", 0, 0, 0)});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("is for camera-pose; expected one for human-pose")));
}

TEST_F(LocalizeTest, ReportsDamagedModels) {
  File("damaged.safetensors", "no model");
  const CommandResult result = Localize({"--model", At("damaged.safetensors"), Plain("a.png", 0, 0, 0)});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, IsOneMessage());
}

TEST_F(LocalizeTest, EveryCommandRefusesADamagedCameraSection) {
  model::LoadedModel model = camera::MakeTestModel();
  camera::SetCameraSpec({.scale = -1.0}, model.spec);
  const std::string damaged = At("damaged.safetensors");
  ASSERT_TRUE(model::WriteModelFile(damaged, model).has_value());
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"model", "verify", damaged},
        {"model", "info", damaged},
        {"model", "export", damaged, "--output", At("damaged.onnx")},
        {"camera", "localize", "--model", damaged, Plain("a.png", 0, 0, 0)}}) {
    const CommandResult result = RunCommand(arguments);
    EXPECT_EQ(result.exit_status, 1) << arguments[1];
    EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("damaged.safetensors: camera.scale: expected a number")));
  }
}

TEST_F(LocalizeTest, EvalMeasuresTheModelAndTheBaselines) {
  WriteScene();
  const CommandResult result = Eval({"--model", camera_});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("camera.safetensors"), HasSubstr("0.000 m, 0.00 deg"),
                                HasSubstr("constant pose"), HasSubstr("feature retrieval"),
                                HasSubstr("oracle retrieval"), HasSubstr("by sequence"), HasSubstr("ms per photo")));
  const nlohmann::json json = nlohmann::json::parse(Eval({"--model", camera_, "--json"}).out);
  EXPECT_EQ(json["frames"], 4);
  EXPECT_EQ(json["missing"], 0);
  EXPECT_NEAR(json["median"]["position"].get<double>(), 0.0, 1e-5);
  // The nearest training photo is one step away: 10 of 255 in red and in blue.
  const double step = 0.0555;
  EXPECT_NEAR(json["baselines"]["feature retrieval"]["median"]["position"].get<double>(), step, 1e-3);
  EXPECT_NEAR(json["baselines"]["oracle retrieval"]["median"]["position"].get<double>(), step, 1e-3);
  EXPECT_TRUE(json["sequences"].contains("seq2"));
  EXPECT_EQ(json["model"]["scene"], "synthetic");
  EXPECT_FALSE(nlohmann::json::parse(Eval({"--model", camera_, "--json", "--no-retrieval"}).out)["baselines"].contains(
      "feature retrieval"));
}

TEST_F(LocalizeTest, EvalCountsFailures) {
  WriteScene();
  File("scene/seq1/5.png", "not an image");
  File("scene/seq2/11.png", "not an image");
  const CommandResult result = Eval({"--model", camera_, "--json", "--poses", At("poses.txt")});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, AllOf(HasSubstr("seq1/5.png: is not an image"), HasSubstr("seq2/11.png: is not an image")));
  EXPECT_EQ(nlohmann::json::parse(result.out)["missing"], 1);
  // Its output is the input of score.
  const CommandResult score = RunCommand({"camera", "score", At("scene"), At("poses.txt"), "--json"});
  EXPECT_EQ(score.exit_status, 0) << score.err;
  EXPECT_EQ(nlohmann::json::parse(score.out)["missing"], 1);
  EXPECT_NEAR(nlohmann::json::parse(score.out)["mean"]["position"].get<double>(), 0.0, 1e-5);
}

TEST_F(LocalizeTest, EvalLocalizesWindowsOfSequences) {
  WriteScene();
  const std::string model =
      WriteModel("sequence.safetensors", {.rotation_bias = {kFirm, 0, 0, 0}, .sequence_length = 3});
  const CommandResult result = Eval({"--model", model});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("of 3 consecutive photos"), HasSubstr("4       0        0.000 m, 0.00 deg")));
}

TEST_F(LocalizeTest, EvalWritesAReport) {
  WriteScene();
  const std::string model = WriteModel("sure.safetensors", {.rotation_bias = {kFirm, 0, 0, 0}, .dropout = 0.3F});
  File("sure.log.csv",
       "epoch,step,loss,s_x,s_q,validation_position,validation_rotation_deg\n"
       "1,10,2.5,0,-3,,\n1,20,1.5,-0.1,-3.1,0.4,8\n2,40,nan,-0.2,-3.2,0.3,6\n");
  const CommandResult result = Eval({"--model", model, "--uncertainty", "20", "--report", At("report")});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr(", 20 passes"), HasSubstr("rank correlation")));
  const std::string page = ReadText(At("report/index.html"));
  EXPECT_THAT(page, AllOf(HasSubstr(">Uncertainty<"), HasSubstr("Median position error on the validation set"),
                          HasSubstr("feature retrieval"), HasSubstr("Worst frames"),
                          HasSubstr("data:image/jpeg;base64,"), EndsWith("</html>\n")));

  File("other.csv", "epoch,loss\n1,2,3\n");
  const CommandResult damaged = Eval({"--model", model, "--report", At("report"), "--log", At("other.csv")});
  EXPECT_EQ(damaged.exit_status, 1);
  EXPECT_THAT(damaged.err, AllOf(IsOneMessage(), HasSubstr("other.csv:2: expected 2 cells, got 3")));
}

TEST_F(LocalizeTest, BenchMeasuresModelsAtTheirSize) {
  const CommandResult table =
      RunCommand({"bench", "--model", camera_, "--threads", "1", "--threads", "2", "--rounds", "2", "--layers"});
  EXPECT_EQ(table.exit_status, 0) << table.err;
  EXPECT_THAT(table.out, AllOf(HasSubstr("tiny-camera  8x6   fp32       1"),
                               HasSubstr("tiny-camera  8x6   fp32       2"), HasSubstr("features")));
}

}  // namespace
}  // namespace posenet::cli
