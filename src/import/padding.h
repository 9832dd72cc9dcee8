// SPDX-License-Identifier: Apache-2.0
// Arithmetic on the padding of windows.
#ifndef POSENET_IMPORT_PADDING_H_
#define POSENET_IMPORT_PADDING_H_

#include <optional>

#include "nn/graph/network.h"

namespace posenet::importer {

inline constexpr nn::Padding kNoBorder{nn::PaddingMode::kExplicit, 0, 0, 0, 0};

/// The sum of two explicit paddings.
nn::Padding Sum(const nn::Padding& a, const nn::Padding& b);

/// The padding of `window` as four numbers; nothing if it depends on the size of the image.
std::optional<nn::Padding> FixedPadding(const nn::Window& window);

/// `window` with SAME padding if that is equivalent at every size.
nn::Window Normalized(nn::Window window);

/// `window` with `border` added to its padding. Nothing if the padding depends on the size of the image, or if a window
/// could be entirely in the padding, which networks do not allow.
std::optional<nn::Window> WithBorder(nn::Window window, const nn::Padding& border);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_PADDING_H_
