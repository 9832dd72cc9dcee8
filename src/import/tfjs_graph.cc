// SPDX-License-Identifier: Apache-2.0
#include "import/tfjs_graph.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "import/tfjs_attributes.h"

namespace posenet::importer {
namespace {

using nlohmann::json;

struct OpName {
  std::string_view name;
  Op op;
};

constexpr std::array kOpNames = {
    OpName{"Placeholder", Op::kInput},
    OpName{"Const", Op::kConstant},
    OpName{"Identity", Op::kIdentity},
    OpName{"StopGradient", Op::kIdentity},
    OpName{"Cast", Op::kIdentity},  // Of the image to float.
    OpName{"Conv2D", Op::kConv2d},
    OpName{"_FusedConv2D", Op::kConv2d},
    OpName{"DepthwiseConv2dNative", Op::kDepthwiseConv2d},
    OpName{"DepthwiseConv2d", Op::kDepthwiseConv2d},
    OpName{"FusedDepthwiseConv2dNative", Op::kDepthwiseConv2d},
    OpName{"BiasAdd", Op::kAdd},
    OpName{"Add", Op::kAdd},
    OpName{"AddV2", Op::kAdd},
    OpName{"Sub", Op::kSub},
    OpName{"Mul", Op::kMul},
    OpName{"Div", Op::kDiv},
    OpName{"RealDiv", Op::kDiv},
    OpName{"Rsqrt", Op::kRsqrt},
    OpName{"FusedBatchNorm", Op::kBatchNorm},
    OpName{"FusedBatchNormV2", Op::kBatchNorm},
    OpName{"FusedBatchNormV3", Op::kBatchNorm},
    OpName{"Relu", Op::kRelu},
    OpName{"Relu6", Op::kRelu6},
    OpName{"Sigmoid", Op::kSigmoid},
    OpName{"Pad", Op::kPad},
    OpName{"PadV2", Op::kPad},
    OpName{"MaxPool", Op::kMaxPool},
    OpName{"AvgPool", Op::kAveragePool},
    OpName{"Mean", Op::kMean},
    OpName{"ConcatV2", Op::kConcat},
    OpName{"MatMul", Op::kMatMul},
    OpName{"_FusedMatMul", Op::kMatMul},
    OpName{"Reshape", Op::kReshape},
    OpName{"Squeeze", Op::kReshape},
    OpName{"ExpandDims", Op::kExpandDims},
    OpName{"Unpack", Op::kReshape},
    OpName{"ResizeBilinear", Op::kResizeBilinear},
    OpName{"Shape", Op::kShape},
    OpName{"StridedSlice", Op::kStridedSlice},
    OpName{"SpaceToBatchND", Op::kSpaceToBatch},
    OpName{"BatchToSpaceND", Op::kBatchToSpace},
};

constexpr std::ptrdiff_t kMainInputs = 2;   // Of a node with fused operations: value and weights.
constexpr std::size_t kMaxFusedSteps = 3;   // TensorFlow fuses at most a bias or normalization and an activation.
constexpr float kBatchNormEpsilon = 1e-4F;  // TensorFlow's default.

Op FindOp(std::string_view name) {
  const auto found =
      std::find_if(kOpNames.begin(), kOpNames.end(), [name](const OpName& entry) { return entry.name == name; });
  return found == kOpNames.end() ? Op::kUnsupported : found->op;
}

// An operation that is fused to a node's main operation, and how many of the node's inputs it has.
struct FusedStep {
  Op op;
  std::ptrdiff_t argument_count;
};

Result<FusedStep> FindFusedStep(std::string_view name) {
  if (name == "BiasAdd") return FusedStep{Op::kAdd, 1};
  if (name == "FusedBatchNorm") return FusedStep{Op::kBatchNorm, 4};
  if (name == "Relu") return FusedStep{Op::kRelu, 0};
  if (name == "Relu6") return FusedStep{Op::kRelu6, 0};
  if (name == "Sigmoid") return FusedStep{Op::kSigmoid, 0};
  return base::Fail(ErrorCode::kUnsupported, "the fused operation ", base::Printable(name));
}

class Reader {
 public:
  explicit Reader(const ConstantMap& constants) : constants_(constants) {}

  Result<Graph> Read(const json& model);

 private:
  Result<void> Declare(const json& nodes);
  Result<std::vector<int>> Inputs(const json& node);
  Result<int> Find(std::string_view input);
  Result<void> ReadNode(const json& json_node, Node& node);
  Result<void> ReadInputSize(const TfjsAttributes& attributes);
  Result<void> CheckPlain(const TfjsAttributes& attributes, const Node& node) const;
  Result<void> Unfuse(const TfjsAttributes& attributes, int index);
  Result<void> ReadSignature(const json& outputs);
  void FindLeaves();

  Node& At(int index) { return graph_.nodes[static_cast<std::size_t>(index)]; }

  const ConstantMap& constants_;
  Graph graph_;
  std::map<std::string, int, std::less<>> index_of_name_;
};

const json* Member(const json& object, std::string_view key) {
  const auto member = object.find(key);
  return member == object.end() ? nullptr : &*member;
}

std::string StringMember(const json& object, std::string_view key) {
  const json* member = Member(object, key);
  return member != nullptr && member->is_string() ? member->get<std::string>() : std::string();
}

// Adds a node for each node of the file, in the same order.
Result<void> Reader::Declare(const json& nodes) {
  for (const json& json_node : nodes) {
    Node node;
    node.name = StringMember(json_node, "name");
    node.kind = StringMember(json_node, "op");
    node.op = FindOp(node.kind);
    if (node.name.empty() || node.kind.empty()) {
      return base::Fail(ErrorCode::kCorruptData, "node ", graph_.nodes.size(), " has no name or no op");
    }
    const bool is_new = index_of_name_.emplace(node.name, static_cast<int>(graph_.nodes.size())).second;
    if (!is_new) return base::Fail(ErrorCode::kCorruptData, "two nodes are called ", base::Printable(node.name));
    graph_.nodes.push_back(std::move(node));
  }
  return {};
}

// The node of the input "name" or "name:output".
Result<int> Reader::Find(std::string_view input) {
  if (const auto found = index_of_name_.find(input); found != index_of_name_.end()) return found->second;
  const std::size_t colon = input.rfind(':');
  const auto found = index_of_name_.find(input.substr(0, colon));
  if (found == index_of_name_.end())
    return base::Fail(ErrorCode::kCorruptData, "no node is called ", base::Printable(input));
  if (colon == std::string_view::npos || input.substr(colon) == ":0") return found->second;
  // Only first outputs are supported; others are an error if a node that is used reads them.
  Node other;
  other.name = std::string(input);
  other.kind = At(found->second).kind;
  other.problem = Error{ErrorCode::kUnsupported, base::StrCat(Describe(other), " is not the node's first output")};
  const int index = static_cast<int>(graph_.nodes.size());
  index_of_name_.emplace(other.name, index);
  graph_.nodes.push_back(std::move(other));
  return index;
}

Result<std::vector<int>> Reader::Inputs(const json& node) {
  std::vector<int> inputs;
  const json* list = Member(node, "input");
  if (list == nullptr) return inputs;
  if (!list->is_array()) return base::Fail(ErrorCode::kCorruptData, "its input is not a list");
  for (const json& name : *list) {
    if (!name.is_string()) return base::Fail(ErrorCode::kCorruptData, "an input is not a name");
    const auto& text = name.get_ref<const std::string&>();
    if (text.starts_with('^')) continue;  // A control input: order of execution only.
    POSENET_ASSIGN_OR_RETURN(const int index, Find(text));
    inputs.push_back(index);
  }
  return inputs;
}

Result<void> Reader::CheckPlain(const TfjsAttributes& attributes, const Node& node) const {
  POSENET_ASSIGN_OR_RETURN(const std::string layout, attributes.String("data_format", "NHWC"));
  if (layout != "NHWC")
    return base::Fail(ErrorCode::kUnsupported, "layout ", base::Printable(layout), ", expected NHWC");
  for (const std::string_view name : {"transpose_a", "transpose_b", "is_training"}) {
    POSENET_ASSIGN_OR_RETURN(const bool set, attributes.Bool(name));
    if (set) return base::Fail(ErrorCode::kUnsupported, "attribute ", name, " is set");
  }
  if (node.op == Op::kConstant && node.constant == nullptr) {
    return base::Fail(ErrorCode::kCorruptData, "the weightsManifest does not list it");
  }
  return {};
}

// Splits the node at `index` into its fused operations. The last of them keeps the index, because it has the output
// that other nodes read.
Result<void> Reader::Unfuse(const TfjsAttributes& attributes, int index) {
  POSENET_ASSIGN_OR_RETURN(const auto steps, attributes.Strings("fused_ops"));
  const std::vector<int> inputs = At(index).inputs;
  if (steps.empty() || inputs.size() < kMainInputs) return {};
  if (steps.size() > kMaxFusedSteps) return base::Fail(ErrorCode::kUnsupported, steps.size(), " fused operations");
  Node last = At(index);
  last.inputs.resize(kMainInputs);
  auto arguments = inputs.begin() + kMainInputs;
  for (const std::string& name : steps) {
    POSENET_ASSIGN_OR_RETURN(const FusedStep step, FindFusedStep(name));
    if (inputs.end() - arguments < step.argument_count) {
      return base::Fail(ErrorCode::kCorruptData, "the fused operation ", name, " has too few inputs");
    }
    Node next = last;
    next.op = step.op;
    next.inputs = {static_cast<int>(graph_.nodes.size())};
    next.inputs.insert(next.inputs.end(), arguments, arguments + step.argument_count);
    arguments += step.argument_count;
    graph_.nodes.push_back(std::exchange(last, std::move(next)));
  }
  At(index) = std::move(last);
  return {};
}

// The size of the image, if the graph is made for one.
Result<void> Reader::ReadInputSize(const TfjsAttributes& attributes) {
  POSENET_ASSIGN_OR_RETURN(const auto shape, attributes.Shape("shape"));
  if (shape.size() != 4 || std::min(shape[1], shape[2]) < 1) return {};
  if (std::max(shape[1], shape[2]) > nn::kMaxWindowExtent) {
    return base::Fail(ErrorCode::kUnsupported, "an image of ", shape[2], "x", shape[1], " pixels");
  }
  graph_.input_height = static_cast<int>(shape[1]);
  graph_.input_width = static_cast<int>(shape[2]);
  return {};
}

// Whether a node that reshapes removes the batch axis and nothing else. We have no such axis for one image.
Result<bool> IsBatchOnly(const TfjsAttributes& attributes, std::string_view kind) {
  if (kind == "Unpack") {
    POSENET_ASSIGN_OR_RETURN(const int axis, attributes.Integer("axis", 0));
    POSENET_ASSIGN_OR_RETURN(const int count, attributes.Integer("num", 0));
    if (axis == 0 && count == 1) return true;
    return base::Fail(ErrorCode::kUnsupported, "splits axis ", axis, " into ", count, "; expected a batch of one");
  }
  POSENET_ASSIGN_OR_RETURN(const auto removed, attributes.Integers("squeeze_dims", {}));
  return removed == std::vector<int>{0};
}

Result<void> Reader::ReadNode(const json& json_node, Node& node) {
  const TfjsAttributes attributes(json_node);
  if (node.op == Op::kConstant) {
    const auto constant = constants_.find(node.name);
    if (constant != constants_.end()) node.constant = constant->second;
  }
  POSENET_RETURN_IF_ERROR(CheckPlain(attributes, node));
  switch (node.op) {
    case Op::kConv2d:
    case Op::kDepthwiseConv2d:
    case Op::kMaxPool:
    case Op::kAveragePool: {
      POSENET_ASSIGN_OR_RETURN(node.window, attributes.Window());
      break;
    }
    case Op::kInput:
      POSENET_RETURN_IF_ERROR(ReadInputSize(attributes));
      break;
    case Op::kReshape: {
      POSENET_ASSIGN_OR_RETURN(const bool is_batch_only, IsBatchOnly(attributes, node.kind));
      if (is_batch_only) node.op = Op::kIdentity;
      break;
    }
    case Op::kResizeBilinear: {
      POSENET_ASSIGN_OR_RETURN(const bool has_half_pixel_centers, attributes.Bool("half_pixel_centers"));
      if (!has_half_pixel_centers) {
        return base::Fail(ErrorCode::kUnsupported, "resizes without half_pixel_centers");
      }
      break;
    }
    case Op::kStridedSlice:
      for (const std::string_view mask :
           {"begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask"}) {
        POSENET_ASSIGN_OR_RETURN(const int bits, attributes.Integer(mask, 0));
        if (bits != 0) return base::Fail(ErrorCode::kUnsupported, "attribute ", mask, " is set");
      }
      break;
    case Op::kUnsupported:
      return base::Fail(ErrorCode::kUnsupported, "an unsupported operation");
    default:
      break;
  }
  POSENET_ASSIGN_OR_RETURN(node.epsilon, attributes.Float("epsilon", kBatchNormEpsilon));
  return {};
}

Result<void> Reader::ReadSignature(const json& outputs) {
  for (const auto& [key, info] : outputs.items()) {
    const std::string name = StringMember(info, "name");
    auto node = Find(name.empty() ? key : name);
    if (!node) return base::FailIn(node.error(), "output ", base::Printable(key), " of the signature");
    graph_.outputs.push_back({key, *node});
  }
  return {};
}

void Reader::FindLeaves() {
  std::vector<char> is_read(graph_.nodes.size(), 0);
  for (const Node& node : graph_.nodes) {
    for (const int input : node.inputs) is_read[static_cast<std::size_t>(input)] = 1;
  }
  for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
    const Node& node = graph_.nodes[i];
    const bool computes = node.op != Op::kConstant && node.op != Op::kInput && !node.inputs.empty();
    if (is_read[i] == 0 && computes) graph_.outputs.push_back({node.name, static_cast<int>(i)});
  }
}

Result<Graph> Reader::Read(const json& model) {
  const json* topology = Member(model, "modelTopology");
  const json* nodes = topology == nullptr ? nullptr : Member(*topology, "node");
  if (nodes == nullptr || !nodes->is_array()) {
    return base::Fail(ErrorCode::kCorruptData, "modelTopology has no list of nodes");
  }
  POSENET_RETURN_IF_ERROR(Declare(*nodes));
  for (std::size_t i = 0; i < nodes->size(); ++i) {
    const json& json_node = (*nodes)[i];
    auto inputs = Inputs(json_node);
    if (!inputs) return base::FailIn(inputs.error(), Describe(graph_.nodes[i]));
    graph_.nodes[i].inputs = *std::move(inputs);
    auto read = ReadNode(json_node, graph_.nodes[i]);
    if (read) read = Unfuse(TfjsAttributes(json_node), static_cast<int>(i));
    if (read) continue;
    graph_.nodes[i].problem = base::FailIn(read.error(), Describe(graph_.nodes[i])).value();
    graph_.nodes[i].op = Op::kUnsupported;
  }
  const json* signature = Member(model, "signature");
  const json* outputs = signature == nullptr ? nullptr : Member(*signature, "outputs");
  if (outputs != nullptr && outputs->is_object() && !outputs->empty()) {
    POSENET_RETURN_IF_ERROR(ReadSignature(*outputs));
  } else {
    FindLeaves();
  }
  return std::move(graph_);
}

}  // namespace

Result<Graph> ReadTfjsGraph(const json& model, const ConstantMap& constants) { return Reader(constants).Read(model); }

}  // namespace posenet::importer
