// SPDX-License-Identifier: Apache-2.0
#include "nn/graph/network.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <tuple>
#include <utility>

#include "base/error.h"

namespace posenet::nn {
namespace {

constexpr std::int64_t kMaxElements = std::numeric_limits<std::int32_t>::max();

template <typename... Functions>
struct Overload : Functions... {
  using Functions::operator()...;
};
template <typename... Functions>
Overload(Functions...) -> Overload<Functions...>;

// The product of four 31-bit numbers does not fit in 64 bits; this stops before it overflows.
bool IsTooLarge(const Shape& shape) {
  std::int64_t count = 1;
  for (const int size : {shape.batch, shape.height, shape.width, shape.channels}) {
    count *= size;
    if (count > kMaxElements) return true;
  }
  return false;
}

std::int64_t DilatedExtent(int kernel, int dilation) { return (std::int64_t{kernel} - 1) * dilation + 1; }

// TensorFlow's SAME padding along one axis: the cells before and after.
std::pair<int, int> SamePadding(int input, int kernel, int stride, int dilation) {
  const std::int64_t output = (std::int64_t{input} + stride - 1) / stride;
  const std::int64_t needed = (output - 1) * stride + DilatedExtent(kernel, dilation) - input;
  const int total = static_cast<int>(std::clamp<std::int64_t>(needed, 0, std::numeric_limits<int>::max()));
  return {total / 2, total - total / 2};
}

// PaddingMode::kRoundUp along one axis: the cells after the input, so that a last, partial window fits.
int RoundedUpPadding(int input, int kernel, int stride, int before, int after) {
  const std::int64_t slack = std::int64_t{input} + before + after - kernel;
  std::int64_t output = (slack + stride - 1) / stride + 1;
  if (slack + stride < 1) return after;  // Not even one window fits, which WindowOutput reports.
  if ((output - 1) * stride >= std::int64_t{input} + before) --output;
  const std::int64_t needed = (output - 1) * stride + kernel - input - before;
  return static_cast<int>(std::clamp<std::int64_t>(needed, 0, std::numeric_limits<int>::max()));
}

Result<void> CheckAxis(const char* axis, int kernel, int stride, int dilation, int pad_before, int pad_after) {
  if (kernel < 1 || stride < 1 || dilation < 1) {
    return base::Fail(ErrorCode::kInvalidArgument, "kernel ", axis, " ", kernel, ", stride ", stride, ", dilation ",
                      dilation, "; expected at least 1 each");
  }
  const std::int64_t extent = DilatedExtent(kernel, dilation);
  if (extent > kMaxWindowExtent || stride > kMaxWindowExtent) {
    return base::Fail(ErrorCode::kInvalidArgument, "window of ", axis, " ", extent, " moving by ", stride,
                      "; expected at most ", kMaxWindowExtent, " each");
  }
  if (pad_before < 0 || pad_after < 0 || pad_before >= extent || pad_after >= extent) {
    return base::Fail(ErrorCode::kInvalidArgument, "padding ", pad_before, " and ", pad_after, " for a window of ",
                      axis, " ", extent, "; expected 0 or more, and less than the window");
  }
  return {};
}

Result<void> CheckWindow(const Window& window) {
  const bool is_explicit =
      window.padding.mode == PaddingMode::kExplicit || window.padding.mode == PaddingMode::kRoundUp;
  const Padding padding = is_explicit ? window.padding : Padding{};
  POSENET_RETURN_IF_ERROR(CheckAxis("height", window.kernel_height, window.stride_height, window.dilation_height,
                                    padding.top, padding.bottom));
  return CheckAxis("width", window.kernel_width, window.stride_width, window.dilation_width, padding.left,
                   padding.right);
}

Result<int> WindowOutput(const char* axis, int input, int kernel, int stride, int dilation, int padding) {
  const std::int64_t slack = std::int64_t{input} + padding - DilatedExtent(kernel, dilation);
  if (slack < 0) {
    return base::Fail(ErrorCode::kInvalidArgument, "a window of ", axis, " ", DilatedExtent(kernel, dilation),
                      " does not fit an input of ", std::int64_t{input} + padding, " (padding included)");
  }
  return static_cast<int>(std::min<std::int64_t>(slack / stride + 1, std::numeric_limits<int>::max()));
}

Result<Shape> SlideWindow(const Window& window, const Shape& input) {
  const Padding padding = ResolvePadding(window, input.height, input.width);
  Shape output = input;
  POSENET_ASSIGN_OR_RETURN(output.height,
                           WindowOutput("height", input.height, window.kernel_height, window.stride_height,
                                        window.dilation_height, padding.top + padding.bottom));
  POSENET_ASSIGN_OR_RETURN(output.width, WindowOutput("width", input.width, window.kernel_width, window.stride_width,
                                                      window.dilation_width, padding.left + padding.right));
  return output;
}

Result<void> CheckInputCount(const Layer& layer) {
  const std::size_t count = layer.inputs.size();
  const bool joins = std::holds_alternative<Add>(layer.operation) || std::holds_alternative<Concat>(layer.operation) ||
                     std::holds_alternative<QuantizedConcat>(layer.operation);
  if (joins ? count < 2 : count != 1) {
    return base::Fail(ErrorCode::kInvalidArgument, count, " inputs; expected ", joins ? "two or more" : "one");
  }
  return {};
}

template <typename Conv>
Result<int> ConvChannels(const Conv& conv, int input) {
  POSENET_RETURN_IF_ERROR(CheckWindow(conv.window));
  if (conv.window.padding.mode == PaddingMode::kRoundUp) {
    return base::Fail(ErrorCode::kInvalidArgument, "a convolution with rounding up; expected a pool");
  }
  if (conv.out_channels < 1 || conv.groups < 1 || input % conv.groups != 0 || conv.out_channels % conv.groups != 0) {
    return base::Fail(ErrorCode::kInvalidArgument, input, " input channels, ", conv.out_channels, " output channels, ",
                      conv.groups, " groups; expected at least 1 each, and channel counts divisible by the groups");
  }
  return conv.out_channels;
}

Result<int> QuantizedConvChannels(const QuantizedConv2d& conv, int input) {
  if (conv.groups != 1 && conv.groups != input) {
    return base::Fail(ErrorCode::kInvalidArgument, conv.groups, " groups of ", input,
                      " quantized channels; expected 1, or ", input);
  }
  return ConvChannels(conv, input);
}

Result<int> PoolChannels(const Pool& pool, int input) {
  POSENET_RETURN_IF_ERROR(CheckWindow(pool.window));
  if (pool.window.dilation_height != 1 || pool.window.dilation_width != 1) {
    return base::Fail(ErrorCode::kInvalidArgument, "a dilated pooling window; expected dilation 1");
  }
  return input;
}

Result<int> AddChannels(const std::vector<int>& inputs) {
  if (std::adjacent_find(inputs.begin(), inputs.end(), std::not_equal_to<>()) != inputs.end()) {
    return base::Fail(ErrorCode::kInvalidArgument, "a sum of values of different channel counts");
  }
  return inputs.front();
}

Result<int> ConcatChannels(const std::vector<int>& inputs) {
  std::int64_t sum = 0;
  for (const int channels : inputs) sum += channels;
  if (sum > kMaxElements) return base::Fail(ErrorCode::kResourceExhausted, "a value of ", sum, " channels");
  return static_cast<int>(sum);
}

Result<int> FullyConnectedChannels(const FullyConnected& layer) {
  if (layer.out_channels < 1) {
    return base::Fail(ErrorCode::kInvalidArgument, layer.out_channels, " output channels; expected at least 1");
  }
  return layer.out_channels;
}

Result<int> NormChannels(const LocalResponseNorm& norm, int input) {
  const auto is_valid = [](float value) { return std::isfinite(value) && value >= 0.0F; };
  if (norm.size < 1 || norm.size % 2 == 0 || norm.size > kMaxWindowExtent) {
    return base::Fail(ErrorCode::kInvalidArgument, "a norm of ", norm.size, " channels; expected an odd number up to ",
                      kMaxWindowExtent);
  }
  if (!is_valid(norm.alpha) || !is_valid(norm.beta) || !is_valid(norm.k) || norm.k == 0.0F) {
    return base::Fail(ErrorCode::kInvalidArgument, "a norm with alpha ", norm.alpha, ", beta ", norm.beta, " and k ",
                      norm.k, "; expected 0 or more, and k above 0");
  }
  return input;
}

Result<int> DropoutChannels(const Dropout& dropout, int input) {
  if (!(dropout.rate >= 0.0F && dropout.rate < 1.0F)) {
    return base::Fail(ErrorCode::kInvalidArgument, "a dropout rate of ", dropout.rate,
                      "; expected 0 or more and less than 1");
  }
  return input;
}

Result<int> LstmChannels(const Lstm& lstm) {
  if (lstm.hidden < 1 || lstm.hidden > std::numeric_limits<int>::max() / 4) {
    return base::Fail(ErrorCode::kInvalidArgument, lstm.hidden, " hidden channels; expected at least 1");
  }
  if (lstm.scan == Scan::kBatch ? lstm.rows != 0 : lstm.rows < 1) {
    return base::Fail(ErrorCode::kInvalidArgument, "a grid of ", lstm.rows, " rows; expected ",
                      lstm.scan == Scan::kBatch ? "0, as the batch is the sequence" : "at least 1");
  }
  return lstm.hidden;
}

Result<int> UpsampleChannels(const Upsample& upsample, int input) {
  if (upsample.factor < 2 || upsample.factor > kMaxUpsampling) {
    return base::Fail(ErrorCode::kInvalidArgument, "upsampling by ", upsample.factor, "; expected 2 to ",
                      kMaxUpsampling);
  }
  return input;
}

Result<int> OutputChannels(const Operation& operation, const std::vector<int>& inputs) {
  return std::visit(Overload{
                        [&](const Conv2d& conv) { return ConvChannels(conv, inputs[0]); },
                        [&](const Pool& pool) { return PoolChannels(pool, inputs[0]); },
                        [&](const GlobalAveragePool&) -> Result<int> { return inputs[0]; },
                        [&](const Add&) { return AddChannels(inputs); },
                        [&](const Concat&) { return ConcatChannels(inputs); },
                        [&](const FullyConnected& layer) { return FullyConnectedChannels(layer); },
                        [&](const Activate&) -> Result<int> { return inputs[0]; },
                        [&](const LocalResponseNorm& norm) { return NormChannels(norm, inputs[0]); },
                        [&](const Dropout& dropout) { return DropoutChannels(dropout, inputs[0]); },
                        [&](const Lstm& lstm) { return LstmChannels(lstm); },
                        [&](const Quantize&) -> Result<int> { return inputs[0]; },
                        [&](const QuantizedConv2d& conv) { return QuantizedConvChannels(conv, inputs[0]); },
                        [&](const QuantizedConcat&) { return ConcatChannels(inputs); },
                        [&](const Dequantize&) -> Result<int> { return inputs[0]; },
                        [&](const Upsample& upsample) { return UpsampleChannels(upsample, inputs[0]); },
                    },
                    operation);
}

bool SameImage(const Shape& a, const Shape& b) {
  return a.batch == b.batch && a.height == b.height && a.width == b.width;
}

Result<Shape> LstmShape(const Lstm& lstm, const Shape& input) {
  const std::int64_t inputs = input.ElementCount() / input.batch;
  if (lstm.rows > 0 && inputs % lstm.rows != 0) {
    return base::Fail(ErrorCode::kInvalidArgument, inputs, " numbers as a grid of ", lstm.rows,
                      " rows; expected a multiple of the rows");
  }
  return Shape{.batch = input.batch};
}

Result<Shape> UpsampledShape(const Upsample& upsample, const Shape& input) {
  const std::int64_t longer = std::int64_t{std::max(input.height, input.width)} * upsample.factor;
  if (longer > std::numeric_limits<int>::max()) {
    return base::Fail(ErrorCode::kResourceExhausted, "upsampling to ", longer, " rows or columns");
  }
  Shape output = input;
  output.height *= upsample.factor;
  output.width *= upsample.factor;
  return output;
}

// The batch and image size of a layer's result; its channels are inferred separately.
Result<Shape> OutputShape(const Operation& operation, const std::vector<Shape>& inputs) {
  for (const Shape& input : inputs) {
    if (!SameImage(input, inputs[0])) {
      return base::Fail(ErrorCode::kInvalidArgument, "values of ", inputs[0].height, "x", inputs[0].width, " and ",
                        input.height, "x", input.width, "; expected one size");
    }
  }
  if (const auto* conv = std::get_if<Conv2d>(&operation)) return SlideWindow(conv->window, inputs[0]);
  if (const auto* conv = std::get_if<QuantizedConv2d>(&operation)) return SlideWindow(conv->window, inputs[0]);
  if (const auto* pool = std::get_if<Pool>(&operation)) return SlideWindow(pool->window, inputs[0]);
  if (const auto* upsample = std::get_if<Upsample>(&operation)) return UpsampledShape(*upsample, inputs[0]);
  if (const auto* lstm = std::get_if<Lstm>(&operation)) return LstmShape(*lstm, inputs[0]);
  if (std::holds_alternative<GlobalAveragePool>(operation) || std::holds_alternative<FullyConnected>(operation)) {
    return Shape{.batch = inputs[0].batch};
  }
  return inputs[0];
}

template <typename T>
std::vector<T> Select(const std::vector<T>& values, const std::vector<int>& indices) {
  std::vector<T> selected;
  selected.reserve(indices.size());
  for (const int index : indices) selected.push_back(values[static_cast<std::size_t>(index)]);
  return selected;
}

bool IsValue(int index, std::size_t value_count) { return index >= 0 && static_cast<std::size_t>(index) < value_count; }

Result<int> LayerChannels(const Layer& layer, const std::vector<int>& channels) {
  POSENET_RETURN_IF_ERROR(CheckInputCount(layer));
  for (const int input : layer.inputs) {
    if (!IsValue(input, channels.size())) {
      return base::Fail(ErrorCode::kInvalidArgument, "reads value ", input, "; expected an earlier one, 0 to ",
                        channels.size() - 1);
    }
  }
  return OutputChannels(layer.operation, Select(channels, layer.inputs));
}

Result<void> CheckOutputs(const Network& network) {
  if (network.outputs.empty()) return base::Fail(ErrorCode::kInvalidArgument, "a network without outputs");
  for (const Output& output : network.outputs) {
    if (!IsValue(output.value, network.layers.size() + 1)) {
      return base::Fail(ErrorCode::kInvalidArgument, "output ", base::Printable(output.name), " is value ",
                        output.value, "; expected 0 to ", network.layers.size());
    }
  }
  return {};
}

}  // namespace

Result<std::vector<int>> InferChannels(const Network& network) {
  if (network.layers.size() > static_cast<std::size_t>(kMaxLayers)) {
    return base::Fail(ErrorCode::kInvalidArgument, network.layers.size(), " layers; expected at most ", kMaxLayers);
  }
  if (network.input_channels < 1) {
    return base::Fail(ErrorCode::kInvalidArgument, network.input_channels, " input channels; expected at least 1");
  }
  std::vector<int> channels = {network.input_channels};
  channels.reserve(network.layers.size() + 1);
  for (const Layer& layer : network.layers) {
    auto result = LayerChannels(layer, channels);
    if (!result) return base::FailIn(result.error(), "layer ", base::Printable(layer.name));
    channels.push_back(*result);
  }
  POSENET_RETURN_IF_ERROR(CheckOutputs(network));
  POSENET_RETURN_IF_ERROR(InferQuantization(network));
  return channels;
}

Result<std::vector<Shape>> InferShapes(const Network& network, const Shape& input) {
  POSENET_ASSIGN_OR_RETURN(const std::vector<int> channels, InferChannels(network));
  if (input.batch < 1 || input.height < 1 || input.width < 1 || input.channels != network.input_channels) {
    return base::Fail(ErrorCode::kInvalidArgument, "input of batch ", input.batch, ", ", input.height, "x", input.width,
                      ", ", input.channels, " channels; expected sizes of at least 1 and ", network.input_channels,
                      " channels");
  }
  if (IsTooLarge(input)) {
    return base::Fail(ErrorCode::kResourceExhausted, "input of more than ", kMaxElements, " elements");
  }

  std::vector<Shape> shapes = {input};
  shapes.reserve(channels.size());
  for (const Layer& layer : network.layers) {
    auto shape = OutputShape(layer.operation, Select(shapes, layer.inputs));
    if (!shape) return base::FailIn(shape.error(), "layer ", base::Printable(layer.name));
    shape->channels = channels[shapes.size()];
    if (IsTooLarge(*shape)) {
      return base::Fail(ErrorCode::kResourceExhausted, "layer ", base::Printable(layer.name),
                        ": a result of more than ", kMaxElements, " elements");
    }
    shapes.push_back(*shape);
  }
  return shapes;
}

std::int64_t StepInputs(const Lstm& lstm, const Shape& input) {
  const std::int64_t inputs = input.ElementCount() / input.batch;
  switch (lstm.scan) {
    case Scan::kRows:
      return inputs / lstm.rows;
    case Scan::kColumns:
      return lstm.rows;
    case Scan::kBatch:
      break;
  }
  return inputs;
}

bool IsDepthwise(const Conv2d& conv, int in_channels) {
  return conv.groups == in_channels && conv.out_channels == in_channels;
}

bool IsPointwise(const Conv2d& conv) {
  Window one_cell;
  one_cell.padding = conv.window.padding;                  // Always zero for a window of one cell.
  one_cell.dilation_height = conv.window.dilation_height;  // Irrelevant for a single tap.
  one_cell.dilation_width = conv.window.dilation_width;
  return conv.groups == 1 && conv.window == one_cell;
}

Padding ResolvePadding(const Window& window, int input_height, int input_width) {
  Padding padding = {.mode = PaddingMode::kExplicit};
  switch (window.padding.mode) {
    case PaddingMode::kExplicit:
      return window.padding;
    case PaddingMode::kRoundUp:
      padding.top = window.padding.top;
      padding.left = window.padding.left;
      padding.bottom = RoundedUpPadding(input_height, window.kernel_height, window.stride_height, padding.top,
                                        window.padding.bottom);
      padding.right =
          RoundedUpPadding(input_width, window.kernel_width, window.stride_width, padding.left, window.padding.right);
      break;
    case PaddingMode::kValid:
      break;
    case PaddingMode::kSame:
      std::tie(padding.top, padding.bottom) =
          SamePadding(input_height, window.kernel_height, window.stride_height, window.dilation_height);
      std::tie(padding.left, padding.right) =
          SamePadding(input_width, window.kernel_width, window.stride_width, window.dilation_width);
      break;
  }
  return padding;
}

}  // namespace posenet::nn
