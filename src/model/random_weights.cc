// SPDX-License-Identifier: Apache-2.0
#include "model/random_weights.h"

#include <cmath>
#include <map>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "model/network_weights.h"
#include "model/output_stride.h"

namespace posenet::model {
namespace {

// Half the width of the interval to draw from. Evenly drawn numbers in [-a, a] have the variance a^2 / 3.
float Amplitude(const std::vector<std::int64_t>& shape) {
  if (shape.size() == 1) return 0.1F;
  double fan_in = 1.0;
  for (std::size_t i = 0; i + 1 < shape.size(); ++i) fan_in *= static_cast<double>(shape[i]);
  return static_cast<float>(std::sqrt(6.0 / fan_in));
}

std::vector<float> Draw(const std::vector<std::int64_t>& shape, std::mt19937& random) {
  std::size_t count = 1;
  for (const std::int64_t extent : shape) count *= static_cast<std::size_t>(extent);
  const float amplitude = Amplitude(shape);
  std::vector<float> numbers(count);
  // The distributions of the standard library differ from one library to the next; its generators do not.
  for (float& number : numbers) number = amplitude * (static_cast<float>(random() >> 8) * 0x1p-23F - 1.0F);
  return numbers;
}

ModelSpec SpecOf(const nn::Network& network, std::uint32_t seed) {
  ModelSpec spec;
  spec.name = "random";
  spec.architecture = "random weights";
  spec.source = base::StrCat("generated, seed ", seed);
  spec.license = "Apache-2.0";
  spec.input_scale = 2.0F / 255.0F;
  spec.input_bias = {-1.0F, -1.0F, -1.0F};
  spec.network = network;
  return spec;
}

LoadedModel WithWeights(ModelSpec spec, const std::map<std::string, WeightUse>& uses, std::uint32_t seed) {
  LoadedModel model;
  model.spec = std::move(spec);
  std::mt19937 random(seed);
  auto numbers = std::make_shared<std::map<std::string, std::vector<float>>>();
  for (const auto& [name, use] : uses) {
    const std::vector<float>& tensor = (*numbers)[name] = Draw(use.shape, random);
    model.weights.emplace(
        name,
        nn::TensorView{.dtype = nn::DType::kFloat32, .shape = use.shape, .bytes = std::as_bytes(std::span(tensor))});
  }
  model.storage = std::move(numbers);
  return model;
}

}  // namespace

Result<LoadedModel> RandomModel(const nn::Network& network, std::uint32_t seed) {
  ModelSpec spec = SpecOf(network, seed);
  POSENET_ASSIGN_OR_RETURN(spec.output_stride, OutputStrideOf(network));
  POSENET_ASSIGN_OR_RETURN(const auto uses, WeightsOf(network));
  return WithWeights(std::move(spec), uses, seed);
}

Result<LoadedModel> RandomModelOfSize(const nn::Network& network, int height_px, int width_px, std::uint32_t seed) {
  ModelSpec spec = SpecOf(network, seed);
  spec.input_height_px = height_px;
  spec.input_width_px = width_px;
  POSENET_ASSIGN_OR_RETURN(auto uses, WeightsOf(network));
  const nn::Shape input = {.height = height_px, .width = width_px, .channels = network.input_channels};
  POSENET_ASSIGN_OR_RETURN(const std::vector<nn::Shape> shapes, nn::InferShapes(network, input));
  for (const nn::Layer& layer : network.layers) {
    const nn::Shape& read = shapes[static_cast<std::size_t>(layer.inputs.front())];
    if (const auto* full = std::get_if<nn::FullyConnected>(&layer.operation)) {
      uses[full->weights].shape[0] = read.ElementCount();
    } else if (const auto* lstm = std::get_if<nn::Lstm>(&layer.operation)) {
      uses[lstm->input_weights].shape[0] = nn::StepInputs(*lstm, read);
    }
  }
  return WithWeights(std::move(spec), uses, seed);
}

}  // namespace posenet::model
