// SPDX-License-Identifier: Apache-2.0
// A network as data: layers in the order they run, each naming the values it reads. Sizes of images are not part of
// it; a Plan adds them.
#ifndef POSENET_NN_GRAPH_NETWORK_H_
#define POSENET_NN_GRAPH_NETWORK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "posenet/result.h"

namespace posenet::nn {

/// Elements of a tensor in memory order: batch, rows, columns, channels (NHWC). All at least 1.
struct Shape {
  int batch = 1;
  int height = 1;
  int width = 1;
  int channels = 1;

  [[nodiscard]] std::int64_t ElementCount() const { return std::int64_t{batch} * height * width * channels; }
  friend bool operator==(const Shape&, const Shape&) = default;
};

/// What is done to a layer's result before it is stored.
enum class Activation { kNone, kRelu, kRelu6, kSigmoid };

/// How a window meets the border. kSame is TensorFlow's: output = ceil(input / stride), the padding that needs is
/// split evenly, an odd pixel goes to the bottom and right. kExplicit pads by the four numbers. kRoundUp, for pools
/// only, does so too, and then as much more at the bottom and right as lets the last window, which would stick out, in:
/// output = ceil((input + padding - kernel) / stride) + 1, less one where that window would begin behind the input and
/// its padding at the top or left. That is torch's ceil_mode, and how Caffe pools.
enum class PaddingMode { kSame, kValid, kExplicit, kRoundUp };

struct Padding {
  PaddingMode mode = PaddingMode::kSame;
  int top = 0;
  int bottom = 0;
  int left = 0;
  int right = 0;
  friend bool operator==(const Padding&, const Padding&) = default;
};

/// A sliding window. All numbers at least 1.
struct Window {
  int kernel_height = 1;
  int kernel_width = 1;
  int stride_height = 1;
  int stride_width = 1;
  int dilation_height = 1;
  int dilation_width = 1;
  Padding padding;
  friend bool operator==(const Window&, const Window&) = default;
};

/// Cross-correlation, zero padded. Weights [kernel_height, kernel_width, in_channels / groups, out_channels] (HWIO);
/// output channel o reads the inputs of group o / (out_channels / groups). groups == in_channels is a depthwise
/// convolution. Bias [out_channels], or no bias when its name is empty.
/// Weights of type int8 multiply the whole numbers that their input is kept as (Layer::scales, which it must have), and
/// `weight_scales` [out_channels] turns the sums into numbers: result[o] = weight_scales[o] * sum + bias[o].
struct Conv2d {
  Window window;
  int out_channels = 0;
  int groups = 1;
  std::string weights;
  std::string bias;
  Activation activation = Activation::kNone;
  std::string weight_scales = {};
};

enum class PoolKind { kMax, kAverage };

/// Pooling; cells of the padding count neither for the maximum nor for the average (TensorFlow).
struct Pool {
  PoolKind kind = PoolKind::kMax;
  Window window;  // Dilation must be 1.
};

/// The mean over rows and columns: [batch, 1, 1, channels].
struct GlobalAveragePool {};

/// Element-wise sum of two or more values of one shape.
struct Add {
  Activation activation = Activation::kNone;
};

/// Two or more values joined along channels.
struct Concat {};

/// Each batch element flattened (rows, columns, channels) times weights [in, out], plus bias [out] (or none when its
/// name is empty). Result [batch, 1, 1, out].
struct FullyConnected {
  int out_channels = 0;
  std::string weights;
  std::string bias;
  Activation activation = Activation::kNone;
};

/// An activation that no layer before it could take along.
struct Activate {
  Activation activation = Activation::kNone;
};

/// x / (k + alpha / size * s)^beta, where s is the sum of squares of the `size` channels around x's, of those that
/// there are. Krizhevsky et al. 2012, section 3.3, with the sum divided by `size` as Caffe and torch do.
struct LocalResponseNorm {
  int size = 5;         // Odd.
  float alpha = 1e-4F;  // 0 or more, as is beta.
  float beta = 0.75F;
  float k = 1.0F;  // Above 0.
};

/// The identity, unless a context samples masks (Context::SampleDropout): then an element is 0 with the probability
/// `rate`, and divided by 1 - rate otherwise.
struct Dropout {
  float rate = 0.5F;  // In [0, 1).
};

/// What an Lstm reads as its sequence.
enum class Scan {
  /// Each batch element, flattened (rows, columns, channels), is a grid of Lstm::rows rows; step t reads row t.
  kRows,
  kColumns,  ///< The same grid; step t reads column t.
  kBatch,    ///< The batch is one sequence; step t reads element t, flattened.
};
enum class Direction { kForward, kReverse };

/// A long short-term memory (Hochreiter and Schmidhuber 1997, with forget gates), as torch has it:
///   (i, f, g, o) = x_t * input_weights + h_(t-1) * recurrent_weights + bias,
///   c_t = sigmoid(f) c_(t-1) + sigmoid(i) tanh(g),   h_t = sigmoid(o) tanh(c_t),   h and c are zero at first.
/// Tensors: input_weights [in, 4 * hidden], recurrent_weights [hidden, 4 * hidden] and bias [4 * hidden] (the sum of
/// torch's two), their columns in the order i, f, g, o. kReverse takes the steps from the last to the first. The result
/// is h, [batch, 1, 1, hidden]: after the last step taken, or, for kBatch, element t's after step t.
struct Lstm {
  int hidden = 0;
  Scan scan = Scan::kRows;
  Direction direction = Direction::kForward;
  int rows = 0;  // Of the grid; they divide the elements of an input. 0 for kBatch.
  std::string input_weights = {};
  std::string recurrent_weights = {};
  std::string bias = {};
};

/// What the whole numbers 0 to 255 that a value is kept as stand for: (number - zero_point) * scale.
struct Quantization {
  float scale = 1.0F;  // Above 0.
  int zero_point = 0;  // 0 to 255.
  friend bool operator==(const Quantization&, const Quantization&) = default;
};

/// TFLite's uint8 arithmetic: values are whole numbers with a Quantization, and every rounding is part of the answer.
/// The layers below read and write such values (Quantize reads, Dequantize writes numbers); no other layers can.

/// Numbers to whole numbers: round(x / scale) + zero_point, halves away from zero, clamped to 0 to 255.
struct Quantize {
  Quantization output;
};

/// Conv2d in integers. Weights as Conv2d has them, but of uint8 or int8, standing for (weight - weight_zero_point) *
/// weight_scale; bias of int32, in units of input scale * weight_scale. Sums are of int32; they are multiplied by
/// input scale * weight_scale / output scale in fixed point (fixed_point.h). Only groups of 1 or of single channels.
struct QuantizedConv2d {
  Window window;
  int out_channels = 0;
  int groups = 1;
  std::string weights;
  std::string bias;
  float weight_scale = 1.0F;                  // Above 0.
  int weight_zero_point = 0;                  // 0 to 255, or -128 to 127 for weights of int8.
  Activation activation = Activation::kNone;  // A clamp of the whole numbers; never the sigmoid.
  Quantization output;
};

/// Concat of quantized values. Those of another Quantization than `output` are converted.
struct QuantizedConcat {
  Quantization output;
};

/// Whole numbers to the numbers that they stand for.
struct Dequantize {};

using Operation =
    std::variant<Conv2d, Pool, GlobalAveragePool, Add, Concat, FullyConnected, Activate, LocalResponseNorm, Dropout,
                 Lstm, Quantize, QuantizedConv2d, QuantizedConcat, Dequantize>;

/// Value 0 is the network's input; layer i makes value i + 1. Inputs name earlier values only.
struct Layer {
  std::string name;
  std::vector<int> inputs;
  Operation operation;
  /// Name of a tensor [channels], or empty: the result of a convolution with kRelu or kRelu6 may be kept as whole
  /// numbers from 0 to 255 of these units, or, where only depthwise convolutions read it, from 0 to 65535 of 1/256 of
  /// them.
  std::string scales = {};
};

/// A value that the caller wants to see.
struct Output {
  std::string name;
  int value = 0;
};

struct Network {
  int input_channels = 3;
  std::vector<Layer> layers;
  std::vector<Output> outputs;
};

/// More layers than this are an error, as is a window that spans more cells (dilation included) or moves further.
inline constexpr int kMaxLayers = 10'000;
inline constexpr int kMaxWindowExtent = 65'535;

/// Channels of all values (layers.size() + 1 of them); they do not depend on the size of the input.
/// Errors: kInvalidArgument naming the layer, as InferShapes; those of InferQuantization.
Result<std::vector<int>> InferChannels(const Network& network);

/// Shapes of all values (layers.size() + 1 of them) for an input of shape `input`.
/// Errors: kInvalidArgument naming the layer: an input that does not exist, a window that does not fit, shapes that do
/// not match, parameters out of range; kResourceExhausted for a value of more than 2^31 - 1 elements.
Result<std::vector<Shape>> InferShapes(const Network& network, const Shape& input);

/// How each value is quantized (layers.size() + 1 of them); nothing for values that are numbers. Layers must be ones
/// that InferChannels accepts. Errors: kInvalidArgument naming the layer: quantized values where it reads numbers or
/// the other way round, scales and zero points out of range, an activation that is no clamp; a quantized output of the
/// network.
Result<std::vector<std::optional<Quantization>>> InferQuantization(const Network& network);

/// How many numbers a step of `lstm` reads from an input of shape `input`. The layer must be one that InferShapes
/// accepts.
std::int64_t StepInputs(const Lstm& lstm, const Shape& input);

/// Whether the network has layers of TFLite's uint8 arithmetic.
bool IsQuantized(const Network& network);

/// Padding in force for `window` on an input of `input_height` x `input_width`: as kExplicit. The window must be one
/// that InferShapes accepts.
Padding ResolvePadding(const Window& window, int input_height, int input_width);

}  // namespace posenet::nn

#endif  // POSENET_NN_GRAPH_NETWORK_H_
