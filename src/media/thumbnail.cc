// SPDX-License-Identifier: Apache-2.0
#include "media/thumbnail.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/imgproc.hpp>

#include "base/error.h"
#include "media/codecs.h"

namespace posenet::media {
namespace {

// Area averaging.
image::Image ScaledDown(const image::Image& image, double scale) {
  const auto side = [scale](int side_px) { return std::max(1, static_cast<int>(std::lround(scale * side_px))); };
  image::Image small = {.width_px = side(image.width_px), .height_px = side(image.height_px), .rgb = {}};
  small.rgb.resize(static_cast<std::size_t>(small.width_px) * static_cast<std::size_t>(small.height_px) * 3);
  const cv::Mat source(image.height_px, image.width_px, CV_8UC3, const_cast<std::uint8_t*>(image.rgb.data()));
  cv::Mat target(small.height_px, small.width_px, CV_8UC3, small.rgb.data());
  cv::resize(source, target, target.size(), 0.0, 0.0, cv::INTER_AREA);
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
  } catch (const cv::Exception& error) {
    return base::Fail(ErrorCode::kResourceExhausted, "cannot scale the image: ", error.what());
  }
}

}  // namespace posenet::media
