// SPDX-License-Identifier: Apache-2.0
#include "import/testing/tflite_writer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <utility>
#include <variant>

#include "import/testing/models.h"

namespace posenet::importer {
namespace {

using tflite::FusedActivation;
using tflite::Operator;
using tflite::TensorType;

constexpr Operator kOperators[] = {Operator::ADD,        Operator::CONV_2D,           Operator::DEPTHWISE_CONV_2D,
                                   Operator::DEQUANTIZE, Operator::MAX_POOL_2D,       Operator::AVERAGE_POOL_2D,
                                   Operator::PAD,        Operator::BATCH_TO_SPACE_ND, Operator::SPACE_TO_BATCH_ND,
                                   Operator::LOGISTIC};

FusedActivation Fused(nn::Activation activation) {
  if (activation == nn::Activation::kRelu) return FusedActivation::RELU;
  if (activation == nn::Activation::kRelu6) return FusedActivation::RELU6;
  return FusedActivation::NONE;
}

// Weights [..., out] as [out, ...].
std::vector<float> OutputFirst(const std::vector<float>& weights, std::size_t out) {
  const std::size_t rows = weights.size() / out;
  std::vector<float> transposed;
  for (std::size_t o = 0; o < out; ++o) {
    for (std::size_t row = 0; row < rows; ++row) transposed.push_back(weights[row * out + o]);
  }
  return transposed;
}

// Powers of two and zero keep their value; for tests of form, not of rounding.
std::uint16_t ToFloat16Truncated(float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof(bits));
  const std::uint32_t exponent = bits >> 23 & 255U;
  if (exponent < 113) return 0;
  return static_cast<std::uint16_t>((bits >> 16 & 0x8000U) | (exponent - 112) << 10 | (bits >> 13 & 1023U));
}

class TfliteWriter {
 public:
  TfliteWriter(const model::LoadedModel& model, const TfliteForm& form) : model_(model), form_(form) {
    shapes_ = nn::InferShapes(model.spec.network, {1, form.size, form.size, 3}).value();
    buffers_.push_back(tflite::CreateBuffer(builder_));  // Buffer 0 is empty by convention.
  }

  std::vector<std::byte> Write();

 private:
  template <typename T>
  int AddData(const std::string& name, const std::vector<std::int32_t>& shape, TensorType type,
              const std::vector<T>& values);
  int AddTensor(const std::string& name, TensorType type = TensorType::FLOAT32);
  int AddWeights(const std::string& name, const std::vector<std::int32_t>& shape, const std::vector<float>& values);
  int AddInts(const std::string& name, const std::vector<std::int32_t>& shape,
              const std::vector<std::int32_t>& values) {
    return AddData(name, shape, TensorType::INT32, values);
  }
  void AddCall(Operator code, const std::vector<int>& inputs, int output, tflite::Options type = tflite::Options::NONE,
               flatbuffers::Offset<void> options = 0);
  int AddPad(const std::string& layer, int input, const nn::Padding& padding);
  int AddConv(const nn::Layer& layer, const nn::Conv2d& conv);
  int AddPool(const nn::Layer& layer, const nn::Pool& pool);
  int Input(const nn::Layer& layer, std::size_t index) const {
    return tensor_of_value_[static_cast<std::size_t>(layer.inputs[index])];
  }
  std::string OutputName(const nn::Output& output) const {
    const auto name = form_.output_names.find(output.name);
    return name == form_.output_names.end() ? output.name : name->second;
  }

  const model::LoadedModel& model_;
  const TfliteForm& form_;
  std::vector<nn::Shape> shapes_;
  flatbuffers::FlatBufferBuilder builder_;
  std::vector<flatbuffers::Offset<tflite::Buffer>> buffers_;
  std::vector<flatbuffers::Offset<tflite::Tensor>> tensors_;
  std::vector<flatbuffers::Offset<tflite::OperatorCall>> calls_;
  std::vector<int> tensor_of_value_;
};

int TfliteWriter::AddTensor(const std::string& name, TensorType type) {
  tensors_.push_back(tflite::CreateTensorDirect(builder_, nullptr, type, 0, name.c_str()));
  return static_cast<int>(tensors_.size()) - 1;
}

template <typename T>
int TfliteWriter::AddData(const std::string& name, const std::vector<std::int32_t>& shape, TensorType type,
                          const std::vector<T>& values) {
  builder_.ForceVectorAlignment(values.size() * sizeof(T), 1, 16);
  const auto data =
      builder_.CreateVector(reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(T));
  buffers_.push_back(tflite::CreateBuffer(builder_, data));
  const auto buffer = static_cast<std::uint32_t>(buffers_.size() - 1);
  tensors_.push_back(tflite::CreateTensorDirect(builder_, &shape, type, buffer, name.c_str()));
  return static_cast<int>(tensors_.size()) - 1;
}

int TfliteWriter::AddWeights(const std::string& name, const std::vector<std::int32_t>& shape,
                             const std::vector<float>& values) {
  if (form_.storage == TfliteStorage::kFloat32) return AddData(name, shape, TensorType::FLOAT32, values);
  std::vector<std::uint16_t> halves;
  for (const float value : values) halves.push_back(ToFloat16Truncated(value));
  const int stored = AddData(name + "/half", shape, TensorType::FLOAT16, halves);
  const int tensor = AddTensor(name);
  AddCall(Operator::DEQUANTIZE, {stored}, tensor);
  return tensor;
}

void TfliteWriter::AddCall(Operator code, const std::vector<int>& inputs, int output, tflite::Options type,
                           flatbuffers::Offset<void> options) {
  const auto index = static_cast<std::uint32_t>(std::find(std::begin(kOperators), std::end(kOperators), code) -
                                                std::begin(kOperators));
  const std::vector<std::int32_t> outputs = {output};
  const std::vector<std::int32_t> reads(inputs.begin(), inputs.end());
  calls_.push_back(tflite::CreateOperatorCallDirect(builder_, index, &reads, &outputs, type, options));
}

int TfliteWriter::AddPad(const std::string& layer, int input, const nn::Padding& padding) {
  if (padding.mode != nn::PaddingMode::kExplicit) return input;
  const int pads =
      AddInts(layer + "/paddings", {4, 2}, {0, 0, padding.top, padding.bottom, padding.left, padding.right, 0, 0});
  const int padded = AddTensor(layer + "/Pad");
  AddCall(Operator::PAD, {input, pads}, padded);
  return padded;
}

int TfliteWriter::AddConv(const nn::Layer& layer, const nn::Conv2d& conv) {
  const nn::Window& window = conv.window;
  const bool depthwise = conv.groups > 1;
  const auto& shape = model_.weights.at(conv.weights).shape;
  const auto height = static_cast<std::int32_t>(shape[0]);
  const auto width = static_cast<std::int32_t>(shape[1]);
  const auto in = static_cast<std::int32_t>(shape[2]);
  const std::int32_t out = conv.out_channels;
  std::vector<float> weights = FloatsOf(model_, conv.weights);
  if (!depthwise) weights = OutputFirst(weights, static_cast<std::size_t>(out));
  const std::vector<std::int32_t> tflite_shape =
      depthwise ? std::vector<std::int32_t>{1, height, width, out} : std::vector<std::int32_t>{out, height, width, in};
  const int weights_tensor = AddWeights(layer.name + "/weights", tflite_shape, weights);
  const int bias = AddWeights(layer.name + "/biases", {out}, FloatsOf(model_, conv.bias));

  const bool batched = form_.dilation == TfliteDilation::kSpaceToBatch && window.dilation_height > 1;
  int input = AddPad(layer.name, Input(layer, 0), window.padding);
  int block = 0;
  int crops = 0;
  if (batched) {
    const nn::Shape& in_shape = shapes_[static_cast<std::size_t>(layer.inputs[0])];
    const nn::Padding pad = nn::ResolvePadding(window, in_shape.height, in_shape.width);
    const int rate = window.dilation_height;
    const int rows = (rate - (in_shape.height + pad.top + pad.bottom) % rate) % rate;
    const int columns = (rate - (in_shape.width + pad.left + pad.right) % rate) % rate;
    block = AddInts(layer.name + "/block", {2}, {rate, rate});
    crops = AddInts(layer.name + "/crops", {2, 2}, {0, rows, 0, columns});
    const int pads = AddInts(layer.name + "/pads", {2, 2}, {pad.top, pad.bottom + rows, pad.left, pad.right + columns});
    const int batches = AddTensor(layer.name + "/SpaceToBatchND");
    AddCall(Operator::SPACE_TO_BATCH_ND, {input, block, pads}, batches);
    input = batches;
  }
  const int result = AddTensor("MobilenetV1/" + layer.name + (batched ? "/batches" : "/Relu6"));
  const auto padding =
      batched || window.padding.mode != nn::PaddingMode::kSame ? tflite::Padding::VALID : tflite::Padding::SAME;
  const int dilation = batched ? 1 : window.dilation_height;
  if (depthwise) {
    AddCall(Operator::DEPTHWISE_CONV_2D, {input, weights_tensor, bias}, result, tflite::Options::DepthwiseConv2DOptions,
            tflite::CreateDepthwiseConv2DOptions(builder_, padding, window.stride_width, window.stride_height, 1,
                                                 Fused(conv.activation), dilation, dilation)
                .Union());
  } else {
    AddCall(Operator::CONV_2D, {input, weights_tensor, bias}, result, tflite::Options::Conv2DOptions,
            tflite::CreateConv2DOptions(builder_, padding, window.stride_width, window.stride_height,
                                        Fused(conv.activation), dilation, dilation)
                .Union());
  }
  if (!batched) return result;
  const int joined = AddTensor("MobilenetV1/" + layer.name + "/Relu6");
  AddCall(Operator::BATCH_TO_SPACE_ND, {result, block, crops}, joined);
  return joined;
}

int TfliteWriter::AddPool(const nn::Layer& layer, const nn::Pool& pool) {
  const nn::Window& window = pool.window;
  const int input = AddPad(layer.name, Input(layer, 0), window.padding);
  const int result = AddTensor(layer.name);
  const auto padding = window.padding.mode == nn::PaddingMode::kSame ? tflite::Padding::SAME : tflite::Padding::VALID;
  AddCall(pool.kind == nn::PoolKind::kMax ? Operator::MAX_POOL_2D : Operator::AVERAGE_POOL_2D, {input}, result,
          tflite::Options::Pool2DOptions,
          tflite::CreatePool2DOptions(builder_, padding, window.stride_width, window.stride_height, window.kernel_width,
                                      window.kernel_height)
              .Union());
  return result;
}

std::vector<std::byte> TfliteWriter::Write() {
  tensor_of_value_.push_back(AddTensor("image", form_.input_type));
  for (const nn::Layer& layer : model_.spec.network.layers) {
    if (const auto* conv = std::get_if<nn::Conv2d>(&layer.operation)) {
      tensor_of_value_.push_back(AddConv(layer, *conv));
    } else if (const auto* pool = std::get_if<nn::Pool>(&layer.operation)) {
      tensor_of_value_.push_back(AddPool(layer, *pool));
    } else if (const auto* sum = std::get_if<nn::Add>(&layer.operation)) {
      const int result = AddTensor(layer.name);
      AddCall(Operator::ADD, {Input(layer, 0), Input(layer, 1)}, result, tflite::Options::AddOptions,
              tflite::CreateAddOptions(builder_, Fused(sum->activation)).Union());
      tensor_of_value_.push_back(result);
    } else {
      ADD_FAILURE() << "a layer that ToTflite does not write: " << layer.name;
    }
  }
  // Outputs behind a LOGISTIC, so that they have the names that the form gives them.
  std::vector<std::int32_t> outputs;
  for (const nn::Output& output : model_.spec.network.outputs) {
    const int value = tensor_of_value_[static_cast<std::size_t>(output.value)];
    if (output.name != model::kHeatmapOutput) {
      outputs.push_back(value);
      continue;
    }
    outputs.push_back(AddTensor(OutputName(output)));
    AddCall(Operator::LOGISTIC, {value}, outputs.back());
  }
  const std::vector<std::int32_t> inputs = {0};
  const std::vector<flatbuffers::Offset<tflite::SubGraph>> subgraphs = {
      tflite::CreateSubGraphDirect(builder_, &tensors_, &inputs, &outputs, &calls_, "main")};
  std::vector<flatbuffers::Offset<tflite::OperatorCode>> codes;
  for (const Operator code : kOperators) {
    codes.push_back(tflite::CreateOperatorCode(builder_, static_cast<std::int8_t>(code), 0, 1, code));
  }
  tflite::FinishModelBuffer(builder_, tflite::CreateModelDirect(builder_, 3, &codes, &subgraphs, "a test", &buffers_));
  const auto* begin = reinterpret_cast<const std::byte*>(builder_.GetBufferPointer());
  return {begin, begin + builder_.GetSize()};
}

}  // namespace

std::vector<std::byte> ToTflite(const model::LoadedModel& model, const TfliteForm& form) {
  return TfliteWriter(model, form).Write();
}

}  // namespace posenet::importer
