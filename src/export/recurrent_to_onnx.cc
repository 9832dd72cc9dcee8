// SPDX-License-Identifier: Apache-2.0
// Normalization, dropout and LSTMs as ONNX operators.
#include <algorithm>
#include <array>
#include <utility>

#include "export/network_writer.h"
#include "export/onnx_weights.h"

namespace posenet::exporter {

Result<void> NetworkWriter::Add(const nn::Layer& layer, const nn::LocalResponseNorm& norm) {
  AddNodes(layer,
           {.op_type = "LRN",
            .inputs = {MapOf(layer.inputs.front())},
            .attributes = {{"size", norm.size}, {"alpha", norm.alpha}, {"beta", norm.beta}, {"bias", norm.k}}},
           nn::Activation::kNone, Rank::kMap);
  return {};
}

// Its result is the value that it reads.
Result<void> NetworkWriter::Add(const nn::Layer& layer, const nn::Dropout&) {
  values_.push_back(values_[ValueIndex(layer.inputs.front())]);
  return {};
}

Result<void> NetworkWriter::Add(const nn::Layer& layer, const nn::Lstm& lstm) {
  const bool over_batch = lstm.scan == nn::Scan::kBatch;
  const std::string direction = lstm.direction == nn::ScanDirection::kForward ? "forward" : "reverse";
  OnnxNode node{.op_type = "LSTM",
                .inputs = {StepsOf(lstm, layer.inputs.front())},
                .attributes = {{"hidden_size", lstm.hidden}, {"direction", direction}}};
  POSENET_ASSIGN_OR_RETURN(node.inputs.emplace_back(), LstmWeights(lstm.input_weights));
  POSENET_ASSIGN_OR_RETURN(node.inputs.emplace_back(), LstmWeights(lstm.recurrent_weights));
  POSENET_ASSIGN_OR_RETURN(node.inputs.emplace_back(), LstmBias(lstm.bias));
  // The operator's first result is all states, [steps, 1, sequences, hidden]; the second is the last state,
  // [1, sequences, hidden].
  node.output_index = over_batch ? 0 : 1;
  const std::string state = AddHelper(base::Printable(layer.name, kMaxNameBytes) + "/state", std::move(node));
  const std::string axes = over_batch ? Integers("one_and_two", {1, 2}) : Integers("zero", {0});
  AddNodes(layer, {.op_type = "Squeeze", .inputs = {state, axes}}, nn::Activation::kNone, Rank::kFlat);
  return {};
}

std::string NetworkWriter::StepsOf(const nn::Lstm& lstm, int input) {
  const auto helper = [&](const char* suffix, OnnxNode node) {
    return AddHelper(NameOf(input) + suffix, std::move(node));
  };
  const auto transposed = [&](const std::string& value, std::vector<std::int64_t> order) {
    return helper("/ordered", {.op_type = "Transpose", .inputs = {value}, .attributes = {{"perm", std::move(order)}}});
  };
  // Our order when flattening has channels last.
  std::string value = NameOf(input);
  if (values_[ValueIndex(input)].rank == Rank::kMap) value = transposed(value, {0, 2, 3, 1});
  if (lstm.scan == nn::Scan::kBatch) {
    value = helper("/flat", {.op_type = "Flatten", .inputs = {value}, .attributes = {{"axis", 1}}});
    return helper("/steps", {.op_type = "Unsqueeze", .inputs = {value, Integers("one", {1})}});
  }
  // In a Reshape, 0 keeps the extent and -1 infers it.
  const std::string grid = Integers(base::StrCat("grid_of_", lstm.rows, "_rows"), {0, lstm.rows, -1});
  value = helper("/grid", {.op_type = "Reshape", .inputs = {value, grid}});
  return transposed(
      value, lstm.scan == nn::Scan::kRows ? std::vector<std::int64_t>{1, 0, 2} : std::vector<std::int64_t>{2, 0, 1});
}

std::string NetworkWriter::AddHelper(const std::string& name, OnnxNode node) {
  node.name = node.output = graph_.UniqueName(name);
  graph_.AddNode(node);
  return node.output;
}

Result<std::string> NetworkWriter::LstmWeights(const std::string& tensor) {
  return Constant(tensor, "gates", [&](const std::vector<float>& values) {
    const std::vector<std::int64_t>& shape = weights_.find(tensor)->second.shape;
    return std::pair(std::vector<std::int64_t>{1, shape[1], shape[0]}, ToOnnxGates(values, shape[0]));
  });
}

Result<std::string> NetworkWriter::LstmBias(const std::string& tensor) {
  return Constant(tensor, "biases of gates", [&](const std::vector<float>& values) {
    std::vector<float> both = ToOnnxGates(values, 1);
    both.resize(2 * both.size());  // ONNX has a second bias, for the recurrent product.
    return std::pair(std::vector<std::int64_t>{1, static_cast<std::int64_t>(both.size())}, std::move(both));
  });
}

}  // namespace posenet::exporter
