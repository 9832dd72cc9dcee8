// SPDX-License-Identifier: Apache-2.0
// From the layers of a network to the steps of a plan.
#ifndef POSENET_NN_STEPS_MAKE_STEPS_H_
#define POSENET_NN_STEPS_MAKE_STEPS_H_

#include <memory>
#include <span>
#include <vector>

#include "nn/graph/network.h"
#include "nn/packing/packing.h"
#include "nn/steps/step.h"
#include "posenet/result.h"

namespace posenet::nn {

/// The steps that compute the outputs of a network, for values of `shapes`. Layers that no output depends on are left
/// out. Steps keep pointers into `contents`.
/// Errors: kCorruptData for weights of fully connected layers and LSTMs that do not fit the shapes.
Result<std::vector<std::unique_ptr<Step>>> MakeSteps(const PackedContents& contents, std::span<const Shape> shapes);

}  // namespace posenet::nn

#endif  // POSENET_NN_STEPS_MAKE_STEPS_H_
