// SPDX-License-Identifier: Apache-2.0
// InferQuantization and IsQuantized.
#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/error.h"
#include "nn/graph/network.h"

namespace posenet::nn {
namespace {

constexpr int kMaxUint8 = 255;

Result<void> CheckRange(const char* what, float scale, int zero_point, int min, int max) {
  if (!(scale > 0.0F) || !std::isfinite(scale)) {
    return base::Fail(ErrorCode::kInvalidArgument, what, " quantized with scale ", scale, "; expected a scale above 0");
  }
  if (zero_point < min || zero_point > max) {
    return base::Fail(ErrorCode::kInvalidArgument, what, " quantized with zero point ", zero_point, "; expected ", min,
                      " to ", max);
  }
  return {};
}

// Whether a layer reads quantized values, and how its result is quantized.
struct QuantizationSignature {
  bool reads_quantized = false;
  std::optional<Quantization> output;
};

Result<QuantizationSignature> SignatureOf(const Operation& operation) {
  QuantizationSignature signature;
  if (const auto* quantize = std::get_if<Quantize>(&operation)) {
    signature.output = quantize->output;
  } else if (const auto* conv = std::get_if<QuantizedConv2d>(&operation)) {
    POSENET_RETURN_IF_ERROR(CheckRange("weights", conv->weight_scale, conv->weight_zero_point, -128, kMaxUint8));
    if (conv->activation == Activation::kSigmoid) {
      return base::Fail(ErrorCode::kInvalidArgument, "a sigmoid of quantized values; expected none, relu or relu6");
    }
    signature = {.reads_quantized = true, .output = conv->output};
  } else if (const auto* concat = std::get_if<QuantizedConcat>(&operation)) {
    signature = {.reads_quantized = true, .output = concat->output};
  } else if (std::holds_alternative<Dequantize>(operation)) {
    signature.reads_quantized = true;
  }
  if (signature.output) {
    POSENET_RETURN_IF_ERROR(
        CheckRange("a result", signature.output->scale, signature.output->zero_point, 0, kMaxUint8));
  }
  return signature;
}

}  // namespace

Result<std::vector<std::optional<Quantization>>> InferQuantization(const Network& network) {
  std::vector<std::optional<Quantization>> values(1);
  values.reserve(network.layers.size() + 1);
  for (const Layer& layer : network.layers) {
    const auto signature = SignatureOf(layer.operation);
    if (!signature) return base::FailIn(signature.error(), "layer ", base::Printable(layer.name));
    for (const int input : layer.inputs) {
      if (values[static_cast<std::size_t>(input)].has_value() == signature->reads_quantized) continue;
      return base::Fail(
          ErrorCode::kInvalidArgument, "layer ", base::Printable(layer.name), ": reads ",
          signature->reads_quantized ? "floats; expected a quantized value" : "a quantized value; expected floats");
    }
    values.push_back(signature->output);
  }
  for (const Output& output : network.outputs) {
    if (values[static_cast<std::size_t>(output.value)]) {
      return base::Fail(ErrorCode::kInvalidArgument, "output ", base::Printable(output.name),
                        " is quantized; expected floats");
    }
  }
  return values;
}

bool IsQuantized(const Network& network) {
  return std::any_of(network.layers.begin(), network.layers.end(), [](const Layer& layer) {
    return std::holds_alternative<Quantize>(layer.operation) || std::holds_alternative<Dequantize>(layer.operation) ||
           std::holds_alternative<QuantizedConv2d>(layer.operation) ||
           std::holds_alternative<QuantizedConcat>(layer.operation);
  });
}

}  // namespace posenet::nn
