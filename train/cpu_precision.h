// SPDX-License-Identifier: Apache-2.0
// What this CPU multiplies fastest. Needs no libtorch.
#ifndef POSENET_TRAIN_CPU_PRECISION_H_
#define POSENET_TRAIN_CPU_PRECISION_H_

#include "train/precision.h"

namespace posenet::train {

/// kBFloat16 if this CPU has instructions that multiply bfloat16 faster than float32, else kFloat32.
ConvPrecision FastestCpuPrecision();

}  // namespace posenet::train

#endif  // POSENET_TRAIN_CPU_PRECISION_H_
