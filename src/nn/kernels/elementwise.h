// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_NN_KERNELS_ELEMENTWISE_H_
#define POSENET_NN_KERNELS_ELEMENTWISE_H_

#include <cstdint>

#include "nn/kernels/kernels.h"

namespace posenet::nn {

/// Sets add, scale and sigmoid to those of `target` (a HWY_* constant).
void SetElementwiseKernels(std::int64_t target, Kernels& kernels);

}  // namespace posenet::nn

#endif  // POSENET_NN_KERNELS_ELEMENTWISE_H_
