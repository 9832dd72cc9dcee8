// SPDX-License-Identifier: Apache-2.0
// posenet model quantize, --precision, --isa and posenet bench.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/testing/matchers.h"
#include "cli_fixture.h"
#include "human/testing/movenet_maps.h"
#include "model/model_file.h"
#include "posenet/human.h"
#include "posenet/runtime.h"

namespace posenet::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class PrecisionTest : public CliTest {
 protected:
  [[nodiscard]] CommandResult Quantize(std::vector<std::string> arguments) const {
    const std::vector<std::string> before = {"model", "quantize", model_, "--size", "65"};
    arguments.insert(arguments.begin(), before.begin(), before.end());
    return RunCommand(arguments);
  }
};

TEST_F(PrecisionTest, FindsAnInt8ModelBesideItsSource) {
  const std::string image = Image("a.png");
  const CommandResult made = Quantize({"--images", image, "--output", At("tiny-int8.safetensors")});
  ASSERT_EQ(made.exit_status, 0) << made.err;
  EXPECT_THAT(made.out, AllOf(HasSubstr("LAYER"), HasSubstr("heatmap           int8"),
                              HasSubstr("RMS error of offset: "), HasSubstr("tiny-int8, ")));
  EXPECT_EQ(RunCommand({"model", "verify", At("tiny-int8.safetensors")}).exit_status, 0);
  EXPECT_THAT(RunCommand({"model", "info", At("tiny-int8.safetensors")}).out,
              AllOf(HasSubstr("quantized on 1 images"), HasSubstr("int8")));

  const CommandResult floats = Estimate({image, "--precision", "fp32"});
  const CommandResult whole = Estimate({image, "--precision", "int8"});
  ASSERT_EQ(whole.exit_status, 0) << whole.err;
  EXPECT_EQ(JsonLines(floats.out)[0]["poses"].size(), JsonLines(whole.out)[0]["poses"].size());
  EXPECT_EQ(Estimate({image, "--precision", "auto"}).exit_status, 0);
  const CommandResult emulated = Estimate({image, "--precision", "bf16", "--isa", SupportedInstructionSets().back()});
  EXPECT_EQ(emulated.exit_status, 0);
  EXPECT_THAT(emulated.err, HasSubstr("it is emulated, which is slower than fp32"));
}

TEST_F(PrecisionTest, RunsTheFastestVariantByDefault) {
  const std::string image = Image("a.png");
  EXPECT_THAT(Estimate({image, "--verbose"}).err, HasSubstr("tiny.safetensors: precision fp32"));
  ASSERT_EQ(Quantize({"--images", image, "--output", At("tiny-int8.safetensors")}).exit_status, 0);
  const std::string info = RunCommand({"model", "info", model_}).out;
  const bool is_int8_fast = info.find("auto uses tiny-int8.safetensors") != std::string::npos;
  const std::string expected =
      is_int8_fast ? "tiny-int8.safetensors: precision int8" : "tiny.safetensors: precision fp32";
  EXPECT_THAT(Estimate({image, "--verbose"}).err, HasSubstr(expected));
  EXPECT_THAT(Estimate({image, "--verbose", "--precision", "auto"}).err, HasSubstr(expected));
  EXPECT_THAT(Estimate({image, "--verbose", "--precision", "fp32"}).err, HasSubstr("tiny.safetensors: precision fp32"));
  EXPECT_THAT(Estimate({image}).err, IsEmpty());
}

TEST_F(PrecisionTest, PresetOfTensorFlowJsRunsFp32) {
  const std::string image = Image("a.png");
  ASSERT_EQ(Quantize({"--images", image, "--output", At("tiny-int8.safetensors")}).exit_status, 0);
  const CommandResult result = Estimate({image, "--preset", "tfjs", "--verbose"});
  EXPECT_EQ(result.exit_status, 0) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("tiny.safetensors: precision fp32"), HasSubstr("decoder tfjs, ")));
  EXPECT_EQ(result.out, Estimate({image, "--decoder", "tfjs", "--max-poses", "5", "--score-threshold", "0.5",
                                  "--nms-radius", "20", "--precision", "fp32"})
                            .out);
  const CommandResult contradiction = Estimate({image, "--preset", "tfjs", "--precision", "int8"});
  EXPECT_EQ(contradiction.exit_status, 2);
  EXPECT_THAT(contradiction.err, AllOf(IsOneMessage(), HasSubstr("--precision int8 contradicts --preset tfjs")));
  const CommandResult refined = Estimate({image, "--preset", "tfjs", "--refine", "lightning"});
  EXPECT_EQ(refined.exit_status, 2);
  EXPECT_THAT(refined.err, AllOf(IsOneMessage(), HasSubstr("--refine and --proposals contradict --preset tfjs")));
  const CommandResult unknown = Estimate({image, "--preset", "coral"});
  EXPECT_EQ(unknown.exit_status, 2);
  EXPECT_THAT(unknown.err, HasSubstr("--preset: expected tfjs, got 'coral'"));
}

TEST_F(PrecisionTest, PresetOfTensorFlowJsNamesItsModel) {
  // Whether the model exists or not, its name is printed.
  const CommandResult result =
      RunCommand({"human", "estimate", Image("a.png"), "--size", "65", "--preset", "tfjs", "--verbose"});
  EXPECT_THAT(result.err, HasSubstr("mobilenet100-tfjs"));
}

TEST_F(PrecisionTest, FindsABFloat16ModelBesideItsSource) {
  const std::string image = Image("a.png");
  const CommandResult made = Quantize({"--images", image, "--to", "bf16", "--output", At("tiny-bf16.safetensors")});
  ASSERT_EQ(made.exit_status, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr("heatmap           bfloat16"));
  EXPECT_THAT(RunCommand({"model", "info", At("tiny-bf16.safetensors")}).out, HasSubstr("bf16 weights in"));
  EXPECT_EQ(Estimate({image, "--precision", "bf16"}).exit_status, 0);
  EXPECT_EQ(RunCommand({"human", "estimate", image, "--model", At("tiny-bf16.safetensors"), "--size", "65",
                        "--precision", "auto"})
                .exit_status,
            0);

  const CommandResult other = Quantize({"--images", image, "--to", "fp8", "--output", At("x.safetensors")});
  EXPECT_EQ(other.exit_status, 2);
  EXPECT_THAT(other.err, HasSubstr("expected int8 or bf16, got 'fp8'"));
}

TEST_F(PrecisionTest, QuantizingIsReproducible) {
  const std::string image = Image("a.png");
  for (const char* name : {"x.safetensors", "y.safetensors"}) {
    ASSERT_EQ(Quantize({"--images", image, "--name", "q", "--output", At(name)}).exit_status, 0);
  }
  EXPECT_EQ(ReadText(At("x.safetensors")), ReadText(At("y.safetensors")));
}

TEST_F(PrecisionTest, RejectsInt8WithoutAModelForIt) {
  const CommandResult result = Estimate({Image("a.png"), "--precision", "int8"});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("tiny.safetensors: has no int8 weights"),
                                HasSubstr("posenet model quantize")));
}

TEST_F(PrecisionTest, RejectsAnInt8ModelForOtherPrecisions) {
  const std::string image = Image("a.png");
  const std::string quantized = At("q.safetensors");
  ASSERT_EQ(Quantize({"--images", image, "--output", quantized}).exit_status, 0);
  const CommandResult result = RunCommand({"human", "estimate", image, "--model", quantized, "--precision", "fp32"});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("has int8 weights; use the precision int8")));
  const CommandResult twice =
      RunCommand({"model", "quantize", quantized, "--images", image, "--output", At("z.safetensors")});
  EXPECT_EQ(twice.exit_status, 2);
  EXPECT_THAT(twice.err, HasSubstr("already quantized"));
}

TEST_F(PrecisionTest, RunsAGivenModelInItsOwnPrecision) {
  const std::string image = Image("a.png");
  for (const char* const type : {"int8", "bf16"}) {
    const std::string quantized = At(std::string("any-name-") + type + ".safetensors");
    ASSERT_EQ(Quantize({"--images", image, "--to", type, "--output", quantized}).exit_status, 0);
    const CommandResult result = RunCommand({"human", "estimate", image, "--model", quantized, "--size", "65"});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    EXPECT_THAT(result.err, IsEmpty());
    const CommandResult bench =
        RunCommand({"bench", "--model", quantized, "--size", "65", "--threads", "1", "--rounds", "1", "--json"});
    EXPECT_EQ(bench.exit_status, 0) << bench.err;
  }
}

// A MoveNet is calibrated at its own size, and its layers have several precisions.
TEST_F(PrecisionTest, QuantizesAMoveNet) {
  const std::string image = Image("a.png");
  const std::string movenet = At("movenet.safetensors");
  ASSERT_THAT(model::WriteModelFile(movenet, human::StandingMoveNet()), base::Succeeds());
  const std::string quantized = At("movenet-int8.safetensors");
  const CommandResult made = RunCommand({"model", "quantize", movenet, "--images", image, "--output", quantized});
  ASSERT_EQ(made.exit_status, 0) << made.err;
  EXPECT_EQ(RunCommand({"model", "verify", quantized}).exit_status, 0);
  const CommandResult found =
      RunCommand({"human", "estimate", image, "--model", movenet, "--precision", "int8", "--verbose"});
  EXPECT_EQ(found.exit_status, 0) << found.err;
  EXPECT_THAT(found.err, HasSubstr("movenet-int8.safetensors: precision int8"));
  const CommandResult refined = Estimate({image, "--refine", movenet, "--precision", "auto", "--verbose"});
  EXPECT_EQ(refined.exit_status, 0) << refined.err;
}

TEST_F(PrecisionTest, FindsVariantsByContentNotByName) {
  const std::string image = Image("a.png");
  ASSERT_EQ(Quantize({"--images", image, "--output", At("any-name.safetensors")}).exit_status, 0);
  EXPECT_EQ(Estimate({image, "--precision", "int8"}).exit_status, 0);
  // Named like a variant, but made from another model.
  WriteTinyModel(At("other.safetensors"), Sees::kNoPeople);
  std::filesystem::rename(At("any-name.safetensors"), At("other-int8.safetensors"));
  EXPECT_EQ(
      RunCommand({"human", "estimate", image, "--model", At("other.safetensors"), "--precision", "int8"}).exit_status,
      2);
}

TEST_F(PrecisionTest, ReportsBadCalibrationImages) {
  const CommandResult broken = Quantize({"--images", File("a.jpg", "not an image"), "--output", At("q.safetensors")});
  EXPECT_EQ(broken.exit_status, 1);
  EXPECT_THAT(broken.err, AllOf(IsOneMessage(), HasSubstr("a.jpg")));
  const CommandResult missing = Quantize({"--images", At("none.jpg"), "--output", At("q.safetensors")});
  EXPECT_EQ(missing.exit_status, 1);
  EXPECT_THAT(Files(), ::testing::ElementsAre("a.jpg"));
}

TEST_F(PrecisionTest, NeverOverwritesTheSource) {
  const std::string before = ReadText(model_);
  EXPECT_EQ(Quantize({"--images", Image("a.png"), "--output", model_}).exit_status, 2);
  EXPECT_EQ(ReadText(model_), before);
}

TEST_F(PrecisionTest, RejectsUnknownNames) {
  const std::string image = Image("a.png");
  const CommandResult precision = Estimate({image, "--precision", "fp64"});
  EXPECT_EQ(precision.exit_status, 2);
  EXPECT_THAT(precision.err, HasSubstr("expected auto, fp32, bf16 or int8, got 'fp64'"));
  const CommandResult isa = Estimate({image, "--isa", "mmx"});
  EXPECT_EQ(isa.exit_status, 2);
  EXPECT_THAT(isa.err, HasSubstr("got 'mmx'"));
}

TEST_F(PrecisionTest, BenchMeasuresEveryCombination) {
  const CommandResult table = RunCommand({"bench", "--model", model_, "--size", "65", "--precision", "fp32",
                                          "--threads", "1", "--rounds", "3", "--layers", Image("a.png")});
  EXPECT_EQ(table.exit_status, 0) << table.err;
  EXPECT_THAT(table.out, AllOf(HasSubstr("MODEL  SIZE  PRECISION"), HasSubstr("conv0"),
                               HasSubstr("medians of 3 rounds"), HasSubstr("from a 64x48 image to poses")));
  const CommandResult json = RunCommand({"bench", "--model", model_, "--size", "33", "--size", "65", "--precision",
                                         "bf16", "--threads", "2", "--rounds", "2", "--json"});
  EXPECT_EQ(json.exit_status, 0) << json.err;
  const auto bench = nlohmann::json::parse(json.out);
  ASSERT_EQ(bench["results"].size(), 2U);
  EXPECT_EQ(bench["results"][1]["width"], 65);
  EXPECT_EQ(bench["results"][1]["precision"], "bf16");
  EXPECT_GT(bench["results"][1]["network"]["median_ms"], 0.0);
  EXPECT_EQ(RunCommand({"bench", "--model", model_, "--precision", "int8"}).exit_status, 2);
}

TEST_F(PrecisionTest, BenchHasThePresetOfTensorFlowJs) {
  ASSERT_EQ(Quantize({"--images", Image("a.png"), "--output", At("tiny-int8.safetensors")}).exit_status, 0);
  const std::vector<std::string> bench = {"bench", "--preset",  "tfjs", "--model",  model_, "--size",
                                          "65",    "--threads", "1",    "--rounds", "1",    "--json"};
  const CommandResult result = RunCommand(bench);
  ASSERT_EQ(result.exit_status, 0) << result.err;
  const auto json = nlohmann::json::parse(result.out);
  ASSERT_EQ(json["results"].size(), 1U);
  EXPECT_EQ(json["results"][0]["precision"], "fp32");
  std::vector<std::string> contradiction = bench;
  contradiction.insert(contradiction.end(), {"--precision", "int8"});
  EXPECT_EQ(RunCommand(contradiction).exit_status, 2);
}

TEST_F(PrecisionTest, BenchMeasuresWhatExistsByDefault) {
  const auto precisions = [&] {
    const CommandResult result =
        RunCommand({"bench", "--model", model_, "--size", "65", "--threads", "1", "--rounds", "1", "--json"});
    EXPECT_EQ(result.exit_status, 0) << result.err;
    const auto bench = nlohmann::json::parse(result.out);
    std::vector<std::string> names;
    for (const auto& entry : bench["results"]) names.push_back(entry["precision"]);
    return names;
  };
  EXPECT_THAT(precisions(), ::testing::ElementsAre("fp32"));
  ASSERT_EQ(Quantize({"--images", Image("a.png"), "--output", At("tiny-int8.safetensors")}).exit_status, 0);
  EXPECT_THAT(precisions(), ::testing::ElementsAre("fp32", "int8"));
}

}  // namespace
}  // namespace posenet::cli
