// SPDX-License-Identifier: Apache-2.0
#include "posenet/model.h"

#include <utility>
#include <vector>

#include "base/error.h"
#include "model/model_file.h"
#include "model/network_weights.h"

namespace posenet {
namespace {

// The public model of a LoadedModel that passed ValidateModel.
Result<Model> Publish(LoadedModel loaded) {
  POSENET_ASSIGN_OR_RETURN(const auto uses, WeightsOf(loaded.spec.network));
  const ModelSpec& spec = loaded.spec;
  ModelInfo info = {.name = spec.name,
                    .architecture = spec.architecture,
                    .task = spec.task,
                    .output_stride = spec.output_stride,
                    .source = spec.source,
                    .license = spec.license,
                    .layer_count = static_cast<int>(spec.network.layers.size())};
  for (const auto& [name, use] : uses) info.parameter_count += loaded.weights.find(name)->second.ElementCount();
  return Model(std::make_shared<const Model::Impl>(Model::Impl{std::move(loaded), std::move(info)}));
}

}  // namespace

Model::Model(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

const ModelInfo& Model::info() const { return impl_->info; }

Result<Model> Model::Load(const std::filesystem::path& path) {
  POSENET_ASSIGN_OR_RETURN(LoadedModel loaded, LoadModelFile(path));
  return Publish(std::move(loaded));
}

Result<Model> Model::Parse(std::span<const std::byte> bytes) {
  return Parse(std::vector<std::byte>(bytes.begin(), bytes.end()));
}

Result<Model> Model::Parse(std::vector<std::byte>&& bytes) {
  const auto kept = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
  POSENET_ASSIGN_OR_RETURN(LoadedModel loaded, ParseModelFile(*kept, kept));
  return Publish(std::move(loaded));
}

Result<Model> MakeModel(LoadedModel model) {
  POSENET_RETURN_IF_ERROR(ValidateModel(model));
  return Publish(std::move(model));
}

}  // namespace posenet
