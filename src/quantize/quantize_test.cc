// SPDX-License-Identifier: Apache-2.0
#include "quantize/quantize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "model/mobilenet.h"
#include "model/model_file.h"
#include "model/model_variants.h"
#include "model/random_weights.h"
#include "nn/testing/random_network.h"

namespace posenet::quantize {
namespace {

using ::testing::HasSubstr;

std::vector<CalibrationInput> RandomInputs(int count, const nn::Shape& shape) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> uniform(-1, 1);
  std::vector<CalibrationInput> inputs;
  for (int i = 0; i < count; ++i) {
    CalibrationInput input = {.shape = shape,
                              .values = std::vector<float>(static_cast<std::size_t>(shape.ElementCount()))};
    for (float& value : input.values) value = uniform(random);
    inputs.push_back(std::move(input));
  }
  return inputs;
}

model::LoadedModel SmallModel() {
  auto model = model::RandomModel(model::MobileNetV1Network(0.25F, 16), 1);
  EXPECT_TRUE(model.has_value());
  return *std::move(model);
}

std::vector<std::vector<float>> OutputsOf(const model::LoadedModel& model, const CalibrationInput& input) {
  std::vector<int> values;
  for (const nn::Output& output : model.spec.network.outputs) values.push_back(output.value);
  std::vector<std::vector<float>> outputs;
  const auto visited = VisitValues(
      {model.spec.network, model.weights}, values, std::span(&input, 1), 1,
      [&](std::size_t, int, std::span<const float> numbers) { outputs.emplace_back(numbers.begin(), numbers.end()); });
  EXPECT_TRUE(visited.has_value()) << visited.error().message;
  return outputs;
}

// The power of the difference of two outputs relative to that of the first.
double RelativeError(const std::vector<float>& expected, const std::vector<float>& actual) {
  double power = 0;
  double error = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    power += double{expected[i]} * expected[i];
    error += (double{actual[i]} - expected[i]) * (double{actual[i]} - expected[i]);
  }
  return error / power;
}

TEST(QuantizeModelTest, BFloat16KeepsOutputsCloser) {
  const model::LoadedModel model = SmallModel();
  const auto quantized = QuantizeModel(model, RandomInputs(3, {1, 65, 65, 3}), {.format = WeightFormat::kBFloat16});
  ASSERT_TRUE(quantized.has_value()) << quantized.error().message;
  EXPECT_EQ(quantized->layers.size(), 17U);
  for (const LayerReport& layer : quantized->layers) {
    EXPECT_EQ(layer.stored_as, "bfloat16");
    EXPECT_GT(layer.signal_to_noise_db, 40) << layer.layer;
  }
  EXPECT_TRUE(model::ValidateModel(quantized->model).has_value());
  const CalibrationInput unseen = RandomInputs(4, {1, 65, 65, 3}).back();
  const auto expected = OutputsOf(model, unseen);
  const auto actual = OutputsOf(quantized->model, unseen);
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_LT(RelativeError(expected[i], actual[i]), 5e-4);
}

TEST(QuantizeModelTest, Int8KeepsOutputsClose) {
  const model::LoadedModel model = SmallModel();
  const auto inputs = RandomInputs(3, {1, 65, 65, 3});
  std::size_t last_done = 0;
  std::size_t last_total = 0;
  Options options;
  options.on_progress = [&](std::size_t done, std::size_t total) {
    EXPECT_GE(done, last_done);
    last_done = done;
    last_total = total;
  };
  const auto quantized = QuantizeModel(model, inputs, options);
  ASSERT_TRUE(quantized.has_value()) << quantized.error().message;
  EXPECT_EQ(last_done, last_total);
  EXPECT_TRUE(model::ValidateModel(quantized->model).has_value());
  EXPECT_EQ(quantized->layers.size(), 17U);

  const CalibrationInput unseen = RandomInputs(4, {1, 65, 65, 3}).back();
  const auto expected = OutputsOf(model, unseen);
  const auto actual = OutputsOf(quantized->model, unseen);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_LT(RelativeError(expected[i], actual[i]), 0.03) << model.spec.network.outputs[i].name;
  }
}

TEST(QuantizeModelTest, TimeBudgetReducesTheError) {
  const model::LoadedModel model = SmallModel();
  const auto inputs = RandomInputs(3, {1, 65, 65, 3});
  const auto uniform = QuantizeModel(model, inputs, {.time_budget = 1.0});
  const auto mixed = QuantizeModel(model, inputs, {.time_budget = 1.5});
  ASSERT_TRUE(uniform.has_value());
  ASSERT_TRUE(mixed.has_value());
  for (const LayerReport& layer : uniform->layers) EXPECT_EQ(layer.stored_as, "int8");
  double share = 0;
  for (const LayerReport& layer : mixed->layers) share += layer.stored_as == "bfloat16" ? layer.share : 0;
  EXPECT_GT(share, 0.02);
  EXPECT_LE(share, 0.5);
  EXPECT_LT(mixed->output_errors[0].second, uniform->output_errors[0].second);
}

// Sums and the results of linear convolutions have either sign.
TEST(QuantizeModelTest, ValuesOfEitherSign) {
  const nn::TestNetwork net = nn::SmallMoveNet();
  model::LoadedModel model;
  model.spec.network = net.network();
  model.weights = net.Tensors();
  const auto inputs = RandomInputs(3, {1, 64, 64, 3});
  const CalibrationInput unseen = RandomInputs(4, {1, 64, 64, 3}).back();
  const auto expected = OutputsOf(model, unseen);
  for (const WeightFormat format : {WeightFormat::kInt8, WeightFormat::kBFloat16}) {
    const auto quantized = QuantizeModel(model, inputs, {.format = format});
    ASSERT_TRUE(quantized.has_value()) << quantized.error().message;
    // The network's depthwise layers and its first are no products.
    EXPECT_EQ(quantized->layers.size(), 12U);
    const auto actual = OutputsOf(quantized->model, unseen);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_LT(RelativeError(expected[i], actual[i]), format == WeightFormat::kInt8 ? 0.01 : 1e-4) << i;
    }
  }
}

// A loss that sees the last output alone leaves the layers in int8 that only the other one depends on.
TEST(QuantizeModelTest, TimeBudgetIsSpentOnTheLoss) {
  const nn::TestNetwork net = nn::SmallMoveNet();
  model::LoadedModel model;
  model.spec.network = net.network();
  model.weights = net.Tensors();
  const auto inputs = RandomInputs(2, {1, 32, 32, 3});
  Options options = {.time_budget = 1.4};
  options.loss = [](const nn::Shape& input, const Outputs& outputs, const Outputs& float_outputs) {
    EXPECT_EQ(input, (nn::Shape{1, 32, 32, 3}));
    double sum = 0.0;
    for (std::size_t i = 0; i < outputs[1].size(); ++i) sum += std::pow(outputs[1][i] - float_outputs[1][i], 2);
    return sum;
  };
  const auto quantized = QuantizeModel(model, inputs, options);
  ASSERT_TRUE(quantized.has_value()) << quantized.error().message;
  // The last two products compute the last output, the two before them the other one.
  const std::vector<LayerReport>& layers = quantized->layers;
  EXPECT_EQ(layers[layers.size() - 3].stored_as, "int8");
  EXPECT_EQ(layers[layers.size() - 4].stored_as, "int8");
  double share = 0;
  for (const LayerReport& layer : layers) share += layer.stored_as == "bfloat16" ? layer.share : 0;
  EXPECT_GT(share, 0.2);
  EXPECT_LE(share, 0.4);
}

TEST(QuantizeModelTest, IsReproducible) {
  const model::LoadedModel model = SmallModel();
  const auto inputs = RandomInputs(2, {1, 33, 33, 3});
  const auto once = QuantizeModel(model, inputs);
  const auto again = QuantizeModel(model, inputs);
  ASSERT_TRUE(once.has_value());
  ASSERT_TRUE(again.has_value());
  for (const auto& [name, tensor] : once->model.weights) {
    EXPECT_TRUE(std::ranges::equal(tensor.bytes, again->model.weights.at(name).bytes)) << name;
  }
}

TEST(QuantizeModelTest, WrongInputsAreRefused) {
  const model::LoadedModel model = SmallModel();
  const auto none = QuantizeModel(model, {});
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().code, ErrorCode::kInvalidArgument);
  const auto gray = QuantizeModel(model, RandomInputs(1, {1, 33, 33, 1}));
  ASSERT_FALSE(gray.has_value());
  EXPECT_THAT(gray.error().message, HasSubstr("expected 3 channels"));
}

TEST(QuantizeModelTest, RecordsTheModelThatItWasMadeFrom) {
  model::LoadedModel model = SmallModel();
  const auto inputs = RandomInputs(1, {1, 33, 33, 3});
  EXPECT_EQ(QuantizeModel(model, inputs)->model.quantized_from, "");
  model.sha256 = "made up";
  EXPECT_EQ(QuantizeModel(model, inputs)->model.quantized_from, model::ModelIdOf(model));
}

TEST(QuantizeModelTest, QuantizedModelsAreRefused) {
  const auto inputs = RandomInputs(1, {1, 33, 33, 3});
  const model::LoadedModel model = SmallModel();
  const auto once = QuantizeModel(model, inputs);
  ASSERT_TRUE(once.has_value());
  const auto twice = QuantizeModel(once->model, inputs);
  ASSERT_FALSE(twice.has_value());
  EXPECT_THAT(twice.error().message, HasSubstr("already quantized"));
}

}  // namespace
}  // namespace posenet::quantize
