// SPDX-License-Identifier: Apache-2.0
// Activations as kernels apply them: all but the sigmoid are clamps, which kernels apply as they store their results.
#ifndef POSENET_NN_STEPS_ACTIVATION_H_
#define POSENET_NN_STEPS_ACTIVATION_H_

#include "nn/graph/element_type.h"
#include "nn/graph/network.h"
#include "nn/kernels/kernels.h"

namespace posenet::nn {

/// The range of `activation` for results stored as `type`, in the units of that type; unbounded for the sigmoid.
Clamp ClampOf(Activation activation, ElementType type = ElementType::kFloat32);

/// Applies what ClampOf leaves to do, the sigmoid, to `rows` rows of `columns` floats.
void FinishActivation(Activation activation, const Kernels& kernels, const OutputView& results, int rows, int columns);

}  // namespace posenet::nn

#endif  // POSENET_NN_STEPS_ACTIVATION_H_
