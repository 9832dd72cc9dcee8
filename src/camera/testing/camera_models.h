// SPDX-License-Identifier: Apache-2.0
// Camera models for tests: one whose outputs can be computed by hand, and others with random weights.
#ifndef POSENET_CAMERA_TESTING_CAMERA_MODELS_H_
#define POSENET_CAMERA_TESTING_CAMERA_MODELS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "camera/camera_model.h"
#include "model/model_spec.h"
#include "model/random_weights.h"

namespace posenet::camera {

struct TestModelOptions {
  RotationParameters rotation = RotationParameters::kQuaternion;
  std::vector<float> rotation_bias = {2.0F, 0.0F, 0.0F, 0.0F};
  std::optional<float> dropout = std::nullopt;  // Its rate.
  int input_width_px = 8;
  int input_height_px = 6;
  double crop_share = 1.0;
  int sequence_length = 1;
};

/// A model whose features are the mean red, green and blue of its view, from 0 to 1; whose position is the features
/// (after dropout, if any), and whose rotation is the bias, plus the mean red in the last component. With the default
/// CameraSpec the pose is that: the more blue, the larger z.
inline model::LoadedModel MakeTestModel(const TestModelOptions& options = {}) {
  auto elements = std::make_shared<std::map<std::string, std::vector<float>>>();
  model::LoadedModel model;
  model::ModelSpec& spec = model.spec;
  spec.name = "tiny-camera";
  spec.architecture = "tiny";
  spec.input_scale = 1.0F / 255.0F;
  spec.input_width_px = options.input_width_px;
  spec.input_height_px = options.input_height_px;
  spec.source = "test";
  spec.license = "Apache-2.0";
  SetCameraSpec({.rotation = options.rotation,
                 .scene = "synthetic",
                 .crop_share = options.crop_share,
                 .sequence_length = options.sequence_length},
                spec);
  const auto add_tensor = [&](const std::string& name, std::vector<std::int64_t> shape, std::vector<float> values) {
    const std::vector<float>& kept = (*elements)[name] = std::move(values);
    model.weights[name] = {
        .dtype = nn::DType::kFloat32, .shape = std::move(shape), .bytes = std::as_bytes(std::span(kept))};
  };
  nn::Network& network = spec.network;
  network.layers.push_back({.name = "features", .inputs = {0}, .operation = nn::GlobalAveragePool{}});
  int value = 1;
  network.outputs.push_back({.name = kFeaturesOutput, .value = value});
  if (options.dropout) {
    network.layers.push_back(
        {.name = "dropout", .inputs = {value}, .operation = nn::Dropout{.rate = *options.dropout}});
    ++value;
  }
  add_tensor("position/weights", {3, 3}, {1, 0, 0, 0, 1, 0, 0, 0, 1});
  add_tensor("position/biases", {3}, {0, 0, 0});
  network.layers.push_back(
      {.name = "position",
       .inputs = {value},
       .operation = nn::FullyConnected{.out_channels = 3, .weights = "position/weights", .bias = "position/biases"}});
  network.outputs.push_back({.name = kPositionOutput, .value = value + 1});
  const std::size_t size = options.rotation_bias.size();
  std::vector<float> weights(3 * size, 0.0F);
  weights[size - 1] = 1.0F;
  add_tensor("rotation/weights", {3, static_cast<std::int64_t>(size)}, std::move(weights));
  add_tensor("rotation/biases", {static_cast<std::int64_t>(size)}, options.rotation_bias);
  network.layers.push_back(
      {.name = "rotation",
       .inputs = {value},
       .operation = nn::FullyConnected{
           .out_channels = static_cast<int>(size), .weights = "rotation/weights", .bias = "rotation/biases"}});
  network.outputs.push_back({.name = kRotationOutput, .value = value + 2});
  model.storage = std::move(elements);
  return model;
}

/// model::RandomModelOfSize with `camera` as its CameraSpec.
inline Result<model::LoadedModel> RandomCameraModel(const nn::Network& network, const CameraSpec& camera, int height_px,
                                                    int width_px, std::uint32_t seed) {
  auto model = model::RandomModelOfSize(network, height_px, width_px, seed);
  if (model.has_value()) SetCameraSpec(camera, model->spec);
  return model;
}

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_TESTING_CAMERA_MODELS_H_
