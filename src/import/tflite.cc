// SPDX-License-Identifier: Apache-2.0
#include "import/tflite.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "import/coral_decoder.h"
#include "import/tflite_tensors.h"
#include "nn/graph/weights.h"
#include "tflite_generated.h"

namespace posenet::importer {
namespace {

constexpr std::uint32_t kSchemaVersion = 3;
constexpr int kMaxTfliteWindowNumber = 1 << 12;  // Larger than any sensible kernel, stride or dilation.
// Tables of a flatbuffer may share vectors, so that a small file can have very many inputs.
constexpr std::size_t kMaxInputs = std::size_t{1} << 20;

constexpr std::string_view kIntegers = "values of int8 or int16 are not supported; expected uint8 or float32";

// Quantized types that are not supported.
bool IsOtherInteger(tflite::TensorType type) {
  return type == tflite::TensorType::INT8 || type == tflite::TensorType::INT16;
}

// Bias and activation of a convolution or fully connected layer.
struct Tail {
  std::vector<int> bias;  // One tensor, or none.
  tflite::FusedActivation activation;
};

// Operations without relevant options.
Op PlainOp(tflite::Operator code) {
  using tflite::Operator;
  switch (code) {
    case Operator::DEQUANTIZE:  // Of float16 weights or quantized values.
      return Op::kIdentity;
    case Operator::QUANTIZE:
      return Op::kQuantize;
    case Operator::RELU:
      return Op::kRelu;
    case Operator::RELU6:
      return Op::kRelu6;
    case Operator::LOGISTIC:
      return Op::kSigmoid;
    case Operator::PAD:
    case Operator::PADV2:
      return Op::kPad;
    case Operator::MEAN:
      return Op::kMean;
    case Operator::SQUEEZE:
      return Op::kReshape;
    case Operator::SPACE_TO_BATCH_ND:
      return Op::kSpaceToBatch;
    case Operator::BATCH_TO_SPACE_ND:
      return Op::kBatchToSpace;
    default:
      return Op::kUnsupported;
  }
}

class TfliteReader {
 public:
  explicit TfliteReader(const tflite::Model& model) : model_(model) {}

  Result<Graph> Read();

 private:
  using Call = tflite::OperatorCall;

  Result<std::vector<int>> TensorsOf(const flatbuffers::Vector<std::int32_t>* indices) const;
  Result<void> ReadSubgraphInputs();
  Result<void> ReadInputSize(const tflite::Tensor& tensor);
  Result<void> ReadDecoder(const Call& call);
  Result<void> ReadCall(const Call& call);
  Result<void> ReadOperation(const Call& call, tflite::Operator code, Node& node);

  Result<void> ReadConv2d(const Call& call, Node& node);
  Result<void> ReadDepthwiseConv2d(const Call& call, Node& node);
  Result<void> ReadPool(const Call& call, Op op, Node& node);
  Result<void> ReadFullyConnected(const Call& call, Node& node);
  Result<void> ReadConcatenation(const Call& call, Node& node);
  Result<void> ReadReshape(const Call& call, Node& node);
  template <typename Options>
  Result<void> ReadArithmetic(const Options* options, Op op, Node& node);

  int AppendInts(std::vector<std::int32_t> ints);
  // Moves the operation of `node` to a new node and makes `node` the operation `op` on that.
  void Chain(Op op, std::vector<int> more_inputs, Node& node);
  Result<void> ChainActivation(tflite::FusedActivation activation, Node& node);
  Result<void> ChainTail(const Tail& tail, Node& node);

  tflite::TensorType TypeOf(int tensor) const {
    return subgraph_->tensors()->Get(static_cast<flatbuffers::uoffset_t>(tensor))->type();
  }

  const tflite::Model& model_;
  const tflite::SubGraph* subgraph_ = nullptr;
  Graph graph_;  // Its first nodes are the tensors of the file, in the same order.
  std::size_t tensor_count_ = 0;
  std::size_t input_count_ = 0;
};

Result<nn::Window> MakeWindow(tflite::Padding padding, int stride_h, int stride_w, int dilation_h, int dilation_w) {
  const auto [least, most] = std::minmax({stride_h, stride_w, dilation_h, dilation_w});
  if (least < 1 || most > kMaxTfliteWindowNumber) {
    return base::Fail(ErrorCode::kCorruptData, "strides ", stride_h, "x", stride_w, " or dilations ", dilation_h, "x",
                      dilation_w, " out of range");
  }
  nn::Window window;
  window.stride_height = stride_h;
  window.stride_width = stride_w;
  window.dilation_height = dilation_h;
  window.dilation_width = dilation_w;
  if (padding == tflite::Padding::VALID) window.padding.mode = nn::PaddingMode::kValid;
  return window;
}

// The tensors of a list, without -1, which means an absent optional input.
Result<std::vector<int>> TfliteReader::TensorsOf(const flatbuffers::Vector<std::int32_t>* indices) const {
  std::vector<int> tensors;
  for (flatbuffers::uoffset_t i = 0; i < VectorSize(indices); ++i) {
    const std::int32_t index = indices->Get(i);
    if (index == -1) continue;
    if (index < 0 || static_cast<std::size_t>(index) >= tensor_count_) {
      return base::Fail(ErrorCode::kCorruptData, "tensor ", index, " does not exist: there are ", tensor_count_);
    }
    tensors.push_back(index);
  }
  return tensors;
}

int TfliteReader::AppendInts(std::vector<std::int32_t> ints) {
  Node node;
  node.op = Op::kConstant;
  node.kind = "constant";
  const auto count = static_cast<std::int64_t>(ints.size());
  node.constant = std::make_shared<const Constant>(Constant{{count}, {}, std::move(ints)});
  graph_.nodes.push_back(std::move(node));
  return static_cast<int>(graph_.nodes.size()) - 1;
}

void TfliteReader::Chain(Op op, std::vector<int> more_inputs, Node& node) {
  Node next = node;
  next.op = op;
  next.inputs = {static_cast<int>(graph_.nodes.size())};
  next.inputs.insert(next.inputs.end(), more_inputs.begin(), more_inputs.end());
  graph_.nodes.push_back(std::exchange(node, std::move(next)));
}

Result<void> TfliteReader::ChainActivation(tflite::FusedActivation activation, Node& node) {
  const bool is_quantized = node.type == nn::DType::kUint8;
  switch (activation) {
    case tflite::FusedActivation::NONE:
      return {};
    case tflite::FusedActivation::RELU:
      if (is_quantized) {
        node.activation = nn::Activation::kRelu;
        return {};
      }
      Chain(Op::kRelu, {}, node);
      return {};
    case tflite::FusedActivation::RELU6:
      if (is_quantized) {
        node.activation = nn::Activation::kRelu6;
        return {};
      }
      Chain(Op::kRelu6, {}, node);
      return {};
    default:
      return base::Fail(ErrorCode::kUnsupported, "the fused activation ", EnumNameFusedActivation(activation));
  }
}

tl::unexpected<Error> MissingOptions() { return base::Fail(ErrorCode::kCorruptData, "its options are missing"); }

// Sets value and weights as inputs of `node`, and returns the bias.
std::vector<int> TakeBias(Node& node) {
  if (node.inputs.size() < 3) return {};
  std::vector<int> bias = {node.inputs[2]};
  node.inputs.erase(node.inputs.begin() + 2, node.inputs.end());
  return bias;
}

Result<void> TfliteReader::ChainTail(const Tail& tail, Node& node) {
  if (node.type == nn::DType::kUint8) {
    node.inputs.insert(node.inputs.end(), tail.bias.begin(), tail.bias.end());
  } else if (!tail.bias.empty()) {
    Chain(Op::kAdd, tail.bias, node);
  }
  return ChainActivation(tail.activation, node);
}

Result<void> TfliteReader::ReadConv2d(const Call& call, Node& node) {
  const auto* options = call.options_as_Conv2DOptions();
  if (options == nullptr) return MissingOptions();
  node.op = Op::kConv2d;
  node.weight_layout = WeightLayout::kOutputFirst;
  POSENET_ASSIGN_OR_RETURN(node.window, MakeWindow(options->padding(), options->stride_h(), options->stride_w(),
                                                   options->dilation_h(), options->dilation_w()));
  return ChainTail({TakeBias(node), options->fused_activation()}, node);
}

Result<void> TfliteReader::ReadDepthwiseConv2d(const Call& call, Node& node) {
  const auto* options = call.options_as_DepthwiseConv2DOptions();
  if (options == nullptr) return MissingOptions();
  node.op = Op::kDepthwiseConv2d;
  node.weight_layout = WeightLayout::kOutputFirst;
  POSENET_ASSIGN_OR_RETURN(node.window, MakeWindow(options->padding(), options->stride_h(), options->stride_w(),
                                                   options->dilation_h(), options->dilation_w()));
  return ChainTail({TakeBias(node), options->fused_activation()}, node);
}

Result<void> TfliteReader::ReadPool(const Call& call, Op op, Node& node) {
  const auto* options = call.options_as_Pool2DOptions();
  if (options == nullptr) return MissingOptions();
  node.op = op;
  POSENET_ASSIGN_OR_RETURN(node.window, MakeWindow(options->padding(), options->stride_h(), options->stride_w(), 1, 1));
  const auto [least, most] = std::minmax({options->filter_height(), options->filter_width()});
  if (least < 1 || most > kMaxTfliteWindowNumber)
    return base::Fail(ErrorCode::kCorruptData, "its filter size is out of range");
  node.window.kernel_height = options->filter_height();
  node.window.kernel_width = options->filter_width();
  return ChainActivation(options->fused_activation(), node);
}

Result<void> TfliteReader::ReadFullyConnected(const Call& call, Node& node) {
  const auto* options = call.options_as_FullyConnectedOptions();
  if (options == nullptr) return MissingOptions();
  if (options->weights_format() != 0) return base::Fail(ErrorCode::kUnsupported, "shuffled weights");
  const std::vector<int> bias = TakeBias(node);
  const std::vector<int> inputs = node.inputs;
  if (inputs.size() < 2) return base::Fail(ErrorCode::kCorruptData, "it has no weights");
  // Maps are flattened implicitly.
  node.op = Op::kReshape;
  node.inputs = {inputs[0], AppendInts({1, -1})};
  Chain(Op::kMatMul, {inputs[1]}, node);
  node.weight_layout = WeightLayout::kOutputFirst;
  return ChainTail({bias, options->fused_activation()}, node);
}

Result<void> TfliteReader::ReadConcatenation(const Call& call, Node& node) {
  const auto* options = call.options_as_ConcatenationOptions();
  if (options == nullptr) return MissingOptions();
  node.op = Op::kConcat;
  node.inputs.push_back(AppendInts({options->axis()}));
  return ChainActivation(options->fused_activation(), node);
}

Result<void> TfliteReader::ReadReshape(const Call& call, Node& node) {
  node.op = Op::kReshape;
  if (node.inputs.size() > 1) return {};
  const auto* options = call.options_as_ReshapeOptions();
  const std::size_t rank = options == nullptr ? 0 : VectorSize(options->new_shape());
  if (rank == 0 || rank > kMaxTfliteRank) return MissingOptions();
  node.inputs.push_back(AppendInts({options->new_shape()->begin(), options->new_shape()->end()}));
  return {};
}

template <typename Options>
Result<void> TfliteReader::ReadArithmetic(const Options* options, Op op, Node& node) {
  node.op = op;
  return ChainActivation(options == nullptr ? tflite::FusedActivation::NONE : options->fused_activation(), node);
}

Result<void> TfliteReader::ReadOperation(const Call& call, tflite::Operator code, Node& node) {
  using tflite::Operator;
  switch (code) {
    case Operator::CONV_2D:
      return ReadConv2d(call, node);
    case Operator::DEPTHWISE_CONV_2D:
      return ReadDepthwiseConv2d(call, node);
    case Operator::MAX_POOL_2D:
      return ReadPool(call, Op::kMaxPool, node);
    case Operator::AVERAGE_POOL_2D:
      return ReadPool(call, Op::kAveragePool, node);
    case Operator::FULLY_CONNECTED:
      return ReadFullyConnected(call, node);
    case Operator::CONCATENATION:
      return ReadConcatenation(call, node);
    case Operator::RESHAPE:
      return ReadReshape(call, node);
    case Operator::ADD:
      return ReadArithmetic(call.options_as_AddOptions(), Op::kAdd, node);
    case Operator::SUB:
      return ReadArithmetic(call.options_as_SubOptions(), Op::kSub, node);
    case Operator::MUL:
      return ReadArithmetic(call.options_as_MulOptions(), Op::kMul, node);
    case Operator::DIV:
      return ReadArithmetic(call.options_as_DivOptions(), Op::kDiv, node);
    default:
      node.op = PlainOp(code);
      if (node.op != Op::kUnsupported) return {};
      return base::Fail(ErrorCode::kUnsupported, "an unsupported operation");
  }
}

// The operator's code. Older files have it in a field of one byte.
Result<tflite::Operator> OperatorOf(const tflite::Model& model, const tflite::OperatorCall& call) {
  if (call.code_index() >= VectorSize(model.operator_codes())) {
    return base::Fail(ErrorCode::kCorruptData, "operator code ", call.code_index(), " does not exist");
  }
  const auto* code = model.operator_codes()->Get(call.code_index());
  return static_cast<tflite::Operator>(std::max(static_cast<int>(code->short_code()), static_cast<int>(code->code())));
}

bool IsCoralDecoder(const tflite::Model& model, const tflite::OperatorCall& call) {
  const auto* name = model.operator_codes()->Get(call.code_index())->custom_code();
  return name != nullptr && name->string_view() == "PosenetDecoderOp";
}

// Makes the decoder's inputs (heatmaps, offsets, displacements) the graph's outputs.
Result<void> TfliteReader::ReadDecoder(const Call& call) {
  if (graph_.decoder) return base::Fail(ErrorCode::kUnsupported, "a second PosenetDecoderOp");
  POSENET_ASSIGN_OR_RETURN(const std::vector<int> inputs, TensorsOf(call.inputs()));
  constexpr const char* kRolesOfInputs[] = {model::kHeatmapOutput, model::kOffsetOutput, model::kDisplacementOutput};
  if (inputs.size() < std::size(kRolesOfInputs)) {
    return base::Fail(ErrorCode::kCorruptData, "PosenetDecoderOp has ", inputs.size(), " inputs; expected at least ",
                      std::size(kRolesOfInputs));
  }
  const auto* options = call.custom_options();
  auto decoder = ReadCoralDecoder(options == nullptr ? std::span<const std::byte>()
                                                     : std::as_bytes(std::span(options->data(), options->size())));
  if (!decoder) return base::FailIn(decoder.error(), "PosenetDecoderOp");
  graph_.decoder = *decoder;
  for (std::size_t i = 0; i < std::size(kRolesOfInputs); ++i) graph_.outputs.push_back({kRolesOfInputs[i], inputs[i]});
  return {};
}

// Sets the operator of the node of its output tensor.
Result<void> TfliteReader::ReadCall(const Call& call) {
  POSENET_ASSIGN_OR_RETURN(const tflite::Operator code, OperatorOf(model_, call));
  POSENET_ASSIGN_OR_RETURN(const std::vector<int> outputs, TensorsOf(call.outputs()));
  if (outputs.empty()) return {};
  const auto output = static_cast<std::size_t>(outputs[0]);
  if (code == tflite::Operator::CUSTOM && IsCoralDecoder(model_, call)) return ReadDecoder(call);
  if (IsOtherInteger(TypeOf(outputs[0]))) return base::Fail(ErrorCode::kUnsupported, kIntegers);
  Node node = graph_.nodes[output];
  if (node.op != Op::kUnsupported || !node.inputs.empty()) {
    return base::Fail(ErrorCode::kCorruptData, Describe(node), " is the output of two operators");
  }
  const std::string_view name = EnumNameOperator(code);
  node.kind = name.empty() ? base::StrCat("operator ", static_cast<int>(code)) : std::string(name);
  POSENET_ASSIGN_OR_RETURN(node.inputs, TensorsOf(call.inputs()));
  input_count_ += node.inputs.size();
  if (input_count_ > kMaxInputs) return base::Fail(ErrorCode::kResourceExhausted, "has too many operators");
  node.problem.reset();
  const std::vector<int> inputs = node.inputs;
  if (auto read = ReadOperation(call, code, node); !read) {
    node.problem = base::FailIn(read.error(), Describe(node)).value();
    node.op = Op::kUnsupported;
    node.inputs = inputs;
  }
  graph_.nodes[output] = std::move(node);
  return {};
}

Result<void> TfliteReader::ReadInputSize(const tflite::Tensor& tensor) {
  constexpr int kMaxSide = 1 << 16;
  const auto* shape = tensor.shape();
  const bool is_image = VectorSize(shape) == 4 && shape->Get(0) == 1 && shape->Get(3) == 3 && shape->Get(1) >= 1 &&
                        shape->Get(2) >= 1 && std::max(shape->Get(1), shape->Get(2)) < kMaxSide;
  if (!is_image) {
    return base::Fail(ErrorCode::kUnsupported, "its input is not an image; expected the shape [1, rows, columns, 3]");
  }
  graph_.input_height = shape->Get(1);
  graph_.input_width = shape->Get(2);
  return {};
}

Result<void> TfliteReader::ReadSubgraphInputs() {
  POSENET_ASSIGN_OR_RETURN(const std::vector<int> inputs, TensorsOf(subgraph_->inputs()));
  for (const int input : inputs) {
    if (IsOtherInteger(TypeOf(input))) return base::Fail(ErrorCode::kUnsupported, kIntegers);
    if (graph_.is_quantized) {
      POSENET_RETURN_IF_ERROR(ReadInputSize(*subgraph_->tensors()->Get(static_cast<flatbuffers::uoffset_t>(input))));
    }
    Node& node = graph_.nodes[static_cast<std::size_t>(input)];
    node.op = Op::kInput;
    node.kind = "input";
    node.constant.reset();
    node.problem.reset();
  }
  return {};
}

Result<Graph> TfliteReader::Read() {
  if (model_.version() != kSchemaVersion) {
    return base::Fail(ErrorCode::kUnsupported, "TFLite schema version ", model_.version(), ", expected ",
                      kSchemaVersion);
  }
  if (VectorSize(model_.subgraphs()) == 0) return base::Fail(ErrorCode::kCorruptData, "the TFLite model has no graph");
  subgraph_ = model_.subgraphs()->Get(0);
  tensor_count_ = VectorSize(subgraph_->tensors());
  TfliteTensorReader tensors(model_);
  for (flatbuffers::uoffset_t i = 0; i < tensor_count_; ++i) {
    POSENET_ASSIGN_OR_RETURN(Node node, tensors.Read(*subgraph_->tensors()->Get(i)));
    graph_.nodes.push_back(std::move(node));
  }
  // Values of quantized graphs are quantized; in other graphs only constants may be.
  graph_.is_quantized = std::any_of(graph_.nodes.begin(), graph_.nodes.end(), [](const Node& node) {
    return node.op != Op::kConstant && node.type == nn::DType::kUint8;
  });
  POSENET_RETURN_IF_ERROR(ReadSubgraphInputs());
  for (flatbuffers::uoffset_t i = 0; i < VectorSize(subgraph_->operators()); ++i) {
    POSENET_RETURN_IF_ERROR(ReadCall(*subgraph_->operators()->Get(i)));
  }
  if (graph_.decoder) return std::move(graph_);
  POSENET_ASSIGN_OR_RETURN(const std::vector<int> outputs, TensorsOf(subgraph_->outputs()));
  for (const int output : outputs) {
    graph_.outputs.push_back({graph_.nodes[static_cast<std::size_t>(output)].name, output});
  }
  return std::move(graph_);
}

}  // namespace

bool IsTflite(std::span<const std::byte> bytes) {
  constexpr std::size_t kHeaderBytes = 8;
  return bytes.size() >= kHeaderBytes && tflite::ModelBufferHasIdentifier(bytes.data());
}

Result<Graph> ReadTflite(std::span<const std::byte> bytes) {
  if (!IsTflite(bytes)) return base::Fail(ErrorCode::kCorruptData, "is not a TFLite model");
  flatbuffers::Verifier verifier(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  if (!tflite::VerifyModelBuffer(verifier)) {
    return base::Fail(ErrorCode::kCorruptData, "the TFLite model is damaged or truncated");
  }
  return TfliteReader(*tflite::GetModel(bytes.data())).Read();
}

}  // namespace posenet::importer
