// SPDX-License-Identifier: Apache-2.0
// Single or mixed precision during training.
#ifndef POSENET_TRAIN_PRECISION_H_
#define POSENET_TRAIN_PRECISION_H_

#include <optional>
#include <string_view>

namespace posenet::train {

/// The number format in which convolutions and their gradients are computed during training. Weights, optimizer state,
/// the layers behind the convolutions, losses and validation are always float32. Micikevicius et al. 2018, "Mixed
/// precision training"; bfloat16 has the range of float32, so losses need no scaling.
enum class ConvPrecision { kFloat32, kBFloat16 };

/// "fp32", "bf16"; and back.
std::string_view ConvPrecisionName(ConvPrecision precision);
std::optional<ConvPrecision> ConvPrecisionOf(std::string_view name);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_PRECISION_H_
