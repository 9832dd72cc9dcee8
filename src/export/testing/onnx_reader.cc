// SPDX-License-Identifier: Apache-2.0
#include "export/testing/onnx_reader.h"

#include <gtest/gtest.h>

#include <cstring>

#include "base/strings.h"

namespace posenet::exporter {
namespace {

// The fields of a message, each with its occurrences in order. Numbers of any type are stored in 64 bits.
struct Fields {
  std::map<int, std::vector<std::uint64_t>> numbers;
  std::map<int, std::vector<std::string_view>> texts;
  std::map<int, float> reals;

  std::int64_t Number(int field) const {
    const auto found = numbers.find(field);
    return found == numbers.end() ? 0 : static_cast<std::int64_t>(found->second.back());
  }
  std::string Text(int field) const {
    const auto found = texts.find(field);
    return found == texts.end() ? std::string() : std::string(found->second.back());
  }
  std::vector<std::string_view> Texts(int field) const {
    const auto found = texts.find(field);
    return found == texts.end() ? std::vector<std::string_view>() : found->second;
  }
  std::vector<std::int64_t> Numbers(int field) const {
    const auto found = numbers.find(field);
    if (found == numbers.end()) return {};
    return {found->second.begin(), found->second.end()};
  }
};

std::uint64_t ReadVarint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return value;
  }
  ADD_FAILURE() << "a number without an end";
  return value;
}

Fields Parse(std::string_view bytes) {
  Fields fields;
  while (!bytes.empty()) {
    const std::uint64_t tag = ReadVarint(bytes);
    const int field = static_cast<int>(tag >> 3);
    if ((tag & 7U) == 0) {
      fields.numbers[field].push_back(ReadVarint(bytes));
    } else if ((tag & 7U) == 5 && bytes.size() >= sizeof(float)) {
      std::memcpy(&fields.reals[field], bytes.data(), sizeof(float));
      bytes.remove_prefix(sizeof(float));
    } else if ((tag & 7U) == 2) {
      const std::uint64_t size = ReadVarint(bytes);
      if (size > bytes.size()) {
        ADD_FAILURE() << "field " << field << " of " << size << " bytes where " << bytes.size() << " are left";
        return fields;
      }
      fields.texts[field].push_back(bytes.substr(0, size));
      bytes.remove_prefix(size);
    } else {
      ADD_FAILURE() << "field " << field << " of wire type " << (tag & 7U);
      return fields;
    }
  }
  return fields;
}

template <typename T>
std::string ListText(const std::vector<T>& elements) {
  std::string text = "[";
  for (const T& element : elements) text.append(text.size() > 1 ? ", " : "").append(base::StrCat(element));
  return text + "]";
}

template <typename T>
std::vector<T> Elements(const std::string& bytes) {
  std::vector<T> elements(bytes.size() / sizeof(T));
  if (!elements.empty()) std::memcpy(elements.data(), bytes.data(), elements.size() * sizeof(T));
  return elements;
}

TestNode ParseNode(std::string_view bytes) {
  const Fields fields = Parse(bytes);
  TestNode node;
  node.op_type = fields.Text(4);
  node.name = fields.Text(3);
  node.output = fields.Text(2);
  for (const std::string_view input : fields.Texts(1)) node.inputs.emplace_back(input);
  for (const std::string_view text : fields.Texts(5)) {
    const Fields attribute = Parse(text);
    std::string& value = node.attributes[attribute.Text(1)];
    const std::int64_t type = attribute.Number(20);
    if (type == 1) value = base::StrCat(attribute.reals.at(2));
    if (type == 2) value = std::to_string(attribute.Number(3));
    if (type == 3) value = attribute.Text(4);
    if (type == 7) value = ListText(attribute.Numbers(8));
  }
  return node;
}

TestTensor ParseTensor(const Fields& fields) {
  TestTensor tensor{.shape = fields.Numbers(1), .floats = {}, .integers = {}};
  if (fields.Number(2) == 1) tensor.floats = Elements<float>(fields.Text(9));
  if (fields.Number(2) == 7) tensor.integers = Elements<std::int64_t>(fields.Text(9));
  return tensor;
}

// The name and shape of a float tensor.
std::pair<std::string, std::string> ParseValueInfo(std::string_view bytes) {
  const Fields info = Parse(bytes);
  const std::string type_bytes = info.Text(2);
  const std::string tensor_bytes = Parse(type_bytes).Text(1);
  const Fields tensor = Parse(tensor_bytes);
  EXPECT_EQ(tensor.Number(1), 1);
  const std::string shape_bytes = tensor.Text(2);
  const Fields shape = Parse(shape_bytes);
  std::vector<std::string> dimensions;
  for (const std::string_view text : shape.Texts(1)) {
    const Fields dimension = Parse(text);
    dimensions.push_back(dimension.numbers.contains(1) ? std::to_string(dimension.Number(1)) : dimension.Text(2));
  }
  return {info.Text(1), ListText(dimensions)};
}

}  // namespace

TestNode TestOnnx::NodeOf(const std::string& value) const {
  std::vector<TestNode> found;
  for (const TestNode& node : nodes) {
    if (node.output == value) found.push_back(node);
  }
  EXPECT_EQ(found.size(), 1U) << value;
  return found.empty() ? TestNode() : found.front();
}

TestOnnx ParseOnnx(std::string_view bytes) {
  TestOnnx onnx;
  const Fields model = Parse(bytes);
  onnx.ir_version = model.Number(1);
  onnx.doc_string = model.Text(6);
  for (const std::string_view text : model.Texts(8)) onnx.operator_set = Parse(text).Number(2);
  for (const std::string_view text : model.Texts(14)) {
    const Fields entry = Parse(text);
    onnx.metadata[entry.Text(1)] = entry.Text(2);
  }
  const std::string graph_bytes = model.Text(7);
  const Fields graph = Parse(graph_bytes);
  onnx.graph_name = graph.Text(2);
  for (const std::string_view text : graph.Texts(1)) onnx.nodes.push_back(ParseNode(text));
  for (const std::string_view text : graph.Texts(5)) {
    const Fields tensor = Parse(text);
    EXPECT_TRUE(onnx.constants.emplace(tensor.Text(8), ParseTensor(tensor)).second) << tensor.Text(8);
  }
  for (const std::string_view text : graph.Texts(11)) onnx.inputs.insert(ParseValueInfo(text));
  for (const std::string_view text : graph.Texts(12)) onnx.outputs.insert(ParseValueInfo(text));
  return onnx;
}

}  // namespace posenet::exporter
