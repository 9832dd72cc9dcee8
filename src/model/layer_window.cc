// SPDX-License-Identifier: Apache-2.0
#include "model/layer_window.h"

#include <cstdint>
#include <utility>
#include <variant>

namespace posenet::model {

const nn::Window* WindowOf(const nn::Layer& layer) {
  if (const auto* conv = std::get_if<nn::Conv2d>(&layer.operation)) return &conv->window;
  if (const auto* conv = std::get_if<nn::QuantizedConv2d>(&layer.operation)) return &conv->window;
  if (const auto* pool = std::get_if<nn::Pool>(&layer.operation)) return &pool->window;
  return nullptr;
}

nn::Window* WindowOf(nn::Layer& layer) { return const_cast<nn::Window*>(WindowOf(std::as_const(layer))); }

Result<int> StrideOf(const nn::Layer& layer) {
  const nn::Window* window = WindowOf(layer);
  if (window == nullptr) return 1;
  if (window->stride_height != window->stride_width) {
    return UnsupportedLayer(layer, "moves by ", window->stride_height, " rows and ", window->stride_width,
                            " columns; expected one stride");
  }
  return window->stride_height;
}

Result<int> DilationOf(const nn::Layer& layer) {
  const nn::Window* window = WindowOf(layer);
  if (window == nullptr) return 0;
  const int rows = window->kernel_height > 1 ? window->dilation_height : 0;
  const int columns = window->kernel_width > 1 ? window->dilation_width : 0;
  if (rows == 0 || columns == 0) return rows + columns;
  if (rows != columns) {
    return UnsupportedLayer(layer, "is dilated by ", rows, " rows and ", columns, " columns; expected one dilation");
  }
  return rows;
}

Result<void> ChangeDilation(nn::Window& window, int from, int to) {
  if (window.kernel_height > 1) window.dilation_height = to;
  if (window.kernel_width > 1) window.dilation_width = to;
  if (window.padding.mode != nn::PaddingMode::kExplicit) return {};
  nn::Padding& padding = window.padding;
  for (int* const side : {&padding.top, &padding.bottom, &padding.left, &padding.right}) {
    const std::int64_t scaled = std::int64_t{*side} * to;
    if (scaled % from != 0 || scaled / from > nn::kMaxWindowExtent) {
      return base::Fail(ErrorCode::kUnsupported, "padding ", *side, " of a window of dilation ", from,
                        " has no equivalent at dilation ", to);
    }
    *side = static_cast<int>(scaled / from);
  }
  return {};
}

}  // namespace posenet::model
