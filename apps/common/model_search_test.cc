// SPDX-License-Identifier: Apache-2.0
#include "common/model_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <string>

#include "base/testing/matchers.h"
#include "base/testing/temporary_folder.h"
#include "common/command_error.h"
#include "model/model_file.h"
#include "model/random_weights.h"
#include "nn/packed_network.h"
#include "posenet/runtime.h"

namespace posenet::app {
namespace {

namespace fs = std::filesystem;

using ::testing::AllOf;
using ::testing::HasSubstr;

// A folder with models of one layer.
class ModelSearchTest : public ::testing::Test {
 protected:
  fs::path WriteFloats(const std::string& name, const nn::Window& window = {}) const {
    nn::Network network;
    network.layers = {{"conv", {0}, nn::Conv2d{.window = window, .out_channels = 4, .weights = "w", .bias = ""}}};
    network.outputs = {{model::kHeatmapOutput, 1}};
    EXPECT_THAT(model::WriteModelFile(folder_.path() / name, *model::RandomModel(network, 7)), base::Succeeds());
    return folder_.path() / name;
  }

  // Writes a bfloat16 model made from that in `floats`.
  fs::path WriteBFloat16(const std::string& name, const fs::path& floats) const {
    static constexpr std::array<std::byte, 24> kZeros = {};
    model::LoadedModel quantized = *model::LoadModelFile(floats);
    quantized.quantized_from = model::ModelIdOf(quantized);
    quantized.weights["w"] = {.dtype = nn::DType::kBFloat16, .shape = {1, 1, 3, 4}, .bytes = kZeros};
    EXPECT_THAT(model::WriteModelFile(folder_.path() / name, quantized), base::Succeeds());
    return folder_.path() / name;
  }

  static fs::path Choose(const fs::path& given, Precision precision) {
    return ChooseVariant(LoadVariantOrThrow(given), precision, SupportedInstructionSets().back()).file;
  }

  base::TemporaryFolder folder_;
};

TEST(ModelFolder, IsOfThePrefixOfTheProgram) {
  for (const char* program : {"/usr/bin/posenet", "/usr/libexec/posenet/posenet-serve"}) {
    EXPECT_EQ(ModelFolderOf(program), "/usr/share/posenet/models") << program;
  }
  EXPECT_EQ(ModelFolderOf("/home/me/posenet/build/release/bin/posenet-serve"),
            "/home/me/posenet/build/release/share/posenet/models");
}

std::string MessageOf(const std::string& name_or_file) {
  try {
    ResolveModel(name_or_file);
  } catch (const CommandError& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::kUsage);
    return error.what();
  }
  return "";
}

TEST_F(ModelSearchTest, FindsModelsByNameInTheFirstFolder) {
  const fs::path first = WriteFloats("first.safetensors").parent_path();
  const base::TemporaryFolder other;
  other.Write("first.safetensors", "x");
  other.Write("second.safetensors", "x");
  other.Write("notes.txt", "x");
  const std::vector<NamedModel> models = FindModels({first, other.path(), "/no/such/folder"});
  ASSERT_EQ(models.size(), 2U);
  EXPECT_EQ(models[0].name, "first");
  EXPECT_EQ(models[0].file, first / "first.safetensors");
  EXPECT_EQ(models[1].name, "second");
}

TEST_F(ModelSearchTest, ResolvesFilesAndNames) {
  const fs::path file = WriteFloats("mine.safetensors");
  EXPECT_EQ(ResolveModel(file), file);
  ::setenv("POSENET_MODELS", folder_.path().c_str(), /*overwrite=*/1);
  EXPECT_EQ(ResolveModel("mine"), file);
  EXPECT_THAT(MessageOf("other"), AllOf(HasSubstr("no model named 'other'"), HasSubstr("mine")));
  ::unsetenv("POSENET_MODELS");
}

TEST_F(ModelSearchTest, ExplainsWhatToDoWithFilesOfOtherPrograms) {
  EXPECT_EQ(MessageOf("/no/such.safetensors"), "/no/such.safetensors: no such model file");
  EXPECT_EQ(MessageOf(folder_.path().native()),
            folder_.path().native() + ": is a folder; expected a model file (.safetensors)");
  const std::string tflite = folder_.Write("x.tflite", "x");
  EXPECT_EQ(MessageOf(tflite), tflite + ": is a TensorFlow Lite model; import it first: posenet model import " +
                                   tflite + " --output x.safetensors");
  EXPECT_THAT(MessageOf(folder_.Write("model.json", "{}")), HasSubstr("is a TensorFlow.js model"));
}

TEST_F(ModelSearchTest, ReportsDamagedFilesAsFailures) {
  try {
    LoadVariantOrThrow(folder_.Write("damaged.safetensors", "x"));
    FAIL();
  } catch (const CommandError& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::kFailure);
  }
}

TEST_F(ModelSearchTest, RejectsAFileWhoseNameMeansAnotherNetworkNow) {
  ::setenv("POSENET_MODELS", folder_.path().c_str(), /*overwrite=*/1);
  for (const char* const name : {"mobilenet100", "mobilenet100-int8", "mobilenet100-tfjs"}) {
    WriteFloats(std::string(name) + ".safetensors",
                {.kernel_height = 3, .kernel_width = 3, .dilation_height = 2, .padding = {}});
  }
  EXPECT_THAT(MessageOf("mobilenet100"), AllOf(HasSubstr("mobilenet100.safetensors: has TensorFlow.js' graph"),
                                               HasSubstr("is now mobilenet100-tfjs")));
  EXPECT_THAT(MessageOf("mobilenet100-int8"), HasSubstr("get the current mobilenet100-int8 with scripts/fetch-models"));
  EXPECT_EQ(MessageOf("mobilenet100-tfjs"), "");
  EXPECT_EQ(MessageOf(folder_.path() / "mobilenet100.safetensors"), "");
  WriteFloats("mobilenet100.safetensors", {.kernel_height = 3, .kernel_width = 3, .padding = {}});
  EXPECT_EQ(MessageOf("mobilenet100"), "");
  ::unsetenv("POSENET_MODELS");
}

TEST_F(ModelSearchTest, NamesTheSuccessorOfAFormerName) {
  EXPECT_EQ(MessageOf("mobilenet100-repaired"),
            "no model named 'mobilenet100-repaired'; it is now named 'mobilenet100'");
  EXPECT_THAT(MessageOf("mobilenet100-repaired-int8"), HasSubstr("it is now named 'mobilenet100-int8'"));
}

TEST_F(ModelSearchTest, NamesTheCommandThatFetchesAModelOnDemand) {
  ::setenv("POSENET_MODELS", WriteFloats("mine.safetensors").parent_path().c_str(), /*overwrite=*/1);
  EXPECT_EQ(MessageOf("movenet-lightning"),
            "no model named 'movenet-lightning'; get it with scripts/fetch-models movenet-lightning");
  EXPECT_EQ(
      MessageOf("movenet-thunder-int8"),
      "no model named 'movenet-thunder-int8'; expected a file or one of mine; 'scripts/fetch-models --list' names "
      "those to get");
  ::unsetenv("POSENET_MODELS");
}

TEST_F(ModelSearchTest, AutoKeepsAQuantizedModel) {
  const fs::path floats = WriteFloats("a.safetensors");
  const fs::path bfloat16 = WriteBFloat16("b.safetensors", floats);
  EXPECT_EQ(Choose(bfloat16, Precision::kAuto), bfloat16);
}

TEST_F(ModelSearchTest, ChoosesTheVariantOfAPrecision) {
  const fs::path floats = WriteFloats("a.safetensors");
  EXPECT_EQ(Choose(floats, Precision::kBFloat16), floats);
  const fs::path bfloat16 = WriteBFloat16("b.safetensors", floats);
  EXPECT_EQ(Choose(floats, Precision::kFloat32), floats);
  EXPECT_EQ(Choose(floats, Precision::kBFloat16), bfloat16);
  // The last instruction set, portable code, multiplies nothing faster than floats.
  EXPECT_EQ(Choose(floats, Precision::kAuto), floats);
}

TEST_F(ModelSearchTest, AutoChoosesBFloat16OnlyWhereItIsFasterThanFloats) {
  const fs::path floats = WriteFloats("a.safetensors");
  const fs::path bfloat16 = WriteBFloat16("b.safetensors", floats);
  const auto choose = [&](const nn::InstructionSetTraits& traits) {
    return ChooseVariant(LoadVariantOrThrow(floats), Precision::kAuto, traits).file;
  };
  EXPECT_EQ(choose({.has_bfloat16 = true, .is_bfloat16_fast = true}), bfloat16);
  EXPECT_EQ(choose({.has_bfloat16 = true, .is_bfloat16_fast = false, .has_int8 = true}), floats);
}

TEST_F(ModelSearchTest, RejectsInt8WithoutAnInt8Model) {
  const fs::path floats = WriteFloats("a.safetensors");
  try {
    Choose(floats, Precision::kInt8);
    FAIL();
  } catch (const CommandError& error) {
    EXPECT_EQ(error.exit_code(), ExitCode::kUsage);
    EXPECT_THAT(error.what(), AllOf(HasSubstr("has no int8 weights"), HasSubstr("posenet model quantize")));
  }
}

}  // namespace
}  // namespace posenet::app
