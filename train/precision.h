// SPDX-License-Identifier: Apache-2.0
// Single or mixed precision, while a network learns.
#ifndef POSENET_TRAIN_PRECISION_H_
#define POSENET_TRAIN_PRECISION_H_

#include <optional>
#include <string_view>

namespace posenet::train {

/// The numbers in which convolutions and their derivatives are computed while a network learns. Weights, what
/// optimisers remember, the layers behind the convolutions, losses and validation are float32 in any case. Micikevicius
/// et al. 2018, "Mixed precision training"; bfloat16 has float32's range, so that losses need not be scaled.
enum class ConvPrecision { kFloat32, kBFloat16 };

/// "fp32", "bf16"; and back.
std::string_view ConvPrecisionName(ConvPrecision precision);
std::optional<ConvPrecision> ConvPrecisionOf(std::string_view name);

/// kBFloat16 where this CPU multiplies bfloat16 faster than float32.
ConvPrecision FastConvPrecision();

}  // namespace posenet::train

#endif  // POSENET_TRAIN_PRECISION_H_
