// SPDX-License-Identifier: Apache-2.0
#include "image/image.h"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "base/error.h"

namespace posenet::image {

Result<void> CheckView(const ImageView& view) {
  if (view.data == nullptr) return base::Fail(ErrorCode::kInvalidArgument, "image: data is null");
  if (view.width_px < 1 || view.height_px < 1) {
    return base::Fail(ErrorCode::kInvalidArgument, "image: ", view.width_px, "x", view.height_px,
                      " pixels; expected sides of at least 1");
  }
  const int bytes_per_pixel = BytesPerPixel(view.format);
  if (bytes_per_pixel == 0) {
    return base::Fail(ErrorCode::kInvalidArgument, "image: pixel format ", static_cast<int>(view.format),
                      " does not exist");
  }
  if (view.height_px == 1) return {};

  const std::ptrdiff_t row_bytes = std::ptrdiff_t{view.width_px} * bytes_per_pixel;
  const std::ptrdiff_t stride = view.RowStrideBytes();
  if (stride < row_bytes && stride > -row_bytes) {
    return base::Fail(ErrorCode::kInvalidArgument, "image: rows of ", row_bytes, " bytes overlap at a row stride of ",
                      stride, " bytes");
  }
  const std::ptrdiff_t max_stride = std::numeric_limits<std::ptrdiff_t>::max() / view.height_px;
  if (stride > max_stride || stride < -max_stride) {
    return base::Fail(ErrorCode::kInvalidArgument, "image: ", view.height_px, " rows at a row stride of ", stride,
                      " bytes do not fit into memory");
  }
  return {};
}

void FlipHorizontally(Image& image) {
  constexpr std::size_t kChannels = 3;
  const std::size_t row_bytes = static_cast<std::size_t>(image.width_px) * kChannels;
  for (std::size_t row = 0; row < image.rgb.size(); row += row_bytes) {
    for (std::size_t left = row, right = row + row_bytes - kChannels; left < right;
         left += kChannels, right -= kChannels) {
      std::swap_ranges(&image.rgb[left], &image.rgb[left] + kChannels, &image.rgb[right]);
    }
  }
}

}  // namespace posenet::image
