// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_NN_KERNELS_LSTM_H_
#define POSENET_NN_KERNELS_LSTM_H_

#include <cstdint>

#include "nn/kernels/kernels.h"

namespace posenet::nn {

/// Sets lstm_step to that of `target` (a HWY_* constant).
void SetLstmKernel(std::int64_t target, Kernels& kernels);

}  // namespace posenet::nn

#endif  // POSENET_NN_KERNELS_LSTM_H_
