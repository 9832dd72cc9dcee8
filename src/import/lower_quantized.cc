// SPDX-License-Identifier: Apache-2.0
#include "import/lower_quantized.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "base/error.h"
#include "import/names.h"
#include "import/padding.h"

namespace posenet::importer {
namespace {

constexpr std::int64_t kMaxQuantizedKernel = 1 << 10;
constexpr std::int64_t kMaxQuantizedChannels = 1 << 16;
// TensorFlow Lite's bound for the difference between the scales of bias and products, relative to the output's scale.
constexpr double kMaxBiasScaleError = 0.02;

// The scale and zero point of an 8-bit tensor, which must have one of each.
Result<nn::Quantization> CheckedQuantization(const Node& node) {
  const TensorQuantization& quantization = node.quantization;
  if (quantization.scale_count == 0 || quantization.zero_point_count == 0) {
    return base::Fail(ErrorCode::kCorruptData, Describe(node), " has no ",
                      quantization.scale_count == 0 ? "scale" : "zero point");
  }
  if (quantization.scale_count > 1 || quantization.zero_point_count > 1) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " has ", quantization.scale_count,
                      " scales; expected one for the whole tensor");
  }
  if (!(quantization.scale > 0.0F) || !std::isfinite(quantization.scale)) {
    return base::Fail(ErrorCode::kCorruptData, Describe(node), " has the scale ", quantization.scale,
                      "; expected one above 0");
  }
  const std::int64_t min = node.type == nn::DType::kInt8 ? -128 : 0;
  if (quantization.zero_point < min || quantization.zero_point > min + 255) {
    return base::Fail(ErrorCode::kCorruptData, Describe(node), " has the zero point ", quantization.zero_point,
                      "; expected ", min, " to ", min + 255);
  }
  return nn::Quantization{.scale = quantization.scale, .zero_point = static_cast<int>(quantization.zero_point)};
}

// Transposes the file's [out, ...] to [..., out].
std::vector<std::byte> BytesOutputLast(const std::vector<std::byte>& weights, std::size_t out_channels) {
  const std::size_t rows = weights.size() / out_channels;
  std::vector<std::byte> transposed(weights.size());
  for (std::size_t column = 0; column < out_channels; ++column) {
    for (std::size_t row = 0; row < rows; ++row) transposed[row * out_channels + column] = weights[column * rows + row];
  }
  return transposed;
}

class QuantizedLowering {
 public:
  explicit QuantizedLowering(const Graph& graph) : graph_(graph), values_(graph.nodes.size(), kNotAValue) {}

  Result<LoweredGraph> Run(const std::vector<RoleOutput>& outputs);

 private:
  static constexpr int kNotAValue = -1;

  // The value of a node; kNotAValue for constants.
  Result<int> EvaluateQuantized(const Node& node);
  Result<int> EvaluateQuantizedInput(const Node& node);
  Result<int> EvaluateQuantizedConv(const Node& node);
  Result<int> EvaluateQuantizedConcat(const Node& node);
  Result<int> EvaluateIdentity(const Node& node);

  const Node& NodeAt(int index) const { return graph_.nodes[static_cast<std::size_t>(index)]; }
  bool IsQuantizedValue(int value) const { return quantization_[static_cast<std::size_t>(value)].scale > 0.0F; }
  // Input `index` of `node`, which must be a quantized value.
  Result<int> QuantizedInput(const Node& node, std::size_t index) const;
  // Input `index` of `node`, which must be a constant.
  Result<const Node*> ConstantInput(const Node& node, std::size_t index) const;
  Result<std::string> KeepBias(const Node& node, const std::string& layer, double product_scale, float output_scale,
                               std::int64_t channels);
  std::string UniqueQuantizedName(std::string name);
  int AppendLayer(std::string name, std::vector<int> inputs, nn::Operation operation, int channels,
                  const nn::Quantization& quantization);

  const Graph& graph_;
  LoweredGraph lowered_;
  std::vector<int> values_;                     // By node.
  std::vector<int> channels_;                   // By value.
  std::vector<nn::Quantization> quantization_;  // By value; scale 0 for float values.
  std::map<std::string, int> name_counts_;
  std::size_t elements_ = 0;  // Of all weights.
  bool has_input_ = false;
};

constexpr nn::Quantization kFloats = {.scale = 0.0F, .zero_point = 0};

std::string QuantizedLowering::UniqueQuantizedName(std::string name) {
  while (true) {
    const int count = ++name_counts_[name];
    if (count == 1) return name;
    name += base::StrCat('_', count);
  }
}

int QuantizedLowering::AppendLayer(std::string name, std::vector<int> inputs, nn::Operation operation, int channels,
                                   const nn::Quantization& quantization) {
  lowered_.network.layers.push_back({std::move(name), std::move(inputs), std::move(operation)});
  channels_.push_back(channels);
  quantization_.push_back(quantization);
  return static_cast<int>(lowered_.network.layers.size());
}

Result<int> QuantizedLowering::QuantizedInput(const Node& node, std::size_t index) const {
  const int value = values_[static_cast<std::size_t>(node.inputs[index])];
  if (value == kNotAValue || !IsQuantizedValue(value)) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " is quantized but reads ",
                      value == kNotAValue ? "a constant" : "floats");
  }
  return value;
}

Result<const Node*> QuantizedLowering::ConstantInput(const Node& node, std::size_t index) const {
  POSENET_ASSIGN_OR_RETURN(const int source, SkipIdentities(graph_, node.inputs[index]));
  const Node& constant = NodeAt(source);
  if (constant.op != Op::kConstant || constant.constant == nullptr) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " expects a constant as input ", index, ", not ",
                      Describe(constant));
  }
  return &constant;
}

// The image: its 8-bit levels are the integers of the file's input.
Result<int> QuantizedLowering::EvaluateQuantizedInput(const Node& node) {
  if (std::exchange(has_input_, true)) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), " is a second input; expected one");
  }
  if (node.type != nn::DType::kUint8) return 0;
  POSENET_ASSIGN_OR_RETURN(const nn::Quantization input, CheckedQuantization(node));
  const double bias = -double{input.scale} * input.zero_point;
  lowered_.preprocessing = Preprocessing{.scale = double{input.scale}, .bias = {bias, bias, bias}};
  return AppendLayer(UniqueQuantizedName("quantize"), {0}, nn::Quantize{input}, channels_[0], input);
}

Result<std::string> QuantizedLowering::KeepBias(const Node& node, const std::string& layer, double product_scale,
                                                float output_scale, std::int64_t channels) {
  if (node.inputs.size() < 3) return std::string();
  POSENET_ASSIGN_OR_RETURN(const Node* const bias, ConstantInput(node, 2));
  const std::vector<std::int32_t>& numbers = bias->constant->ints;
  if (bias->type != nn::DType::kInt32 || static_cast<std::int64_t>(numbers.size()) != channels) {
    return base::Fail(ErrorCode::kCorruptData, Describe(node), ": its bias ", Describe(*bias), " is not ", channels,
                      " int32 numbers");
  }
  const TensorQuantization& quantization = bias->quantization;
  if (quantization.scale_count != 1 || quantization.zero_point != 0) {
    return base::Fail(quantization.scale_count > 1 ? ErrorCode::kUnsupported : ErrorCode::kCorruptData, Describe(node),
                      ": its bias ", Describe(*bias), " has ", quantization.scale_count, " scales and the zero point ",
                      quantization.zero_point, "; expected one scale and 0");
  }
  const double error = std::abs(product_scale - double{quantization.scale}) / double{output_scale};
  if (!(error <= kMaxBiasScaleError)) {
    return base::Fail(ErrorCode::kCorruptData, Describe(node), ": its bias ", Describe(*bias), " has the scale ",
                      quantization.scale, "; expected the product of the scales of input and weights, ", product_scale);
  }
  const auto bytes = std::as_bytes(std::span(numbers));
  lowered_.integer_tensors[layer + "/biases"] = {
      nn::DType::kInt32, {channels}, std::vector<std::byte>(bytes.begin(), bytes.end())};
  return layer + "/biases";
}

Result<int> QuantizedLowering::EvaluateQuantizedConv(const Node& node) {
  POSENET_ASSIGN_OR_RETURN(const int input, QuantizedInput(node, 0));
  POSENET_ASSIGN_OR_RETURN(const nn::Quantization output, CheckedQuantization(node));
  POSENET_ASSIGN_OR_RETURN(const Node* const weights, ConstantInput(node, 1));
  const Constant& constant = *weights->constant;
  const auto kernel = KernelShapeOf(node, constant);
  if (constant.bytes.empty() || !kernel) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), ": its weights ", Describe(*weights),
                      " are not uint8 or int8 of 4 dimensions");
  }
  POSENET_ASSIGN_OR_RETURN(const nn::Quantization weight_quantization, CheckedQuantization(*weights));
  const std::int64_t in_channels = channels_[static_cast<std::size_t>(input)];
  const bool is_depthwise = node.op == Op::kDepthwiseConv2d;
  const bool fits = is_depthwise ? constant.shape[0] == 1 && kernel->out_channels % in_channels == 0
                                 : kernel->group_channels == in_channels;
  if (!fits || std::max(kernel->height, kernel->width) > kMaxQuantizedKernel ||
      kernel->out_channels > kMaxQuantizedChannels) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node), ": weights [", constant.shape[0], ", ",
                      constant.shape[1], ", ", constant.shape[2], ", ", constant.shape[3], "] do not fit ", in_channels,
                      " input channels, or are larger than supported");
  }

  const std::string name = UniqueQuantizedName(WeightedLayerName(node.name));
  const float input_scale = quantization_[static_cast<std::size_t>(input)].scale;
  nn::QuantizedConv2d conv;
  conv.window = node.window;
  conv.window.kernel_height = static_cast<int>(kernel->height);
  conv.window.kernel_width = static_cast<int>(kernel->width);
  conv.window = Normalized(conv.window);
  conv.out_channels = static_cast<int>(kernel->out_channels);
  conv.groups = is_depthwise ? static_cast<int>(in_channels) : 1;
  conv.weights = name + "/weights";
  conv.weight_scale = weight_quantization.scale;
  conv.weight_zero_point = weight_quantization.zero_point;
  conv.activation = node.activation;
  conv.output = output;
  POSENET_ASSIGN_OR_RETURN(conv.bias, KeepBias(node, name, double{input_scale} * double{conv.weight_scale},
                                               output.scale, kernel->out_channels));
  elements_ += constant.bytes.size();
  // Depthwise weights with several outputs for each channel have the order of the outputs in the file, as in ours.
  lowered_.integer_tensors[conv.weights] = {
      weights->type,
      {kernel->height, kernel->width, kernel->group_channels, kernel->out_channels},
      is_depthwise ? constant.bytes : BytesOutputLast(constant.bytes, static_cast<std::size_t>(kernel->out_channels))};
  const int channels = conv.out_channels;
  return AppendLayer(name, {input}, std::move(conv), channels, output);
}

Result<int> QuantizedLowering::EvaluateQuantizedConcat(const Node& node) {
  POSENET_ASSIGN_OR_RETURN(const nn::Quantization output, CheckedQuantization(node));
  const std::size_t count = node.inputs.size() - 1;
  POSENET_ASSIGN_OR_RETURN(const auto axis, IntegersOf(graph_, node.inputs[count], 1));
  std::vector<int> inputs;
  std::int64_t channels = 0;
  for (std::size_t i = 0; i < count; ++i) {
    POSENET_ASSIGN_OR_RETURN(const int input, QuantizedInput(node, i));
    inputs.push_back(input);
    channels += channels_[static_cast<std::size_t>(input)];
  }
  if ((axis[0] != 3 && axis[0] != -1) || count < 2 || channels > kMaxQuantizedChannels ||
      node.activation != nn::Activation::kNone) {
    return base::Fail(ErrorCode::kUnsupported, Describe(node),
                      " does not just concatenate the channels of two or more values");
  }
  return AppendLayer(UniqueQuantizedName(PlainLayerName(node.name)), std::move(inputs), nn::QuantizedConcat{output},
                     static_cast<int>(channels), output);
}

// DEQUANTIZE, and the BATCH_TO_SPACE_ND that FoldSpaceToBatch has replaced.
Result<int> QuantizedLowering::EvaluateIdentity(const Node& node) {
  const int input = values_[static_cast<std::size_t>(node.inputs[0])];
  if (input == kNotAValue || !IsQuantizedValue(input) || node.type == nn::DType::kUint8) return input;
  return AppendLayer(UniqueQuantizedName(PlainLayerName(node.name)), {input}, nn::Dequantize{},
                     channels_[static_cast<std::size_t>(input)], kFloats);
}

Result<int> QuantizedLowering::EvaluateQuantized(const Node& node) {
  if (node.problem) return tl::unexpected<Error>(*node.problem);
  switch (node.op) {
    case Op::kInput:
      return EvaluateQuantizedInput(node);
    case Op::kConstant:
      return kNotAValue;
    case Op::kIdentity:
      return EvaluateIdentity(node);
    case Op::kConv2d:
    case Op::kDepthwiseConv2d:
      return EvaluateQuantizedConv(node);
    case Op::kConcat:
      return EvaluateQuantizedConcat(node);
    case Op::kQuantize: {
      const int input = values_[static_cast<std::size_t>(node.inputs[0])];
      POSENET_ASSIGN_OR_RETURN(const nn::Quantization output, CheckedQuantization(node));
      if (input == kNotAValue || IsQuantizedValue(input)) break;
      return AppendLayer(UniqueQuantizedName(PlainLayerName(node.name)), {input}, nn::Quantize{output},
                         channels_[static_cast<std::size_t>(input)], output);
    }
    default:
      break;
  }
  return base::Fail(ErrorCode::kUnsupported, Describe(node), " is not supported in uint8");
}

Result<LoweredGraph> QuantizedLowering::Run(const std::vector<RoleOutput>& outputs) {
  std::vector<int> roots;
  roots.reserve(outputs.size());
  for (const RoleOutput& output : outputs) roots.push_back(output.node);
  POSENET_ASSIGN_OR_RETURN(const std::vector<int> order, TopologicalOrder(graph_, roots));
  channels_.push_back(lowered_.network.input_channels);
  quantization_.push_back(kFloats);
  for (const int index : order) {
    const Node& node = NodeAt(index);
    POSENET_ASSIGN_OR_RETURN(values_[static_cast<std::size_t>(index)], EvaluateQuantized(node));
    // A small file may use the same weights many times.
    if (elements_ > kMaxWeightElements || lowered_.network.layers.size() > static_cast<std::size_t>(nn::kMaxLayers)) {
      return base::Fail(ErrorCode::kResourceExhausted, "has more layers than ", nn::kMaxLayers,
                        " or more weights than ", kMaxWeightElements);
    }
  }
  for (const RoleOutput& output : outputs) {
    int value = values_[static_cast<std::size_t>(output.node)];
    if (value == kNotAValue) return base::Fail(ErrorCode::kUnsupported, "its output ", output.role, " is a constant");
    if (IsQuantizedValue(value)) {
      value = AppendLayer(UniqueQuantizedName(output.role), {value}, nn::Dequantize{},
                          channels_[static_cast<std::size_t>(value)], kFloats);
    }
    lowered_.network.outputs.push_back({output.role, value});
  }
  return std::move(lowered_);
}

}  // namespace

Result<LoweredGraph> LowerQuantized(const Graph& graph, const std::vector<RoleOutput>& outputs) {
  return QuantizedLowering(graph).Run(outputs);
}

}  // namespace posenet::importer
