// SPDX-License-Identifier: Apache-2.0
#include "nn/testing/reference.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "base/error.h"
#include "nn/graph/bfloat16.h"
#include "nn/packing/layer_weights.h"
#include "nn/packing/storage.h"
#include "nn/steps/dropout.h"
#include "nn/testing/quantized_reference.h"

namespace posenet::nn {
namespace {

ReferenceTensor Zeros(const Shape& shape) {
  return {shape, std::vector<float>(static_cast<std::size_t>(shape.ElementCount()))};
}

std::size_t IndexOf(const Shape& shape, int batch, int y, int x, int channel) {
  return static_cast<std::size_t>(((std::int64_t{batch} * shape.height + y) * shape.width + x) * shape.channels +
                                  channel);
}

float At(const ReferenceTensor& tensor, int batch, int y, int x, int channel) {
  return tensor.values[IndexOf(tensor.shape, batch, y, x, channel)];
}

// Calls function(batch, y, x, channel) for every element of a tensor of `shape`.
template <typename Function>
void ForEachElement(const Shape& shape, Function function) {
  for (int batch = 0; batch < shape.batch; ++batch) {
    for (int y = 0; y < shape.height; ++y) {
      for (int x = 0; x < shape.width; ++x) {
        for (int channel = 0; channel < shape.channels; ++channel) function(batch, y, x, channel);
      }
    }
  }
}

Shape WindowOutputShape(const Window& window, const Padding& padding, const Shape& input, int channels) {
  const int extent_y = (window.kernel_height - 1) * window.dilation_height + 1;
  const int extent_x = (window.kernel_width - 1) * window.dilation_width + 1;
  return {.batch = input.batch,
          .height = (input.height + padding.top + padding.bottom - extent_y) / window.stride_height + 1,
          .width = (input.width + padding.left + padding.right - extent_x) / window.stride_width + 1,
          .channels = channels};
}

// Calls function(tap_y, tap_x, y, x) for every tap of the window of output (out_y, out_x) that lies on the input.
template <typename Function>
void ForEachTap(const Window& window, const Padding& padding, const Shape& input, int out_y, int out_x,
                Function function) {
  for (int tap_y = 0; tap_y < window.kernel_height; ++tap_y) {
    for (int tap_x = 0; tap_x < window.kernel_width; ++tap_x) {
      const int y = out_y * window.stride_height - padding.top + tap_y * window.dilation_height;
      const int x = out_x * window.stride_width - padding.left + tap_x * window.dilation_width;
      if (y >= 0 && y < input.height && x >= 0 && x < input.width) function(tap_y, tap_x, y, x);
    }
  }
}

// Rounds `values` as a plan does that stores them as `type`.
void Round(ElementType type, const IntegerUnits& units_of_uint8, std::vector<float>& values) {
  const IntegerUnits units = UnitsInForce(type, units_of_uint8);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (type == ElementType::kBFloat16) values[i] = FromBFloat16(ToBFloat16(values[i]));
    if (type != ElementType::kUint8 && type != ElementType::kUint16) continue;
    const float unit = units.scales[i % units.scales.size()];
    const float zero = units.zero_points.empty() ? 0.0F : units.zero_points[i % units.scales.size()];
    const float largest = type == ElementType::kUint8 ? 255.0F : 65535.0F;
    values[i] = (std::clamp(std::nearbyint(values[i] / unit + zero), 0.0F, largest) - zero) * unit;
  }
}

using Inputs = std::span<const ReferenceTensor* const>;

// Runs a layer that reads or writes quantized values; returns nothing for other layers.
Result<std::optional<ReferenceTensor>> RunQuantizedLayer(const Operation& operation, Inputs inputs,
                                                         std::span<const Quantization> quantizations,
                                                         const TensorMap& tensors) {
  const ReferenceTensor& input = *inputs[0];
  if (const auto* quantize = std::get_if<Quantize>(&operation)) return ReferenceQuantize(*quantize, input);
  if (const auto* conv = std::get_if<QuantizedConv2d>(&operation)) {
    POSENET_ASSIGN_OR_RETURN(const auto numbers,
                             ReadQuantizedConv(*conv, quantizations[0], input.shape.channels, tensors));
    return ReferenceQuantizedConv2d(*conv, numbers, input);
  }
  if (const auto* concat = std::get_if<QuantizedConcat>(&operation)) {
    return ReferenceQuantizedConcat(*concat, inputs, quantizations);
  }
  if (std::holds_alternative<Dequantize>(operation)) return ReferenceDequantize(input, quantizations[0]);
  return std::optional<ReferenceTensor>();
}

Result<ReferenceTensor> RunLstm(const Lstm& lstm, const ReferenceTensor& input, const TensorMap& tensors) {
  POSENET_ASSIGN_OR_RETURN(const auto read, ReadLstmWeights(lstm, tensors));
  const auto inputs = static_cast<std::size_t>(StepInputs(lstm, input.shape));
  if (read.input.weights.size() != inputs * read.input.bias.size()) {
    return base::Fail(ErrorCode::kCorruptData, "tensor ", base::Printable(lstm.input_weights),
                      " does not fit its input");
  }
  return ReferenceLstm(lstm, input, read.input.weights, read.recurrent.weights, read.input.bias);
}

// Runs any other layer. `input_units` are those of its first input, whether that is stored as integers or not.
Result<ReferenceTensor> RunLayer(const Operation& operation, Inputs inputs, const IntegerUnits& input_units,
                                 ProductKind kind, const TensorMap& tensors) {
  const ReferenceTensor& input = *inputs[0];
  if (const auto* conv = std::get_if<Conv2d>(&operation)) {
    POSENET_ASSIGN_OR_RETURN(auto read, ReadConvWeights(*conv, input.shape.channels, tensors));
    if (!read.int8_weights.empty()) {
      if (input_units.scales.empty()) {
        return base::Fail(ErrorCode::kCorruptData, "int8 weights of an input without scales");
      }
      FillFloats(read);
      DivideByInputScales(input_units.scales, read);
    }
    if (kind == ProductKind::kFloat32) return ReferenceConv2d(*conv, input, read.weights, read.bias);
    if (kind == ProductKind::kBFloat16) Round(ElementType::kBFloat16, {}, read.weights);
    // An input that is stored as floats is rounded as it is read.
    ReferenceTensor rounded = input;
    Round(kind == ProductKind::kInt8 ? ElementType::kUint8 : ElementType::kBFloat16, input_units, rounded.values);
    return ReferenceConv2d(*conv, rounded, read.weights, read.bias);
  }
  if (const auto* layer = std::get_if<FullyConnected>(&operation)) {
    POSENET_ASSIGN_OR_RETURN(const auto read, ReadFullyConnectedWeights(*layer, tensors));
    if (read.weights.size() != input.values.size() / static_cast<std::size_t>(input.shape.batch) * read.bias.size()) {
      return base::Fail(ErrorCode::kCorruptData, "tensor ", base::Printable(layer->weights), " does not fit its input");
    }
    return ReferenceFullyConnected(*layer, input, read.weights, read.bias);
  }
  if (const auto* lstm = std::get_if<Lstm>(&operation)) return RunLstm(*lstm, input, tensors);
  if (const auto* pool = std::get_if<Pool>(&operation)) return ReferencePool(*pool, input);
  if (const auto* norm = std::get_if<LocalResponseNorm>(&operation)) return ReferenceLocalResponseNorm(*norm, input);
  if (std::holds_alternative<GlobalAveragePool>(operation)) return ReferenceGlobalAveragePool(input);
  if (const auto* add = std::get_if<Add>(&operation)) return ReferenceAdd(*add, inputs);
  if (std::holds_alternative<Concat>(operation)) return ReferenceConcat(inputs);
  if (const auto* upsample = std::get_if<Upsample>(&operation)) return ReferenceUpsample(*upsample, input);
  ReferenceTensor output = input;
  const Activation activation = std::get<Activate>(operation).activation;
  for (float& value : output.values) value = ReferenceActivate(activation, double{value});
  return output;
}

}  // namespace

float ReferenceActivate(Activation activation, double value) {
  switch (activation) {
    case Activation::kNone:
      break;
    case Activation::kRelu:
      return static_cast<float>(std::max(value, 0.0));
    case Activation::kRelu6:
      return static_cast<float>(std::clamp(value, 0.0, 6.0));
    case Activation::kSigmoid:
      return static_cast<float>(1.0 / (1.0 + std::exp(-value)));
  }
  return static_cast<float>(value);
}

ReferenceTensor ReferenceConv2d(const Conv2d& conv, const ReferenceTensor& input, std::span<const float> weights,
                                std::span<const float> bias) {
  const Padding padding = ResolvePadding(conv.window, input.shape.height, input.shape.width);
  ReferenceTensor output = Zeros(WindowOutputShape(conv.window, padding, input.shape, conv.out_channels));
  const int group_inputs = input.shape.channels / conv.groups;
  const int group_outputs = conv.out_channels / conv.groups;
  const Shape weights_shape = {conv.window.kernel_height, conv.window.kernel_width, group_inputs, conv.out_channels};
  ForEachElement(output.shape, [&](int batch, int out_y, int out_x, int channel) {
    const int first_input = channel / group_outputs * group_inputs;
    double sum = double{bias[static_cast<std::size_t>(channel)]};
    ForEachTap(conv.window, padding, input.shape, out_y, out_x, [&](int tap_y, int tap_x, int y, int x) {
      for (int i = 0; i < group_inputs; ++i) {
        sum += double{At(input, batch, y, x, first_input + i)} *
               double{weights[IndexOf(weights_shape, tap_y, tap_x, i, channel)]};
      }
    });
    output.values[IndexOf(output.shape, batch, out_y, out_x, channel)] = ReferenceActivate(conv.activation, sum);
  });
  return output;
}

ReferenceTensor ReferencePool(const Pool& pool, const ReferenceTensor& input) {
  const Padding padding = ResolvePadding(pool.window, input.shape.height, input.shape.width);
  ReferenceTensor output = Zeros(WindowOutputShape(pool.window, padding, input.shape, input.shape.channels));
  ForEachElement(output.shape, [&](int batch, int out_y, int out_x, int channel) {
    double maximum = -std::numeric_limits<double>::infinity();
    double sum = 0;
    int count = 0;
    ForEachTap(pool.window, padding, input.shape, out_y, out_x, [&](int, int, int y, int x) {
      const double value = double{At(input, batch, y, x, channel)};
      maximum = std::max(maximum, value);
      sum += value;
      ++count;
    });
    output.values[IndexOf(output.shape, batch, out_y, out_x, channel)] =
        static_cast<float>(pool.kind == PoolKind::kMax ? maximum : sum / count);
  });
  return output;
}

ReferenceTensor ReferenceGlobalAveragePool(const ReferenceTensor& input) {
  ReferenceTensor output = Zeros({.batch = input.shape.batch, .channels = input.shape.channels});
  std::vector<double> sums(output.values.size());
  ForEachElement(input.shape, [&](int batch, int y, int x, int channel) {
    sums[IndexOf(output.shape, batch, 0, 0, channel)] += double{At(input, batch, y, x, channel)};
  });
  const double cells = double{static_cast<double>(input.shape.height)} * input.shape.width;
  std::transform(sums.begin(), sums.end(), output.values.begin(),
                 [&](double sum) { return static_cast<float>(sum / cells); });
  return output;
}

ReferenceTensor ReferenceAdd(const Add& add, std::span<const ReferenceTensor* const> inputs) {
  ReferenceTensor output = Zeros(inputs[0]->shape);
  for (std::size_t i = 0; i < output.values.size(); ++i) {
    double sum = 0;
    for (const ReferenceTensor* const input : inputs) sum += double{input->values[i]};
    output.values[i] = ReferenceActivate(add.activation, sum);
  }
  return output;
}

ReferenceTensor ReferenceConcat(std::span<const ReferenceTensor* const> inputs) {
  Shape shape = inputs[0]->shape;
  shape.channels = 0;
  for (const ReferenceTensor* const input : inputs) shape.channels += input->shape.channels;
  ReferenceTensor output = Zeros(shape);
  int first_channel = 0;
  for (const ReferenceTensor* const input : inputs) {
    ForEachElement(input->shape, [&](int batch, int y, int x, int channel) {
      output.values[IndexOf(shape, batch, y, x, first_channel + channel)] = At(*input, batch, y, x, channel);
    });
    first_channel += input->shape.channels;
  }
  return output;
}

// Source: tensorflow/core/kernels/image/resize_bilinear_op.cc with half_pixel_centers.
ReferenceTensor ReferenceUpsample(const Upsample& upsample, const ReferenceTensor& input) {
  Shape shape = input.shape;
  shape.height *= upsample.factor;
  shape.width *= upsample.factor;
  ReferenceTensor output = Zeros(shape);
  const auto source = [&](int position) { return (position + 0.5) / upsample.factor - 0.5; };
  ForEachElement(shape, [&](int batch, int out_y, int out_x, int channel) {
    const double y = std::clamp(source(out_y), 0.0, input.shape.height - 1.0);
    const double x = std::clamp(source(out_x), 0.0, input.shape.width - 1.0);
    double sum = 0.0;
    for (int row = 0; row < input.shape.height; ++row) {
      for (int column = 0; column < input.shape.width; ++column) {
        const double weight = std::max(0.0, 1.0 - std::abs(y - row)) * std::max(0.0, 1.0 - std::abs(x - column));
        if (weight > 0.0) sum += weight * double{At(input, batch, row, column, channel)};
      }
    }
    output.values[IndexOf(shape, batch, out_y, out_x, channel)] = static_cast<float>(sum);
  });
  return output;
}

ReferenceTensor ReferenceFullyConnected(const FullyConnected& layer, const ReferenceTensor& input,
                                        std::span<const float> weights, std::span<const float> bias) {
  ReferenceTensor output = Zeros({.batch = input.shape.batch, .channels = layer.out_channels});
  const std::size_t inputs = input.values.size() / static_cast<std::size_t>(input.shape.batch);
  const std::size_t outputs = bias.size();
  for (std::size_t o = 0; o < output.values.size(); ++o) {
    const std::size_t channel = o % outputs;
    double sum = double{bias[channel]};
    for (std::size_t i = 0; i < inputs; ++i) {
      sum += double{input.values[o / outputs * inputs + i]} * double{weights[i * outputs + channel]};
    }
    output.values[o] = ReferenceActivate(layer.activation, sum);
  }
  return output;
}

ReferenceTensor ReferenceLocalResponseNorm(const LocalResponseNorm& norm, const ReferenceTensor& input) {
  ReferenceTensor output = Zeros(input.shape);
  ForEachElement(input.shape, [&](int batch, int y, int x, int channel) {
    double sum = 0;
    for (int i = channel - norm.size / 2; i <= channel + norm.size / 2; ++i) {
      if (i < 0 || i >= input.shape.channels) continue;
      sum += double{At(input, batch, y, x, i)} * double{At(input, batch, y, x, i)};
    }
    const double base = double{norm.k} + double{norm.alpha} / norm.size * sum;
    output.values[IndexOf(input.shape, batch, y, x, channel)] =
        static_cast<float>(double{At(input, batch, y, x, channel)} / std::pow(base, double{norm.beta}));
  });
  return output;
}

ReferenceTensor ReferenceDropout(const Dropout& dropout, const ReferenceTensor& input, int value,
                                 std::optional<std::uint64_t> seed) {
  ReferenceTensor output = input;
  if (!seed) return output;
  for (std::size_t i = 0; i < output.values.size(); ++i) {
    const bool is_dropped = IsDropped(DropoutKey(*seed, value), static_cast<std::int64_t>(i), dropout.rate);
    output.values[i] = is_dropped ? 0.0F : output.values[i] / (1.0F - dropout.rate);
  }
  return output;
}

Result<std::vector<ReferenceTensor>> ReferenceRun(const Network& network, const TensorMap& weights,
                                                  std::span<const float> input, const Shape& shape,
                                                  BFloat16Use bfloat16, std::optional<std::uint64_t> dropout_seed) {
  POSENET_RETURN_IF_ERROR(InferShapes(network, shape));
  if (input.size() != static_cast<std::size_t>(shape.ElementCount())) {
    return base::Fail(ErrorCode::kInvalidArgument, "input of ", input.size(), " numbers; expected ",
                      shape.ElementCount());
  }
  std::vector<ReferenceTensor> values;
  values.reserve(network.layers.size() + 1);
  values.push_back({shape, {input.begin(), input.end()}});
  POSENET_ASSIGN_OR_RETURN(const std::vector<int> channels, InferChannels(network));
  const Storage storage = ChooseStorage(network, channels, weights, bfloat16);
  std::vector<IntegerUnits> units(1);  // Of each value.
  POSENET_ASSIGN_OR_RETURN(const auto quantization, InferQuantization(network));
  for (const Layer& layer : network.layers) {
    const std::size_t index = values.size() - 1;
    std::vector<const ReferenceTensor*> inputs;
    std::vector<Quantization> quantizations;
    for (const int value : layer.inputs) {
      inputs.push_back(&values[static_cast<std::size_t>(value)]);
      quantizations.push_back(quantization[static_cast<std::size_t>(value)].value_or(Quantization{}));
    }
    if (const auto* dropout = std::get_if<Dropout>(&layer.operation)) {
      values.push_back(ReferenceDropout(*dropout, *inputs[0], static_cast<int>(index) + 1, dropout_seed));
      units.emplace_back();
      continue;
    }
    auto quantized = RunQuantizedLayer(layer.operation, inputs, quantizations, weights);
    if (!quantized) return base::FailIn(quantized.error(), "layer ", base::Printable(layer.name));
    if (*quantized) {
      values.push_back(**std::move(quantized));
      units.emplace_back();
      continue;
    }
    auto result = RunLayer(layer.operation, inputs, units[static_cast<std::size_t>(layer.inputs[0])],
                           storage.kinds[index], weights);
    if (!result) return base::FailIn(result.error(), "layer ", base::Printable(layer.name));
    POSENET_ASSIGN_OR_RETURN(IntegerUnits layer_units, ReadUnits(layer, channels[index + 1], weights));
    Round(storage.types[index + 1], layer_units, result->values);
    values.push_back(*std::move(result));
    units.push_back(std::move(layer_units));
  }
  std::vector<ReferenceTensor> outputs;
  for (const Output& output : network.outputs) outputs.push_back(values[static_cast<std::size_t>(output.value)]);
  return outputs;
}

}  // namespace posenet::nn
