// SPDX-License-Identifier: Apache-2.0
#include "import/testing/quantized_tflite_writer.h"

#include <flatbuffers/flexbuffers.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <utility>

namespace posenet::importer {
namespace {

using tflite::FusedActivation;
using tflite::Operator;
using tflite::TensorType;

constexpr nn::Quantization kImage = {.scale = 0.0078125F, .zero_point = 128};

class QuantizedWriter {
 public:
  explicit QuantizedWriter(const QuantizedForm& form) : form_(form) {
    buffers_.push_back(tflite::CreateBuffer(builder_));
  }

  QuantizedTflite Write() {
    model_.spec.network.layers.push_back({"quantize", {0}, nn::Quantize{kImage}});
    int image = AddTensor("image", form_.input_shape, form_.input_type, 0, kImage);
    Value value = {.tensor = image, .value = 1, .channels = 3, .quantization = kImage};
    value = AddConv(value, "conv0", 3, {.stride = 4}, 8, 1, FusedActivation::RELU6);
    value = AddConv(value, "dw1", 3, {.stride = 4}, 16, 8, FusedActivation::RELU);
    value = AddConv(value, "dw2", 3, {.dilation = 2}, 16, 16, FusedActivation::NONE);
    value = AddConv(value, "pw3", 1, {}, 12, 1, FusedActivation::RELU6);
    const Value heatmap = AddConv(value, "heatmap", 1, {}, 17, 1, FusedActivation::NONE);
    const Value offset = AddConv(value, "offset", 1, {}, 34, 1, FusedActivation::NONE);
    const Value fwd = AddConv(value, "fwd", 1, {}, 32, 1, FusedActivation::NONE);
    const Value bwd = AddConv(value, "bwd", 1, {}, 32, 1, FusedActivation::NONE);
    const Value joined = AddConcat(fwd, bwd);
    AddOutput(model::kHeatmapOutput, heatmap);
    AddOutput(model::kOffsetOutput, offset);
    AddOutput(model::kDisplacementOutput, joined);
    std::vector<std::int32_t> outputs = {heatmap.tensor, offset.tensor, joined.tensor};
    if (form_.decoder) outputs = AddDecoder(outputs);
    return Finish(image, outputs);
  }

 private:
  struct Value {
    int tensor = 0;
    int value = 0;
    int channels = 0;
    nn::Quantization quantization;
  };
  struct WindowStep {
    int stride = 1;
    int dilation = 1;
  };

  template <typename T>
  std::uint32_t AddBuffer(const std::vector<T>& values) {
    builder_.ForceVectorAlignment(values.size() * sizeof(T), 1, 16);
    const auto data =
        builder_.CreateVector(reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(T));
    buffers_.push_back(tflite::CreateBuffer(builder_, data));
    return static_cast<std::uint32_t>(buffers_.size() - 1);
  }

  int AddTensor(const std::string& name, const std::vector<std::int32_t>& shape, TensorType type, std::uint32_t buffer,
                const nn::Quantization& quantization) {
    WrittenQuantization written = {{quantization.scale}, {quantization.zero_point}};
    if (const auto other = form_.quantization.find(name); other != form_.quantization.end()) written = other->second;
    const auto offset =
        tflite::CreateQuantizationDirect(builder_, nullptr, nullptr, &written.scales, &written.zero_points);
    tensors_.push_back(tflite::CreateTensorDirect(builder_, &shape, type, buffer, name.c_str(), offset));
    return static_cast<int>(tensors_.size()) - 1;
  }

  int AddInts(const std::string& name, const std::vector<std::int32_t>& shape, const std::vector<std::int32_t>& ints) {
    return AddTensor(name, shape, TensorType::INT32, AddBuffer(ints), {});
  }

  void AddCall(Operator code, const std::vector<std::int32_t>& inputs, int output, tflite::Options type,
               flatbuffers::Offset<void> options) {
    const std::vector<std::int32_t> outputs = {output};
    calls_.push_back(tflite::CreateOperatorCallDirect(builder_, CodeIndex(code), &inputs, &outputs, type, options));
  }

  std::uint32_t CodeIndex(Operator code) {
    codes_.push_back(code);
    return static_cast<std::uint32_t>(codes_.size() - 1);
  }

  // Our tensor: bytes that live as long as the model.
  void Keep(const std::string& name, nn::DType dtype, std::vector<std::int64_t> shape, const void* data,
            std::size_t size) {
    auto& kept = (*storage_)[name];
    kept.resize(size);
    std::memcpy(kept.data(), data, size);
    model_.weights[name] = {dtype, std::move(shape), kept};
  }

  Value AddConv(const Value& input, const std::string& name, int kernel, const WindowStep& step, int out_channels,
                int groups, FusedActivation activation) {
    nn::QuantizedConv2d conv;
    conv.window.kernel_height = conv.window.kernel_width = kernel;
    conv.window.stride_height = conv.window.stride_width = step.stride;
    conv.window.dilation_height = conv.window.dilation_width = step.dilation;
    conv.out_channels = out_channels;
    conv.groups = groups;
    conv.weights = name + "/weights";
    conv.bias = name + "/biases";
    conv.weight_scale = 0.01F;
    conv.weight_zero_point = 120 + static_cast<int>(random_() % 16);
    const bool has_zero_at_bottom = activation != FusedActivation::NONE;
    conv.output = {.scale = has_zero_at_bottom ? 6.0F / 255.0F : 0.05F, .zero_point = has_zero_at_bottom ? 0 : 117};
    if (activation == FusedActivation::RELU) conv.activation = nn::Activation::kRelu;
    if (activation == FusedActivation::RELU6) conv.activation = nn::Activation::kRelu6;

    const int group_inputs = input.channels / groups;
    const int rows = kernel * kernel * group_inputs;
    std::vector<std::uint8_t> weights(static_cast<std::size_t>(rows * out_channels));  // As we have them.
    for (std::uint8_t& weight : weights) weight = static_cast<std::uint8_t>(random_());
    std::vector<std::uint8_t> written = weights;
    for (int row = 0; row < rows && groups == 1; ++row) {
      for (int o = 0; o < out_channels; ++o) {
        written[static_cast<std::size_t>(o * rows + row)] = weights[static_cast<std::size_t>(row * out_channels + o)];
      }
    }
    std::vector<std::int32_t> bias(static_cast<std::size_t>(out_channels));
    for (std::int32_t& number : bias) number = static_cast<std::int32_t>(random_() % 2001) - 1000;
    Keep(conv.weights, nn::DType::kUint8, {kernel, kernel, group_inputs, out_channels}, weights.data(), weights.size());
    Keep(conv.bias, nn::DType::kInt32, {out_channels}, bias.data(), bias.size() * 4);

    const std::vector<std::int32_t> shape = groups > 1
                                                ? std::vector<std::int32_t>{1, kernel, kernel, out_channels}
                                                : std::vector<std::int32_t>{out_channels, kernel, kernel, group_inputs};
    const int weights_tensor = AddTensor(conv.weights, shape, TensorType::UINT8, AddBuffer(written),
                                         {.scale = conv.weight_scale, .zero_point = conv.weight_zero_point});
    const int bias_tensor = AddTensor(conv.bias, {out_channels}, TensorType::INT32, AddBuffer(bias),
                                      {.scale = input.quantization.scale * conv.weight_scale, .zero_point = 0});
    const int output = WriteConv(input.tensor, name, conv, weights_tensor, bias_tensor, activation);
    model_.spec.network.layers.push_back({name, {input.value}, conv});
    return {.tensor = output,
            .value = static_cast<int>(model_.spec.network.layers.size()),
            .channels = out_channels,
            .quantization = conv.output};
  }

  int WriteConv(int input, const std::string& name, const nn::QuantizedConv2d& conv, int weights, int bias,
                FusedActivation activation) {
    const bool batched = form_.has_dilation_in_batches && conv.window.dilation_height > 1;
    const int stride = conv.window.stride_height;
    const int dilation = batched ? 1 : conv.window.dilation_height;
    const auto padding = batched ? tflite::Padding::VALID : tflite::Padding::SAME;
    int block = 0;
    int crops = 0;
    if (batched) {
      // 5 x 7 cells, 2 around them, 1 more to fill the last batches.
      block = AddInts(name + "/block", {2}, {2, 2});
      crops = AddInts(name + "/crops", {2, 2}, {0, 1, 0, 1});
      const int pads = AddInts(name + "/pads", {2, 2}, {2, 3, 2, 3});
      const int batches = AddTensor(name + "/batches", {4, 5, 6, 16}, TensorType::UINT8, 0, conv.output);
      AddCall(Operator::SPACE_TO_BATCH_ND, {input, block, pads}, batches, tflite::Options::NONE, 0);
      input = batches;
    }
    const int result =
        AddTensor(batched ? name + "/result" : name, {1, 1, 1, conv.out_channels}, TensorType::UINT8, 0, conv.output);
    if (conv.groups > 1) {
      AddCall(Operator::DEPTHWISE_CONV_2D, {input, weights, bias}, result, tflite::Options::DepthwiseConv2DOptions,
              tflite::CreateDepthwiseConv2DOptions(builder_, padding, stride, stride, 1, activation, dilation, dilation)
                  .Union());
    } else {
      AddCall(Operator::CONV_2D, {input, weights, bias}, result, tflite::Options::Conv2DOptions,
              tflite::CreateConv2DOptions(builder_, padding, stride, stride, activation, dilation, dilation).Union());
    }
    if (!batched) return result;
    const int joined = AddTensor(name, {1, 1, 1, conv.out_channels}, TensorType::UINT8, 0, conv.output);
    AddCall(Operator::BATCH_TO_SPACE_ND, {result, block, crops}, joined, tflite::Options::NONE, 0);
    return joined;
  }

  Value AddConcat(const Value& a, const Value& b) {
    // Another scale, so that numbers are converted.
    const nn::Quantization output = {.scale = 0.07F, .zero_point = 100};
    const int tensor = AddTensor("displacement", {1, 1, 1, 64}, TensorType::UINT8, 0, output);
    AddCall(form_.last_operator.value_or(Operator::CONCATENATION), {a.tensor, b.tensor}, tensor,
            tflite::Options::ConcatenationOptions, tflite::CreateConcatenationOptions(builder_, 3).Union());
    model_.spec.network.layers.push_back({"displacement", {a.value, b.value}, nn::QuantizedConcat{output}});
    return {.tensor = tensor,
            .value = static_cast<int>(model_.spec.network.layers.size()),
            .channels = 64,
            .quantization = output};
  }

  void AddOutput(const char* role, const Value& value) {
    model_.spec.network.layers.push_back({role, {value.value}, nn::Dequantize{}});
    model_.spec.network.outputs.push_back({role, static_cast<int>(model_.spec.network.layers.size())});
  }

  std::vector<std::int32_t> AddDecoder(const std::vector<std::int32_t>& inputs) {
    std::vector<std::int32_t> outputs;
    for (const char* const name : {"poses", "poses:1", "poses:2", "poses:3"}) {
      tensors_.push_back(tflite::CreateTensorDirect(builder_, nullptr, TensorType::FLOAT32, 0, name));
      outputs.push_back(static_cast<std::int32_t>(tensors_.size()) - 1);
    }
    calls_.push_back(tflite::CreateOperatorCallDirect(builder_, CodeIndex(Operator::CUSTOM), &inputs, &outputs,
                                                      tflite::Options::NONE, 0, &*form_.decoder));
    return outputs;
  }

  QuantizedTflite Finish(int image, const std::vector<std::int32_t>& outputs) {
    const std::vector<std::int32_t> inputs = {image};
    const std::vector<flatbuffers::Offset<tflite::SubGraph>> subgraphs = {
        tflite::CreateSubGraphDirect(builder_, &tensors_, &inputs, &outputs, &calls_, "main")};
    std::vector<flatbuffers::Offset<tflite::OperatorCode>> codes;
    for (const Operator code : codes_) {
      const char* const custom = code == Operator::CUSTOM ? "PosenetDecoderOp" : nullptr;
      codes.push_back(
          tflite::CreateOperatorCodeDirect(builder_, static_cast<std::int8_t>(code), custom, 1, Operator::ADD));
    }
    tflite::FinishModelBuffer(builder_,
                              tflite::CreateModelDirect(builder_, 3, &codes, &subgraphs, "a test", &buffers_));
    const auto* begin = reinterpret_cast<const std::byte*>(builder_.GetBufferPointer());
    model_.storage = storage_;
    return {.bytes = {begin, begin + builder_.GetSize()}, .model = std::move(model_)};
  }

  const QuantizedForm& form_;
  std::mt19937 random_{17};
  model::LoadedModel model_;
  std::shared_ptr<std::map<std::string, std::vector<std::byte>>> storage_ =
      std::make_shared<std::map<std::string, std::vector<std::byte>>>();
  flatbuffers::FlatBufferBuilder builder_;
  std::vector<flatbuffers::Offset<tflite::Buffer>> buffers_;
  std::vector<flatbuffers::Offset<tflite::Tensor>> tensors_;
  std::vector<flatbuffers::Offset<tflite::OperatorCall>> calls_;
  std::vector<Operator> codes_;
};

}  // namespace

QuantizedTflite WriteQuantizedTflite(const QuantizedForm& form) { return QuantizedWriter(form).Write(); }

std::vector<std::uint8_t> DecoderOptions(int max_detections, float score_threshold, float nms_radius, int stride) {
  flexbuffers::Builder builder;
  builder.Map([&] {
    builder.Int("max_detections", max_detections);
    builder.Float("score_threshold", score_threshold);
    builder.Float("nms_radius", nms_radius);
    builder.Int("stride", stride);
    builder.Bool("_output_quantized", true);
  });
  builder.Finish();
  return builder.GetBuffer();
}

}  // namespace posenet::importer
