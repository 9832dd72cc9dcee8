// SPDX-License-Identifier: Apache-2.0
// ONNX files: the metadata around the graph, and how they are written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/testing/temporary_folder.h"
#include "export/export.h"
#include "export/testing/onnx_reader.h"
#include "model/mobilenet.h"
#include "model/random_weights.h"

namespace posenet::exporter {
namespace {

using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

model::LoadedModel MobileNet() {
  auto model = model::RandomModel(model::MobileNetV1Network(0.50F, 16), 1);
  EXPECT_TRUE(model.has_value());
  model->spec.name = "thin";
  model->spec.license = "Apache-2.0 OR MIT";
  return *std::move(model);
}

std::string BytesOrFail(const model::LoadedModel& model, const OnnxOptions& options = {}) {
  const auto message = OnnxModel(model, options);
  EXPECT_TRUE(message.has_value()) << message.error().message;
  return message ? message->Encoded() : std::string();
}

TEST(ExportOnnxTest, MetadataHasWhatAProgramMustKnow) {
  const TestOnnx onnx = ParseOnnx(BytesOrFail(MobileNet()));
  EXPECT_EQ(onnx.ir_version, 7);
  EXPECT_EQ(onnx.operator_set, 13);
  EXPECT_EQ(onnx.graph_name, "thin");
  EXPECT_THAT(
      onnx.metadata,
      UnorderedElementsAre(Pair("posenet.name", "thin"), Pair("posenet.architecture", "random weights"),
                           Pair("posenet.task", "human-pose"), Pair("posenet.output_stride", "16"),
                           Pair("posenet.input_scale", "0.007843138"), Pair("posenet.input_bias", "-1,-1,-1"),
                           Pair("posenet.source", "generated, seed 1"), Pair("posenet.license", "Apache-2.0 OR MIT")));
  EXPECT_THAT(onnx.doc_string, HasSubstr("v * 0.007843138 + (-1,-1,-1)"));
}

TEST(ExportOnnxTest, HasThePoseMaps) {
  const TestOnnx onnx = ParseOnnx(BytesOrFail(MobileNet(), {.size = OnnxInputSize{.height_px = 257, .width_px = 321}}));
  EXPECT_THAT(onnx.inputs, UnorderedElementsAre(Pair("input", "[1, 3, 257, 321]")));
  EXPECT_THAT(onnx.outputs, UnorderedElementsAre(Pair("heatmap", "[1, 17, 17, 21]"), Pair("offset", "[1, 34, 17, 21]"),
                                                 Pair("displacement_fwd", "[1, 32, 17, 21]"),
                                                 Pair("displacement_bwd", "[1, 32, 17, 21]")));
}

TEST(ExportOnnxTest, IsReproducible) { EXPECT_EQ(BytesOrFail(MobileNet()), BytesOrFail(MobileNet())); }

TEST(ExportOnnxTest, ReplacesTextThatOnnxDoesNotAllow) {
  model::LoadedModel model = MobileNet();
  model.spec.source = "not UTF-8: \xFF";
  model.spec.network.layers[0].name = "\xC0";
  const TestOnnx onnx = ParseOnnx(BytesOrFail(model));
  EXPECT_EQ(onnx.metadata.at("posenet.source"), "not UTF-8: ?");
  EXPECT_EQ(onnx.nodes[0].name, "?");
}

TEST(ExportOnnxTest, RefusesInvalidModels) {
  model::LoadedModel model = MobileNet();
  model.weights.erase(model.weights.begin());
  EXPECT_THAT(OnnxModel(model), base::FailsWith(ErrorCode::kCorruptData, "is missing"));
}

TEST(ExportOnnxTest, RefusesNonFiniteWeights) {
  model::LoadedModel model = MobileNet();
  const std::vector<float> infinite(16, std::numeric_limits<float>::infinity());
  auto& [name, tensor] = *model.weights.begin();
  ASSERT_EQ(tensor.ElementCount(), 16) << name;
  tensor.bytes = std::as_bytes(std::span(infinite));
  EXPECT_THAT(OnnxModel(model), base::FailsWith(ErrorCode::kCorruptData, name + ": element 0 is not finite"));
}

// Such weights are refused by their shape alone: no bytes are needed.
TEST(ExportOnnxTest, RefusesFilesAboveTwoGibibytes) {
  model::LoadedModel model;
  model.spec.task = "test";
  constexpr int kWidth = 1 << 15;
  for (const char* name : {"first", "second"}) {
    model.spec.network.layers.push_back(
        {.name = name,
         .inputs = {static_cast<int>(model.spec.network.layers.size())},
         .operation = nn::Conv2d{.window = {}, .out_channels = kWidth, .groups = 1, .weights = name, .bias = {}}});
  }
  model.spec.network.outputs = {{"result", 2}};
  model.weights["first"].shape = {1, 1, 3, kWidth};
  model.weights["second"].shape = {1, 1, kWidth, kWidth};
  EXPECT_THAT(OnnxModel(model), base::FailsWith(ErrorCode::kUnsupported, "larger than the 2147483647 bytes"));
}

class WriteOnnxTest : public ::testing::Test {
 protected:
  const base::TemporaryFolder temporary_;
  const std::filesystem::path folder_ = temporary_.path();
};

TEST_F(WriteOnnxTest, WritesWhole) {
  const auto message = OnnxModel(MobileNet());
  ASSERT_TRUE(message.has_value());
  const auto written = WriteOnnx(folder_ / "thin.onnx", *message);
  ASSERT_TRUE(written.has_value()) << written.error().message;
  const auto bytes = base::ReadFile(folder_ / "thin.onnx", 1 << 30);
  ASSERT_TRUE(bytes.has_value());
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()), message->Encoded());
}

TEST_F(WriteOnnxTest, LeavesNothingBehindIfItCannotWrite) {
  const auto message = OnnxModel(MobileNet());
  ASSERT_TRUE(message.has_value());
  EXPECT_THAT(WriteOnnx(folder_ / "no/such/thin.onnx", *message), base::FailsWith(ErrorCode::kNotFound, "thin.onnx"));
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

}  // namespace
}  // namespace posenet::exporter
