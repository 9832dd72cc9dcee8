// SPDX-License-Identifier: Apache-2.0
// What each file of kernels contributes to a set of Kernels. `target` is a HWY_* constant: an instruction set.
#ifndef POSENET_NN_KERNELS_KERNEL_SETS_H_
#define POSENET_NN_KERNELS_KERNEL_SETS_H_

#include <cstdint>

#include "nn/kernels/kernels.h"

namespace posenet::nn {

/// gemm, gemm_rows and gemm_columns.
void SetGemmKernels(std::int64_t target, Kernels& kernels);

/// bfloat16_gemm; that of a lesser instruction set if this CPU lacks the dot products of `target`.
void SetBFloat16Kernels(std::int64_t target, Kernels& kernels);

/// int8_gemm.
void SetInt8Kernels(std::int64_t target, Kernels& kernels);

/// int8_gemm by Arm's dot products of bytes (optional since Armv8.2: Cortex-A55, A75 and later), and the name of the
/// instruction set. Returns false, and changes nothing, if this CPU lacks them.
bool SetInt8DotProductKernels(Kernels& kernels);

/// depthwise.
void SetDepthwiseKernels(std::int64_t target, Kernels& kernels);

/// max_pool, average_pool and sum_rows.
void SetPoolKernels(std::int64_t target, Kernels& kernels);

/// winograd_input and winograd_output.
void SetWinogradKernels(std::int64_t target, Kernels& kernels);

/// add, scale, round and sigmoid.
void SetElementwiseKernels(std::int64_t target, Kernels& kernels);

/// local_response_norm.
void SetNormKernels(std::int64_t target, Kernels& kernels);

/// upsample_row.
void SetUpsampleKernels(std::int64_t target, Kernels& kernels);

/// lstm_step.
void SetLstmKernels(std::int64_t target, Kernels& kernels);

}  // namespace posenet::nn

#endif  // POSENET_NN_KERNELS_KERNEL_SETS_H_
