// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_NN_KERNELS_POOL_H_
#define POSENET_NN_KERNELS_POOL_H_

#include <cstdint>

#include "nn/kernels/kernels.h"

namespace posenet::nn {

/// Sets max_pool, average_pool and sum_rows to those of `target` (a HWY_* constant).
void SetPoolKernels(std::int64_t target, Kernels& kernels);

}  // namespace posenet::nn

#endif  // POSENET_NN_KERNELS_POOL_H_
