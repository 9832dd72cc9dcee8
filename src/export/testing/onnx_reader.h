// SPDX-License-Identifier: Apache-2.0
// A reader of ONNX files, as far as the exporter's tests need it. Written from onnx.proto, not from the writer.
#ifndef POSENET_EXPORT_TESTING_ONNX_READER_H_
#define POSENET_EXPORT_TESTING_ONNX_READER_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/testing/matchers.h"
#include "posenet/result.h"

namespace posenet::exporter {

/// A node. Attributes are text: "3", "[1, 2]" or the string itself.
struct TestNode {
  std::string op_type;
  std::string name;
  std::vector<std::string> inputs;
  std::string output;
  std::map<std::string, std::string> attributes;
};

struct TestTensor {
  std::vector<std::int64_t> shape;
  std::vector<float> floats;
  std::vector<std::int64_t> integers;
};

/// A graph. Shapes are text: "[1, 3, height, width]".
struct TestOnnx {
  std::int64_t ir_version = 0;
  std::int64_t operator_set = 0;
  std::string doc_string;
  std::map<std::string, std::string> metadata;
  std::string graph_name;
  std::vector<TestNode> nodes;
  std::map<std::string, TestTensor> constants;
  std::map<std::string, std::string> inputs;
  std::map<std::string, std::string> outputs;

  /// The node that computes `value`. If there is none, the test fails and an empty node is returned.
  [[nodiscard]] TestNode NodeOf(const std::string& value) const;
};

/// Reads a ModelProto; fails the test if `bytes` are none.
TestOnnx ParseOnnx(std::string_view bytes);

}  // namespace posenet::exporter

#endif  // POSENET_EXPORT_TESTING_ONNX_READER_H_
