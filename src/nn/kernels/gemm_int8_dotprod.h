// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_NN_KERNELS_GEMM_INT8_DOTPROD_H_
#define POSENET_NN_KERNELS_GEMM_INT8_DOTPROD_H_

#include "nn/kernels/kernels.h"

namespace posenet::nn {

/// Sets int8_gemm to that of Arm's dot products of bytes (optional since Armv8.2: Cortex-A55, A75 and later), and the
/// name of the instruction set. Answers whether this CPU has them; nothing is changed where it has not.
bool SetInt8DotProductKernels(Kernels& kernels);

}  // namespace posenet::nn

#endif  // POSENET_NN_KERNELS_GEMM_INT8_DOTPROD_H_
