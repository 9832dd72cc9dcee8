// SPDX-License-Identifier: Apache-2.0
// MoveNet models, --refine, --proposals and --propose-every, with models that find the same in every image.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "camera/testing/camera_models.h"
#include "cli_fixture.h"
#include "model/model_file.h"

namespace posenet::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RefineTest : public CliTest {
 protected:
  RefineTest()
      : standing_(WriteTinyMoveNet(At("standing.safetensors"), TinyMoveNet::kStanding)),
        walking_(WriteTinyMoveNet(At("walking.safetensors"), TinyMoveNet::kWalking)),
        multipose_(WriteTinyMoveNet(At("multi.safetensors"), TinyMoveNet::kMultiPose)),
        image_(Image("a.png")) {}

  /// `posenet human estimate --model MODEL --threads 1 arguments... IMAGE`
  [[nodiscard]] CommandResult EstimateBy(const std::string& model, std::vector<std::string> arguments = {}) const {
    arguments.insert(arguments.begin(), {"human", "estimate", "--model", model, "--threads", "1"});
    arguments.push_back(image_);
    return RunCommand(arguments);
  }

  /// The poses that EstimateBy returns.
  [[nodiscard]] nlohmann::json PosesBy(const std::string& model, const std::vector<std::string>& arguments = {}) const {
    const CommandResult result = EstimateBy(model, arguments);
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return JsonLines(result.out).at(0).at("poses");
  }

  /// Expects that EstimateBy fails as for a wrong command line, with that message.
  void ExpectUsageError(const std::string& model, const std::vector<std::string>& arguments,
                        const std::string& message) const {
    const CommandResult result = EstimateBy(model, arguments);
    EXPECT_EQ(result.exit_status, 2) << result.out;
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr(message)));
  }

  static double NoseX(const nlohmann::json& pose) { return pose["keypoints"][0]["position"]["x"]; }

  std::string standing_;
  std::string walking_;
  std::string multipose_;
  std::string image_;
};

TEST_F(RefineTest, RunsMoveNetModelsAlone) {
  const nlohmann::json one = PosesBy(standing_);
  ASSERT_EQ(one.size(), 1U);
  EXPECT_NEAR(one[0]["score"], 0.953, 0.01);
  EXPECT_NEAR(NoseX(one[0]), 32.0, 4.0);
  EXPECT_EQ(PosesBy(standing_, {"--single"}), one);
  EXPECT_EQ(PosesBy(multipose_, {"--score-threshold", "0", "--max-poses", "3"}).size(), 3U);
  EXPECT_EQ(PosesBy(multipose_, {"--single"}).size(), 1U);
}

TEST_F(RefineTest, RefinesThePosesOfAnyModel) {
  // A pose of this MoveNet is where another run on the crop finds the person, or to the right of it.
  const nlohmann::json one = PosesBy(standing_);
  const nlohmann::json same = PosesBy(standing_, {"--refine", standing_});
  ASSERT_EQ(same.size(), 1U);
  EXPECT_NEAR(NoseX(same[0]), NoseX(one[0]), 1.0);
  EXPECT_EQ(same[0]["score"], 1.0);
  const nlohmann::json moved = PosesBy(standing_, {"--refine", walking_});
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_NEAR(NoseX(moved[0]), NoseX(one[0]) + 0.5, 0.1);
  EXPECT_FALSE(PosesBy(multipose_, {"--score-threshold", "0", "--refine", standing_}).empty());
  EXPECT_EQ(EstimateBy(model_, {"--refine", standing_, "--size", "65"}).exit_status, 0);
}

TEST_F(RefineTest, RefinesTheProposalsOfASecondModel) {
  // The first model finds nobody.
  const std::string blind = WriteTinyModel(At("blind.safetensors"), Sees::kNoPeople);
  EXPECT_TRUE(PosesBy(blind, {"--size", "65", "--refine", standing_}).empty());
  EXPECT_EQ(PosesBy(blind, {"--size", "65", "--refine", standing_, "--proposals", standing_}).size(), 1U);
  EXPECT_EQ(EstimateBy(blind, {"--size", "65", "--refine", standing_, "--proposals", multipose_}).exit_status, 0);
  // Both find the same person, who is returned once.
  EXPECT_EQ(PosesBy(standing_, {"--refine", standing_, "--proposals", standing_}).size(), 1U);
}

TEST_F(RefineTest, RejectsModelsThatCannotRefine) {
  ExpectUsageError(
      standing_, {"--refine", "multipose"},
      "--refine: expected lightning, thunder or a file of one, which estimate one person; got 'multipose'");
  for (const std::string& model : {multipose_, model_}) {
    ExpectUsageError(standing_, {"--refine", model}, model + ": model ");
    ExpectUsageError(standing_, {"--refine", model}, "cannot refine poses; expected MoveNet Lightning or Thunder");
  }
  const std::string camera = At("camera.safetensors");
  ASSERT_TRUE(model::WriteModelFile(camera, camera::MakeTestModel({})).has_value());
  for (const char* option : {"--refine", "--proposals"}) {
    std::vector<std::string> arguments = {option, camera};
    if (std::string(option) == "--proposals") arguments.insert(arguments.end(), {"--refine", standing_});
    ExpectUsageError(standing_, arguments, camera + ": ");
  }
}

TEST_F(RefineTest, RejectsMissingAndDamagedModels) {
  ExpectUsageError(standing_, {"--refine", "mobilenet"}, "no model named 'mobilenet'");
  ExpectUsageError(standing_, {"--refine", ""}, "--refine: expected a name or a file, got nothing");
  ExpectUsageError(standing_, {"--refine", At("none.safetensors")}, "no such model file");
  const std::string damaged = File("damaged.safetensors", "no model");
  const CommandResult result = EstimateBy(standing_, {"--refine", damaged});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr(damaged)));
}

TEST_F(RefineTest, RejectsOptionsWithoutEffect) {
  ExpectUsageError(standing_, {"--proposals", multipose_}, "--proposals has no effect without --refine");
  for (const auto& [option, value] :
       {std::pair("--max-poses", "2"), {"--score-threshold", "0.1"}, {"--nms-radius", "5"}}) {
    ExpectUsageError(standing_, {option, value},
                     standing_ + ": " + option + " has no effect: the model estimates one person");
    ExpectUsageError(model_, {option, value, "--single"}, std::string(option) + " has no effect with --single");
  }
  ExpectUsageError(multipose_, {"--nms-radius", "5"}, "--nms-radius has no effect: the model's decoder has none");
  ExpectUsageError(multipose_, {"--decoder", "hough"}, "omit the decoder");
  ExpectUsageError(standing_, {"--output-stride", "16"}, "output_stride is 16; expected 0 or 4");
  ExpectUsageError(standing_, {"--preset", "tfjs", "--refine", standing_}, "contradict --preset tfjs");
}

TEST_F(RefineTest, ServerRejectsProposeEveryWithoutRefine) {
  const CommandResult result = RunCommand({"serve", "--model", standing_, "--port", "0", "--propose-every", "3"});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("--propose-every has no effect without --refine")));
}

TEST_F(RefineTest, EvalNamesTheModels) {
  const std::string annotations =
      File("annotations.json", R"({"images": [{"id": 1, "file_name": "a.png", "width": 64, "height": 48}],
                                   "annotations": [], "categories": [{"id": 1, "name": "person"}]})");
  const CommandResult result =
      RunCommand({"human", "eval", "--annotations", annotations, "--images", folder_.path().native(), "--model",
                  standing_, "--refine", walking_, "--proposals", multipose_});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("refine " + walking_), HasSubstr("proposals " + multipose_)));
}

TEST_F(RefineTest, BenchRunsMoveNetAtItsOwnSize) {
  const CommandResult own =
      RunCommand({"bench", "--model", standing_, "--model", model_, "--threads", "1", "--rounds", "1", "--json"});
  ASSERT_EQ(own.exit_status, 0) << own.err;
  const nlohmann::json bench = nlohmann::json::parse(own.out);
  std::vector<int> widths;
  for (const nlohmann::json& entry : bench["results"]) widths.push_back(entry["width"]);
  EXPECT_THAT(widths, ::testing::ElementsAre(64, 257, 513));
  const CommandResult other =
      RunCommand({"bench", "--model", standing_, "--size", "100", "--threads", "1", "--rounds", "1", "--json"});
  ASSERT_EQ(other.exit_status, 0) << other.err;
  EXPECT_EQ(nlohmann::json::parse(other.out)["results"][0]["width"], 96);
}

}  // namespace
}  // namespace posenet::cli
