// SPDX-License-Identifier: Apache-2.0
// Pretrained weights of other frameworks: names, layouts, batch normalization, input channels.
#include "import/pretrained.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "base/testing/matchers.h"
#include "base/testing/temporary_folder.h"
#include "import/pretrained_file.h"
#include "import/testing/caffe_writer.h"
#include "import/testing/models.h"
#include "import/testing/torch_writer.h"
#include "model/backbone.h"
#include "model/model_file.h"
#include "model/network_builder.h"
#include "model/network_weights.h"
#include "model/safetensors.h"

namespace posenet::importer {
namespace {

using Floats = std::vector<float>;

// Two convolutions on an image: `first` makes 2 channels of windows of 2 x 2, `second` 3 of single cells.
nn::Network TwoConvs(const std::string& first, const std::string& second) {
  model::NetworkBuilder builder(3);
  const int value = builder.Conv(first, 0, {.kernel = 2, .out_channels = 2});
  builder.Output("out", builder.Conv(second, value, {.kernel = 1, .out_channels = 3}));
  return std::move(builder).Build();
}

Floats Counting(std::size_t count, float start) {
  Floats numbers(count);
  for (std::size_t i = 0; i < count; ++i) numbers[i] = start + static_cast<float>(i);
  return numbers;
}

// The tensors of a convolution and its batch normalization, as PyTorch calls them.
std::vector<TestTensor> TorchConv(const std::string& weights, const std::string& norm, std::int64_t in,
                                  std::int64_t out, std::int64_t kernel) {
  const auto channels = static_cast<std::size_t>(out);
  return {{weights, {out, in, kernel, kernel}, Counting(static_cast<std::size_t>(out * in * kernel * kernel), 1)},
          {norm + ".weight", {out}, Counting(channels, 2)},
          {norm + ".bias", {out}, Counting(channels, -1)},
          {norm + ".running_mean", {out}, Counting(channels, 0.5F)},
          {norm + ".running_var", {out}, Counting(channels, 4)},
          {norm + ".num_batches_tracked", {}, {7}}};
}

std::vector<TestTensor> Joined(std::vector<TestTensor> a, const std::vector<TestTensor>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Floats FloatsIn(const LoadedWeights& weights, const std::string& name) {
  const auto found = weights.tensors.find(name);
  if (found == weights.tensors.end()) {
    ADD_FAILURE() << "no tensor is called " << name;
    return {};
  }
  return nn::ToFloat(found->second).value_or(Floats());
}

Result<LoadedWeights> ReadBytes(const std::string& bytes, const std::vector<SourceNaming>& namings,
                                const nn::Network& network) {
  const base::TemporaryFolder folder;
  return ReadPretrained(folder.Write("weights.bin", bytes), {.network = network, .namings = namings, .input = {}});
}

// Folded weights of TorchConv's first convolution (3 channels in, 2 out, windows of 2 x 2), by the formula.
void ExpectFolded(const LoadedWeights& weights, const std::string& layer, double epsilon,
                  const std::array<double, 3>& input_factors) {
  const Floats folded = FloatsIn(weights, layer + "/weights");
  const Floats biases = FloatsIn(weights, layer + "/biases");
  ASSERT_EQ(folded.size(), 2U * 3 * 4);
  ASSERT_EQ(biases.size(), 2U);
  for (std::size_t out = 0; out < 2; ++out) {
    const auto c = static_cast<double>(out);
    const double factor = (2.0 + c) / std::sqrt(4.0 + c + epsilon);
    EXPECT_NEAR(biases[out], (-1.0 + c) - (0.5 + c) * factor, 1e-6);
    for (std::size_t in = 0; in < 3; ++in) {
      for (std::size_t cell = 0; cell < 4; ++cell) {
        const double original = 1.0 + static_cast<double>((out * 3 + in) * 4 + cell);
        EXPECT_NEAR(folded[(cell * 3 + in) * 2 + out], original * factor * input_factors[in], 1e-5);
      }
    }
  }
}

TEST(PretrainedTest, TorchvisionsGoogLeNet) {
  const std::string file =
      TorchArchiveOf(Joined(TorchConv("conv1.conv.weight", "conv1.bn", 3, 2, 2),
                            TorchConv("inception3a.branch2.0.conv.weight", "inception3a.branch2.0.bn", 2, 3, 1)));
  const auto weights =
      ReadBytes(file, {SourceNaming::kTorchGoogLeNet, SourceNaming::kOurs}, TwoConvs("conv1", "inception3a.branch2.0"));
  ASSERT_THAT(weights, base::Succeeds());
  EXPECT_EQ(weights->source, "torchvision's GoogLeNet, from a PyTorch file");
  EXPECT_EQ(weights->tensors.size(), 4U);
  ExpectFolded(*weights, "conv1", 1e-3, {1.0, 1.0, 1.0});
}

TEST(PretrainedTest, TorchvisionsResNet) {
  const std::array<double, 3> factors = {0.226 / 0.229, 0.226 / 0.224, 0.226 / 0.225};
  for (const auto& [layer, norm] :
       {std::pair("layer1.0.conv2", "layer1.0.bn2"), std::pair("layer2.0.downsample.0", "layer2.0.downsample.1")}) {
    const std::string file = TorchSequenceOf(
        Joined(TorchConv("conv1.weight", "bn1", 3, 2, 2), TorchConv(base::StrCat(layer, ".weight"), norm, 2, 3, 1)));
    const auto weights = ReadBytes(file, {SourceNaming::kTorchResNet}, TwoConvs("conv1", layer));
    ASSERT_THAT(weights, base::Succeeds());
    ExpectFolded(*weights, "conv1", 1e-5, factors);
  }
}

TEST(PretrainedTest, HuggingFacesResNet) {
  for (const auto& [layer, module] :
       {std::pair("layer3.5.conv2", "resnet.encoder.stages.2.layers.5.layer.1"),
        std::pair("layer2.0.downsample.0", "resnet.encoder.stages.1.layers.0.shortcut")}) {
    const std::string stem = "resnet.embedder.embedder";
    const std::vector<TestTensor> tensors =
        Joined(TorchConv(stem + ".convolution.weight", stem + ".normalization", 3, 2, 2),
               TorchConv(base::StrCat(module, ".convolution.weight"), base::StrCat(module, ".normalization"), 2, 3, 1));
    nn::TensorMap views;
    for (const TestTensor& tensor : tensors) {
      views[tensor.name] = {
          .dtype = nn::DType::kFloat32, .shape = tensor.shape, .bytes = std::as_bytes(std::span(tensor.numbers))};
    }
    const std::vector<std::byte> bytes = model::SerializeSafetensors({{"format", "pt"}}, views);
    const auto weights =
        ReadBytes({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                  {SourceNaming::kTorchResNet, SourceNaming::kHuggingFaceResNet}, TwoConvs("conv1", layer));
    ASSERT_THAT(weights, base::Succeeds());
    EXPECT_EQ(weights->source, "Hugging Face's ResNet-34, from a safetensors file");
    ExpectFolded(*weights, "conv1", 1e-5, {0.226 / 0.229, 0.226 / 0.224, 0.226 / 0.225});
  }
}

TEST(PretrainedTest, CaffesGoogLeNetReadsBlueFirst) {
  for (const CaffeVersion version : {CaffeVersion::kFirst, CaffeVersion::kSecond}) {
    const std::string file =
        CaffeLayer(version, "conv1/7x7_s2", {{{2, 3, 2, 2}, Counting(24, 1)}, {{2}, {0.5F, 0.25F}}}) +
        CaffeLayer(version, "inception_3a/1x1", {{{3, 2, 1, 1}, Counting(6, 1)}, {{3}, {1, 2, 3}}}) +
        CaffeLayer(version, "loss3/classifier", {{{1, 1}, {1}}, {{1}, {1}}});
    const auto weights = ReadBytes(file, {SourceNaming::kCaffeGoogLeNet}, TwoConvs("conv1/7x7_s2", "inception_3a/1x1"));
    ASSERT_THAT(weights, base::Succeeds());
    EXPECT_EQ(weights->tensors.size(), 4U);
    EXPECT_EQ(FloatsIn(*weights, "conv1/7x7_s2/biases"), Floats({0.5F, 0.25F}));
    const Floats first = FloatsIn(*weights, "conv1/7x7_s2/weights");
    ASSERT_EQ(first.size(), 24U);
    for (std::size_t in = 0; in < 3; ++in) {
      EXPECT_EQ(first[in * 2], static_cast<float>(1 + (2 - in) * 4)) << in;
    }
    // Only the layer that reads the image has its channels reversed. [out, in] becomes [in, out].
    EXPECT_EQ(FloatsIn(*weights, "inception_3a/1x1/weights"), Floats({1, 3, 5, 2, 4, 6}));
  }
}

TEST(PretrainedTest, OursAreCopied) {
  const nn::Network network = TwoConvs("a", "b");
  const std::string file = TorchArchiveOf({{"a/weights", {2, 2, 3, 2}, Counting(24, 1)},
                                           {"a/biases", {2}, {1, 2}},
                                           {"b/weights", {1, 1, 2, 3}, Counting(6, 1)},
                                           {"b/biases", {3}, {1, 2, 3}},
                                           {"classifier/weights", {1}, {1}}});
  const auto weights = ReadBytes(file, {SourceNaming::kTorchResNet, SourceNaming::kOurs}, network);
  ASSERT_THAT(weights, base::Succeeds());
  EXPECT_EQ(weights->tensors.size(), 4U);
  EXPECT_EQ(FloatsIn(*weights, "a/weights"), Counting(24, 1));
}

TEST(PretrainedTest, MissingTensors) {
  const nn::Network network = TwoConvs("conv1", "layer1.0.conv1");
  EXPECT_THAT(
      ReadBytes(TorchArchiveOf(TorchConv("conv1.weight", "bn1", 3, 2, 2)),
                {SourceNaming::kHuggingFaceResNet, SourceNaming::kTorchResNet}, network),
      base::FailsWith(ErrorCode::kUnsupported,
                      "lacks 5 of the 10 tensors of torchvision's ResNet-34, the first of them layer1.0.conv1.weight"));
}

TEST(PretrainedTest, TensorsOfOtherShapes) {
  const nn::Network network = TwoConvs("conv1", "layer1.0.conv1");
  const auto read = [&](std::size_t tensor, std::vector<std::int64_t> shape, Floats numbers) {
    std::vector<TestTensor> tensors =
        Joined(TorchConv("conv1.weight", "bn1", 3, 2, 2), TorchConv("layer1.0.conv1.weight", "layer1.0.bn1", 2, 3, 1));
    tensors[tensor].shape = std::move(shape);
    tensors[tensor].numbers = std::move(numbers);
    return ReadBytes(TorchArchiveOf(tensors), {SourceNaming::kTorchResNet}, network);
  };
  EXPECT_THAT(read(0, {2, 3, 1, 4}, Counting(24, 1)),
              base::FailsWith(ErrorCode::kCorruptData, "conv1.weight: has shape [2, 3, 1, 4]; expected [2, 3, 2, 2]"));
  EXPECT_THAT(read(1, {3}, {1, 2, 3}),
              base::FailsWith(ErrorCode::kCorruptData, "bn1.weight: has shape [3]; expected [2]"));
  EXPECT_THAT(read(4, {2}, {1, -1}), base::FailsWith(ErrorCode::kCorruptData, "bn1.running_var: a variance of -1"));
  EXPECT_THAT(read(3, {2}, {1, std::numeric_limits<float>::quiet_NaN()}),
              base::FailsWith(ErrorCode::kCorruptData, "tensor bn1.running_mean"));
  EXPECT_THAT(read(1, {2}, {3e38F, 3e38F}), base::FailsWith(ErrorCode::kCorruptData, "not finite once"));
}

TEST(PretrainedTest, OtherFiles) {
  const nn::Network network = TwoConvs("conv1", "layer1.0.conv1");
  const auto read = [&](const std::string& bytes) { return ReadBytes(bytes, {SourceNaming::kTorchResNet}, network); };
  EXPECT_THAT(read("hello"), base::FailsWith(ErrorCode::kUnsupported, "weights.bin: is neither a safetensors file"));
  EXPECT_THAT(read("PK\x03\x04..."), base::FailsWith(ErrorCode::kCorruptData, "no directory"));
  EXPECT_THAT(read("\x0a\x7f"), base::FailsWith(ErrorCode::kUnsupported, "neither"));
  EXPECT_THAT(read(WholePickle(PickleInt(3))), base::FailsWith(ErrorCode::kUnsupported, "neither"));
  EXPECT_THAT(read(""), base::FailsWith(ErrorCode::kCorruptData, "empty"));
  EXPECT_THAT(ReadBackboneWeights("/no/such/file", model::Backbone::kResNet34),
              base::FailsWith(ErrorCode::kNotFound, "/no/such/file"));
}

nn::Network NetworkOf(model::Backbone backbone) {
  model::NetworkBuilder builder(3);
  builder.Output("heatmap", model::AppendBackbone(backbone, builder).features.value);
  return std::move(builder).Build();
}

// A model file of random weights with the normalization `input`.
std::string WriteModel(const base::TemporaryFolder& folder, model::Backbone backbone,
                       const model::BackboneInput& input) {
  model::LoadedModel model = WithRandomWeights(NetworkOf(backbone));
  model.spec.task = "features";
  model.spec.input_scale = input.scale;
  model.spec.input_bias = input.bias;
  const std::filesystem::path path = folder.path() / "model.safetensors";
  EXPECT_THAT(model::WriteModelFile(path, model), base::Succeeds());
  return path.string();
}

TEST(BackboneWeightsTest, ModelsOfOurs) {
  const base::TemporaryFolder folder;
  const std::string path =
      WriteModel(folder, model::Backbone::kMobileNet075, model::InputOf(model::Backbone::kMobileNet075));
  const auto weights = ReadBackboneWeights(path, model::Backbone::kMobileNet075);
  ASSERT_THAT(weights, base::Succeeds());
  EXPECT_EQ(weights->source, "ours, from a model file");
  EXPECT_THAT(model::ValidateWeights(NetworkOf(model::Backbone::kMobileNet075), weights->tensors), base::Succeeds());
  EXPECT_THAT(ReadBackboneWeights(path, model::Backbone::kMobileNet100),
              base::FailsWith(ErrorCode::kCorruptData, "has shape"));
  EXPECT_THAT(ReadBackboneWeights(path, model::Backbone::kGoogLeNet),
              base::FailsWith(ErrorCode::kUnsupported, "Caffe's GoogLeNet, the first of them conv1/7x7_s2/0"));
}

TEST(BackboneWeightsTest, ModelsOfOursWithAnotherNormalization) {
  const base::TemporaryFolder folder;
  EXPECT_THAT(ReadBackboneWeights(WriteModel(folder, model::Backbone::kMobileNet075, {.scale = 1.0F}),
                                  model::Backbone::kMobileNet075),
              base::FailsWith(ErrorCode::kUnsupported, "the normalization v * 1 + 0; expected v * 0.00784314 + -1"));
}

TEST(BackboneWeightsTest, PoseNetsAreBackbones) {
  const std::string path = POSENET_SOURCE_DIR "/models/mobilenet100.safetensors";
  const auto weights = ReadBackboneWeights(path, model::Backbone::kMobileNet100);
  ASSERT_THAT(weights, base::Succeeds());
  EXPECT_EQ(weights->source, "TensorFlow.js' MobileNet, from a model file");
  EXPECT_THAT(model::ValidateWeights(NetworkOf(model::Backbone::kMobileNet100), weights->tensors), base::Succeeds());
}

}  // namespace
}  // namespace posenet::importer
