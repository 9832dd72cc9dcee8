// SPDX-License-Identifier: Apache-2.0
// Arithmetic of padding, for windows whose kernel is known.
#ifndef POSENET_IMPORT_PADDING_H_
#define POSENET_IMPORT_PADDING_H_

#include <optional>

#include "nn/graph/network.h"

namespace posenet::importer {

inline constexpr nn::Padding kNoBorder{nn::PaddingMode::kExplicit, 0, 0, 0, 0};

/// Both borders, one around the other. Both are explicit.
nn::Padding Sum(const nn::Padding& a, const nn::Padding& b);

/// The padding of `window` as four numbers, or nothing where it depends on the size of the image.
std::optional<nn::Padding> FixedPadding(const nn::Window& window);

/// `window` with its padding written as SAME where that is what it amounts to at every size.
nn::Window Normalized(nn::Window window);

/// `window` with `border` made part of its padding. Nothing where that depends on the size of the image, or where a
/// window could then lie in the padding completely, which networks do not allow.
std::optional<nn::Window> WithBorder(nn::Window window, const nn::Padding& border);

}  // namespace posenet::importer

#endif  // POSENET_IMPORT_PADDING_H_
