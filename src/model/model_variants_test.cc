// SPDX-License-Identifier: Apache-2.0
#include "model/model_variants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <string>

#include "base/file.h"
#include "base/testing/matchers.h"
#include "base/testing/temporary_folder.h"
#include "model/model_file.h"
#include "model/random_weights.h"

namespace posenet::model {
namespace {

namespace fs = std::filesystem;

using ::testing::ElementsAre;
using ::testing::IsEmpty;

nn::Network OneLayer() {
  nn::Network network;
  network.layers = {{"conv", {0}, nn::Conv2d{.window = {}, .out_channels = 4, .weights = "w", .bias = ""}}};
  network.outputs = {{kHeatmapOutput, 1}};
  return network;
}

// Files in one folder, with names that do not reveal their content.
class ModelVariants : public testing::Test {
 protected:
  // Writes a float model and returns it as it is in the file.
  LoadedModel WriteFloats(const std::string& name, std::uint32_t seed = 7, const std::string& source = "") {
    LoadedModel model = *RandomModel(OneLayer(), seed);
    model.spec.source = source;
    EXPECT_THAT(WriteModelFile(folder_ / name, model), base::Succeeds());
    return *LoadModelFile(folder_ / name);
  }

  // Writes what a quantizer might make of `floats`, with weights of `dtype`.
  void WriteQuantized(const std::string& name, const LoadedModel& floats, nn::DType dtype) {
    static constexpr std::array<std::byte, 24> kZeros = {};
    LoadedModel model = floats;
    model.quantized_from = ModelIdOf(floats);
    model.weights["w"] = {
        .dtype = dtype, .shape = {1, 1, 3, 4}, .bytes = std::span(kZeros).first(12 * nn::SizeOf(dtype))};
    if (dtype == nn::DType::kInt8) {
      static constexpr std::array<float, 4> kOnes = {1.0F, 1.0F, 1.0F, 1.0F};
      std::get<nn::Conv2d>(model.spec.network.layers[0].operation).weight_scales = "scales";
      model.weights["scales"] = {.dtype = nn::DType::kFloat32, .shape = {4}, .bytes = std::as_bytes(std::span(kOnes))};
    }
    EXPECT_THAT(WriteModelFile(folder_ / name, model), base::Succeeds());
  }

  // The other variants of the model in a file, as "NAME PRECISION".
  std::vector<std::string> OtherVariantsOf(const std::string& name) {
    const auto variant = LoadVariant(folder_ / name);
    EXPECT_THAT(variant, base::Succeeds());
    std::vector<std::string> names;
    for (const ModelVariant& other : FindOtherVariants(*variant)) {
      names.push_back(other.file.filename().string() + " " + std::string(NameOf(other.precision)));
      EXPECT_EQ(other.model.spec.network.layers.size(), 1U);
    }
    return names;
  }

  const base::TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
};

TEST_F(ModelVariants, AreFoundByContent) {
  const LoadedModel floats = WriteFloats("b.safetensors");
  WriteQuantized("a.safetensors", floats, nn::DType::kInt8);
  WriteQuantized("c-int8.safetensors", floats, nn::DType::kBFloat16);
  EXPECT_THAT(OtherVariantsOf("b.safetensors"), ElementsAre("a.safetensors int8", "c-int8.safetensors bf16"));
  EXPECT_THAT(OtherVariantsOf("a.safetensors"), ElementsAre("b.safetensors float", "c-int8.safetensors bf16"));
}

TEST_F(ModelVariants, OfOtherModelsAreIgnored) {
  const LoadedModel floats = WriteFloats("model.safetensors");
  // The name of a variant, but of a model with other weights, and of one that differs in its description alone.
  WriteQuantized("model-int8.safetensors", WriteFloats("other.safetensors", 8), nn::DType::kInt8);
  WriteQuantized("model-bf16.safetensors", WriteFloats("described.safetensors", 7, "elsewhere"), nn::DType::kBFloat16);
  EXPECT_THAT(OtherVariantsOf("model.safetensors"), IsEmpty());
}

TEST_F(ModelVariants, FilesThatAreNoModelsAreIgnored) {
  const LoadedModel floats = WriteFloats("model.safetensors");
  EXPECT_THAT(base::WriteFile(folder_ / "damaged.safetensors", std::string_view("{")), base::Succeeds());
  fs::create_directory(folder_ / "folder.safetensors");
  ASSERT_EQ(::mkfifo((folder_ / "pipe.safetensors").c_str(), 0600), 0);
  WriteQuantized("model.copy", floats, nn::DType::kInt8);
  EXPECT_THAT(OtherVariantsOf("model.safetensors"), IsEmpty());
}

TEST_F(ModelVariants, AreFoundInTheCurrentFolder) {
  WriteQuantized("int8.safetensors", WriteFloats("float.safetensors"), nn::DType::kInt8);
  const fs::path previous = fs::current_path();
  fs::current_path(folder_);
  const auto variant = LoadVariant("float.safetensors");
  const auto others = FindOtherVariants(*variant);
  fs::current_path(previous);
  ASSERT_EQ(others.size(), 1U);
  EXPECT_EQ(others[0].file, "int8.safetensors");
}

TEST_F(ModelVariants, OfAModelInMemoryAreUnknown) {
  LoadedModel model = *RandomModel(OneLayer(), 7);
  EXPECT_EQ(ModelIdOf(model), "");
  WriteFloats("model.safetensors");
  EXPECT_THAT(FindOtherVariants({.file = folder_ / "memory.safetensors", .model = std::move(model)}), IsEmpty());
}

TEST_F(ModelVariants, MissingFile) {
  EXPECT_THAT(LoadVariant(folder_ / "missing.safetensors"), base::FailsWith(ErrorCode::kNotFound, "missing"));
}

}  // namespace
}  // namespace posenet::model
