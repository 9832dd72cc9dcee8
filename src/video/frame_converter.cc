// SPDX-License-Identifier: Apache-2.0
#include "video/frame_converter.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>

#include "base/error.h"
#include "media/image_file.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace posenet::video {
namespace {

constexpr int kNeutral = 1 << 16;  // Contrast and saturation of swscale: 1 in 16.16.

const int* CoefficientsOf(const AVFrame& frame) {
  const AVColorSpace space =
      frame.colorspace == AVCOL_SPC_UNSPECIFIED ? DefaultColorSpace(frame.height) : frame.colorspace;
  return sws_getCoefficients(space);
}

// Pixels of JPEG have the full range even if the frame does not declare it.
int IsFullRange(const AVFrame& frame) {
  const bool is_jpeg = frame.format == AV_PIX_FMT_YUVJ420P || frame.format == AV_PIX_FMT_YUVJ422P ||
                       frame.format == AV_PIX_FMT_YUVJ444P || frame.format == AV_PIX_FMT_YUVJ440P;
  return is_jpeg || frame.color_range == AVCOL_RANGE_JPEG ? 1 : 0;
}

}  // namespace

Result<void> FrameConverter::Prepare(const AVFrame& frame) {
  if (frame.width < 1 || frame.height < 1) {
    return base::Fail(ErrorCode::kCorruptData, "the frame is ", frame.width, "x", frame.height, " pixels");
  }
  if (std::int64_t{frame.width} * frame.height > media::kMaxPixels) {
    return base::Fail(ErrorCode::kResourceExhausted, "the frame is ", frame.width, "x", frame.height,
                      "; expected at most ", media::kMaxPixels, " pixels");
  }
  const auto format = static_cast<AVPixelFormat>(frame.format);
  // Exact rounding and full chroma, so that the network sees the same pixels as in a JPEG of the frame.
  constexpr int kFlags = SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT;
  scaler_.reset(sws_getCachedContext(scaler_.release(), frame.width, frame.height, format, frame.width, frame.height,
                                     AV_PIX_FMT_RGB24, kFlags, nullptr, nullptr, nullptr));
  if (scaler_ == nullptr) {
    const char* const name = av_get_pix_fmt_name(format);
    return base::Fail(ErrorCode::kUnsupported, "pixels of the format ", name != nullptr ? name : "?",
                      " cannot be read");
  }
  sws_setColorspaceDetails(scaler_.get(), CoefficientsOf(frame), IsFullRange(frame),
                           sws_getCoefficients(SWS_CS_DEFAULT), /*dstRange=*/1, 0, kNeutral, kNeutral);
  if (rgb_ != nullptr && rgb_->width == frame.width && rgb_->height == frame.height) return {};
  rgb_.reset(av_frame_alloc());
  if (rgb_ == nullptr) return base::Fail(ErrorCode::kResourceExhausted, "out of memory");
  rgb_->format = AV_PIX_FMT_RGB24;
  rgb_->width = frame.width;
  rgb_->height = frame.height;
  if (av_frame_get_buffer(rgb_.get(), 0) < 0) return base::Fail(ErrorCode::kResourceExhausted, "out of memory");
  return {};
}

Result<image::Image> FrameConverter::Convert(const AVFrame& frame) {
  POSENET_RETURN_IF_ERROR(Prepare(frame));
  if (sws_scale(scaler_.get(), frame.data, frame.linesize, 0, frame.height, rgb_->data, rgb_->linesize) < 0) {
    return base::Fail(ErrorCode::kCorruptData, "the pixels of the frame cannot be converted");
  }
  // swscale writes padding after rows, which our images do not have.
  image::Image image = {.width_px = frame.width, .height_px = frame.height, .rgb = {}};
  const std::size_t row_bytes = static_cast<std::size_t>(frame.width) * 3;
  image.rgb.resize(row_bytes * static_cast<std::size_t>(frame.height));
  const std::uint8_t* from = rgb_->data[0];
  for (std::size_t row = 0; row < image.rgb.size(); row += row_bytes, from += rgb_->linesize[0]) {
    std::memcpy(&image.rgb[row], from, row_bytes);
  }
  return media::Upright(std::move(image), orientation_);
}

}  // namespace posenet::video
