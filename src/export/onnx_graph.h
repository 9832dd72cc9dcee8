// SPDX-License-Identifier: Apache-2.0
// ONNX's messages. Source: onnx.proto of ONNX 1.8; docs/IR.md there says what they mean.
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

/// The version of the format, and of the operators' definitions: those of ONNX 1.8 of 2020, which ONNX Runtime
/// from 1.6, OpenCV, TensorRT and OpenVINO read. Nothing that networks here need came later.
inline constexpr int kOnnxIrVersion = 7;
inline constexpr int kOnnxOperatorSet = 13;

/// A parameter of a node that is known when the graph is written.
struct OnnxAttribute {
  std::string name;
  std::variant<std::int64_t, float, std::string, std::vector<std::int64_t>> value;
};

/// An operation: reads values, makes one that is wanted.
struct OnnxNode {
  std::string op_type = {};
  std::string name = {};
  std::vector<std::string> inputs = {};
  std::string output = {};
  std::vector<OnnxAttribute> attributes = {};
  int output_index = 0;  // Which of the operation's results `output` is; those before it are left out.
};

/// An extent of a tensor: a number, or a name for what every run may choose.
using OnnxDimension = std::variant<std::int64_t, std::string>;

/// A graph under construction. Nodes are added in an order in which they can run.
class OnnxGraph {
 public:
  explicit OnnxGraph(std::string_view name);

  /// A name for a value that no other value has: `wanted`, or that with a number behind.
  [[nodiscard]] std::string UniqueName(std::string_view wanted);

  /// Nodes need names of their own, too: one that is taken gets a number behind; none stays none.
  void AddNode(const OnnxNode& node);
  /// A constant of float32 or int64.
  void AddConstant(std::string_view name, const std::vector<std::int64_t>& shape, std::span<const float> values);
  void AddConstant(std::string_view name, const std::vector<std::int64_t>& shape, std::span<const std::int64_t> values);
  /// What goes in and comes out, float32.
  void AddInput(std::string_view name, const std::vector<OnnxDimension>& shape);
  void AddOutput(std::string_view name, const std::vector<OnnxDimension>& shape);

  [[nodiscard]] base::ProtoMessage Build() && { return std::move(message_); }

 private:
  base::ProtoMessage message_;
  std::set<std::string> value_names_;
  std::set<std::string> node_names_;
};

/// The file: a graph and what is said about it. Keys of `metadata` differ.
struct OnnxFile {
  base::ProtoMessage graph = {};
  std::string doc_string = {};
  std::vector<std::pair<std::string, std::string>> metadata = {};
};
base::ProtoMessage ToProto(OnnxFile file);

}  // namespace posenet::exporter

#endif  // POSENET_EXPORT_ONNX_GRAPH_H_
