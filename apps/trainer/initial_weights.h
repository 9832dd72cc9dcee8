// SPDX-License-Identifier: Apache-2.0
// What a training starts from.
#ifndef POSENET_TRAINER_INITIAL_WEIGHTS_H_
#define POSENET_TRAINER_INITIAL_WEIGHTS_H_

#include <string>

#include "import/pretrained.h"
#include "model/backbone.h"

namespace posenet::trainer {

struct InitialWeights {
  importer::LoadedWeights loaded;  ///< By the names of the backbone's network; no tensors for random weights.
  std::string description;
  /// How many of the first convolutions are best left as they are.
  int advised_frozen_convolutions = 0;

  [[nodiscard]] const nn::TensorMap& weights() const { return loaded.tensors; }
};

/// Reads `file`; where it is empty, the human pose model of the backbone's name, if there is such a backbone. Throws
/// CommandError.
InitialWeights ReadInitialWeights(const std::string& file, model::Backbone backbone);

}  // namespace posenet::trainer

#endif  // POSENET_TRAINER_INITIAL_WEIGHTS_H_
