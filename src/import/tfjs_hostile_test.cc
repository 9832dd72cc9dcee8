// SPDX-License-Identifier: Apache-2.0
// Damaged, malicious and unsupported models: always an error, never a crash.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "import/graph.h"
#include "import/import.h"
#include "import/testing/models.h"
#include "import/testing/tfjs_writer.h"
#include "model/resnet.h"

namespace posenet::importer {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

TfjsModel SmallModel() {
  const model::ResNetShape shape = {.stem_channels = 8, .blocks = {{1, 4}, {1, 4}}};
  return ToTfjs(WithRandomWeights(model::ResNetNetwork(shape, 8)));
}

// Imports the small model after `change` was made to its model.json.
Result<model::LoadedModel> ImportChanged(const std::function<void(json&)>& change) {
  const base::TemporaryFolder folder;
  const fs::path path = SmallModel().Write(folder.path());
  json model = json::parse(std::ifstream(path));
  change(model);
  std::ofstream(path) << model;
  return ImportModel(path);
}

Result<model::LoadedModel> ImportText(const std::string& text) {
  const base::TemporaryFolder folder;
  std::ofstream(folder.path() / "model.json") << text;
  return ImportModel(folder.path() / "model.json");
}

json& FirstEntry(json& model) { return model["weightsManifest"][0]["weights"][0]; }

TEST(HostileTest, TheUndamagedModelImports) { EXPECT_THAT(Import(SmallModel()), base::Succeeds()); }

TEST(HostileTest, OtherFiles) {
  EXPECT_THAT(ImportModel("/no/such/model.json"), base::FailsWith(ErrorCode::kNotFound, "/no/such/model.json"));
  EXPECT_THAT(ImportText(""), base::FailsWith(ErrorCode::kUnsupported, "neither"));
  EXPECT_THAT(ImportText("hello"), base::FailsWith(ErrorCode::kUnsupported, "neither"));
  EXPECT_THAT(ImportText("{"), base::FailsWith(ErrorCode::kCorruptData, "JSON"));
  EXPECT_THAT(ImportText("{}"), base::FailsWith(ErrorCode::kUnsupported, "not a TensorFlow.js graph model"));
  EXPECT_THAT(ImportText(R"({"format": "layers-model"})"), base::FailsWith(ErrorCode::kUnsupported, "layers model"));
}

TEST(HostileTest, Shards) {
  TfjsModel tfjs = SmallModel();
  const base::TemporaryFolder folder;
  const fs::path path = tfjs.Write(folder.path(), 2000);
  const fs::path shard = folder.path() / "group1-shard2.bin";
  fs::resize_file(shard, 1999);
  EXPECT_THAT(ImportModel(path), base::FailsWith(ErrorCode::kCorruptData, "bytes long, the manifest expects"));
  fs::resize_file(shard, 2001);
  EXPECT_THAT(ImportModel(path), base::FailsWith(ErrorCode::kCorruptData, "bytes long, the manifest expects"));
  fs::remove(shard);
  EXPECT_THAT(ImportModel(path), base::FailsWith(ErrorCode::kNotFound, "group1-shard2.bin"));
  fs::create_directory(shard);
  EXPECT_THAT(ImportModel(path), base::FailsWith(ErrorCode::kCorruptData, "not a regular file"));
}

TEST(HostileTest, ShardsOutsideTheFolder) {
  for (const std::string name : {"../secret.bin", "/etc/passwd", "a/../../b.bin", "", ".."}) {
    EXPECT_THAT(ImportChanged([&name](json& model) { model["weightsManifest"][0]["paths"] = {name}; }),
                base::FailsWith(ErrorCode::kCorruptData, "does not stay in the model's folder"))
        << name;
  }
}

TEST(HostileTest, Manifests) {
  const auto corrupt = [](const std::function<void(json&)>& change, const char* message) {
    EXPECT_THAT(ImportChanged(change), base::FailsWith(ErrorCode::kCorruptData, message));
  };
  corrupt([](json& model) { model["weightsManifest"] = 7; }, "weightsManifest");
  corrupt([](json& model) { model["weightsManifest"][0] = "group"; }, "weightsManifest");
  corrupt([](json& model) { model["weightsManifest"][0].erase("weights"); }, "weights");
  corrupt([](json& model) { FirstEntry(model).erase("name"); }, "name");
  corrupt([](json& model) { FirstEntry(model)["shape"] = {-1, 8}; }, "shape");
  corrupt([](json& model) { FirstEntry(model)["shape"] = {1.5}; }, "shape");
  corrupt([](json& model) { FirstEntry(model)["dtype"] = "complex64"; }, "dtype");
  corrupt([](json& model) { FirstEntry(model)["shape"] = {1}; }, "the manifest expects");
  corrupt(
      [](json& model) {
        FirstEntry(model)["quantization"] = {{"dtype", "uint8"}, {"min", "0"}, {"scale", 1}};
      },
      "min");
  corrupt([](json& model) { model["weightsManifest"][0]["weights"][1]["name"] = FirstEntry(model)["name"]; }, "twice");
  EXPECT_THAT(ImportChanged([](json& model) {
                FirstEntry(model)["shape"] = {2147483647, 2147483647, 2147483647};
              }),
              base::FailsWith(ErrorCode::kResourceExhausted, "bytes"));
}

TEST(HostileTest, WeightsThatAreNotNumbers) {
  TfjsModel tfjs = SmallModel();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  std::copy_n(reinterpret_cast<const char*>(&nan), sizeof(nan), tfjs.weights.end() - sizeof(nan));
  EXPECT_THAT(Import(tfjs), base::FailsWith(ErrorCode::kCorruptData, "displacement_bwd/biases"));
  EXPECT_THAT(ImportChanged([](json& model) {
                for (json& entry : model["weightsManifest"][0]["weights"]) {
                  if (entry["dtype"] == "float32") entry["dtype"] = "int32";
                }
              }),
              base::FailsWith(ErrorCode::kUnsupported, "float constant"));
}

TEST(HostileTest, WeightsOfOtherShapes) {
  const auto reshape = [](const char* name, const json& shape) {
    return ImportChanged([&](json& model) {
      for (json& entry : model["weightsManifest"][0]["weights"]) {
        if (entry["name"] == name) entry["shape"] = shape;
      }
    });
  };
  EXPECT_THAT(reshape("conv1/weights", {7, 7, 8, 3}),
              base::FailsWith(ErrorCode::kCorruptData, "do not fit 3 input channels"));
  EXPECT_THAT(reshape("conv1/weights", {7 * 7 * 3 * 8}), base::FailsWith(ErrorCode::kCorruptData, "4 dimensions"));
  EXPECT_THAT(reshape("conv1/weights", {49, 1, 1, 24}), base::FailsWith(ErrorCode::kCorruptData, "conv1"));
  EXPECT_THAT(reshape("conv1/biases", {2, 4}), base::FailsWith(ErrorCode::kCorruptData, "8 channels"));
  EXPECT_THAT(reshape("conv1/Pad/paddings", {8}),
              base::Succeeds());  // TensorFlow refuses this; the numbers are unambiguous.
}

TEST(HostileTest, Topologies) {
  const auto corrupt = [](const std::function<void(json&)>& change, const char* message) {
    EXPECT_THAT(ImportChanged([&](json& model) { change(model["modelTopology"]["node"]); }),
                base::FailsWith(ErrorCode::kCorruptData, message));
  };
  corrupt([](json& nodes) { nodes = 3; }, "list of nodes");
  corrupt([](json& nodes) { nodes[0] = 3; }, "no name");
  corrupt([](json& nodes) { nodes[1] = nodes[0]; }, "two nodes are called image");
  corrupt([](json& nodes) { nodes[5]["input"] = "image"; }, "not a list");
  corrupt([](json& nodes) { nodes[5]["input"] = {7}; }, "not a name");
  corrupt([](json& nodes) { nodes[5]["input"] = {"nobody"}; }, "no node is called nobody");
}

TEST(HostileTest, Cycles) {
  TfjsModel tfjs = SmallModel();
  tfjs.Node("conv1/Conv2D")["input"][0] = "block2/unit1/Relu";
  EXPECT_THAT(Import(tfjs), base::FailsWith(ErrorCode::kCorruptData, "depends on itself"));
  TfjsModel ring = SmallModel();
  ring.AddNode("Identity", "a", {"b"});
  ring.AddNode("Identity", "b", {"a"});
  ring.Node("conv1/Conv2D")["input"][1] = "a";
  EXPECT_THAT(Import(ring), base::FailsWith(ErrorCode::kCorruptData, "depends on itself"));
}

TEST(HostileTest, UnsupportedOperations) {
  const auto unsupported = [](const char* node, const std::function<void(json&)>& change, const char* message) {
    TfjsModel tfjs = SmallModel();
    change(tfjs.Node(node));
    EXPECT_THAT(Import(tfjs), base::FailsWith(ErrorCode::kUnsupported, message));
  };
  unsupported(
      "conv1/Relu", [](json& node) { node["op"] = "LeakyRelu"; }, "LeakyRelu node conv1/Relu");
  unsupported(
      "conv1/Conv2D", [](json& node) { node["attr"]["data_format"] = StringAttribute("NCHW"); }, "NCHW");
  unsupported(
      "conv1/Conv2D",
      [](json& node) {
        node["attr"]["strides"] = IntegersAttribute({1, 2, 2, 2});
      },
      "Conv2D node conv1/Conv2D: attribute strides");
  unsupported(
      "conv1/Conv2D",
      [](json& node) {
        node["attr"]["strides"] = IntegersAttribute({1, 0, 2, 1});
      },
      "strides");
  unsupported(
      "conv1/Conv2D", [](json& node) { node["attr"]["padding"] = StringAttribute("CIRCULAR"); }, "CIRCULAR");
  unsupported(
      "conv1/Relu", [](json& node) { node["input"] = {"conv1/BiasAdd:1"}; }, "first output");
  unsupported(
      "conv1/Conv2D",
      [](json& node) {
        node["op"] = "_FusedConv2D";
        node["attr"]["fused_ops"] = StringsAttribute({"Prelu"});
      },
      "Prelu");
}

TEST(HostileTest, AttributesOfOtherTypes) {
  const auto corrupt = [](const std::function<void(json&)>& change) {
    TfjsModel tfjs = SmallModel();
    change(tfjs.Node("conv1/Conv2D")["attr"]);
    EXPECT_THAT(Import(tfjs), base::FailsWith(ErrorCode::kCorruptData, "Conv2D node conv1/Conv2D: attribute"));
  };
  corrupt([](json& attributes) { attributes["padding"] = {{"s", 7}}; });
  corrupt([](json& attributes) { attributes["padding"] = {{"s", "!!!"}}; });
  corrupt([](json& attributes) { attributes["strides"] = {{"list", {{"i", {"2", "x"}}}}}; });
  corrupt([](json& attributes) { attributes["strides"] = {{"list", {{"i", {"99999999999999999999"}}}}}; });
  corrupt([](json& attributes) { attributes["strides"] = {{"list", {{"i", {1, 2}}}}}; });
  corrupt([](json& attributes) { attributes["dilations"] = {{"list", {{"i", {1, 2, 1e10, 1}}}}}; });
}

TEST(HostileTest, NodesWithTooFewInputs) {
  for (const char* name : {"conv1/Conv2D", "conv1/Relu", "conv1/Pad", "block1/unit1/add", "pool1/MaxPool"}) {
    TfjsModel tfjs = SmallModel();
    tfjs.Node(name)["input"] = json::array();
    EXPECT_THAT(Import(tfjs), base::FailsWith(ErrorCode::kCorruptData, name)) << name;
  }
}

TEST(HostileTest, DeepGraphs) {
  TfjsModel tfjs = SmallModel();
  std::string last = "image";
  for (int i = 0; i < 50'000; ++i) {
    const std::string name = "relu" + std::to_string(i);
    tfjs.AddNode("Identity", name, {last});
    last = name;
  }
  tfjs.Node("conv1/Pad")["input"][0] = last;
  EXPECT_THAT(Import(tfjs), base::Succeeds());
}

TEST(HostileTest, DeepJson) {
  const std::string open(100'000, '[');
  EXPECT_THAT(ImportText(R"({"modelTopology": )" + open), base::FailsWith(ErrorCode::kCorruptData, "nested"));
}

TEST(HostileTest, TheSameWeightsManyTimes) {
  // 32 MB in the file, 4.8 GB if every node got its own copy.
  TfjsModel tfjs;
  tfjs.AddNode("Placeholder", "image", {});
  tfjs.AddConstant("first", {1, 1, 3, 2896}, std::vector<float>(3 * 2896, 0.01F));
  tfjs.AddConstant("weights", {1, 1, 2896, 2896}, std::vector<float>(2896 * 2896, 0.01F));
  tfjs.AddNode("Conv2D", "conv", {"image", "first"});
  std::string last = "conv";
  for (int i = 0; i < 150; ++i) {
    const std::string name = "conv" + std::to_string(i);
    tfjs.AddNode("Conv2D", name, {last, "weights"});
    last = name;
  }
  for (const auto& [name, channels] : {std::pair("heatmap", 17), std::pair("offset", 34),
                                       std::pair("displacement_fwd", 32), std::pair("displacement_bwd", 32)}) {
    tfjs.AddConstant(std::string(name) + "/w", {1, 1, 2896, channels},
                     std::vector<float>(static_cast<std::size_t>(2896 * channels), 0.01F));
    tfjs.AddNode("Conv2D", name, {last, std::string(name) + "/w"});
  }
  EXPECT_THAT(Import(tfjs), base::FailsWith(ErrorCode::kResourceExhausted, "elements"));
}

TEST(HostileTest, EveryPrefixOfTheJson) {
  const base::TemporaryFolder folder;
  const fs::path path = SmallModel().Write(folder.path());
  std::stringstream content;
  content << std::ifstream(path).rdbuf();
  const std::string text = content.str();
  for (std::size_t length = 0; length < text.size(); length += 997) {
    std::ofstream(path) << text.substr(0, length);
    EXPECT_FALSE(ImportModel(path).has_value()) << length;
  }
}

TEST(HostileTest, ChangedBytesOfTheJsonDoNotCrash) {
  const base::TemporaryFolder folder;
  const fs::path path = SmallModel().Write(folder.path());
  std::stringstream content;
  content << std::ifstream(path).rdbuf();
  const std::string text = content.str();
  constexpr std::string_view kBytes = "0123456789-.eE\"[]{}:,/=ASV^";
  std::mt19937 generator(11);
  int failures = 0;
  for (int round = 0; round < 500; ++round) {
    std::string changed = text;
    for (int k = 0; k < 2; ++k) changed[generator() % changed.size()] = kBytes[generator() % kBytes.size()];
    std::ofstream(path) << changed;
    if (!ImportModel(path)) ++failures;
  }
  EXPECT_GT(failures, 100);
}

}  // namespace
}  // namespace posenet::importer
