// SPDX-License-Identifier: Apache-2.0
// Imports TFLite models, compares them with the networks that they were written from, and damages them.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <random>
#include <vector>

#include "base/file.h"
#include "import/import.h"
#include "import/testing/models.h"
#include "import/testing/tflite_writer.h"
#include "model/mobilenet.h"
#include "model/resnet.h"

namespace posenet::importer {
namespace {

namespace fs = std::filesystem;

Result<model::LoadedModel> Import(const std::vector<std::byte>& bytes) {
  const base::TemporaryFolder folder;
  const fs::path path = folder.path() / "model.tflite";
  EXPECT_THAT(base::WriteFile(path, bytes), base::Succeeds());
  return ImportModel(path);
}

nn::Network SmallTfliteResNet() {
  return model::ResNetNetwork({.stem_channels = 8, .blocks = {{2, 4}, {2, 6}, {1, 8}}}, 8);
}

TEST(TfliteImportTest, ImportsMobileNets) {
  for (const auto& [multiplier, output_stride] : {std::pair(0.50F, 8), std::pair(0.75F, 16), std::pair(1.0F, 16)}) {
    const model::LoadedModel original = WithRandomWeights(model::MobileNetV1Network(multiplier, output_stride));
    for (const TfliteDilation dilation : {TfliteDilation::kAttribute, TfliteDilation::kSpaceToBatch}) {
      const auto imported = Import(ToTflite(original, {.dilation = dilation, .size = 257}));
      ASSERT_THAT(imported, base::Succeeds());
      ExpectSameMaps(original, *imported, 33, 0.0);
      EXPECT_EQ(imported->spec.output_stride, output_stride);
      EXPECT_FLOAT_EQ(imported->spec.input_scale, 1.0F / 127.5F);
      EXPECT_EQ(imported->spec.source, "model.tflite");
    }
  }
}

TEST(TfliteImportTest, ImportsResNets) {
  const model::LoadedModel original = WithRandomWeights(SmallTfliteResNet());
  for (const TfliteDilation dilation : {TfliteDilation::kAttribute, TfliteDilation::kSpaceToBatch}) {
    const auto imported = Import(ToTflite(original, {.dilation = dilation, .size = 65}));
    ASSERT_THAT(imported, base::Succeeds());
    ExpectSameMaps(original, *imported, 33, 0.0);
  }
}

TEST(TfliteImportTest, ReadsHalfPrecisionWeights) {
  const model::LoadedModel original = WithRandomWeights(SmallTfliteResNet());
  const auto imported = Import(ToTflite(original, {.storage = TfliteStorage::kFloat16}));
  ASSERT_THAT(imported, base::Succeeds());
  const std::vector<float> before = FloatsOf(original, "conv1/weights");
  const std::vector<float> after = FloatsOf(*imported, "conv1/weights");
  ASSERT_EQ(before.size(), after.size());
  double error = 0.0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    error = std::max(error, std::abs(static_cast<double>(before[i]) - static_cast<double>(after[i])));
  }
  EXPECT_GT(error, 0.0);
  EXPECT_LT(error, 1e-3);
}

TEST(TfliteImportTest, StripsTheSigmoidWhateverTheOutputIsCalled) {
  const auto imported = Import(
      ToTflite(WithRandomWeights(SmallTfliteResNet()), {.output_names = {{model::kHeatmapOutput, "float_heatmaps"}}}));
  ASSERT_THAT(imported, base::Succeeds());
  const auto& network = imported->spec.network;
  EXPECT_EQ(network.outputs[0].name, model::kHeatmapOutput);
  const auto& layer = network.layers[static_cast<std::size_t>(network.outputs[0].value) - 1];
  EXPECT_EQ(std::get<nn::Conv2d>(layer.operation).activation, nn::Activation::kNone);
}

TEST(TfliteImportTest, RefusesFloatLayersWithIntegerInputs) {
  EXPECT_THAT(Import(ToTflite(WithRandomWeights(SmallTfliteResNet()), {.input_type = tflite::TensorType::UINT8})),
              base::FailsWith(ErrorCode::kUnsupported, "its input is not an image"));
  EXPECT_THAT(Import(ToTflite(WithRandomWeights(SmallTfliteResNet()), {.input_type = tflite::TensorType::INT8})),
              base::FailsWith(ErrorCode::kUnsupported, "values of int8 or int16 are not supported"));
}

TEST(TfliteHostileTest, EveryPrefixFails) {
  const std::vector<std::byte> bytes = ToTflite(WithRandomWeights(SmallTfliteResNet()));
  for (std::size_t length = 0; length < bytes.size(); length += 1 + length / 8) {
    const std::vector<std::byte> prefix(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_FALSE(Import(prefix).has_value()) << length;
  }
}

TEST(TfliteHostileTest, ChangedBytesDoNotCrash) {
  const std::vector<std::byte> bytes = ToTflite(WithRandomWeights(SmallTfliteResNet()));
  std::mt19937 generator(5);
  int failures = 0;
  for (int round = 0; round < 1000; ++round) {
    std::vector<std::byte> changed = bytes;
    // Three quarters of the changes are near the front, where most tables are: flatbuffers are built back to front.
    for (int k = 0; k < 4; ++k) {
      const std::size_t range = k == 0 ? bytes.size() : bytes.size() / 8;
      changed[generator() % range] = static_cast<std::byte>(generator());
    }
    if (!Import(changed)) ++failures;
  }
  EXPECT_GT(failures, 50);
}

}  // namespace
}  // namespace posenet::importer
