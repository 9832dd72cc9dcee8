// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_NN_KERNELS_GEMM_BFLOAT16_H_
#define POSENET_NN_KERNELS_GEMM_BFLOAT16_H_

#include <cstdint>

#include "nn/kernels/kernels.h"

namespace posenet::nn {

/// Sets bfloat16_gemm to that of `target` (a HWY_* constant), or to one that this CPU has.
void SetBFloat16Kernels(std::int64_t target, Kernels& kernels);

}  // namespace posenet::nn

#endif  // POSENET_NN_KERNELS_GEMM_BFLOAT16_H_
