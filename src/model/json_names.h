// SPDX-License-Identifier: Apache-2.0
// The JSON names of enumerators and operations. For the readers and writers of models.
#ifndef POSENET_MODEL_JSON_NAMES_H_
#define POSENET_MODEL_JSON_NAMES_H_

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "nn/graph/network.h"

namespace posenet::model {

template <typename T>
using JsonNames = std::span<const std::pair<std::string_view, T>>;

/// The name of `value`, which must be among `names`.
template <typename T>
std::string_view NameOf(JsonNames<T> names, T value) {
  return std::find_if(names.begin(), names.end(), [&](const auto& entry) { return entry.second == value; })->first;
}

inline constexpr std::pair<std::string_view, nn::Activation> kActivations[] = {{"none", nn::Activation::kNone},
                                                                               {"relu", nn::Activation::kRelu},
                                                                               {"relu6", nn::Activation::kRelu6},
                                                                               {"sigmoid", nn::Activation::kSigmoid}};
inline constexpr std::pair<std::string_view, nn::PoolKind> kPoolKinds[] = {{"max", nn::PoolKind::kMax},
                                                                           {"average", nn::PoolKind::kAverage}};
inline constexpr std::pair<std::string_view, nn::PaddingMode> kPaddingModes[] = {{"same", nn::PaddingMode::kSame},
                                                                                 {"valid", nn::PaddingMode::kValid}};
inline constexpr std::pair<std::string_view, nn::Scan> kScans[] = {
    {"rows", nn::Scan::kRows}, {"columns", nn::Scan::kColumns}, {"batch", nn::Scan::kBatch}};
inline constexpr std::pair<std::string_view, nn::ScanDirection> kDirections[] = {
    {"forward", nn::ScanDirection::kForward}, {"reverse", nn::ScanDirection::kReverse}};

template <typename Operation>
inline constexpr std::string_view kOpName;
template <>
inline constexpr std::string_view kOpName<nn::Conv2d> = "conv2d";
template <>
inline constexpr std::string_view kOpName<nn::Pool> = "pool";
template <>
inline constexpr std::string_view kOpName<nn::GlobalAveragePool> = "global_average_pool";
template <>
inline constexpr std::string_view kOpName<nn::Add> = "add";
template <>
inline constexpr std::string_view kOpName<nn::Concat> = "concat";
template <>
inline constexpr std::string_view kOpName<nn::FullyConnected> = "fully_connected";
template <>
inline constexpr std::string_view kOpName<nn::Activate> = "activate";
template <>
inline constexpr std::string_view kOpName<nn::LocalResponseNorm> = "local_response_norm";
template <>
inline constexpr std::string_view kOpName<nn::Dropout> = "dropout";
template <>
inline constexpr std::string_view kOpName<nn::Lstm> = "lstm";
template <>
inline constexpr std::string_view kOpName<nn::Upsample> = "upsample";
template <>
inline constexpr std::string_view kOpName<nn::Quantize> = "quantize";
template <>
inline constexpr std::string_view kOpName<nn::QuantizedConv2d> = "quantized_conv2d";
template <>
inline constexpr std::string_view kOpName<nn::QuantizedConcat> = "quantized_concat";
template <>
inline constexpr std::string_view kOpName<nn::Dequantize> = "dequantize";

}  // namespace posenet::model

#endif  // POSENET_MODEL_JSON_NAMES_H_
