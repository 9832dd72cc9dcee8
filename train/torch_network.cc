// SPDX-License-Identifier: Apache-2.0
#include "train/torch_network.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>
#include <variant>

#include "camera/camera_spec.h"
#include "train/failure.h"
#include "train/rectify.h"

namespace posenet::train {
namespace {

using torch::Tensor;

// Of the weights of regressors: small enough that the first outputs are near the biases, large enough for gradients to
// reach the layers before.
constexpr double kRegressorDeviation = 0.01;
constexpr double kForgetBias = 1.0;  // LSTMs start by keeping their state. Jozefowicz et al. 2015.

std::string ParameterName(std::string name) {
  std::replace(name.begin(), name.end(), '.', '|');  // Torch does not allow dots in names.
  return name;
}

Tensor HeNormal(at::IntArrayRef shape, std::int64_t fan_in) {
  return torch::randn(shape) * std::sqrt(2.0 / static_cast<double>(fan_in));
}

Tensor Activated(Tensor value, nn::Activation activation) {
  const bool is_bfloat16 = value.scalar_type() == torch::kBFloat16;
  switch (activation) {
    case nn::Activation::kNone:
      return value;
    case nn::Activation::kRelu:
      return is_bfloat16 ? RectifyBFloat16InPlace(value, std::numeric_limits<double>::infinity()) : torch::relu_(value);
    case nn::Activation::kRelu6:
      return is_bfloat16 ? RectifyBFloat16InPlace(value, 6.0) : torch::hardtanh_(value, 0.0, 6.0);
    case nn::Activation::kSigmoid:
      return torch::sigmoid(value);
  }
  return value;
}

bool IsSymmetric(const nn::Padding& padding) { return padding.top == padding.bottom && padding.left == padding.right; }

Tensor Padded(const Tensor& input, const nn::Padding& padding, double value) {
  if (padding.top == 0 && padding.bottom == 0 && padding.left == 0 && padding.right == 0) return input;
  return torch::constant_pad_nd(input, {padding.left, padding.right, padding.top, padding.bottom}, value);
}

nn::Padding PaddingOf(const nn::Window& window, const Tensor& input) {
  return nn::ResolvePadding(window, static_cast<int>(input.size(2)), static_cast<int>(input.size(3)));
}

// One vector per element of the batch, in the engine's order: rows, columns, channels.
Tensor Flattened(const Tensor& input_bchw) { return input_bchw.permute({0, 2, 3, 1}).flatten(1); }

Tensor AsMap(const Tensor& input_bc) { return input_bc.unsqueeze(2).unsqueeze(3); }

Tensor ApplyPool(const nn::Pool& pool, const Tensor& input) {
  const nn::Window& window = pool.window;
  const nn::Padding padding = PaddingOf(window, input);
  const std::vector<std::int64_t> kernel = {window.kernel_height, window.kernel_width};
  const std::vector<std::int64_t> stride = {window.stride_height, window.stride_width};
  if (pool.kind == nn::PoolKind::kMax) {
    return torch::max_pool2d(Padded(input, padding, -std::numeric_limits<double>::infinity()), kernel, stride);
  }
  const Tensor mean = torch::avg_pool2d(Padded(input, padding, 0.0), kernel, stride);
  // Padding does not count in means.
  const Tensor ones = torch::ones({1, 1, input.size(2), input.size(3)}, input.options());
  return mean / torch::avg_pool2d(Padded(ones, padding, 0.0), kernel, stride);
}

// A copy as float32.
Tensor FloatsOf(const nn::TensorView& view) {
  const std::vector<float> values = ValueOf(nn::ToFloat(view));
  return torch::tensor(values).reshape(view.shape);
}

// Convolution weights from the engine's layout to torch's and back.
Tensor ConvFromEngine(const Tensor& hwio) { return hwio.permute({3, 2, 0, 1}); }
Tensor ConvToEngine(const Tensor& oihw) { return oihw.permute({2, 3, 1, 0}); }

}  // namespace

TorchNetworkImpl::TorchNetworkImpl(nn::Network network, const nn::Shape& input, const LearningOptions& options)
    : network_(std::move(network)), learned_(network_.layers.size()), precision_(options.precision) {
  const std::vector<nn::Shape> shapes = ValueOf(nn::InferShapes(network_, input));
  last_reader_.assign(shapes.size(), -1);
  for (std::size_t i = 0; i < network_.layers.size(); ++i) {
    Register(i, shapes, options.normalization);
    if (network_.layers[i].inputs[0] == 0 && learned_[i].weights.defined()) {
      const torch::NoGradGuard no_grad;
      learned_[i].weights.div_(options.input_deviation);
    }
    for (const int value : network_.layers[i].inputs)
      last_reader_[static_cast<std::size_t>(value)] = static_cast<int>(i);
  }
  for (const nn::Output& output : network_.outputs) {
    last_reader_[static_cast<std::size_t>(output.value)] = static_cast<int>(network_.layers.size());
  }
}

Tensor TorchNetworkImpl::AddParameter(const std::string& name, Tensor values) {
  return name.empty() ? Tensor() : register_parameter(ParameterName(name), std::move(values));
}

bool TorchNetworkImpl::IsRegressor(std::size_t layer) const {
  return std::ranges::any_of(network_.outputs, [&](const nn::Output& output) {
    return output.value == static_cast<int>(layer) + 1 &&
           (output.name.ends_with(camera::kPositionOutput) || output.name.ends_with(camera::kRotationOutput));
  });
}

void TorchNetworkImpl::Register(std::size_t layer, const std::vector<nn::Shape>& shapes,
                                BatchNormalization normalization) {
  const nn::Layer& node = network_.layers[layer];
  Learned& learned = learned_[layer];
  const nn::Shape& input = shapes[static_cast<std::size_t>(node.inputs[0])];
  if (const auto* const conv = std::get_if<nn::Conv2d>(&node.operation)) {
    const nn::Window& window = conv->window;
    const std::int64_t group_channels = input.channels / conv->groups;
    const std::int64_t fan_in = group_channels * window.kernel_height * window.kernel_width;
    learned.weights = AddParameter(
        conv->weights, HeNormal({conv->out_channels, group_channels, window.kernel_height, window.kernel_width}, fan_in)
                           .contiguous(torch::MemoryFormat::ChannelsLast));
    if (normalization == BatchNormalization::kInTraining) {
      learned.norm = register_module(ParameterName(node.name) + "/norm", torch::nn::BatchNorm2d(conv->out_channels));
    } else {
      learned.bias = AddParameter(conv->bias, torch::zeros({conv->out_channels}));
    }
  } else if (const auto* const product = std::get_if<nn::FullyConnected>(&node.operation)) {
    const std::int64_t inputs = input.ElementCount() / input.batch;
    const std::vector<std::int64_t> shape = {product->out_channels, inputs};
    learned.weights = AddParameter(
        product->weights, IsRegressor(layer) ? torch::randn(shape) * kRegressorDeviation : HeNormal(shape, inputs));
    learned.bias = AddParameter(product->bias, torch::zeros({product->out_channels}));
  } else if (const auto* const lstm = std::get_if<nn::Lstm>(&node.operation)) {
    const std::int64_t gates = 4 * std::int64_t{lstm->hidden};
    const double bound = 1.0 / std::sqrt(static_cast<double>(lstm->hidden));  // Torch's default.
    const auto uniform = [bound](at::IntArrayRef shape) { return torch::rand(shape) * (2.0 * bound) - bound; };
    learned.weights = AddParameter(lstm->input_weights, uniform({gates, nn::StepInputs(*lstm, input)}));
    learned.recurrent = AddParameter(lstm->recurrent_weights, uniform({gates, lstm->hidden}));
    Tensor bias = torch::zeros({gates});
    bias.slice(0, lstm->hidden, 2 * lstm->hidden).fill_(kForgetBias);
    learned.bias = AddParameter(lstm->bias, bias);
  } else if (nn::IsQuantized({.input_channels = network_.input_channels, .layers = {node}, .outputs = {}})) {
    throw Failure(ErrorCode::kUnsupported, "layer '", node.name, "' is quantized and cannot be trained");
  }
}

std::vector<Tensor> TorchNetworkImpl::Values(const Tensor& input_bchw, std::int64_t sequence_length, int kept_value) {
  std::vector<Tensor> values(network_.layers.size() + 1);
  values[0] = input_bchw;
  for (std::size_t i = 0; i < network_.layers.size(); ++i) {
    values[i + 1] = Apply(i, values, sequence_length);
    for (const int input : network_.layers[i].inputs) {
      if (last_reader_[static_cast<std::size_t>(input)] == static_cast<int>(i) && input != kept_value)
        values[static_cast<std::size_t>(input)].reset();
    }
  }
  return values;
}

std::map<std::string, Tensor> TorchNetworkImpl::forward(const Tensor& input_bchw, std::int64_t sequence_length) {
  const std::vector<Tensor> values = Values(input_bchw, sequence_length, /*kept_value=*/-1);
  std::map<std::string, Tensor> outputs;
  for (const nn::Output& output : network_.outputs) {
    const Tensor& value = values[static_cast<std::size_t>(output.value)];
    outputs[output.name] = value.size(2) == 1 && value.size(3) == 1 ? value.flatten(1) : value;
  }
  return outputs;
}

Tensor TorchNetworkImpl::Apply(std::size_t layer, const std::vector<Tensor>& values, std::int64_t sequence_length) {
  const nn::Layer& node = network_.layers[layer];
  Learned& learned = learned_[layer];
  const Tensor& input = values[static_cast<std::size_t>(node.inputs[0])];
  const auto all_inputs = [&] {
    std::vector<Tensor> inputs;
    for (const int value : node.inputs) inputs.push_back(values[static_cast<std::size_t>(value)]);
    return inputs;
  };
  return std::visit(
      [&]<typename Operation>(const Operation& operation) -> Tensor {
        if constexpr (std::is_same_v<Operation, nn::Conv2d>) {
          return ApplyConv(operation, learned, input);
        } else if constexpr (std::is_same_v<Operation, nn::Pool>) {
          return ApplyPool(operation, input);
        } else if constexpr (std::is_same_v<Operation, nn::GlobalAveragePool>) {
          return input.mean({2, 3}, /*keepdim=*/true, torch::kFloat32);
        } else if constexpr (std::is_same_v<Operation, nn::Add>) {
          const std::vector<Tensor> inputs = all_inputs();
          Tensor sum = inputs[0] + inputs[1];
          for (std::size_t i = 2; i < inputs.size(); ++i) sum = sum + inputs[i];
          return Activated(sum, operation.activation);
        } else if constexpr (std::is_same_v<Operation, nn::Concat>) {
          return torch::cat(all_inputs(), 1);
        } else if constexpr (std::is_same_v<Operation, nn::FullyConnected>) {
          return AsMap(Activated(torch::linear(Flattened(input).to(torch::kFloat32), learned.weights, learned.bias),
                                 operation.activation));
        } else if constexpr (std::is_same_v<Operation, nn::Activate>) {
          return Activated(input.clone(), operation.activation);
        } else if constexpr (std::is_same_v<Operation, nn::LocalResponseNorm>) {
          return torch::nn::functional::local_response_norm(
              input.to(torch::kFloat32), torch::nn::functional::LocalResponseNormFuncOptions(operation.size)
                                             .alpha(operation.alpha)
                                             .beta(operation.beta)
                                             .k(operation.k));
        } else if constexpr (std::is_same_v<Operation, nn::Upsample>) {
          return torch::upsample_bilinear2d(input, {input.size(2) * operation.factor, input.size(3) * operation.factor},
                                            /*align_corners=*/false);
        } else if constexpr (std::is_same_v<Operation, nn::Dropout>) {
          return torch::dropout(input, operation.rate, is_training());
        } else if constexpr (std::is_same_v<Operation, nn::Lstm>) {
          return AsMap(ApplyLstm(operation, learned, Flattened(input), sequence_length));
        } else {
          throw Failure(ErrorCode::kUnsupported, "layer '", node.name, "' cannot be trained");
        }
      },
      node.operation);
}

torch::ScalarType TorchNetworkImpl::ConvType() const {
  return precision_ == ConvPrecision::kBFloat16 && is_training() ? torch::kBFloat16 : torch::kFloat32;
}

Tensor TorchNetworkImpl::ApplyConv(const nn::Conv2d& conv, Learned& learned, const Tensor& value) {
  const torch::ScalarType type = ConvType();
  const Tensor input = value.to(type);
  const nn::Window& window = conv.window;
  const nn::Padding padding = PaddingOf(window, input);
  const bool symmetric = IsSymmetric(padding);
  const std::vector<std::int64_t> stride = {window.stride_height, window.stride_width};
  const std::vector<std::int64_t> dilation = {window.dilation_height, window.dilation_width};
  std::vector<std::int64_t> sides = {0, 0};
  if (symmetric) sides = {padding.top, padding.left};
  Tensor result =
      torch::conv2d(symmetric ? input : Padded(input, padding, 0.0), learned.weights.to(type),
                    learned.bias.defined() ? learned.bias.to(type) : Tensor(), stride, sides, dilation, conv.groups);
  if (learned.norm) result = learned.norm(result);
  return Activated(result, conv.activation);
}

// `input` [batch, numbers]. Source: Hochreiter and Schmidhuber 1997, with torch's order of gates.
Tensor TorchNetworkImpl::ApplyLstm(const nn::Lstm& lstm, const Learned& learned, const Tensor& input,
                                   std::int64_t sequence_length) {
  const std::int64_t batch = input.size(0);
  Tensor steps;  // [time, batch, numbers]
  if (lstm.scan == nn::Scan::kBatch) {
    steps = input.reshape({batch / sequence_length, sequence_length, -1}).transpose(0, 1);
  } else {
    const Tensor grid = input.reshape({batch, lstm.rows, -1});
    steps = lstm.scan == nn::Scan::kRows ? grid.transpose(0, 1) : grid.permute({2, 0, 1});
  }
  const bool reverse = lstm.direction == nn::ScanDirection::kReverse;
  if (reverse) steps = steps.flip(0);
  const Tensor zeros = torch::zeros({1, steps.size(1), lstm.hidden}, input.options());
  const Tensor no_bias = torch::zeros_like(learned.bias);
  auto [states, last, cell] =
      torch::lstm(steps.contiguous(), {zeros, zeros}, {learned.weights, learned.recurrent, learned.bias, no_bias},
                  /*has_biases=*/true, /*num_layers=*/1, /*dropout=*/0.0, is_training(), /*bidirectional=*/false,
                  /*batch_first=*/false);
  if (lstm.scan != nn::Scan::kBatch) return last[0];
  if (reverse) states = states.flip(0);
  return states.transpose(0, 1).reshape({batch, lstm.hidden});
}

LoadSummary TorchNetworkImpl::LoadWeights(const nn::TensorMap& tensors) {
  const torch::NoGradGuard no_grad;
  LoadSummary summary;
  const auto load = [&](const std::string& name, const Tensor& target, const auto& from_engine) {
    if (!target.defined()) return false;
    const auto found = tensors.find(name);
    if (found == tensors.end()) {
      summary.missing.push_back(name);
      return false;
    }
    const Tensor source = from_engine(FloatsOf(found->second));
    if (source.sizes() != target.sizes()) {
      throw Failure(ErrorCode::kCorruptData, "tensor '", name, "' has a different shape than in this network");
    }
    target.copy_(source);
    summary.loaded.push_back(name);
    return true;
  };
  const auto same = [](const Tensor& tensor) { return tensor; };
  const auto transposed = [](const Tensor& tensor) { return tensor.t(); };
  for (std::size_t i = 0; i < learned_.size(); ++i) {
    Learned& learned = learned_[i];
    if (const auto* const conv = std::get_if<nn::Conv2d>(&network_.layers[i].operation)) {
      load(conv->weights, learned.weights, ConvFromEngine);
      load(conv->bias, learned.norm ? learned.norm->bias : learned.bias, same);
    } else if (const auto* const product = std::get_if<nn::FullyConnected>(&network_.layers[i].operation)) {
      load(product->weights, learned.weights, transposed);
      load(product->bias, learned.bias, same);
    } else if (const auto* const lstm = std::get_if<nn::Lstm>(&network_.layers[i].operation)) {
      load(lstm->input_weights, learned.weights, transposed);
      load(lstm->recurrent_weights, learned.recurrent, transposed);
      load(lstm->bias, learned.bias, same);
    }
  }
  return summary;
}

NamedTensors TorchNetworkImpl::ExportWeights() const {
  const torch::NoGradGuard no_grad;
  NamedTensors result;
  const auto put = [&](const std::string& name, const Tensor& tensor) {
    if (!name.empty()) result[name] = tensor.detach().to(torch::kCPU, torch::kFloat32).contiguous().clone();
  };
  for (std::size_t i = 0; i < learned_.size(); ++i) {
    const Learned& learned = learned_[i];
    if (const auto* const conv = std::get_if<nn::Conv2d>(&network_.layers[i].operation)) {
      Tensor weights = learned.weights;
      Tensor bias = learned.bias;
      if (learned.norm) {
        const auto& norm = *learned.norm;
        const Tensor gain = norm.weight / torch::sqrt(norm.running_var + norm.options.eps());
        weights = weights * gain.reshape({-1, 1, 1, 1});
        bias = norm.bias - norm.running_mean * gain;
      }
      put(conv->weights, ConvToEngine(weights));
      put(conv->bias, bias);
    } else if (const auto* const product = std::get_if<nn::FullyConnected>(&network_.layers[i].operation)) {
      put(product->weights, learned.weights.t());
      put(product->bias, learned.bias);
    } else if (const auto* const lstm = std::get_if<nn::Lstm>(&network_.layers[i].operation)) {
      put(lstm->input_weights, learned.weights.t());
      put(lstm->recurrent_weights, learned.recurrent.t());
      put(lstm->bias, learned.bias);
    }
  }
  return result;
}

std::vector<Tensor> TorchNetworkImpl::ParametersNamed(const std::vector<std::string>& names) const {
  const auto parameters = named_parameters();
  std::vector<Tensor> found;
  for (const std::string& name : names) {
    if (const Tensor* const parameter = parameters.find(ParameterName(name))) found.push_back(*parameter);
  }
  return found;
}

std::size_t TorchNetworkImpl::LayerOf(const std::string& output_name) const {
  for (const nn::Output& output : network_.outputs) {
    if (output.name == output_name && output.value > 0) return static_cast<std::size_t>(output.value) - 1;
  }
  throw Failure(ErrorCode::kNotFound, "the network has no output '", output_name, "'");
}

Tensor TorchNetworkImpl::OutputWeights(const std::string& name) { return learned_[LayerOf(name)].weights; }

Tensor TorchNetworkImpl::OutputBias(const std::string& name) { return learned_[LayerOf(name)].bias; }

Tensor TorchNetworkImpl::InputOf(const std::string& name, const Tensor& input_bchw) {
  const int value = network_.layers[LayerOf(name)].inputs[0];
  return Flattened(Values(input_bchw, /*sequence_length=*/1, value)[static_cast<std::size_t>(value)]);
}

}  // namespace posenet::train
