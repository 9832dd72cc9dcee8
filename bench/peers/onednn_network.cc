// SPDX-License-Identifier: Apache-2.0
// Times the network built from oneDNN's convolutions, and prints one line of JSON with the milliseconds of each run.
//
//   onednn_network MODEL.safetensors fp32|bf16|int8 INPUT.f32 SIZE THREADS REPEATS [HEATMAP.f32]
//
// It is built as oneDNN recommends: in the layouts that oneDNN chooses from end to end, with weights reordered once,
// biases and ReLU6 fused into the convolutions, and the memory of values reused. MODEL holds float weights for every
// precision. int8 is the uniform kind that engines support: one scale for all activations of a layer (uint8, ReLU6's 0
// to 6 in 255 steps; the image is int8), one for the weights of each channel, all layers multiplied in bytes, output
// maps in floats.
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <memory>
#include <oneapi/dnnl/dnnl.hpp>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "../network_program.h"
#include "model/model_file.h"

namespace posenet::bench {
namespace {

using DataType = dnnl::memory::data_type;
using Tag = dnnl::memory::format_tag;
using Dims = dnnl::memory::dims;

constexpr float kRelu6Unit = 6.0F / 255.0F;
constexpr float kImageUnit = 1.0F / 127.0F;  // Images are in [-1, 1].

template <typename T>
T ValueOrThrow(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return *std::move(result);
}

DataType TypeOf(const std::string& precision) {
  if (precision == "bf16") return DataType::bf16;
  return precision == "int8" ? DataType::u8 : DataType::f32;
}

Dims DimsOf(const nn::Shape& shape) { return {shape.batch, shape.channels, shape.height, shape.width}; }

// Memory that values with disjoint lifetimes share.
class Slots {
 public:
  int Take(std::size_t bytes) {
    auto slot = std::find_if(slots_.begin(), slots_.end(), [](const Slot& each) { return !each.is_taken; });
    if (slot == slots_.end()) slot = slots_.insert(slots_.end(), Slot());
    slot->is_taken = true;
    slot->bytes = std::max(slot->bytes, bytes);
    return static_cast<int>(slot - slots_.begin());
  }
  void Release(int slot) { slots_[static_cast<std::size_t>(slot)].is_taken = false; }
  // Must be called once all sizes are known. oneDNN expects memory that is aligned to cache lines.
  void Allocate() {
    for (Slot& slot : slots_) slot.memory = std::make_unique<Line[]>(slot.bytes / sizeof(Line) + 1);
  }
  [[nodiscard]] void* Memory(int slot) const { return slots_[static_cast<std::size_t>(slot)].memory.get(); }

 private:
  struct alignas(64) Line {
    std::byte bytes[64];
  };
  struct Slot {
    bool is_taken = false;
    std::size_t bytes = 0;
    std::unique_ptr<Line[]> memory;
  };
  std::vector<Slot> slots_;
};

// A value that layers read and write.
struct Value {
  dnnl::memory memory;  // Without data until all sizes are known, unless it is the input.
  float unit = 1.0F;    // The scale of a quantized value.
  int slot = -1;
  int reads_left = 0;
};

struct TimedStep {
  dnnl::primitive primitive;
  std::unordered_map<int, dnnl::memory> arguments;
};

class OneDnnNetwork final : public MeasuredNetwork {
 public:
  explicit OneDnnNetwork(const NetworkArguments& arguments);

  void SetInput(std::span<const float> input_hwc) override {
    std::copy(input_hwc.begin(), input_hwc.end(), static_cast<float*>(values_.front().memory.get_data_handle()));
  }
  void Run() override {
    for (const TimedStep& step : steps_) step.primitive.execute(stream_, step.arguments);
    stream_.wait();
  }
  std::vector<float> Heatmap() override {
    const auto* numbers = static_cast<const float*>(heatmap_.get_data_handle());
    return {numbers, numbers + heatmap_.get_desc().get_size() / sizeof(float)};
  }
  [[nodiscard]] std::string Instructions() const override;

 private:
  void AddConvolution(const nn::Conv2d& conv, int input, const nn::Shape& input_shape, const nn::Shape& shape,
                      bool is_output);
  dnnl::memory Reordered(Value& input, const dnnl::memory::desc& wanted);
  void AddOutput(const nn::Output& output);
  Value NewValue(const dnnl::memory::desc& desc);
  std::vector<float> Tensor(const std::string& name) const {
    return ValueOrThrow(nn::ToFloat(model_.weights.find(name)->second));
  }
  // For int8, the weights are integers in units of their channel.
  struct Weights {
    std::vector<float> numbers;
    std::vector<float> units;
  };
  Weights WeightsOf(const nn::Conv2d& conv) const;
  dnnl::memory Packed(std::vector<float> numbers, const Dims& dims, const dnnl::memory::desc& wanted);

  model::LoadedModel model_;
  DataType type_;
  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  Slots slots_;
  std::vector<Value> values_;
  std::vector<std::pair<dnnl::memory, int>> slotted_;  // Memory objects and the slots of their data.
  std::vector<TimedStep> steps_;
  dnnl::memory heatmap_;
};

OneDnnNetwork::OneDnnNetwork(const NetworkArguments& arguments)
    : model_(ValueOrThrow(model::LoadModelFile(arguments.model))), type_(TypeOf(arguments.precision)) {
  omp_set_num_threads(arguments.threads);
  const nn::Network& network = model_.spec.network;
  const nn::Shape input = {.height = arguments.size_px, .width = arguments.size_px, .channels = 3};
  const std::vector<nn::Shape> shapes = ValueOrThrow(nn::InferShapes(network, input));
  std::map<int, int> reads;
  for (const nn::Layer& layer : network.layers) {
    for (const int value : layer.inputs) ++reads[value];
  }
  values_.push_back({.memory = dnnl::memory({DimsOf(input), DataType::f32, Tag::nhwc}, engine_)});
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const nn::Layer& layer = network.layers[i];
    const auto* conv = std::get_if<nn::Conv2d>(&layer.operation);
    if (conv == nullptr) throw Unsupported(layer.name + ": only convolutions are supported");
    const bool is_output = std::any_of(network.outputs.begin(), network.outputs.end(), [&](const nn::Output& output) {
      return output.value == static_cast<int>(i) + 1;
    });
    const int source = layer.inputs.front();
    AddConvolution(*conv, source, shapes[static_cast<std::size_t>(source)], shapes[i + 1], is_output);
    values_.back().reads_left = reads[static_cast<int>(i) + 1] + (is_output ? 1 : 0);
    Value& read = values_[static_cast<std::size_t>(source)];
    if (source != 0 && --read.reads_left == 0) slots_.Release(read.slot);
  }
  for (const nn::Output& output : network.outputs) AddOutput(output);
  slots_.Allocate();
  for (auto& [memory, slot] : slotted_) memory.set_data_handle(slots_.Memory(slot));
}

Value OneDnnNetwork::NewValue(const dnnl::memory::desc& desc) {
  Value value = {.memory = dnnl::memory(desc, engine_, DNNL_MEMORY_NONE), .slot = slots_.Take(desc.get_size())};
  slotted_.emplace_back(value.memory, value.slot);
  return value;
}

OneDnnNetwork::Weights OneDnnNetwork::WeightsOf(const nn::Conv2d& conv) const {
  Weights weights = {.numbers = Tensor(conv.weights),  // Channels last.
                     .units = std::vector<float>(static_cast<std::size_t>(conv.out_channels), 1.0F)};
  if (type_ != DataType::u8) return weights;
  const std::size_t channels = weights.units.size();
  std::vector<float> largest(channels, 0.0F);
  for (std::size_t i = 0; i < weights.numbers.size(); ++i) {
    largest[i % channels] = std::max(largest[i % channels], std::abs(weights.numbers[i]));
  }
  for (std::size_t c = 0; c < channels; ++c) {
    if (largest[c] > 0.0F) weights.units[c] = largest[c] / 127.0F;
  }
  for (std::size_t i = 0; i < weights.numbers.size(); ++i) {
    weights.numbers[i] = std::round(weights.numbers[i] / weights.units[i % channels]);
  }
  return weights;
}

dnnl::memory OneDnnNetwork::Packed(std::vector<float> numbers, const Dims& dims, const dnnl::memory::desc& wanted) {
  dnnl::memory plain({dims, DataType::f32, dims.size() == 5 ? Tag::hwigo : Tag::hwio}, engine_, numbers.data());
  dnnl::memory packed(wanted, engine_);
  dnnl::reorder(plain, packed).execute(stream_, plain, packed);
  stream_.wait();
  return packed;
}

// `input` in the layout and type `wanted`. That takes a step for the image; between convolutions of one kind, oneDNN
// chooses layouts that need none.
dnnl::memory OneDnnNetwork::Reordered(Value& input, const dnnl::memory::desc& wanted) {
  if (input.memory.get_desc() == wanted) return input.memory;
  dnnl::primitive_attr attributes;
  if (wanted.data_type() == DataType::s8) attributes.set_output_scales(0, {1.0F / kImageUnit});
  dnnl::memory reordered(wanted, engine_);
  steps_.push_back({dnnl::reorder({engine_, input.memory.get_desc(), engine_, wanted, attributes}),
                    {{DNNL_ARG_FROM, input.memory}, {DNNL_ARG_TO, reordered}}});
  return reordered;
}

void OneDnnNetwork::AddConvolution(const nn::Conv2d& conv, int input, const nn::Shape& input_shape,
                                   const nn::Shape& shape, bool is_output) {
  Value& source = values_[static_cast<std::size_t>(input)];
  const bool is_int8 = type_ == DataType::u8;
  if (is_int8 && !is_output && conv.activation != nn::Activation::kRelu6) {
    throw Unsupported("int8 needs bounded values; expected ReLU6");
  }
  const nn::Window& window = conv.window;
  const int in_channels = input_shape.channels / conv.groups;
  Dims weight_dims = {conv.out_channels / conv.groups, in_channels, window.kernel_height, window.kernel_width};
  if (conv.groups > 1) weight_dims.insert(weight_dims.begin(), conv.groups);
  const nn::Padding padding = nn::ResolvePadding(window, input_shape.height, input_shape.width);

  DataType source_type = type_;
  if (is_int8 && input == 0) source_type = DataType::s8;
  const dnnl::memory::desc any_source(DimsOf(input_shape), source_type, Tag::any);
  const dnnl::memory::desc any_weights(weight_dims, is_int8 ? DataType::s8 : type_, Tag::any);
  const dnnl::memory::desc bias_desc({conv.out_channels}, DataType::f32, Tag::x);
  const dnnl::memory::desc any_result(DimsOf(shape), is_output ? DataType::f32 : type_, Tag::any);
  // oneDNN's dilation of 0 is our dilation of 1.
  const dnnl::convolution_forward::desc desc(
      dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_auto, any_source, any_weights, bias_desc,
      any_result, {window.stride_height, window.stride_width}, {window.dilation_height - 1, window.dilation_width - 1},
      {padding.top, padding.left}, {padding.bottom, padding.right});

  dnnl::primitive_attr attributes;
  dnnl::post_ops post_ops;
  // Saturation of uint8 is ReLU6.
  if (conv.activation == nn::Activation::kRelu6 && !is_int8) {
    post_ops.append_eltwise(1.0F, dnnl::algorithm::eltwise_clip, 0.0F, 6.0F);
  } else if (conv.activation == nn::Activation::kRelu) {
    post_ops.append_eltwise(1.0F, dnnl::algorithm::eltwise_relu, 0.0F, 0.0F);
  }
  attributes.set_post_ops(post_ops);
  Weights weights = WeightsOf(conv);
  std::vector<float> bias = conv.bias.empty() ? std::vector<float>(weights.units.size()) : Tensor(conv.bias);
  const float result_unit = is_int8 && !is_output ? kRelu6Unit : 1.0F;
  if (is_int8) {
    if (input == 0) source.unit = kImageUnit;
    std::vector<float> scales(bias.size());
    for (std::size_t i = 0; i < bias.size(); ++i) {
      const float sum_unit = source.unit * weights.units[i];
      bias[i] /= sum_unit;  // Biases are added to integer sums.
      scales[i] = sum_unit / result_unit;
    }
    constexpr int kPerChannel = 1 << 1;  // A mask with a bit for each dimension.
    attributes.set_output_scales(kPerChannel, scales);
  }
  const dnnl::convolution_forward::primitive_desc primitive(desc, attributes, engine_);
  const dnnl::memory packed = Packed(std::move(weights.numbers), weight_dims, primitive.weights_desc());
  const dnnl::memory bias_memory(bias_desc, engine_);
  std::copy(bias.begin(), bias.end(), static_cast<float*>(bias_memory.get_data_handle()));

  const dnnl::memory read = Reordered(source, primitive.src_desc());
  Value result = NewValue(primitive.dst_desc());
  result.unit = result_unit;
  steps_.push_back({dnnl::convolution_forward(primitive),
                    {{DNNL_ARG_SRC, read},
                     {DNNL_ARG_WEIGHTS, packed},
                     {DNNL_ARG_BIAS, bias_memory},
                     {DNNL_ARG_DST, result.memory}}});
  values_.push_back(result);
}

// Outputs are converted to NHWC.
void OneDnnNetwork::AddOutput(const nn::Output& output) {
  Value& value = values_[static_cast<std::size_t>(output.value)];
  const dnnl::memory::desc plain(value.memory.get_desc().dims(), DataType::f32, Tag::nhwc);
  const dnnl::memory map = Reordered(value, plain);
  if (output.name == model::kHeatmapOutput) heatmap_ = map;
}

// An instruction set is a bit mask that includes the bits of the instruction sets that it extends.
bool Has(dnnl::cpu_isa isa) {
  return (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) & static_cast<unsigned>(isa)) ==
         static_cast<unsigned>(isa);
}

std::string OneDnnNetwork::Instructions() const {
  const std::pair<dnnl::cpu_isa, const char*> names[] = {{dnnl::cpu_isa::avx512_core_amx, "AMX"},
                                                         {dnnl::cpu_isa::avx512_core_bf16, "AVX512-BF16"},
                                                         {dnnl::cpu_isa::avx512_core_vnni, "AVX512-VNNI"},
                                                         {dnnl::cpu_isa::avx512_core, "AVX-512"},
                                                         {dnnl::cpu_isa::avx2_vnni, "AVX2-VNNI"},
                                                         {dnnl::cpu_isa::avx2, "AVX2"},
                                                         {dnnl::cpu_isa::sse41, "SSE4.1"}};
  for (const auto& [isa, name] : names) {
    if (Has(isa)) return name;
  }
  return {};
}

std::unique_ptr<MeasuredNetwork> Prepare(const NetworkArguments& arguments) {
  // Without these instructions, oneDNN emulates bfloat16 or does not support it.
  if (arguments.precision == "bf16" && !Has(dnnl::cpu_isa::avx512_core_bf16)) {
    throw Unsupported("this CPU has no bfloat16 products; they would be emulated, or are missing");
  }
  return std::make_unique<OneDnnNetwork>(arguments);
}

std::string Version() {
  const dnnl_version_t* version = dnnl_version();
  return std::to_string(version->major) + "." + std::to_string(version->minor) + "." + std::to_string(version->patch);
}

}  // namespace
}  // namespace posenet::bench

int main(int argc, char** argv) {
  const posenet::bench::NetworkProgram program(
      {.program = "onednn_network", .name = "oneDNN", .version = posenet::bench::Version()}, posenet::bench::Prepare);
  return program.Main(argc, argv);
}
