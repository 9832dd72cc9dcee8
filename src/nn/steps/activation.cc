// SPDX-License-Identifier: Apache-2.0
#include "nn/steps/activation.h"

#include <limits>

namespace posenet::nn {

Clamp ClampOf(Activation activation, ElementType type) {
  if (type == ElementType::kUint8 || type == ElementType::kUint8In16) return {0.0F, 255.0F};
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  if (type == ElementType::kUint16) return {0.0F, 65535.0F};
  switch (activation) {
    case Activation::kRelu:
      return {0.0F, kInfinity};
    case Activation::kRelu6:
      return {0.0F, 6.0F};
    case Activation::kNone:
    case Activation::kSigmoid:
      break;
  }
  return {-kInfinity, kInfinity};
}

void FinishActivation(Activation activation, const Kernels& kernels, const OutputView& results, int rows, int columns) {
  if (activation != Activation::kSigmoid) return;
  for (int row = 0; row < rows; ++row) {
    auto* const values = static_cast<float*>(results.At(row, 0));
    kernels.sigmoid(values, values, columns);
  }
}

}  // namespace posenet::nn
