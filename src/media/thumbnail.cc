// SPDX-License-Identifier: Apache-2.0
#include "media/thumbnail.h"

#include <algorithm>
#include <cmath>
#include <new>

#include "base/error.h"
#include "image/antialias.h"
#include "media/codecs.h"

namespace posenet::media {
namespace {

image::Image ScaledDown(const image::Image& image, double scale) {
  const auto side = [scale](int side_px) { return std::max(1, static_cast<int>(std::lround(scale * side_px))); };
  image::Image small = {.width_px = side(image.width_px), .height_px = side(image.height_px), .rgb = {}};
  small.rgb.resize(static_cast<std::size_t>(small.width_px) * static_cast<std::size_t>(small.height_px) * 3);
  image::AntialiasResizer().Run(image.View(), {.width_px = 1.0 * image.width_px, .height_px = 1.0 * image.height_px},
                                {.width_px = small.width_px, .height_px = small.height_px}, small.rgb);
  return small;
}

}  // namespace

Result<std::vector<std::byte>> EncodeThumbnail(const image::Image& image, int max_side_px) {
  constexpr int kQuality = 80;
  POSENET_RETURN_IF_ERROR(image::CheckView(image.View()));
  const double scale = static_cast<double>(max_side_px) / std::max(image.width_px, image.height_px);
  try {
    return EncodeJpeg(scale < 1.0 ? ScaledDown(image, scale) : image, kQuality);
  } catch (const std::bad_alloc&) {
    return base::Fail(ErrorCode::kResourceExhausted, "not enough memory for a thumbnail");
  }
}

}  // namespace posenet::media
