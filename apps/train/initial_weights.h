// SPDX-License-Identifier: Apache-2.0
// What a training starts from.
#ifndef POSENET_TRAIN_APP_INITIAL_WEIGHTS_H_
#define POSENET_TRAIN_APP_INITIAL_WEIGHTS_H_

#include <string>

#include "model/backbone.h"
#include "model/model_spec.h"

namespace posenet::trainer {

struct InitialWeights {
  LoadedModel model;  ///< Tensors by the names of the backbone's network, and what keeps them.
  std::string description;
  /// How many of the first convolutions are best left as they are.
  int advised_frozen_convolutions = 0;

  [[nodiscard]] const nn::TensorMap& weights() const { return model.weights; }
};

/// Reads `file`; where it is empty, the human pose model of the backbone's name, if there is such a backbone. Throws
/// CommandError.
InitialWeights ReadInitialWeights(const std::string& file, Backbone backbone);

}  // namespace posenet::trainer

#endif  // POSENET_TRAIN_APP_INITIAL_WEIGHTS_H_
