// SPDX-License-Identifier: Apache-2.0
// A network as data: layers in the order in which they run, each naming the values that it reads. Image sizes are not
// part of it; a Plan adds them.
#ifndef POSENET_NN_GRAPH_NETWORK_H_
#define POSENET_NN_GRAPH_NETWORK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "posenet/result.h"

namespace posenet::nn {

/// The extents of a tensor in memory order: batch, rows, columns, channels (NHWC). All at least 1.
struct Shape {
  int batch = 1;
  int height = 1;
  int width = 1;
  int channels = 1;

  [[nodiscard]] std::int64_t ElementCount() const { return std::int64_t{batch} * height * width * channels; }
  friend bool operator==(const Shape&, const Shape&) = default;
};

/// The function applied to a layer's result before it is stored.
enum class Activation { kNone, kRelu, kRelu6, kSigmoid };

/// Whether results are 0 or more, in proportion to the positive sums.
inline bool IsRectifier(Activation activation) {
  return activation == Activation::kRelu || activation == Activation::kRelu6;
}

/// How the input is padded. kSame is TensorFlow's: output = ceil(input / stride); the padding that this needs is split
/// evenly, with an odd cell at the bottom and right. kExplicit pads by the four numbers. kRoundUp, for pools only, does
/// the same and extends the padding at the bottom and right to include a last, partial window:
/// output = ceil((input + padding - kernel) / stride) + 1, minus 1 if that window would begin beyond the input and its
/// padding at the top or left. This is torch's ceil_mode, and Caffe's pooling.
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

/// Cross-correlation with zero padding. Weights [kernel_height, kernel_width, in_channels / groups, out_channels]
/// (HWIO); output channel o reads the inputs of group o / (out_channels / groups). groups == in_channels is a depthwise
/// convolution. Bias [out_channels], or no bias if its name is empty.
/// Weights of type int8 multiply the integers that stand for their input, less its zero points (it must have
/// Layer::scales), and `weight_scales` [out_channels] scales the sums: result[o] = weight_scales[o] * sum + bias[o].
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

/// Pooling; padding is excluded from both the maximum and the average (TensorFlow).
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

/// Bilinear interpolation to `factor` times the rows and columns: cell i of the result reads the input at
/// (i + 0.5) / factor - 0.5, where the outermost cells extend beyond the border (TensorFlow's half_pixel_centers).
struct Upsample {
  int factor = 2;  // 2 to kMaxUpsampling.
};

/// Each batch element, flattened (rows, columns, channels), times weights [in, out], plus bias [out] (none if its name
/// is empty). Result [batch, 1, 1, out].
struct FullyConnected {
  int out_channels = 0;
  std::string weights;
  std::string bias;
  Activation activation = Activation::kNone;
};

/// An activation on its own, for graphs in which it cannot be merged into the layer before it.
struct Activate {
  Activation activation = Activation::kNone;
};

/// x / (k + alpha / size * s)^beta, where s is the sum of squares of those of the `size` channels around x's that
/// exist. Krizhevsky et al. 2012, section 3.3, with the sum divided by `size` as in Caffe and torch.
struct LocalResponseNorm {
  int size = 5;         // Odd.
  float alpha = 1e-4F;  // 0 or more, as is beta.
  float beta = 0.75F;
  float k = 1.0F;  // Above 0.
};

/// The identity, unless a context samples masks (Context::SampleDropout): then each element is set to 0 with
/// probability `rate`, and divided by 1 - rate otherwise.
struct Dropout {
  float rate = 0.5F;  // In [0, 1).
};

/// What an LSTM reads as its sequence.
enum class Scan {
  /// Each batch element, flattened (rows, columns, channels), is a grid of Lstm::rows rows; step t reads row t.
  kRows,
  kColumns,  ///< The same grid; step t reads column t.
  kBatch,    ///< The batch is one sequence; step t reads element t, flattened.
};

/// The order in which an LSTM takes the steps of its sequence.
enum class ScanDirection { kForward, kReverse };

/// A long short-term memory (Hochreiter and Schmidhuber 1997, with forget gates), as in torch:
///   (i, f, g, o) = x_t * input_weights + h_(t-1) * recurrent_weights + bias,
///   c_t = sigmoid(f) c_(t-1) + sigmoid(i) tanh(g),   h_t = sigmoid(o) tanh(c_t),   h and c are zero at first.
/// Tensors: input_weights [in, 4 * hidden], recurrent_weights [hidden, 4 * hidden] and bias [4 * hidden] (the sum of
/// torch's two), with columns in the order i, f, g, o. kReverse takes the steps from the last to the first. The result
/// is h, [batch, 1, 1, hidden]: after the last step taken, or, for kBatch, after step t in element t.
struct Lstm {
  int hidden = 0;
  Scan scan = Scan::kRows;
  ScanDirection direction = ScanDirection::kForward;
  int rows = 0;  // Of the grid; must divide the elements of an input. 0 for kBatch.
  std::string input_weights = {};
  std::string recurrent_weights = {};
  std::string bias = {};
};

/// How a value of floats is represented by uint8: q stands for (q - zero_point) * scale.
struct Quantization {
  float scale = 1.0F;  // Above 0.
  int zero_point = 0;  // 0 to 255.
  friend bool operator==(const Quantization&, const Quantization&) = default;
};

// TensorFlow Lite's uint8 arithmetic, reproduced bit by bit. The four operations below read and write uint8 values with
// a Quantization (Quantize reads floats, Dequantize writes floats); no other operations can.

/// Floats to uint8: round(x / scale) + zero_point, halves away from zero, clamped to 0 to 255.
struct Quantize {
  Quantization output;
};

/// Conv2d in integers. Weights as for Conv2d, but uint8 or int8, standing for (weight - weight_zero_point) *
/// weight_scale; bias int32, in units of input scale * weight_scale. Sums are int32; they are multiplied by input scale
/// * weight_scale / output scale in fixed point (fixed_point.h). `groups` is 1 or the input channel count.
struct QuantizedConv2d {
  Window window;
  int out_channels = 0;
  int groups = 1;
  std::string weights;
  std::string bias;
  float weight_scale = 1.0F;                  // Above 0.
  int weight_zero_point = 0;                  // 0 to 255, or -128 to 127 for weights of int8.
  Activation activation = Activation::kNone;  // Any but the sigmoid.
  Quantization output;
};

/// Concat of quantized values. Inputs of another Quantization than `output` are requantized.
struct QuantizedConcat {
  Quantization output;
};

/// uint8 to the floats that it stands for.
struct Dequantize {};

using Operation =
    std::variant<Conv2d, Pool, GlobalAveragePool, Add, Concat, FullyConnected, Activate, LocalResponseNorm, Dropout,
                 Lstm, Quantize, QuantizedConv2d, QuantizedConcat, Dequantize, Upsample>;

/// Value 0 is the network's input; layer i makes value i + 1. Inputs name earlier values only.
struct Layer {
  std::string name;
  std::vector<int> inputs;
  Operation operation;
  /// Name of a tensor [channels], or empty: units in which the result of a convolution or sum may be rounded to
  /// integers from 0 to 255, when it is stored or when a product with int8 weights reads it. If only depthwise
  /// convolutions read it, it may be stored as integers from 0 to 65535 in 1/256 of these units.
  std::string scales = {};
  /// Name of a tensor [channels] of whole numbers from 0 to 255, or empty: the integers that stand for 0. Required with
  /// scales, and allowed only then, unless the activation is kRelu or kRelu6.
  std::string zero_points = {};
};

/// A value that is a result of the network.
struct Output {
  std::string name;
  int value = 0;
};

struct Network {
  int input_channels = 3;
  std::vector<Layer> layers;
  std::vector<Output> outputs;
};

/// Limits: of the layer count, of a window's extent (dilation included) and stride, and of a factor of upsampling.
inline constexpr int kMaxLayers = 10'000;
inline constexpr int kMaxWindowExtent = 65'535;
inline constexpr int kMaxUpsampling = 64;

/// The channels of all values (layers.size() + 1), which do not depend on the size of the input.
/// Errors: kInvalidArgument naming the layer, as InferShapes; those of InferQuantization.
Result<std::vector<int>> InferChannels(const Network& network);

/// The shapes of all values (layers.size() + 1) for an input of shape `input`.
/// Errors: kInvalidArgument naming the layer: an input that does not exist, a window that does not fit, shapes that do
/// not match, parameters out of range; kResourceExhausted for a value of more than 2^31 - 1 elements.
Result<std::vector<Shape>> InferShapes(const Network& network, const Shape& input);

/// How each value is quantized (layers.size() + 1); nothing for values of floats. The layers must have the input counts
/// that InferChannels requires. Errors: kInvalidArgument naming the layer: quantized values where it reads floats or
/// vice versa, scales and zero points out of range, a sigmoid; a quantized output of the network.
Result<std::vector<std::optional<Quantization>>> InferQuantization(const Network& network);

/// The count of numbers that a time step of `lstm` reads from an input of shape `input`, both valid for InferShapes.
std::int64_t StepInputs(const Lstm& lstm, const Shape& input);

/// Whether the network has layers of TensorFlow Lite's uint8 arithmetic.
bool IsQuantized(const Network& network);

/// Whether each output channel is computed from the input channel of the same index alone. (With several output
/// channels for each input channel it is a grouped convolution like any other.)
bool IsDepthwise(const Conv2d& conv, int in_channels);

/// Whether each result is computed from one cell of the input, at the same place: 1 x 1, stride 1, one group.
bool IsPointwise(const Conv2d& conv);

/// The padding of `window` on an input of `input_height` x `input_width`, as kExplicit. The window must be valid for
/// InferShapes.
Padding ResolvePadding(const Window& window, int input_height, int input_width);

}  // namespace posenet::nn

#endif  // POSENET_NN_GRAPH_NETWORK_H_
