// SPDX-License-Identifier: Apache-2.0
#include "camera/camera_model.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"

namespace posenet::camera {
namespace {

// Whether a value is one vector for each image, whatever the image's size.
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

// `channels` are those of each value of the network.
Result<void> RequireOutput(const nn::Network& network, const std::vector<int>& channels, std::string_view name,
                           int expected) {
  const auto output = std::ranges::find(network.outputs, name, &nn::Output::name);
  if (output == network.outputs.end()) return base::Fail(ErrorCode::kCorruptData, "output ", name, " is missing");
  const int actual = channels[static_cast<std::size_t>(output->value)];
  const bool is_vector = IsVector(network, output->value);
  if (actual == expected && is_vector) return {};
  return base::Fail(ErrorCode::kCorruptData, "output ", name, " has ", actual, " channels",
                    is_vector ? "" : " in each cell of a map", "; expected ", expected, " numbers");
}

}  // namespace

void SetCameraSpec(const CameraSpec& camera, model::ModelSpec& spec) {
  spec.task = kCameraTask;
  spec.task_json = CameraSpecToJson(camera);
  spec.fit = ImageFit::kCrop;
  spec.resampling = Resampling::kAntialiased;
}

Result<CameraSpec> CameraSpecOf(const model::LoadedModel& model) {
  const model::ModelSpec& spec = model.spec;
  if (spec.task != kCameraTask) {
    return base::Fail(ErrorCode::kUnsupported, "model ", base::Printable(spec.name), " is for ",
                      base::Printable(spec.task), "; expected one for ", kCameraTask);
  }
  POSENET_ASSIGN_OR_RETURN(CameraSpec camera, ParseCameraSpec(spec.task_json));
  POSENET_ASSIGN_OR_RETURN(const std::vector<int> channels, nn::InferChannels(spec.network));
  POSENET_RETURN_IF_ERROR(RequireOutput(spec.network, channels, kPositionOutput, 3));
  POSENET_RETURN_IF_ERROR(RequireOutput(spec.network, channels, kRotationOutput, RotationSize(camera.rotation)));
  return camera;
}

bool HasFeatures(const nn::Network& network) {
  return std::ranges::find(network.outputs, kFeaturesOutput, &nn::Output::name) != network.outputs.end();
}

}  // namespace posenet::camera
