// SPDX-License-Identifier: Apache-2.0
// What the readers make of a foreign file: the operations of its graph in common terms, before anything is folded. Each
// node makes one tensor; layouts are TensorFlow's (NHWC). lower.h turns a graph into a network.
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

/// Weights of a file that asks for more than this are refused: 1 GiB of float32; ResNet50 has 2^24.6.
inline constexpr std::size_t kMaxWeightElements = std::size_t{1} << 28;

/// What a node computes from its inputs, which follow in the order of the comment. "Constant" inputs must come from
/// kConstant nodes, perhaps by way of kIdentity and arithmetic on constants.
enum class Op {
  kInput,            // The image.
  kConstant,         // Node::constant.
  kIdentity,         // x
  kConv2d,           // x, constant weights. Kernel sizes come from the weights, not from Node::window. Where x is
                     // quantized, perhaps a constant bias.
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
  kPad,           // x, constant paddings [4, 2], perhaps a constant value
  kMaxPool,       // x
  kAveragePool,   // x
  kMean,          // x, constant axes
  kConcat,        // values, then a constant axis
  kMatMul,        // x [batch, in], constant weights
  kReshape,       // x, constant shape [2] or [4]; without it, dimensions of 1 are dropped
  kSpaceToBatch,  // x, constant block [2], constant paddings [2, 2]
  kBatchToSpace,  // x, constant block [2], constant crops [2, 2]
  kQuantize,      // x
  kUnsupported,   // Node::problem says why.
};

/// How weights lie in memory.
enum class WeightLayout {
  kOutputLast,   // TensorFlow: [height, width, in, out], depthwise [height, width, in, multiplier], MatMul [in, out].
  kOutputFirst,  // TFLite: [out, height, width, in], depthwise [1, height, width, out], MatMul [out, in].
};

/// A constant tensor: `floats`, `ints` or `bytes` has all elements in row-major order, the others are empty. Bytes are
/// the numbers of a quantized tensor.
struct Constant {
  std::vector<std::int64_t> shape;
  std::vector<float> floats;
  std::vector<std::int32_t> ints;
  std::vector<std::byte> bytes = {};
};

/// How the file says that a tensor is quantized, as it is: nothing is checked.
struct TensorQuantization {
  std::size_t scale_count = 0;
  std::size_t zero_point_count = 0;
  float scale = 0.0F;  // The first, as is the zero point.
  std::int64_t zero_point = 0;
};

struct Node {
  std::string name;  // As the file has it; any bytes.
  std::string kind;  // What its own format calls the operation, for messages.
  Op op = Op::kUnsupported;
  std::vector<int> inputs;  // Indices into Graph::nodes.
  nn::Window window;        // Convolutions and pools.
  WeightLayout weight_layout = WeightLayout::kOutputLast;
  float epsilon = 0.0F;
  nn::DType type = nn::DType::kFloat32;  // Of the tensor.
  TensorQuantization quantization;
  nn::Activation activation = nn::Activation::kNone;  // Of quantized layers, where it is part of the arithmetic.
  std::shared_ptr<const Constant> constant;
  std::optional<Error> problem;  // Returned if an output depends on this node; nodes that nobody needs may be anything.
};

/// A tensor that the file declares as an output.
struct GraphOutput {
  std::string name;
  int node = 0;
};

/// Coral's decoder, if the file has it as a last layer: what it reads is then the graph's output.
struct EmbeddedDecoder {
  model::DecoderSpec spec;
  int output_stride = 0;
};

struct Graph {
  std::vector<Node> nodes;  // In any order.
  std::vector<GraphOutput> outputs;
  bool is_quantized = false;  // Values are whole numbers: a graph for LowerQuantized.
  int input_width = 0;        // Of quantized graphs.
  int input_height = 0;
  std::optional<EmbeddedDecoder> decoder;
};

/// Gives every node with fewer inputs than its operation has a problem instead, so that nothing else needs to count.
/// To be called before anything else reads the graph.
void CheckInputCounts(Graph& graph);

/// "Conv2D node a/b/c", for messages.
std::string Describe(const Node& node);

/// The node behind `node` and any number of kIdentity nodes. Errors: kCorruptData for a ring of them.
Result<int> SkipIdentities(const Graph& graph, int node);

/// The nodes that `roots` depend on, `roots` included, each behind its inputs.
/// Errors: kCorruptData naming a node of a cycle.
Result<std::vector<int>> TopologicalOrder(const Graph& graph, const std::vector<int>& roots);

/// Numbers of a constant that is meant as a list of integers (axes, paddings, blocks).
/// Errors: kUnsupported when `node` is not a constant of `count` integers (`count` -1: of any number).
Result<std::vector<std::int32_t>> IntegersOf(const Graph& graph, int node, int count);

struct KernelShape {
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t group_channels = 0;  // Input channels that one output channel reads.
  std::int64_t out_channels = 0;
};

/// What the weights of a convolution say. Nothing if they do not have four dimensions.
std::optional<KernelShape> KernelShapeOf(const Node& convolution, const Constant& weights);

/// The same, if the weights are stored in the file, not computed from others.
std::optional<KernelShape> KernelShapeOf(const Graph& graph, const Node& convolution);

/// Whether the operation is a convolution of either kind.
inline bool IsConvolution(Op op) { return op == Op::kConv2d || op == Op::kDepthwiseConv2d; }

/// Whether the operation computes every element from the one element at its place (and constants).
bool IsElementwise(Op op);

/// Turns SpaceToBatchND -> convolution -> BatchToSpaceND into the dilated convolution that it computes: one of SAME
/// padding if the borders amount to that, else of the explicit padding they leave. Other uses stay as they are.
/// Source: TensorFlow, tf.nn.atrous_conv2d.
void FoldSpaceToBatch(Graph& graph);

/// The input of `node` that is not a constant, or its first.
int ValueInput(const Graph& graph, const Node& node);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_GRAPH_H_
