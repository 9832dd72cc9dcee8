// SPDX-License-Identifier: Apache-2.0
#include "train/torch_network.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/thread_pool.h"
#include "camera/camera_network.h"
#include "nn/plan.h"
#include "train/cpu_precision.h"
#include "train/failure.h"
#include "train/model_writer.h"

namespace posenet::train {
namespace {

using torch::Tensor;

// The largest difference between the engine's outputs and libtorch's, relative to the largest value of each output.
double DifferenceFromEngine(const nn::Network& network, TorchNetwork& module, const nn::Shape& input) {
  const NamedTensors weights = module->ExportWeights();
  const auto plan = ValueOf(nn::Plan::Create(ValueOf(nn::PackedNetwork::Create(network, ViewsOf(weights))), input));
  const auto context = ValueOf(nn::Context::Create(plan));
  const Tensor pixels_bhwc = 2.0 * torch::rand({input.batch, input.height, input.width, input.channels}) - 1.0;
  std::copy_n(pixels_bhwc.data_ptr<float>(), pixels_bhwc.numel(), context->input().begin());
  base::ThreadPool pool(2);
  plan->Run(*context, pool);
  const torch::NoGradGuard no_grad;
  module->eval();
  const auto outputs = module->forward(pixels_bhwc.permute({0, 3, 1, 2}), input.batch);
  double worst = 0.0;
  for (int i = 0; i < plan->output_count(); ++i) {
    const Tensor expected = outputs.at(plan->output_name(i)).contiguous();
    const auto actual = context->output(i);
    const double scale = std::max(1e-6, expected.abs().max().item<double>());
    for (std::size_t k = 0; k < actual.size(); ++k) {
      worst = std::max(worst, std::abs(actual[k] - expected.data_ptr<float>()[k]) / scale);
    }
  }
  return worst;
}

// For sums of up to ten thousand float32 products in a different order.
constexpr double kEngineTolerance = 1e-4;

struct Case {
  model::Backbone backbone;
  camera::CameraHead head;
  int sequence_length;
  int grid_channels;
};

class ArchitectureTest : public testing::TestWithParam<Case> {};

TEST_P(ArchitectureTest, HasTheOutputsOfTheEngine) {
  torch::manual_seed(3);
  const Case& c = GetParam();
  const camera::CameraArchitecture architecture = {.backbone = c.backbone,
                                                   .head = c.head,
                                                   .rotation = camera::RotationParameters::kQuaternion,
                                                   .sequence_length = c.sequence_length,
                                                   .feature_count = 256,
                                                   .hidden = 24,
                                                   .dropout = 0.5F,
                                                   .grid_channels = c.grid_channels};
  const nn::Network network = camera::CameraNetwork(architecture, camera::Auxiliary::kInclude);
  const nn::Shape input = {.batch = c.sequence_length, .height = 96, .width = 112, .channels = 3};
  TorchNetwork module(network, input);
  EXPECT_LT(DifferenceFromEngine(network, module, input), kEngineTolerance);
}

INSTANTIATE_TEST_SUITE_P(
    All, ArchitectureTest,
    testing::Values(Case{model::Backbone::kMobileNet100, camera::CameraHead::kFullyConnected, 1, 0},
                    Case{model::Backbone::kMobileNet100, camera::CameraHead::kLstm, 1, 0},
                    Case{model::Backbone::kMobileNet100, camera::CameraHead::kFullyConnected, 3, 0},
                    Case{model::Backbone::kMobileNet075, camera::CameraHead::kLstm, 2, 0},
                    Case{model::Backbone::kMobileNet075, camera::CameraHead::kFullyConnected, 1, 8},
                    Case{model::Backbone::kGoogLeNet, camera::CameraHead::kFullyConnected, 1, 0},
                    Case{model::Backbone::kGoogLeNet, camera::CameraHead::kLstm, 1, 0},
                    Case{model::Backbone::kGoogLeNetBn, camera::CameraHead::kFullyConnected, 1, 0},
                    Case{model::Backbone::kGoogLeNetBn, camera::CameraHead::kLstm, 1, 0},
                    Case{model::Backbone::kResNet34, camera::CameraHead::kFullyConnected, 1, 0},
                    Case{model::Backbone::kResNet34, camera::CameraHead::kLstm, 1, 0}),
    [](const testing::TestParamInfo<Case>& test) {
      std::string name = std::string(model::BackboneName(test.param.backbone)) + "_" +
                         std::string(camera::CameraHeadName(test.param.head)) + "_" +
                         std::to_string(test.param.sequence_length) + "_" + std::to_string(test.param.grid_channels);
      std::ranges::replace(name, '-', '_');
      return name;
    });

class BFloat16Test : public testing::TestWithParam<model::Backbone> {};

// bfloat16 has 8 significant bits. In networks of random weights, rounding in all layers turns the gradients of the
// first ones by up to 20 degrees (a cosine of 0.94). A wrong or missing derivative gives less than 0.6.
TEST_P(BFloat16Test, HasTheDerivativesOfFloat32) {
  if (FastestCpuPrecision() != ConvPrecision::kBFloat16) GTEST_SKIP() << "needs a CPU with bf16 instructions";
  constexpr double kMinCosine = 0.9;
  const nn::Network network = camera::CameraNetwork({.backbone = GetParam(), .feature_count = 64, .dropout = 0.0F},
                                                    camera::Auxiliary::kInclude);
  const nn::Shape input = {.batch = 2, .height = 96, .width = 112, .channels = 3};
  torch::manual_seed(8);
  const Tensor pixels = torch::randn({2, 3, 96, 112}).contiguous(torch::MemoryFormat::ChannelsLast);
  TorchNetwork exact(network, input);
  TorchNetwork fast(network, input, LearningOptions{.precision = ConvPrecision::kBFloat16});
  const NamedTensors weights = exact->ExportWeights();
  fast->LoadWeights(ViewsOf(weights));
  for (TorchNetwork module : {exact, fast}) {
    module->train();
    torch::manual_seed(9);  // The auxiliary regressors drop features.
    Tensor sum = torch::zeros({});
    for (const auto& [name, output] : module->forward(pixels)) {
      EXPECT_EQ(output.scalar_type(), torch::kFloat32) << name;
      sum = sum + output.sum();
    }
    sum.backward();
  }
  const auto parameters = fast->named_parameters();
  for (const auto& item : exact->named_parameters()) {
    const Tensor& gradient = parameters[item.key()].grad();
    EXPECT_EQ(gradient.scalar_type(), torch::kFloat32);
    EXPECT_GT(torch::cosine_similarity(gradient.flatten(), item.value().grad().flatten(), 0).item<double>(), kMinCosine)
        << item.key();
  }
}

TEST_P(BFloat16Test, IsFloat32AfterTraining) {
  if (FastestCpuPrecision() != ConvPrecision::kBFloat16) GTEST_SKIP() << "needs a CPU with bf16 instructions";
  const nn::Network network =
      camera::CameraNetwork({.backbone = GetParam(), .feature_count = 64}, camera::Auxiliary::kInclude);
  const nn::Shape input = {.batch = 1, .height = 96, .width = 112, .channels = 3};
  torch::manual_seed(9);
  TorchNetwork module(network, input, LearningOptions{.precision = ConvPrecision::kBFloat16});
  EXPECT_LT(DifferenceFromEngine(network, module, input), kEngineTolerance);
}

INSTANTIATE_TEST_SUITE_P(All, BFloat16Test,
                         testing::Values(model::Backbone::kMobileNet100, model::Backbone::kGoogLeNet,
                                         model::Backbone::kGoogLeNetBn, model::Backbone::kResNet34),
                         [](const testing::TestParamInfo<model::Backbone>& test) {
                           std::string name(model::BackboneName(test.param));
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(TorchNetwork, FoldsBatchNormalizationIntoWeights) {
  torch::manual_seed(4);
  const nn::Network network =
      camera::ClassifierNetwork(model::Backbone::kMobileNet075, 5, camera::Auxiliary::kLeaveOut);
  const nn::Shape input = {.batch = 2, .height = 64, .width = 64, .channels = 3};
  TorchNetwork module(network, input, LearningOptions{.normalization = BatchNormalization::kInTraining});
  module->train();
  // Changes the running statistics.
  for (int i = 0; i < 3; ++i) module->forward(torch::randn({4, 3, 64, 64}));
  EXPECT_LT(DifferenceFromEngine(network, module, input), kEngineTolerance);
}

TEST(TorchNetwork, LoadsTheWeightsThatItExports) {
  const nn::Network network = camera::CameraNetwork(
      {.backbone = model::Backbone::kMobileNet075, .head = camera::CameraHead::kLstm, .feature_count = 64, .hidden = 8},
      camera::Auxiliary::kLeaveOut);
  const nn::Shape input = {.batch = 1, .height = 64, .width = 64, .channels = 3};
  torch::manual_seed(5);
  TorchNetwork one(network, input);
  TorchNetwork other(network, input);
  const NamedTensors weights = one->ExportWeights();
  const LoadSummary summary = other->LoadWeights(ViewsOf(weights));
  EXPECT_EQ(summary.loaded.size(), weights.size());
  EXPECT_EQ(other->ParametersNamed(summary.loaded).size(), weights.size());
  EXPECT_TRUE(summary.missing.empty());
  for (const auto& [name, tensor] : other->ExportWeights()) EXPECT_TRUE(torch::equal(tensor, weights.at(name))) << name;
}

TEST(TorchNetwork, RejectsTensorsOfADifferentShape) {
  const nn::Network network = camera::CameraNetwork({.backbone = model::Backbone::kMobileNet075, .feature_count = 64},
                                                    camera::Auxiliary::kLeaveOut);
  const nn::Shape input = {.batch = 1, .height = 64, .width = 64, .channels = 3};
  TorchNetwork module(network, input);
  NamedTensors weights = module->ExportWeights();
  weights["conv0/weights"] = torch::zeros({3, 3, 3, 7});
  EXPECT_THROW(module->LoadWeights(ViewsOf(weights)), TrainError);
}

}  // namespace
}  // namespace posenet::train
