// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_NN_KERNELS_GEMM_INT8_H_
#define POSENET_NN_KERNELS_GEMM_INT8_H_

#include <cstdint>

#include "nn/kernels/kernels.h"

namespace posenet::nn {

/// Sets int8_gemm to that of `target` (a HWY_* constant).
void SetInt8Kernels(std::int64_t target, Kernels& kernels);

}  // namespace posenet::nn

#endif  // POSENET_NN_KERNELS_GEMM_INT8_H_
