// SPDX-License-Identifier: Apache-2.0
// The weights that a training starts from.
#ifndef POSENET_TRAINER_INITIAL_WEIGHTS_H_
#define POSENET_TRAINER_INITIAL_WEIGHTS_H_

#include <string>

#include "import/pretrained.h"
#include "model/backbone.h"

namespace posenet::trainer {

struct InitialWeights {
  importer::LoadedWeights loaded;  ///< By their names in the backbone's network; empty for random weights.
  std::string description;         ///< For messages.
  int suggested_frozen_convolutions = 0;

  [[nodiscard]] const nn::TensorMap& weights() const { return loaded.tensors; }
};

/// Reads `file`. If it is empty, reads the human pose model with the backbone's name, or returns no weights if there is
/// none. Throws CommandError.
InitialWeights ReadInitialWeights(const std::string& file, model::Backbone backbone);

}  // namespace posenet::trainer

#endif  // POSENET_TRAINER_INITIAL_WEIGHTS_H_
