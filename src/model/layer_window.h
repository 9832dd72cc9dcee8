// SPDX-License-Identifier: Apache-2.0
// The windows of layers, and their strides and dilations.
#ifndef POSENET_MODEL_LAYER_WINDOW_H_
#define POSENET_MODEL_LAYER_WINDOW_H_

#include "base/error.h"
#include "nn/graph/network.h"
#include "posenet/result.h"

namespace posenet::model {

/// The layer's window; null for layers that have none.
const nn::Window* WindowOf(const nn::Layer& layer);
nn::Window* WindowOf(nn::Layer& layer);

/// Cells of the input from one cell of the result to the next; 1 for layers without a window.
/// Errors: kUnsupported if rows and columns differ.
Result<int> StrideOf(const nn::Layer& layer);

/// The dilation of a window of several cells; 0 for windows of one cell, whose dilation has no effect, and for layers
/// without a window. Errors: kUnsupported if rows and columns differ.
Result<int> DilationOf(const nn::Layer& layer);

/// Changes the dilation of `window` from `from` to `to`, and scales explicit padding with it, which keeps the cells
/// that the window covers aligned. Errors: kUnsupported for padding that is not divisible, or becomes too wide.
Result<void> ChangeDilation(nn::Window& window, int from, int to);

/// An error about `layer`.
template <typename... Parts>
[[nodiscard]] tl::unexpected<Error> UnsupportedLayer(const nn::Layer& layer, const Parts&... parts) {
  return base::Fail(ErrorCode::kUnsupported, "layer ", base::Printable(layer.name), ": ", parts...);
}

}  // namespace posenet::model

#endif  // POSENET_MODEL_LAYER_WINDOW_H_
