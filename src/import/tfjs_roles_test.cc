// SPDX-License-Identifier: Apache-2.0
// Assignment of outputs to the maps of PoseNet.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "import/import.h"
#include "import/testing/models.h"
#include "import/testing/tfjs_writer.h"
#include "model/model_spec.h"

namespace posenet::importer {
namespace {

using nlohmann::json;

constexpr std::int64_t kFeatures = 4;

// A graph of one convolution and heads.
class HeadsModel {
 public:
  HeadsModel() {
    tfjs_.AddNode("Placeholder", "image", {});
    AddConvolution("features", "image", 3, kFeatures, 2);
  }

  // A head; the values of its weights distinguish it from others.
  HeadsModel& Add(const std::string& name, std::int64_t channels) {
    AddConvolution(name, "features", kFeatures, channels, 1);
    outputs_.push_back(name);
    return *this;
  }

  // Declares the heads as outputs under the names Identity, Identity_1 and so on.
  HeadsModel& Sign() {
    json outputs = json::object();
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
      const std::string key = i == 0 ? "Identity" : "Identity_" + std::to_string(i);
      outputs[key] = {{"name", outputs_[i] + ":0"}};
    }
    tfjs_.signature = {{"outputs", outputs}};
    return *this;
  }

  TfjsModel& tfjs() { return tfjs_; }

  Result<model::LoadedModel> Import() {
    const base::TemporaryFolder folder;
    return ImportModel(tfjs_.Write(folder.path()));
  }

 private:
  void AddConvolution(const std::string& name, const std::string& input, std::int64_t in, std::int64_t out,
                      int stride) {
    weight_ += 1.0F;
    tfjs_.AddConstant(name + "/w", {1, 1, in, out}, std::vector<float>(static_cast<std::size_t>(in * out), weight_));
    tfjs_.AddNode("Conv2D", name, {input, name + "/w"},
                  {{"strides", IntegersAttribute({1, stride, stride, 1})}, {"padding", StringAttribute("SAME")}});
  }

  TfjsModel tfjs_;
  std::vector<std::string> outputs_;
  float weight_ = 0.0F;
};

// The outputs as "role=layer".
std::vector<std::string> RolesOf(const model::LoadedModel& model) {
  std::vector<std::string> roles;
  for (const nn::Output& output : model.spec.network.outputs) {
    roles.push_back(output.name + "=" + model.spec.network.layers[static_cast<std::size_t>(output.value) - 1].name);
  }
  return roles;
}

TEST(RolesTest, FollowNames) {
  const auto model = HeadsModel()
                         .Add("MobilenetV1/displacement_bwd_2/BiasAdd", 32)
                         .Add("MobilenetV1/offset_2/BiasAdd", 34)
                         .Add("MobilenetV1/displacement_fwd_2/BiasAdd", 32)
                         .Add("MobilenetV1/heatmap_2/BiasAdd", 17)
                         .Import();
  ASSERT_THAT(model, base::Succeeds());
  EXPECT_THAT(RolesOf(*model),
              testing::ElementsAre("heatmap=heatmap_2", "offset=offset_2", "displacement_fwd=displacement_fwd_2",
                                   "displacement_bwd=displacement_bwd_2"));
}

TEST(RolesTest, FollowTheNamesOfResNet) {
  const auto model = HeadsModel()
                         .Add("resnet_v1_50/displacement_fwd_2/BiasAdd", 32)
                         .Add("resnet_v1_50/displacement_bwd_2/BiasAdd", 32)
                         .Add("float_short_offsets", 34)
                         .Add("float_heatmaps", 17)
                         .Import();
  ASSERT_THAT(model, base::Succeeds());
  EXPECT_THAT(RolesOf(*model),
              testing::ElementsAre("heatmap=float_heatmaps", "offset=float_short_offsets",
                                   "displacement_fwd=displacement_fwd_2", "displacement_bwd=displacement_bwd_2"));
}

TEST(RolesTest, FollowChannelsAndOrderWithoutNames) {
  // MobileNet's order, then ResNet's.
  const auto mobilenet = HeadsModel().Add("a", 34).Add("b", 17).Add("c", 32).Add("d", 32).Sign().Import();
  ASSERT_THAT(mobilenet, base::Succeeds());
  EXPECT_THAT(RolesOf(*mobilenet),
              testing::ElementsAre("heatmap=b", "offset=a", "displacement_fwd=c", "displacement_bwd=d"));
  const auto resnet = HeadsModel().Add("a", 32).Add("b", 32).Add("c", 34).Add("d", 17).Sign().Import();
  ASSERT_THAT(resnet, base::Succeeds());
  EXPECT_THAT(RolesOf(*resnet),
              testing::ElementsAre("heatmap=d", "offset=c", "displacement_fwd=a", "displacement_bwd=b"));
}

TEST(RolesTest, LeaveOutOtherOutputs) {
  const auto model = HeadsModel()
                         .Add("float_segments", 1)
                         .Add("float_part_heatmaps", 24)
                         .Add("float_part_offsets", 48)
                         .Add("float_long_offsets", 34)
                         .Add("float_mid_offsets", 64)
                         .Add("float_short_offsets", 34)
                         .Add("float_heatmaps", 17)
                         .Import();
  ASSERT_THAT(model, base::Succeeds());
  EXPECT_THAT(RolesOf(*model), testing::ElementsAre("heatmap=float_heatmaps", "offset=float_short_offsets",
                                                    "displacement=float_mid_offsets"));
  EXPECT_EQ(model->spec.network.layers.size(), 4U);
}

TEST(RolesTest, StripTheSigmoidOfHeatmaps) {
  HeadsModel heads;
  heads.Add("offset", 34).Add("heatmap", 17).Add("displacement_fwd", 32).Add("displacement_bwd", 32);
  heads.tfjs().AddNode("Sigmoid", "scores", {"heatmap"});
  const auto model = heads.Import();
  ASSERT_THAT(model, base::Succeeds());
  EXPECT_EQ(RolesOf(*model)[0], "heatmap=heatmap");
  const auto& layer = model->spec.network.layers[static_cast<std::size_t>(model->spec.network.outputs[0].value) - 1];
  EXPECT_EQ(std::get<nn::Conv2d>(layer.operation).activation, nn::Activation::kNone);
}

TEST(RolesTest, NameTheMapThatIsMissing) {
  EXPECT_THAT(HeadsModel().Add("heatmap", 17).Add("offset", 34).Add("displacement_fwd", 32).Import(),
              base::FailsWith(ErrorCode::kUnsupported, "displacement_bwd map of 32 channels"));
  EXPECT_THAT(HeadsModel().Add("classes", 1000).Import(), base::FailsWith(ErrorCode::kUnsupported, "heatmap"));
}

TEST(RolesTest, IgnoreNamesThatContradictTheChannels) {
  EXPECT_THAT(HeadsModel()
                  .Add("heatmap", 16)
                  .Add("offset", 34)
                  .Add("displacement_fwd", 32)
                  .Add("displacement_bwd", 32)
                  .Import(),
              base::FailsWith(ErrorCode::kUnsupported, "heatmap map of 17 channels"));
}

}  // namespace
}  // namespace posenet::importer
