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

// The rate of a value is the number of its cells, along one axis, per cell of the native network.
constexpr int kAnyRate = 0;

std::size_t Index(int value) { return static_cast<std::size_t>(value); }

// The rates that the readers of each value require. Windows of several cells determine it: it is their dilation. Other
// layers pass on the rate required of their result; as they may subsample, the smallest of these counts.
Result<std::vector<int>> RequiredRates(const nn::Network& network) {
  const std::size_t value_count = network.layers.size() + 1;
  std::vector<int> exact(value_count, kAnyRate);
  std::vector<int> least(value_count, kAnyRate);
  for (std::size_t i = network.layers.size(); i-- > 0;) {
    const nn::Layer& layer = network.layers[i];
    const int required_of_result = exact[i + 1] != kAnyRate ? exact[i + 1] : least[i + 1];
    POSENET_ASSIGN_OR_RETURN(const int dilation, DilationOf(layer));
    for (const int input : layer.inputs) {
      int& known = exact[Index(input)];
      int& passed_on = least[Index(input)];
      if (dilation == 0) {
        if (required_of_result != kAnyRate && (passed_on == kAnyRate || required_of_result < passed_on)) {
          passed_on = required_of_result;
        }
      } else if (known != kAnyRate && known != dilation) {
        return UnsupportedLayer(layer, "is dilated by ", dilation, ", but another layer that reads the same value by ",
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

// The rate of a layer's result: that which its readers require or, if they require none and so no stride was dropped,
// that of its inputs.
Result<int> RateOfResult(const nn::Layer& layer, int required, const std::vector<int>& rates) {
  int rate = required;
  if (rate == kAnyRate) {
    for (const int input : layer.inputs) rate = std::max(rate, rates[Index(input)]);
  }
  POSENET_ASSIGN_OR_RETURN(const int stride, StrideOf(layer));
  for (const int input : layer.inputs) {
    const int input_rate = rates[Index(input)];
    if (rate % input_rate != 0 || (stride > 1 && rate > 1)) {
      return UnsupportedLayer(layer, "has stride ", stride, " between values dilated by ", input_rate, " and ", rate,
                              ", which no output stride explains");
    }
  }
  return rate;
}

Result<std::vector<int>> RatesOf(const nn::Network& network) {
  POSENET_ASSIGN_OR_RETURN(const std::vector<int> required, RequiredRates(network));
  if (required[0] > 1) {
    return base::Fail(ErrorCode::kUnsupported, "the first layer is dilated by ", required[0],
                      ", which no output stride explains");
  }
  std::vector<int> rates = {1};
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    POSENET_ASSIGN_OR_RETURN(const int rate, RateOfResult(network.layers[i], required[i + 1], rates));
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
  std::vector<int> native_values = {0};  // The indices that values have in `native`, which may have additional layers.
  const auto append = [&](nn::Layer layer) {
    native.layers.push_back(std::move(layer));
    return static_cast<int>(native.layers.size());
  };
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    nn::Layer layer = network.layers[i];
    nn::Window* const window = WindowOf(layer);
    for (int& input : layer.inputs) {
      const int input_rate = rates[Index(input)];
      const int dropped_stride = rates[i + 1] / input_rate;
      input = native_values[Index(input)];
      if (window != nullptr) {
        auto changed = ChangeDilation(*window, input_rate, 1);
        if (!changed) return base::FailIn(changed.error(), "layer ", base::Printable(layer.name));
        window->stride_height *= dropped_stride;
        window->stride_width *= dropped_stride;
      } else if (dropped_stride > 1) {
        input = append(Subsampling(layer, input, dropped_stride));
      }
    }
    native_values.push_back(append(std::move(layer)));
  }
  for (nn::Output& output : native.outputs) output.value = native_values[Index(output.value)];
  return native;
}

}  // namespace posenet::model
