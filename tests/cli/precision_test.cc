// SPDX-License-Identifier: Apache-2.0
// posenet model quantize, --precision, --isa and posenet bench.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cli_fixture.h"
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

TEST_F(PrecisionTest, AQuantizedModelIsFoundBesideItsSource) {
  const std::string image = Image("a.png");
  const CommandResult made = Quantize({"--images", image, "--output", At("tiny-int8.safetensors")});
  ASSERT_EQ(made.exit_status, 0) << made.err;
  EXPECT_THAT(made.out, AllOf(HasSubstr("LAYER"), HasSubstr("heatmap           int8"),
                              HasSubstr("error of offset (root mean square): "), HasSubstr("tiny-int8, ")));
  EXPECT_EQ(RunCommand({"model", "verify", At("tiny-int8.safetensors")}).exit_status, 0);
  EXPECT_THAT(RunCommand({"model", "info", At("tiny-int8.safetensors")}).out,
              AllOf(HasSubstr("quantized on 1 images"), HasSubstr("int8")));

  const CommandResult floats = Estimate({image});
  const CommandResult whole = Estimate({image, "--precision", "int8"});
  ASSERT_EQ(whole.exit_status, 0) << whole.err;
  EXPECT_EQ(JsonLines(floats.out)[0]["poses"].size(), JsonLines(whole.out)[0]["poses"].size());
  EXPECT_EQ(Estimate({image, "--precision", "auto"}).exit_status, 0);
  const CommandResult emulated = Estimate({image, "--precision", "bf16", "--isa", SupportedInstructionSets().back()});
  EXPECT_EQ(emulated.exit_status, 0);
  EXPECT_THAT(emulated.err, HasSubstr("they are emulated, which is slower than fp32"));
}

TEST_F(PrecisionTest, ABFloat16ModelIsFoundBesideItsSource) {
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
  File("tiny-bf16.safetensors", "damaged");
  EXPECT_EQ(Estimate({image, "--precision", "bf16"}).exit_status, 1) << "the model beside it was not taken";
  EXPECT_EQ(Estimate({image}).exit_status, 0);

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

TEST_F(PrecisionTest, ThereIsNoInt8WithoutAModelForIt) {
  const CommandResult result = Estimate({Image("a.png"), "--precision", "int8"});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("no tiny-int8.safetensors beside it"),
                                HasSubstr("posenet model quantize")));
}

TEST_F(PrecisionTest, AnInt8ModelIsNoFloatModel) {
  const std::string image = Image("a.png");
  const std::string quantized = At("q.safetensors");
  ASSERT_EQ(Quantize({"--images", image, "--output", quantized}).exit_status, 0);
  const CommandResult result = RunCommand({"human", "estimate", image, "--model", quantized, "--precision", "fp32"});
  EXPECT_EQ(result.exit_status, 2);
  EXPECT_THAT(result.err, AllOf(IsOneMessage(), HasSubstr("has int8 weights; use the precision int8")));
  const CommandResult twice = RunCommand({"model", "quantize", quantized, "--images", image, "--output", At("z")});
  EXPECT_EQ(twice.exit_status, 2);
  EXPECT_THAT(twice.err, HasSubstr("quantized already"));
}

TEST_F(PrecisionTest, BadImagesForCalibration) {
  const CommandResult broken = Quantize({"--images", File("a.jpg", "not an image"), "--output", At("q.safetensors")});
  EXPECT_EQ(broken.exit_status, 1);
  EXPECT_THAT(broken.err, AllOf(IsOneMessage(), HasSubstr("a.jpg")));
  const CommandResult missing = Quantize({"--images", At("none.jpg"), "--output", At("q.safetensors")});
  EXPECT_EQ(missing.exit_status, 1);
  EXPECT_THAT(Files(), ::testing::ElementsAre("a.jpg"));
}

TEST_F(PrecisionTest, TheSourceIsNotOverwritten) {
  const std::string before = ReadText(model_);
  EXPECT_EQ(Quantize({"--images", Image("a.png"), "--output", model_}).exit_status, 2);
  EXPECT_EQ(ReadText(model_), before);
}

TEST_F(PrecisionTest, UnknownNames) {
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
                               HasSubstr("medians of 3 rounds"), HasSubstr("from 64x48 RGB to the answer")));
  const CommandResult json = RunCommand({"bench", "--model", model_, "--size", "33", "--size", "65", "--precision",
                                         "bf16", "--threads", "2", "--rounds", "2", "--json"});
  EXPECT_EQ(json.exit_status, 0) << json.err;
  const auto answer = nlohmann::json::parse(json.out);
  ASSERT_EQ(answer["results"].size(), 2U);
  EXPECT_EQ(answer["results"][1]["width"], 65);
  EXPECT_EQ(answer["results"][1]["precision"], "bf16");
  EXPECT_GT(answer["results"][1]["network"]["median_ms"], 0.0);
  EXPECT_EQ(RunCommand({"bench", "--model", model_, "--precision", "int8"}).exit_status, 2);
}

}  // namespace
}  // namespace posenet::cli
