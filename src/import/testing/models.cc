// SPDX-License-Identifier: Apache-2.0
#include "import/testing/models.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "model/random_weights.h"
#include "nn/testing/reference.h"

namespace posenet::importer {
namespace {

constexpr std::uint32_t kSeed = 7;

std::vector<float> RandomImage(std::size_t count) {
  std::mt19937 generator(kSeed);
  std::vector<float> pixels(count);
  // Not std::uniform_real_distribution: its numbers differ between standard libraries.
  for (float& pixel : pixels) pixel = static_cast<float>(generator() >> 8) * 0x1p-23F - 1.0F;
  return pixels;
}

std::map<std::string, nn::ReferenceTensor> MapsOf(const model::LoadedModel& model, int size) {
  const nn::Shape shape{1, size, size, 3};
  const std::vector<float> image = RandomImage(static_cast<std::size_t>(shape.ElementCount()));
  auto tensors = nn::ReferenceRun(model.spec.network, model.weights, image, shape);
  EXPECT_THAT(tensors, base::Succeeds());
  std::map<std::string, nn::ReferenceTensor> maps;
  if (!tensors) return maps;
  for (std::size_t i = 0; i < tensors->size(); ++i) maps[model.spec.network.outputs[i].name] = (*tensors)[i];
  return maps;
}

}  // namespace

model::LoadedModel WithRandomWeights(const nn::Network& network) {
  auto model = model::RandomModel(network, kSeed);
  EXPECT_THAT(model, base::Succeeds());
  return model ? *std::move(model) : model::LoadedModel{};
}

std::vector<float> FloatsOf(const model::LoadedModel& model, const std::string& name) {
  const auto tensor = model.weights.find(name);
  if (tensor == model.weights.end()) {
    ADD_FAILURE() << "no tensor is called " << name;
    return {};
  }
  const auto floats = nn::ToFloat(tensor->second);
  EXPECT_THAT(floats, base::Succeeds());
  return floats.value_or(std::vector<float>());
}

void ExpectSameMaps(const model::LoadedModel& expected, const model::LoadedModel& actual, int size, double tolerance) {
  const auto expected_maps = MapsOf(expected, size);
  const auto actual_maps = MapsOf(actual, size);
  ASSERT_EQ(expected_maps.size(), actual_maps.size());
  for (const auto& [name, map] : expected_maps) {
    ASSERT_TRUE(actual_maps.contains(name)) << name;
    const nn::ReferenceTensor& other = actual_maps.at(name);
    ASSERT_EQ(map.shape, other.shape) << name;
    double largest = 0.0;
    double error = 0.0;
    for (std::size_t i = 0; i < map.values.size(); ++i) {
      largest = std::max(largest, std::abs(static_cast<double>(map.values[i])));
      error = std::max(error, std::abs(static_cast<double>(map.values[i]) - static_cast<double>(other.values[i])));
    }
    EXPECT_GT(largest, 0.0) << name;
    EXPECT_LE(error, tolerance * largest) << name;
  }
}

std::vector<float> NumbersOf(const Result<SourceTensors>& read, const std::string& name) {
  if (!read.has_value() || !read->tensors.contains(name)) return {};
  return nn::ToFloat(read->tensors.find(name)->second).value_or(std::vector<float>());
}

}  // namespace posenet::importer
