// SPDX-License-Identifier: Apache-2.0
// The contents of a public Model, for the library's own modules and their tests.
#ifndef POSENET_MODEL_MODEL_ACCESS_H_
#define POSENET_MODEL_MODEL_ACCESS_H_

#include <memory>
#include <utility>

#include "model/model_spec.h"
#include "posenet/model.h"

namespace posenet {

struct Model::Impl {
  model::LoadedModel model;
  ModelInfo info;
};

struct internal::ModelAccess {
  /// A Model of `contents` as they are: nothing is checked.
  static Model Wrap(Model::Impl contents) { return Model(std::make_shared<const Model::Impl>(std::move(contents))); }
  static const Model::Impl& Contents(const Model& model) { return *model.impl_; }
};

}  // namespace posenet

#endif  // POSENET_MODEL_MODEL_ACCESS_H_
