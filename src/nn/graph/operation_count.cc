// SPDX-License-Identifier: Apache-2.0
#include "nn/graph/operation_count.h"

#include <variant>

#include "base/error.h"

namespace posenet::nn {
namespace {

// Multiply-adds per element of the result of a layer that reads `input`.
struct MultiplyAddsOfResult {
  const Shape& input;

  double operator()(const Conv2d& conv) const { return OfWindow(conv.window, conv.groups); }
  double operator()(const QuantizedConv2d& conv) const { return OfWindow(conv.window, conv.groups); }
  double operator()(const FullyConnected& /*layer*/) const {
    return static_cast<double>(input.ElementCount()) / input.batch;
  }
  double operator()(const Lstm& lstm) const {
    const double steps = lstm.scan == Scan::kBatch ? 1.0
                                                   : static_cast<double>(input.ElementCount()) / input.batch /
                                                         static_cast<double>(StepInputs(lstm, input));
    return steps * 4.0 * (static_cast<double>(StepInputs(lstm, input)) + lstm.hidden);
  }
  template <typename Other>
  double operator()(const Other& /*layer*/) const {
    return 0.0;
  }

  [[nodiscard]] double OfWindow(const Window& window, int groups) const {
    return static_cast<double>(window.kernel_height) * window.kernel_width * input.channels / groups;
  }
};

}  // namespace

Result<std::vector<double>> OperationCounts(const Network& network, const Shape& input) {
  POSENET_ASSIGN_OR_RETURN(const std::vector<Shape> shapes, InferShapes(network, input));
  std::vector<double> counts;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const Shape& read = shapes[static_cast<std::size_t>(network.layers[i].inputs[0])];
    const double multiply_adds = std::visit(MultiplyAddsOfResult{read}, network.layers[i].operation);
    counts.push_back(2.0 * multiply_adds * static_cast<double>(shapes[i + 1].ElementCount()));
  }
  return counts;
}

}  // namespace posenet::nn
