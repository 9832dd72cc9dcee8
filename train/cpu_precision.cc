// SPDX-License-Identifier: Apache-2.0
#include "train/cpu_precision.h"

#include "nn/plan.h"

namespace posenet::train {

ConvPrecision FastestCpuPrecision() {
  return nn::TraitsOfInstructionSet({}).has_bfloat16 ? ConvPrecision::kBFloat16 : ConvPrecision::kFloat32;
}

}  // namespace posenet::train
