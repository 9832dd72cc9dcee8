// SPDX-License-Identifier: Apache-2.0
// What strides and dilations ask of a layer.
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
/// Errors: kUnsupported when rows and columns differ.
Result<int> StrideOf(const nn::Layer& layer);

/// The dilation of a window of several cells; 0 for windows of one cell, whose dilation means nothing, and for layers
/// without a window. Errors: kUnsupported when rows and columns differ.
Result<int> DilationOf(const nn::Layer& layer);

/// Sets the dilation of `window` to `to`, given that it is `from`, and scales explicit padding with it, which keeps the
/// cells that the window meets aligned. Errors: kUnsupported for padding that does not divide, or becomes too wide.
Result<void> ChangeDilation(nn::Window& window, int from, int to);

/// An error about `layer`.
template <typename... Parts>
[[nodiscard]] tl::unexpected<Error> UnsupportedLayer(const nn::Layer& layer, const Parts&... parts) {
  return base::Fail(ErrorCode::kUnsupported, "layer ", base::Printable(layer.name), ": ", parts...);
}

}  // namespace posenet::model

#endif  // POSENET_MODEL_LAYER_WINDOW_H_
