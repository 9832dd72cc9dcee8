// SPDX-License-Identifier: Apache-2.0
// ONNX's messages. Source: onnx.proto of ONNX 1.8, and its IR specification (IR.md).
#ifndef POSENET_EXPORT_ONNX_GRAPH_H_
#define POSENET_EXPORT_ONNX_GRAPH_H_

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/proto_message.h"

namespace posenet::exporter {

/// The versions of the format and of the operator definitions: those of ONNX 1.8 of 2020, which ONNX Runtime since 1.6,
/// OpenCV, TensorRT and OpenVINO read, and which have all that our networks need.
inline constexpr int kOnnxIrVersion = 7;
inline constexpr int kOnnxOperatorSet = 13;

/// A constant parameter of a node.
struct OnnxAttribute {
  std::string name;
  std::variant<std::int64_t, float, std::string, std::vector<std::int64_t>> value;
};

/// An operation that reads values and computes one of which we use the result.
struct OnnxNode {
  std::string op_type = {};
  std::string name = {};
  std::vector<std::string> inputs = {};
  std::string output = {};
  std::vector<OnnxAttribute> attributes = {};
  int output_index = 0;  // The operation's result that `output` is; the results before it are left unnamed.
};

/// An extent of a tensor: a number, or the name of an extent that each run may choose.
using OnnxDimension = std::variant<std::int64_t, std::string>;

/// A graph under construction. Nodes are added in an order in which they can run.
class OnnxGraph {
 public:
  explicit OnnxGraph(std::string_view name);

  /// Returns and reserves a value name that is not in use: `wanted`, or that with a number appended.
  [[nodiscard]] std::string UniqueName(std::string_view wanted);

  /// Adds a node. If its name is in use, a number is appended; an empty name stays empty.
  void AddNode(const OnnxNode& node);
  /// A constant of float32 or int64.
  void AddConstant(std::string_view name, const std::vector<std::int64_t>& shape, std::span<const float> values);
  void AddConstant(std::string_view name, const std::vector<std::int64_t>& shape, std::span<const std::int64_t> values);
  /// The graph's float32 inputs and outputs.
  void AddInput(std::string_view name, const std::vector<OnnxDimension>& shape);
  void AddOutput(std::string_view name, const std::vector<OnnxDimension>& shape);

  [[nodiscard]] base::ProtoMessage Build() && { return std::move(message_); }

 private:
  base::ProtoMessage message_;
  std::set<std::string> value_names_;
  std::set<std::string> node_names_;
};

/// The content of a file: a graph and its description. The keys of `metadata` must differ.
struct OnnxFile {
  base::ProtoMessage graph = {};
  std::string doc_string = {};
  std::vector<std::pair<std::string, std::string>> metadata = {};
};
base::ProtoMessage ToProto(OnnxFile file);

}  // namespace posenet::exporter

#endif  // POSENET_EXPORT_ONNX_GRAPH_H_
