// SPDX-License-Identifier: Apache-2.0
// The common representation of graphs from files of other frameworks, before anything is folded. Each node produces one
// tensor; layouts are TensorFlow's (NHWC). lower.h converts a graph to a network.
#ifndef POSENET_IMPORT_GRAPH_H_
#define POSENET_IMPORT_GRAPH_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/model_spec.h"
#include "nn/graph/network.h"
#include "nn/graph/weights.h"
#include "posenet/result.h"

namespace posenet::importer {

/// Maximum number of weights of a model: 1 GiB of float32; ResNet50 has 2^24.6.
inline constexpr std::size_t kMaxWeightElements = std::size_t{1} << 28;

/// What a node computes from its inputs, which are listed in order. "Constant" inputs must be kConstant nodes, or
/// kIdentity and arithmetic of these.
enum class Op {
  kInput,            // The image.
  kConstant,         // Node::constant.
  kIdentity,         // x
  kConv2d,           // x, constant weights; optionally, if x is quantized, a constant bias. Kernel sizes are those
                     // of the weights, not of Node::window.
  kDepthwiseConv2d,  // x, constant weights
  kAdd,              // x, y: two values of one shape, or a value and a constant for each channel (or for all).
  kSub,
  kMul,
  kDiv,
  kRsqrt,      // Of a constant.
  kBatchNorm,  // x, constant scale, offset, mean, variance; Node::epsilon
  kRelu,
  kRelu6,
  kSigmoid,
  kPad,             // x, constant paddings [4, 2], optionally a constant value
  kMaxPool,         // x
  kAveragePool,     // x
  kMean,            // x, constant axes
  kConcat,          // values, then a constant axis
  kMatMul,          // x [batch, in], constant weights
  kReshape,         // x, constant shape [2] or [4]; without it, dimensions of 1 are removed
  kSpaceToBatch,    // x, constant block [2], constant paddings [2, 2]
  kBatchToSpace,    // x, constant block [2], constant crops [2, 2]
  kQuantize,        // x
  kExpandDims,      // x, constant axis
  kResizeBilinear,  // x, constant size [2]; without it, Node::factor times the size of x. Half-pixel centers.
  kShape,           // x
  kStridedSlice,    // x, constant begin, end and strides of one element each
  kUnsupported,     // Node::problem says why.
};

/// The memory layout of weights.
enum class WeightLayout {
  kOutputLast,   // TensorFlow: [height, width, in, out], depthwise [height, width, in, multiplier], MatMul [in, out].
  kOutputFirst,  // TFLite: [out, height, width, in], depthwise [1, height, width, out], MatMul [out, in].
};

/// A constant tensor: `floats`, `ints` or `bytes` has all elements in row-major order, the others are empty. `bytes`
/// are those of quantized tensors.
struct Constant {
  std::vector<std::int64_t> shape;
  std::vector<float> floats;
  std::vector<std::int32_t> ints;
  std::vector<std::byte> bytes = {};
};

/// The quantization of a tensor as in the file, not validated.
struct TensorQuantization {
  std::size_t scale_count = 0;
  std::size_t zero_point_count = 0;
  float scale = 0.0F;  // The first one, as zero_point is.
  std::int64_t zero_point = 0;
};

struct Node {
  std::string name;  // As in the file; any bytes.
  std::string kind;  // The operation's name in the file's format, for messages.
  Op op = Op::kUnsupported;
  std::vector<int> inputs;  // Indices into Graph::nodes.
  nn::Window window;        // Convolutions and pools.
  WeightLayout weight_layout = WeightLayout::kOutputLast;
  float epsilon = 0.0F;
  int factor = 0;                        // Of kResizeBilinear without a size.
  nn::DType type = nn::DType::kFloat32;  // Of the tensor.
  TensorQuantization quantization;
  nn::Activation activation = nn::Activation::kNone;  // Of quantized layers, in which it is part of the arithmetic.
  std::shared_ptr<const Constant> constant;
  std::optional<Error> problem;  // Returned if an output depends on this node; unused nodes may be invalid.
};

/// A tensor that the file declares as an output.
struct GraphOutput {
  std::string name;
  int node = 0;
};

/// Coral's decoder as the last layer of a file; the graph's outputs are then its inputs.
struct EmbeddedDecoder {
  model::DecoderSpec spec;
  int output_stride = 0;
};

struct Graph {
  std::vector<Node> nodes;  // In any order.
  std::vector<GraphOutput> outputs;
  bool is_quantized = false;  // Values are integers: a graph for LowerQuantized.
  int input_width = 0;        // 0 for inputs of any size.
  int input_height = 0;
  std::optional<EmbeddedDecoder> decoder;
};

/// Sets the problem of every node that has too few inputs for its operation. To be called first: all other functions
/// rely on the number of inputs.
void CheckInputCounts(Graph& graph);

/// "Conv2D node a/b/c", for messages.
std::string Describe(const Node& node);

/// The first node that is not kIdentity, from `node` along the inputs. Errors: kCorruptData for a cycle.
Result<int> SkipIdentities(const Graph& graph, int node);

/// The nodes that `roots` depend on, including `roots`, each after its inputs.
/// Errors: kCorruptData naming a node of a cycle.
Result<std::vector<int>> TopologicalOrder(const Graph& graph, const std::vector<int>& roots);

/// The elements of an integer constant (axes, paddings, blocks).
/// Errors: kUnsupported when `node` is not a constant of `count` integers (-1: any number).
Result<std::vector<std::int32_t>> IntegersOf(const Graph& graph, int node, int count);

struct KernelShape {
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t group_channels = 0;  // Input channels that one output channel reads.
  std::int64_t out_channels = 0;
};

/// The kernel of a convolution with these weights. Nothing if they do not have four dimensions.
std::optional<KernelShape> KernelShapeOf(const Node& convolution, const Constant& weights);

/// The same for weights that are in the file; nothing if they are computed.
std::optional<KernelShape> KernelShapeOf(const Graph& graph, const Node& convolution);

/// Whether the operation is a convolution of either kind.
inline bool IsConvolution(Op op) { return op == Op::kConv2d || op == Op::kDepthwiseConv2d; }

/// Whether the operation computes each element from the element at the same position (and constants).
bool IsElementwise(Op op);

/// Replaces SpaceToBatchND -> convolution -> BatchToSpaceND by the equivalent dilated convolution, with SAME padding if
/// that is equivalent, else with explicit padding. Other uses of these operations are unchanged.
/// Source: TensorFlow, tf.nn.atrous_conv2d.
void FoldSpaceToBatch(Graph& graph);

/// Replaces ResizeBilinear to a multiple of the input's size that the graph computes from that size by an upsampling of
/// that factor. Source: Keras, UpSampling2D.
void FoldUpsampling(Graph& graph);

/// The first input of `node` that is not a constant; else its first input.
int ValueInput(const Graph& graph, const Node& node);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_GRAPH_H_
