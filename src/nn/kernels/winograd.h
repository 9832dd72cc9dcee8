// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_NN_KERNELS_WINOGRAD_H_
#define POSENET_NN_KERNELS_WINOGRAD_H_

#include <cstdint>

#include "nn/kernels/kernels.h"

namespace posenet::nn {

/// Sets winograd_input and winograd_output to those of `target` (a HWY_* constant).
void SetWinogradKernels(std::int64_t target, Kernels& kernels);

}  // namespace posenet::nn

#endif  // POSENET_NN_KERNELS_WINOGRAD_H_
