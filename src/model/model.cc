// SPDX-License-Identifier: Apache-2.0
#include "posenet/model.h"

#include <memory>
#include <utility>
#include <vector>

#include "base/error.h"
#include "model/model_access.h"
#include "model/model_file.h"
#include "model/model_spec.h"
#include "model/network_weights.h"

namespace posenet {
namespace {

// The public model of a LoadedModel that passed ValidateModel.
Result<Model> Publish(model::LoadedModel loaded) {
  POSENET_ASSIGN_OR_RETURN(const auto uses, model::WeightsOf(loaded.spec.network));
  const model::ModelSpec& spec = loaded.spec;
  ModelInfo info = {.name = spec.name,
                    .architecture = spec.architecture,
                    .task = spec.task,
                    .output_stride = spec.output_stride,
                    .source = spec.source,
                    .license = spec.license,
                    .layer_count = static_cast<int>(spec.network.layers.size())};
  for (const auto& [name, use] : uses) info.parameter_count += loaded.weights.find(name)->second.ElementCount();
  return internal::ModelAccess::Wrap({std::move(loaded), std::move(info)});
}

}  // namespace

Model::Model(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

const ModelInfo& Model::info() const { return impl_->info; }

Result<Model> Model::Load(const std::filesystem::path& path) {
  POSENET_ASSIGN_OR_RETURN(model::LoadedModel loaded, model::LoadModelFile(path));
  return Publish(std::move(loaded));
}

Result<Model> Model::Parse(std::span<const std::byte> bytes) {
  return Parse(std::vector<std::byte>(bytes.begin(), bytes.end()));
}

Result<Model> Model::Parse(std::vector<std::byte>&& bytes) {
  const auto kept = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
  POSENET_ASSIGN_OR_RETURN(model::LoadedModel loaded, model::ParseModelFile(*kept, kept));
  return Publish(std::move(loaded));
}

Result<Model> model::MakeModel(LoadedModel model) {
  POSENET_RETURN_IF_ERROR(ValidateModel(model));
  return Publish(std::move(model));
}

const model::LoadedModel& model::LoadedModelOf(const Model& model) {
  return internal::ModelAccess::Contents(model).model;
}

}  // namespace posenet
