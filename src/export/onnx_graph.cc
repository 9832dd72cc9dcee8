// SPDX-License-Identifier: Apache-2.0
#include "export/onnx_graph.h"

#include <bit>
#include <cstddef>

#include "base/strings.h"

namespace posenet::exporter {
namespace {

static_assert(std::endian::native == std::endian::little, "raw_data is little-endian");

// Field numbers of each message.
namespace model_proto {
constexpr int kIrVersion = 1;
constexpr int kProducerName = 2;
constexpr int kDocString = 6;
constexpr int kGraph = 7;
constexpr int kOpsetImport = 8;
constexpr int kMetadataProps = 14;
}  // namespace model_proto

namespace operator_set_id_proto {
constexpr int kDomain = 1;
constexpr int kVersion = 2;
}  // namespace operator_set_id_proto

namespace string_string_entry_proto {
constexpr int kKey = 1;
constexpr int kValue = 2;
}  // namespace string_string_entry_proto

namespace graph_proto {
constexpr int kNode = 1;
constexpr int kName = 2;
constexpr int kInitializer = 5;
constexpr int kInput = 11;
constexpr int kOutput = 12;
}  // namespace graph_proto

namespace node_proto {
constexpr int kInput = 1;
constexpr int kOutput = 2;
constexpr int kName = 3;
constexpr int kOpType = 4;
constexpr int kAttribute = 5;
}  // namespace node_proto

namespace attribute_proto {
constexpr int kName = 1;
constexpr int kFloat = 2;
constexpr int kInt = 3;
constexpr int kString = 4;
constexpr int kInts = 8;
constexpr int kType = 20;
constexpr int kTypeFloat = 1;
constexpr int kTypeInt = 2;
constexpr int kTypeString = 3;
constexpr int kTypeInts = 7;
}  // namespace attribute_proto

namespace tensor_proto {
constexpr int kDims = 1;
constexpr int kDataType = 2;
constexpr int kName = 8;
constexpr int kRawData = 9;
constexpr int kTypeFloat = 1;
constexpr int kTypeInt64 = 7;
}  // namespace tensor_proto

namespace value_info_proto {
constexpr int kName = 1;
constexpr int kType = 2;
constexpr int kTensorType = 1;  // Of TypeProto.
constexpr int kElemType = 1;    // Of TypeProto.Tensor.
constexpr int kShape = 2;
constexpr int kDim = 1;       // Of TensorShapeProto.
constexpr int kDimValue = 1;  // Of TensorShapeProto.Dimension.
constexpr int kDimParam = 2;
}  // namespace value_info_proto

base::ProtoMessage ToProto(const OnnxAttribute& attribute) {
  base::ProtoMessage message;
  message.AddString(attribute_proto::kName, attribute.name);
  if (const auto* number = std::get_if<std::int64_t>(&attribute.value)) {
    message.AddInt(attribute_proto::kInt, *number).AddInt(attribute_proto::kType, attribute_proto::kTypeInt);
  } else if (const auto* real = std::get_if<float>(&attribute.value)) {
    message.AddFloat(attribute_proto::kFloat, *real).AddInt(attribute_proto::kType, attribute_proto::kTypeFloat);
  } else if (const auto* text = std::get_if<std::string>(&attribute.value)) {
    message.AddString(attribute_proto::kString, *text).AddInt(attribute_proto::kType, attribute_proto::kTypeString);
  } else {
    for (const std::int64_t element : std::get<std::vector<std::int64_t>>(attribute.value)) {
      message.AddInt(attribute_proto::kInts, element);
    }
    message.AddInt(attribute_proto::kType, attribute_proto::kTypeInts);
  }
  return message;
}

base::ProtoMessage Tensor(std::string_view name, int data_type, const std::vector<std::int64_t>& shape,
                          std::span<const std::byte> bytes) {
  base::ProtoMessage message;
  for (const std::int64_t extent : shape) message.AddInt(tensor_proto::kDims, extent);
  message.AddInt(tensor_proto::kDataType, data_type).AddString(tensor_proto::kName, name);
  message.AddBytes(tensor_proto::kRawData, {bytes.begin(), bytes.end()});
  return message;
}

base::ProtoMessage ValueInfo(std::string_view name, const std::vector<OnnxDimension>& dimensions) {
  base::ProtoMessage shape;
  for (const OnnxDimension& dimension : dimensions) {
    base::ProtoMessage message;
    if (const auto* extent = std::get_if<std::int64_t>(&dimension))
      message.AddInt(value_info_proto::kDimValue, *extent);
    if (const auto* symbol = std::get_if<std::string>(&dimension))
      message.AddString(value_info_proto::kDimParam, *symbol);
    shape.AddMessage(value_info_proto::kDim, std::move(message));
  }
  base::ProtoMessage tensor;
  tensor.AddInt(value_info_proto::kElemType, tensor_proto::kTypeFloat)
      .AddMessage(value_info_proto::kShape, std::move(shape));
  base::ProtoMessage type;
  type.AddMessage(value_info_proto::kTensorType, std::move(tensor));
  base::ProtoMessage message;
  message.AddString(value_info_proto::kName, name).AddMessage(value_info_proto::kType, std::move(type));
  return message;
}

std::string TakeName(std::set<std::string>& taken, std::string_view wanted) {
  std::string name(wanted);
  for (int number = 2; !taken.insert(name).second; ++number) name = base::StrCat(wanted, "_", number);
  return name;
}

}  // namespace

OnnxGraph::OnnxGraph(std::string_view name) { message_.AddString(graph_proto::kName, name); }

std::string OnnxGraph::UniqueName(std::string_view wanted) { return TakeName(value_names_, wanted); }

void OnnxGraph::AddNode(const OnnxNode& node) {
  base::ProtoMessage message;
  for (const std::string& input : node.inputs) message.AddString(node_proto::kInput, input);
  for (int i = 0; i < node.output_index; ++i) message.AddString(node_proto::kOutput, "");
  message.AddString(node_proto::kOutput, node.output)
      .AddString(node_proto::kName, node.name.empty() ? std::string() : TakeName(node_names_, node.name))
      .AddString(node_proto::kOpType, node.op_type);
  for (const OnnxAttribute& attribute : node.attributes) {
    message.AddMessage(node_proto::kAttribute, ToProto(attribute));
  }
  message_.AddMessage(graph_proto::kNode, std::move(message));
}

void OnnxGraph::AddConstant(std::string_view name, const std::vector<std::int64_t>& shape,
                            std::span<const float> values) {
  message_.AddMessage(graph_proto::kInitializer, Tensor(name, tensor_proto::kTypeFloat, shape, std::as_bytes(values)));
}

void OnnxGraph::AddConstant(std::string_view name, const std::vector<std::int64_t>& shape,
                            std::span<const std::int64_t> values) {
  message_.AddMessage(graph_proto::kInitializer, Tensor(name, tensor_proto::kTypeInt64, shape, std::as_bytes(values)));
}

void OnnxGraph::AddInput(std::string_view name, const std::vector<OnnxDimension>& shape) {
  message_.AddMessage(graph_proto::kInput, ValueInfo(name, shape));
}

void OnnxGraph::AddOutput(std::string_view name, const std::vector<OnnxDimension>& shape) {
  message_.AddMessage(graph_proto::kOutput, ValueInfo(name, shape));
}

base::ProtoMessage ToProto(OnnxFile file) {
  base::ProtoMessage operators;
  operators.AddString(operator_set_id_proto::kDomain, "").AddInt(operator_set_id_proto::kVersion, kOnnxOperatorSet);
  base::ProtoMessage model;
  model.AddInt(model_proto::kIrVersion, kOnnxIrVersion)
      .AddString(model_proto::kProducerName, "posenet")
      .AddString(model_proto::kDocString, file.doc_string)
      .AddMessage(model_proto::kOpsetImport, std::move(operators));
  for (const auto& [key, value] : file.metadata) {
    base::ProtoMessage entry;
    entry.AddString(string_string_entry_proto::kKey, key).AddString(string_string_entry_proto::kValue, value);
    model.AddMessage(model_proto::kMetadataProps, std::move(entry));
  }
  model.AddMessage(model_proto::kGraph, std::move(file.graph));
  return model;
}

}  // namespace posenet::exporter
