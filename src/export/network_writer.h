// SPDX-License-Identifier: Apache-2.0
// The writer of ONNX graphs. Private to the files that define it: network_to_onnx.cc, and recurrent_to_onnx.cc for
// layers that only networks for camera poses have.
#ifndef POSENET_EXPORT_NETWORK_WRITER_H_
#define POSENET_EXPORT_NETWORK_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/proto_message.h"
#include "export/export.h"
#include "export/onnx_graph.h"
#include "nn/graph/network.h"
#include "nn/graph/weights.h"
#include "posenet/result.h"

namespace posenet::exporter {

inline constexpr std::size_t kMaxNameBytes = 1000;

inline std::size_t ValueIndex(int value) { return static_cast<std::size_t>(value); }

/// A value of the graph. Results of fully connected layers are [batch, channels], all others
/// [batch, channels, height, width].
enum class Rank { kFlat, kMap };
struct Value {
  std::string name;
  Rank rank = Rank::kMap;
};

/// Writes one network; used once.
class NetworkWriter {
 public:
  NetworkWriter(const std::string& name, const nn::Network& network, const nn::TensorMap& weights)
      : graph_(name), network_(network), weights_(weights) {}

  Result<base::ProtoMessage> Write(const OnnxOptions& options) &&;

 private:
  Result<void> FixSize(const OnnxInputSize& size);
  Result<void> NameOutputs();
  Result<void> WriteLayer(const nn::Layer& layer);
  void WriteOutputs();

  Result<void> Add(const nn::Layer& layer, const nn::Conv2d& conv);
  Result<void> Add(const nn::Layer& layer, const nn::Pool& pool);
  Result<void> Add(const nn::Layer& layer, const nn::GlobalAveragePool& pool);
  Result<void> Add(const nn::Layer& layer, const nn::Add& add);
  Result<void> Add(const nn::Layer& layer, const nn::Concat& concat);
  Result<void> Add(const nn::Layer& layer, const nn::FullyConnected& full);
  Result<void> Add(const nn::Layer& layer, const nn::Activate& activate);
  Result<void> Add(const nn::Layer& layer, const nn::LocalResponseNorm& norm);
  Result<void> Add(const nn::Layer& layer, const nn::Upsample& upsample);
  Result<void> Add(const nn::Layer& layer, const nn::Dropout& dropout);
  Result<void> Add(const nn::Layer& layer, const nn::Lstm& lstm);
  template <typename Quantized>
  Result<void> Add(const nn::Layer& /*layer*/, const Quantized& /*operation*/) {
    return base::Fail(ErrorCode::kUnsupported,
                      "is quantized as in TensorFlow Lite; only float networks can be exported");
  }

  // Adds the node of `layer` and, after it, that of its activation. Their result is the layer's value, of rank `rank`.
  void AddNodes(const nn::Layer& layer, OnnxNode node, nn::Activation activation, Rank rank);
  void AddActivation(nn::Activation activation, const std::string& node_name, const std::string& input,
                     const std::string& output);

  Result<std::vector<OnnxAttribute>> WindowAttributes(const nn::Window& window, int input) const;
  Result<void> CheckFullyConnectedInput(const nn::FullyConnected& full, int input) const;

  // The name of a value as a map, and of a value in its own rank.
  std::string MapOf(int value);
  const std::string& NameOf(int value) const { return values_[ValueIndex(value)].name; }
  // The inputs of an operation whose inputs must have the same rank, and that rank.
  std::pair<std::vector<std::string>, Rank> InCommonRank(const nn::Layer& layer);

  // Names of constants; each is written once.
  Result<std::string> ConvWeights(const std::string& tensor);
  Result<std::string> FullyConnectedWeights(const std::string& tensor, int input);
  Result<std::string> Bias(const std::string& tensor);
  template <typename Arrange>
  Result<std::string> Constant(const std::string& tensor, const std::string& arrangement, Arrange arrange);
  std::string Scalar(float value);
  /// Constants of the same name must have the same values.
  std::string Integers(const std::string& name, const std::vector<std::int64_t>& values);
  std::string Floats(const std::string& name, const std::vector<float>& values);
  template <typename Number>
  std::string Numbers(const std::string& name, const std::vector<Number>& values);
  Result<std::string> LstmWeights(const std::string& tensor);
  Result<std::string> LstmBias(const std::string& tensor);

  /// The input of ONNX's LSTM operator, [steps, sequences, inputs].
  std::string StepsOf(const nn::Lstm& lstm, int input);
  /// Adds a node whose result is no value of the network, and returns its name.
  std::string AddHelper(const std::string& name, OnnxNode node);
  /// 1, or "frames" if the batch is a sequence.
  OnnxDimension Batch() const;

  OnnxGraph graph_;
  const nn::Network& network_;
  const nn::TensorMap& weights_;
  std::vector<int> channels_;                     // Of each value.
  std::vector<nn::Shape> shapes_;                 // Of each value; empty if the size is not fixed.
  std::map<int, std::string> output_names_;       // Of values that are outputs; one of them if there are several.
  std::vector<Value> values_;                     // The values written so far, from value 0 on.
  std::map<int, std::string> maps_;               // The map form of flat values, for those that needed one.
  std::map<std::string, std::string> constants_;  // Names by content.
};

// `arrange` converts the tensor's elements to the constant's shape and elements.
template <typename Arrange>
Result<std::string> NetworkWriter::Constant(const std::string& tensor, const std::string& arrangement,
                                            Arrange arrange) {
  const auto [constant, is_new] = constants_.try_emplace(base::StrCat(tensor, " as ", arrangement));
  if (is_new) {
    auto values = nn::ToFloat(weights_.find(tensor)->second);
    if (!values) return base::FailIn(values.error(), "tensor ", base::Printable(tensor));
    const auto [shape, arranged] = arrange(*std::move(values));
    constant->second = graph_.UniqueName(base::Printable(tensor, kMaxNameBytes));
    graph_.AddConstant(constant->second, shape, std::span<const float>(arranged));
  }
  return constant->second;
}

}  // namespace posenet::exporter

#endif  // POSENET_EXPORT_NETWORK_WRITER_H_
