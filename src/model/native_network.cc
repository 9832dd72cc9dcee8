// SPDX-License-Identifier: Apache-2.0
#include "model/native_network.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "base/error.h"
#include "model/layer_window.h"

namespace posenet::model {
namespace {

// The rate of a value is how many of its cells, along one axis, stand for one cell of the native network.
constexpr int kAnyRate = 0;

std::size_t Index(int value) { return static_cast<std::size_t>(value); }

// The rates that the readers of each value ask for. Windows of several cells know it exactly: it is their dilation.
// Other layers pass on what is asked of their result, and since they may subsample, the least of these holds.
Result<std::vector<int>> RatesAskedFor(const nn::Network& network) {
  const std::size_t value_count = network.layers.size() + 1;
  std::vector<int> exact(value_count, kAnyRate);
  std::vector<int> least(value_count, kAnyRate);
  for (std::size_t i = network.layers.size(); i-- > 0;) {
    const nn::Layer& layer = network.layers[i];
    const int asked_of_result = exact[i + 1] != kAnyRate ? exact[i + 1] : least[i + 1];
    POSENET_ASSIGN_OR_RETURN(const int dilation, DilationOf(layer));
    for (const int input : layer.inputs) {
      int& known = exact[Index(input)];
      int& passed_on = least[Index(input)];
      if (dilation == 0) {
        if (asked_of_result != kAnyRate && (passed_on == kAnyRate || asked_of_result < passed_on)) {
          passed_on = asked_of_result;
        }
      } else if (known != kAnyRate && known != dilation) {
        return UnsupportedLayer(layer, "is dilated by ", dilation, ", but another layer that reads the same by ",
                                known);
      } else {
        known = dilation;
      }
    }
  }
  for (std::size_t i = 0; i < value_count; ++i) {
    if (exact[i] == kAnyRate) exact[i] = least[i];
  }
  return exact;
}

// The rate of a layer's result: what its readers ask for or else, since then no stride was lost, that of its inputs.
Result<int> RateOfResult(const nn::Layer& layer, int asked_of_result, const std::vector<int>& rates) {
  int rate = asked_of_result;
  if (rate == kAnyRate) {
    for (const int input : layer.inputs) rate = std::max(rate, rates[Index(input)]);
  }
  POSENET_ASSIGN_OR_RETURN(const int stride, StrideOf(layer));
  for (const int input : layer.inputs) {
    const int input_rate = rates[Index(input)];
    if (rate % input_rate != 0 || (stride > 1 && rate > 1)) {
      return UnsupportedLayer(layer, "has stride ", stride, " between values dilated by ", input_rate, " and ", rate,
                              "; that is not the trace of an output stride");
    }
  }
  return rate;
}

Result<std::vector<int>> RatesOf(const nn::Network& network) {
  POSENET_ASSIGN_OR_RETURN(const std::vector<int> asked, RatesAskedFor(network));
  if (asked[0] > 1) {
    return base::Fail(ErrorCode::kUnsupported, "the first layer is dilated by ", asked[0],
                      "; that is not the trace of an output stride");
  }
  std::vector<int> rates = {1};
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    POSENET_ASSIGN_OR_RETURN(const int rate, RateOfResult(network.layers[i], asked[i + 1], rates));
    rates.push_back(rate);
  }
  return rates;
}

nn::Layer Subsampling(const nn::Layer& reader, int input, int stride) {
  nn::Pool pool;
  pool.window.stride_height = stride;
  pool.window.stride_width = stride;
  return {.name = reader.name + "/shortcut", .inputs = {input}, .operation = pool};
}

}  // namespace

Result<nn::Network> NativeNetwork(const nn::Network& network) {
  POSENET_ASSIGN_OR_RETURN(const std::vector<int> rates, RatesOf(network));
  nn::Network native{.input_channels = network.input_channels, .layers = {}, .outputs = network.outputs};
  std::vector<int> native_values = {0};  // Values get new numbers where layers come in between.
  const auto append = [&](nn::Layer layer) {
    native.layers.push_back(std::move(layer));
    return static_cast<int>(native.layers.size());
  };
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    nn::Layer layer = network.layers[i];
    nn::Window* const window = WindowOf(layer);
    for (int& input : layer.inputs) {
      const int input_rate = rates[Index(input)];
      const int lost_stride = rates[i + 1] / input_rate;
      input = native_values[Index(input)];
      if (window != nullptr) {
        auto changed = ChangeDilation(*window, input_rate, 1);
        if (!changed) return base::FailIn(changed.error(), "layer ", base::Printable(layer.name));
        window->stride_height *= lost_stride;
        window->stride_width *= lost_stride;
      } else if (lost_stride > 1) {
        input = append(Subsampling(layer, input, lost_stride));
      }
    }
    native_values.push_back(append(std::move(layer)));
  }
  for (nn::Output& output : native.outputs) output.value = native_values[Index(output.value)];
  return native;
}

}  // namespace posenet::model
