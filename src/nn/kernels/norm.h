// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_NN_KERNELS_NORM_H_
#define POSENET_NN_KERNELS_NORM_H_

#include <cstdint>

#include "nn/kernels/kernels.h"

namespace posenet::nn {

/// Sets local_response_norm to that of `target` (a HWY_* constant).
void SetNormKernel(std::int64_t target, Kernels& kernels);

}  // namespace posenet::nn

#endif  // POSENET_NN_KERNELS_NORM_H_
