// SPDX-License-Identifier: Apache-2.0
// Runs a network on calibration inputs and visits its intermediate values.
#ifndef POSENET_QUANTIZE_CALIBRATION_H_
#define POSENET_QUANTIZE_CALIBRATION_H_

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "nn/graph/network.h"
#include "nn/graph/weights.h"
#include "posenet/result.h"

namespace posenet::quantize {

/// The instruction set to quantize with: the same on every CPU that has it, so that the result does not depend on the
/// CPU. Empty, for the best, on other CPUs.
std::string_view CommonInstructionSet();

/// An input of the network, normalized as the network expects, NHWC.
struct CalibrationInput {
  nn::Shape shape;
  std::vector<float> values;
};

/// A network with its current weights.
struct Weighted {
  const nn::Network& network;
  const nn::TensorMap& tensors;
};

/// Called for each input and each requested value, with its elements, [cells, channels].
using Visitor = std::function<void(std::size_t input, int value, std::span<const float> values)>;

/// Runs the part of a network that `values` depend on, for every input. Visited values are not rounded; the values that
/// they depend on are, to the precision in which a plan stores them.
/// Errors: those of nn::PackedNetwork and nn::Plan.
Result<void> VisitValues(const Weighted& weighted, std::span<const int> values,
                         std::span<const CalibrationInput> inputs, int thread_count, const Visitor& visitor);

}  // namespace posenet::quantize

#endif  // POSENET_QUANTIZE_CALIBRATION_H_
