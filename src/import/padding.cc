// SPDX-License-Identifier: Apache-2.0
#include "import/padding.h"

#include <algorithm>

namespace posenet::importer {
namespace {

bool IsStrided(const nn::Window& window) { return window.stride_height != 1 || window.stride_width != 1; }

bool IsPointwise(const nn::Window& window) { return window.kernel_height == 1 && window.kernel_width == 1; }

// SAME padding depends on the size of the image, except for stride 1 and for windows of one cell.
bool SameIsFixed(const nn::Window& window) { return !IsStrided(window) || IsPointwise(window); }

// SAME padding that does not depend on the size.
nn::Padding FixedSame(const nn::Window& window) {
  const int rows = (window.kernel_height - 1) * window.dilation_height;
  const int columns = (window.kernel_width - 1) * window.dilation_width;
  return {nn::PaddingMode::kExplicit, rows / 2, rows - rows / 2, columns / 2, columns - columns / 2};
}

}  // namespace

nn::Padding Sum(const nn::Padding& a, const nn::Padding& b) {
  return {nn::PaddingMode::kExplicit, a.top + b.top, a.bottom + b.bottom, a.left + b.left, a.right + b.right};
}

std::optional<nn::Padding> FixedPadding(const nn::Window& window) {
  switch (window.padding.mode) {
    case nn::PaddingMode::kExplicit:
      return window.padding;
    case nn::PaddingMode::kValid:
      return kNoBorder;
    case nn::PaddingMode::kSame:
      if (SameIsFixed(window)) return FixedSame(window);
      break;
    case nn::PaddingMode::kRoundUp:  // Depends on the size of the map.
      break;
  }
  return std::nullopt;
}

nn::Window Normalized(nn::Window window) {
  const auto fixed = FixedPadding(window);
  if (fixed && SameIsFixed(window) && *fixed == FixedSame(window)) window.padding = nn::Padding{};
  return window;
}

std::optional<nn::Window> WithBorder(nn::Window window, const nn::Padding& border) {
  const auto fixed = FixedPadding(window);
  if (!fixed) return std::nullopt;
  const nn::Padding sum = Sum(*fixed, border);
  if (std::max(sum.top, sum.bottom) > (window.kernel_height - 1) * window.dilation_height ||
      std::max(sum.left, sum.right) > (window.kernel_width - 1) * window.dilation_width) {
    return std::nullopt;
  }
  window.padding = sum;
  return window;
}

}  // namespace posenet::importer
