// SPDX-License-Identifier: Apache-2.0
#include "model/model_file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>
#include <random>

#include "base/file.h"
#include "base/testing/temporary_folder.h"
#include "model/mobilenet.h"
#include "model/model_spec_json.h"
#include "model/random_weights.h"
#include "model/safetensors.h"
#include "model/sha256.h"
#include "model/testing/bytes.h"

namespace posenet::model {
namespace {

namespace fs = std::filesystem;

// A minimal network: two layers with 3 x 3 x 3 x 2 and 2 x 4 weights.
nn::Network SmallNetwork() {
  nn::Network network;
  network.layers = {{"conv", {0}, nn::Conv2d{{3, 3, 2, 2, 1, 1, {}}, 2, 1, "conv/w", "conv/b", nn::Activation::kRelu}},
                    {"head", {1}, nn::Conv2d{{}, 4, 1, "head/w", ""}}};
  network.outputs = {{kHeatmapOutput, 2}};
  return network;
}

class ModelFile : public testing::Test {
 protected:
  ModelFile() : model_(*RandomModel(SmallNetwork(), 7)) { path_ = folder_ / "model.safetensors"; }

  std::vector<std::byte> Written() {
    EXPECT_THAT(WriteModelFile(path_, model_), base::Succeeds());
    return *base::ReadFile(path_, 1 << 30);
  }

  const base::TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
  fs::path path_;
  LoadedModel model_;
};

TEST_F(ModelFile, ReadsBackEqual) {
  (void)Written();
  const auto loaded = LoadModelFile(path_);
  ASSERT_THAT(loaded, base::Succeeds());
  EXPECT_EQ(ModelSpecToJson(loaded->spec), ModelSpecToJson(model_.spec));
  ASSERT_EQ(loaded->weights.size(), model_.weights.size());
  for (const auto& [name, tensor] : model_.weights) {
    const nn::TensorView& read = loaded->weights.find(name)->second;
    EXPECT_EQ(read.shape, tensor.shape);
    ASSERT_EQ(read.bytes.size(), tensor.bytes.size());
    EXPECT_EQ(std::memcmp(read.bytes.data(), tensor.bytes.data(), tensor.bytes.size()), 0);
  }
}

TEST_F(ModelFile, LeavesOutTensorsThatNoLayerReads) {
  model_.weights["unused"] = model_.weights.begin()->second;
  (void)Written();
  EXPECT_EQ(LoadModelFile(path_)->weights.count("unused"), 0U);
}

TEST_F(ModelFile, IsReproducible) { EXPECT_EQ(Written(), Written()); }

TEST_F(ModelFile, CanReplaceTheFileThatItReads) {
  (void)Written();
  const auto loaded = LoadModelFile(path_);
  EXPECT_THAT(WriteModelFile(path_, *loaded), base::Succeeds());
  EXPECT_THAT(VerifyModelFile(path_), base::Succeeds());
}

TEST_F(ModelFile, VerifyReportsHashAndParameters) {
  const std::vector<std::byte> bytes = Written();
  const auto report = VerifyModelFile(path_);
  ASSERT_THAT(report, base::Succeeds());
  EXPECT_EQ(report->parameter_count, 3 * 3 * 3 * 2 + 2 + 2 * 4);
  EXPECT_EQ(report->sha256, Sha256Hex(ParseSafetensors(bytes)->data));
}

TEST_F(ModelFile, VerifyDetectsFlippedBitsOfTheData) {
  const std::vector<std::byte> good = Written();
  const std::size_t data_bytes = ParseSafetensors(good)->data.size();
  for (std::size_t i = good.size() - data_bytes; i < good.size(); i += 5) {
    std::vector<std::byte> damaged = good;
    damaged[i] ^= std::byte{0x10};
    ASSERT_THAT(base::WriteFile(path_, damaged), base::Succeeds());
    EXPECT_THAT(VerifyModelFile(path_), base::FailsWith(ErrorCode::kCorruptData, "SHA-256"));
  }
}

// Changes the metadata of a written file and writes it again.
class ModelFileMetadata : public ModelFile {
 protected:
  void Rewrite(const std::string& key, const std::string* value) {
    const std::vector<std::byte> bytes = Written();
    auto view = *ParseSafetensors(bytes);
    view.metadata.erase(key);
    if (value != nullptr) view.metadata[key] = *value;
    ASSERT_THAT(base::WriteFile(path_, SerializeSafetensors(view.metadata, view.tensors)), base::Succeeds());
  }
  void Remove(const std::string& key) { Rewrite(key, nullptr); }
  void Set(const std::string& key, const std::string& value) { Rewrite(key, &value); }
};

TEST_F(ModelFileMetadata, DistinguishesForeignFilesFromDamagedOnes) {
  Remove("posenet.format");
  EXPECT_THAT(LoadModelFile(path_), base::FailsWith(ErrorCode::kUnsupported, "without a PoseNet network"));
  Set("posenet.format", "2");
  EXPECT_THAT(LoadModelFile(path_), base::FailsWith(ErrorCode::kUnsupported, "has version \"2\""));
  Remove("posenet.model");
  EXPECT_THAT(LoadModelFile(path_), base::FailsWith(ErrorCode::kCorruptData, "\"posenet.model\" is missing"));
  Set("posenet.model", "{}");
  EXPECT_THAT(LoadModelFile(path_),
              base::FailsWith(ErrorCode::kCorruptData, "metadata \"posenet.model\": name: is missing"));
  Remove("posenet.sha256");
  EXPECT_THAT(LoadModelFile(path_), base::Succeeds());
  EXPECT_THAT(VerifyModelFile(path_), base::FailsWith(ErrorCode::kCorruptData, "\"posenet.sha256\" is missing"));
}

TEST_F(ModelFileMetadata, SpecAndWeightsMustAgree) {
  ModelSpec spec = model_.spec;
  spec.output_stride = 16;
  Set("posenet.model", ModelSpecToJson(spec));
  EXPECT_THAT(LoadModelFile(path_),
              base::FailsWith(ErrorCode::kCorruptData, "stated as 16, but that of the network is 2"));
  spec.output_stride = 0;
  Set("posenet.model", ModelSpecToJson(spec));
  EXPECT_THAT(LoadModelFile(path_), base::FailsWith(ErrorCode::kCorruptData, "stated as 0"));

  spec = model_.spec;
  std::get<nn::Conv2d>(spec.network.layers[0].operation).weights = "elsewhere";
  Set("posenet.model", ModelSpecToJson(spec));
  EXPECT_THAT(LoadModelFile(path_),
              base::FailsWith(ErrorCode::kCorruptData, "tensor elsewhere of layer conv: is missing"));

  spec = model_.spec;
  std::get<nn::Conv2d>(spec.network.layers[0].operation).groups = 2;
  Set("posenet.model", ModelSpecToJson(spec));
  EXPECT_THAT(LoadModelFile(path_), base::FailsWith(ErrorCode::kCorruptData, "layer conv: 3 input channels"));
}

TEST_F(ModelFile, MessagesNameTheFile) {
  EXPECT_THAT(LoadModelFile(path_), base::FailsWith(ErrorCode::kNotFound, "model.safetensors"));
  ASSERT_THAT(base::WriteFile(path_, std::string_view("not a model at all")), base::Succeeds());
  EXPECT_THAT(LoadModelFile(path_),
              base::FailsWith(ErrorCode::kCorruptData, "model.safetensors: is not a safetensors file"));
  EXPECT_THAT(VerifyModelFile(path_),
              base::FailsWith(ErrorCode::kCorruptData, "model.safetensors: is not a safetensors"));
  ASSERT_THAT(base::WriteFile(path_, std::string_view()), base::Succeeds());
  EXPECT_THAT(LoadModelFile(path_), base::FailsWith(ErrorCode::kCorruptData, "model.safetensors: is empty"));
  EXPECT_THAT(LoadModelFile(folder_), base::FailsWith(ErrorCode::kCorruptData, "not a regular file"));
}

TEST_F(ModelFile, NonFiniteWeightsDoNotVerify) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    const std::array<float, 2> bias = {0.0F, bad};
    model_.weights["conv/b"].bytes = std::as_bytes(std::span(bias));
    (void)Written();
    EXPECT_THAT(VerifyModelFile(path_), base::FailsWith(ErrorCode::kCorruptData, "tensor conv/b"));
  }
}

TEST_F(ModelFile, WindowsMustFitAImage) {
  nn::Network network = SmallNetwork();
  nn::Window& window = std::get<nn::Conv2d>(network.layers[1].operation).window;
  window.kernel_height = 300;
  window.padding.mode = nn::PaddingMode::kValid;
  model_ = *RandomModel(network, 7);
  (void)Written();
  EXPECT_THAT(VerifyModelFile(path_),
              base::FailsWith(ErrorCode::kCorruptData, "with an image of 257 x 257: layer head"));
}

TEST_F(ModelFile, ModelsThatCouldNotBeReadBackAreNotWritten) {
  model_.spec.input_scale = std::numeric_limits<float>::infinity();
  EXPECT_THAT(WriteModelFile(path_, model_), base::FailsWith(ErrorCode::kCorruptData, "cannot write the model"));
  model_ = *RandomModel(SmallNetwork(), 7);
  model_.weights.erase("conv/b");
  EXPECT_THAT(WriteModelFile(path_, model_), base::FailsWith(ErrorCode::kCorruptData, "tensor conv/b of layer conv"));
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(ModelFile, CannotBeWrittenToAMissingFolder) {
  EXPECT_THAT(WriteModelFile(folder_ / "none" / "model", model_), base::FailsWith(ErrorCode::kNotFound, "none/model"));
}

// Damaged files in bulk. Reads outside of the bytes are for the sanitizers to find; here, every result must be an error
// with a message, or a complete model.
void ExpectAnswer(const std::vector<std::byte>& bytes) {
  const auto model = Model::Parse(bytes);
  if (!model) {
    EXPECT_FALSE(model.error().message.empty());
    EXPECT_EQ(model.error().message.find_first_of("\n\r\033"), std::string::npos) << model.error().message;
  } else {
    EXPECT_GT(model->info().parameter_count, 0);
  }
}

TEST_F(ModelFile, EveryTruncationIsAnError) {
  const std::vector<std::byte> good = Written();
  for (std::size_t size = 0; size < good.size(); ++size) {
    const std::vector<std::byte> truncated(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_THAT(Model::Parse(truncated), base::FailsWith(ErrorCode::kCorruptData, "")) << size;
  }
}

TEST_F(ModelFile, SurvivesEveryFlippedBitOfTheHeader) {
  const std::vector<std::byte> good = Written();
  const std::size_t header_end = good.size() - ParseSafetensors(good)->data.size();
  for (std::size_t i = 0; i < header_end; ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::vector<std::byte> damaged = good;
      damaged[i] ^= static_cast<std::byte>(1U << bit);
      ExpectAnswer(damaged);
    }
  }
}

TEST_F(ModelFile, SurvivesRandomEditsOfTheHeader) {
  const std::vector<std::byte> good = Written();
  const std::size_t header_end = good.size() - ParseSafetensors(good)->data.size();
  constexpr std::string_view kPieces[] = {"0",    "-1",
                                          "1e9",  "4294967296",
                                          "\"",   "\\",
                                          "{",    "}",
                                          "[",    "]",
                                          ",",    "null",
                                          "[[",   "9223372036854775807",
                                          "\xff", std::string_view("\0", 1)};
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::vector<std::byte> damaged = good;
    for (auto edits = 1 + random() % 3; edits > 0; --edits) {
      const std::string_view piece = kPieces[random() % std::size(kPieces)];
      const std::size_t at = 8 + random() % (header_end - 8 - piece.size());
      std::memcpy(damaged.data() + at, piece.data(), piece.size());
    }
    ExpectAnswer(damaged);
  }
}

TEST_F(ModelFile, ModelInfoIsThatOfTheFile) {
  model_.spec.name = "small";
  const std::vector<std::byte> bytes = Written();
  const auto model = Model::Load(path_);
  ASSERT_THAT(model, base::Succeeds());
  const ModelInfo& info = model->info();
  EXPECT_EQ(info.name, "small");
  EXPECT_EQ(info.architecture, model_.spec.architecture);
  EXPECT_EQ(info.task, "human-pose");
  EXPECT_EQ(info.output_stride, 2);
  EXPECT_EQ(info.source, model_.spec.source);
  EXPECT_EQ(info.license, model_.spec.license);
  EXPECT_EQ(info.parameter_count, 64);
  EXPECT_EQ(info.layer_count, 2);
}

TEST_F(ModelFile, ParsedModelsKeepTheirBytes) {
  std::vector<std::byte> bytes = Written();
  const auto model = Model::Parse(bytes);
  ASSERT_THAT(model, base::Succeeds());
  std::fill(bytes.begin(), bytes.end(), std::byte{0xff});
  const auto bias = nn::ToFloat(LoadedModelOf(*model).weights.find("conv/b")->second);
  EXPECT_THAT(bias, base::Succeeds());
}

TEST_F(ModelFile, ParsesOwnedBytesWithoutACopy) {
  std::vector<std::byte> bytes = Written();
  const std::byte* const first = bytes.data();
  const std::byte* const last = first + bytes.size();
  const auto model = Model::Parse(std::move(bytes));
  ASSERT_THAT(model, base::Succeeds());
  const auto* const bias = LoadedModelOf(*model).weights.find("conv/b")->second.bytes.data();
  EXPECT_TRUE(first <= bias && bias < last);
}

TEST_F(ModelFile, MakeModelValidates) {
  EXPECT_EQ(MakeModel(model_)->info().parameter_count, 64);
  model_.spec.output_stride = 4;
  EXPECT_THAT(MakeModel(model_), base::FailsWith(ErrorCode::kCorruptData, "stated as 4"));
}

TEST_F(ModelFile, ModelsWithoutMapsHaveNoOutputStride) {
  model_.spec.network.layers.push_back({"mean", {2}, nn::GlobalAveragePool{}});
  model_.spec.network.outputs = {{"pose", 3}};
  model_.spec.task = "another";
  model_.spec.output_stride = 0;
  (void)Written();
  EXPECT_THAT(VerifyModelFile(path_), base::Succeeds());
  model_.spec.task = "human-pose";
  EXPECT_THAT(WriteModelFile(path_, model_), base::FailsWith(ErrorCode::kUnsupported, "no output stride"));
}

}  // namespace
}  // namespace posenet::model
