// SPDX-License-Identifier: Apache-2.0
// Running a network on calibration inputs and looking at the values within it.
#ifndef POSENET_QUANTIZE_CALIBRATION_H_
#define POSENET_QUANTIZE_CALIBRATION_H_

#include <functional>
#include <span>
#include <vector>

#include "nn/graph/network.h"
#include "nn/graph/weights.h"
#include "posenet/result.h"

namespace posenet::quantize {

/// What a network is shown: normalised as it expects, NHWC.
struct CalibrationInput {
  nn::Shape shape;
  std::vector<float> values;
};

/// A network with the weights that it has at present.
struct Weighted {
  const nn::Network& network;
  const nn::TensorMap& tensors;
};

/// Called for each input and each wanted value, with its numbers, [cells, channels].
using Visitor = std::function<void(std::size_t input, int value, std::span<const float> values)>;

/// Runs the part of a network that `values` depend on, for every input. Values that are looked at are not rounded;
/// those before them are, as the plan keeps them.
/// Errors: those of nn::PackedNetwork and nn::Plan.
Result<void> VisitValues(const Weighted& weighted, std::span<const int> values,
                         std::span<const CalibrationInput> inputs, int thread_count, const Visitor& visitor);

}  // namespace posenet::quantize

#endif  // POSENET_QUANTIZE_CALIBRATION_H_
