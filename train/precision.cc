// SPDX-License-Identifier: Apache-2.0
#include "train/precision.h"

namespace posenet::train {

std::string_view ConvPrecisionName(ConvPrecision precision) {
  return precision == ConvPrecision::kBFloat16 ? "bf16" : "fp32";
}

std::optional<ConvPrecision> ConvPrecisionOf(std::string_view name) {
  for (const ConvPrecision precision : {ConvPrecision::kFloat32, ConvPrecision::kBFloat16}) {
    if (name == ConvPrecisionName(precision)) return precision;
  }
  return std::nullopt;
}

}  // namespace posenet::train
