// SPDX-License-Identifier: Apache-2.0
#include "model/camera_model.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <variant>

#include "base/error.h"
#include "model/camera_network.h"
#include "nn/graph/network.h"

namespace posenet::model {
namespace {

Result<void> CheckSpec(const CameraSpec& camera) {
  const auto is_finite = [](double number) { return std::isfinite(number); };
  if (!std::all_of(camera.origin.begin(), camera.origin.end(), is_finite)) {
    return base::Fail(ErrorCode::kCorruptData, "the camera's origin is not finite");
  }
  if (!(camera.scale > 0.0) || !is_finite(camera.scale)) {
    return base::Fail(ErrorCode::kCorruptData, "the camera's scale is ", camera.scale, "; expected a number above 0");
  }
  if (!IsUnit(camera.base_rotation_wxyz)) {
    return base::Fail(ErrorCode::kCorruptData, "the camera's base rotation is no quaternion of length 1");
  }
  if (!(camera.crop_share > 0.0 && camera.crop_share <= 1.0)) {
    return base::Fail(ErrorCode::kCorruptData, "the camera's crop share is ", camera.crop_share,
                      "; expected a number above 0, up to 1");
  }
  if (camera.sequence_length < 1 || camera.sequence_length > kMaxSequenceLength) {
    return base::Fail(ErrorCode::kCorruptData, "a sequence of ", camera.sequence_length, " frames; expected 1 to ",
                      kMaxSequenceLength);
  }
  return {};
}

// Whether a value is one vector for each image, whatever their size.
bool IsVector(const nn::Network& network, int value) {
  while (value > 0) {
    const nn::Layer& layer = network.layers[static_cast<std::size_t>(value) - 1];
    if (std::holds_alternative<nn::GlobalAveragePool>(layer.operation) ||
        std::holds_alternative<nn::FullyConnected>(layer.operation) ||
        std::holds_alternative<nn::Lstm>(layer.operation)) {
      return true;
    }
    value = layer.inputs.front();
  }
  return false;
}

Result<void> CheckOutput(const nn::Network& network, const std::vector<int>& channels, std::string_view name,
                         int expected) {
  for (const nn::Output& output : network.outputs) {
    if (output.name != name) continue;
    const int actual = channels[static_cast<std::size_t>(output.value)];
    if (actual == expected && IsVector(network, output.value)) return {};
    return base::Fail(ErrorCode::kCorruptData, "output ", name, " has ", actual, " channels",
                      IsVector(network, output.value) ? "" : " in each cell of a map", "; expected ", expected,
                      " numbers");
  }
  return base::Fail(ErrorCode::kCorruptData, "output ", name, " is missing");
}

// Rows of the weights of the layers that read whole images.
Result<void> CheckRows(const LoadedModel& model, const std::vector<nn::Shape>& shapes) {
  for (const nn::Layer& layer : model.spec.network.layers) {
    const nn::Shape& input = shapes[static_cast<std::size_t>(layer.inputs.front())];
    const std::string* tensor = nullptr;
    std::int64_t expected = 0;
    if (const auto* full = std::get_if<nn::FullyConnected>(&layer.operation)) {
      tensor = &full->weights;
      expected = input.ElementCount();
    } else if (const auto* lstm = std::get_if<nn::Lstm>(&layer.operation)) {
      tensor = &lstm->input_weights;
      expected = nn::StepInputs(*lstm, input);
    }
    if (tensor == nullptr) continue;
    const std::int64_t actual = model.weights.find(*tensor)->second.shape[0];
    if (actual != expected) {
      return base::Fail(ErrorCode::kCorruptData, "layer ", base::Printable(layer.name), ": weights for ", actual,
                        " inputs; expected ", expected, " at the model's size");
    }
  }
  return {};
}

}  // namespace

bool IsUnit(const std::array<double, 4>& quaternion) {
  double squares = 0.0;
  for (const double number : quaternion) squares += number * number;
  return std::abs(std::sqrt(squares) - 1.0) <= 1e-6;  // Negative for a NaN.
}

Result<void> ValidateCameraModel(const LoadedModel& model) {
  const ModelSpec& spec = model.spec;
  if (!spec.camera)
    return base::Fail(ErrorCode::kCorruptData, "a model for camera poses that does not say what they mean");
  POSENET_RETURN_IF_ERROR(CheckSpec(*spec.camera));
  POSENET_ASSIGN_OR_RETURN(const std::vector<int> channels, nn::InferChannels(spec.network));
  POSENET_RETURN_IF_ERROR(CheckOutput(spec.network, channels, kPositionOutput, 3));
  POSENET_RETURN_IF_ERROR(CheckOutput(spec.network, channels, kRotationOutput, RotationSize(spec.camera->rotation)));
  if (spec.input_width_px == 0) return {};
  auto shapes = nn::InferShapes(
      spec.network,
      {.height = spec.input_height_px, .width = spec.input_width_px, .channels = spec.network.input_channels});
  if (!shapes) return base::Fail(ErrorCode::kCorruptData, "at the model's size: ", shapes.error().message);
  return CheckRows(model, *shapes);
}

}  // namespace posenet::model
