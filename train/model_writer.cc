// SPDX-License-Identifier: Apache-2.0
#include "train/model_writer.h"

#include <span>
#include <string>

#include "camera/camera_model.h"
#include "model/model_file.h"
#include "train/failure.h"

namespace posenet::train {

nn::TensorMap ViewsOf(const NamedTensors& tensors) {
  nn::TensorMap views;
  for (const auto& [name, tensor] : tensors) {
    views[name] = {
        .dtype = nn::DType::kFloat32,
        .shape = tensor.sizes().vec(),
        .bytes = std::as_bytes(std::span(tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())))};
  }
  return views;
}

void WriteCameraModel(const std::filesystem::path& path, const nn::Network& network, const NamedTensors& trained,
                      const nn::TensorMap& frozen, const camera::CameraSpec& spec, const TrainOptions& options) {
  const model::BackboneInput input = model::InputOf(options.architecture.backbone);
  model::LoadedModel model;
  model.spec.name = path.stem().native();
  model.spec.architecture = ArchitectureName(options.architecture);
  model.spec.input_scale = input.scale;
  model.spec.input_bias = input.bias;
  model.spec.input_width_px = options.view.input_width_px;
  model.spec.input_height_px = options.view.input_height_px;
  camera::SetCameraSpec(spec, model.spec);
  model.spec.source = "trained on " + spec.scene;
  model.spec.license = "NOASSERTION";  // Depends on the images.
  model.spec.network = network;
  model.weights = frozen;
  for (const auto& [name, view] : ViewsOf(trained)) model.weights[name] = view;
  ValueOf(camera::CameraSpecOf(model));  // A training that diverged must not write a file that cannot be read.
  ValueOf(model::WriteModelFile(path, model));
}

}  // namespace posenet::train
