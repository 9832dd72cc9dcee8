// SPDX-License-Identifier: Apache-2.0
#include "train/model_writer.h"

#include <span>
#include <string>

#include "model/model_file.h"
#include "train/failure.h"
#include "train/train_options.h"

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
                      const nn::TensorMap& kept, const model::CameraSpec& spec, const TrainOptions& options) {
  const model::BackboneInput input = model::InputOf(options.architecture.backbone);
  model::LoadedModel model;
  model.spec.name = path.stem().native();
  model.spec.architecture = ArchitectureName(options.architecture);
  model.spec.task = kCameraTask;
  model.spec.input_scale = input.scale;
  model.spec.input_bias = input.bias;
  model.spec.input_width_px = options.view.input_width_px;
  model.spec.input_height_px = options.view.input_height_px;
  model.spec.fit = ImageFit::kCrop;
  model.spec.resampling = Resampling::kAntialiased;
  model.spec.camera = spec;
  model.spec.source = "trained on " + spec.scene;
  model.spec.license = "NOASSERTION";  // The photos' owner decides.
  model.spec.network = network;
  model.weights = kept;
  for (const auto& [name, view] : ViewsOf(trained)) model.weights[name] = view;
  ValueOf(model::WriteModelFile(path, model));
}

}  // namespace posenet::train
