// SPDX-License-Identifier: Apache-2.0
// WebP by libwebp.
#include <webp/decode.h>
#include <webp/encode.h>

#include <memory>

#include "base/error.h"
#include "media/codecs.h"

namespace posenet::media {
namespace {

const std::uint8_t* BytePointer(std::span<const std::byte> bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

tl::unexpected<Error> FailureOf(VP8StatusCode status) {
  switch (status) {
    case VP8_STATUS_OUT_OF_MEMORY:
      return base::Fail(ErrorCode::kResourceExhausted, "not enough memory to decode the WebP");
    case VP8_STATUS_UNSUPPORTED_FEATURE:
      return base::Fail(ErrorCode::kUnsupported, "WebP has an unsupported feature");
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED:
      return base::Fail(ErrorCode::kCorruptData, "WebP is truncated");
    default:
      return base::Fail(ErrorCode::kCorruptData, "WebP is damaged");
  }
}

}  // namespace

Result<image::Image> DecodeWebp(std::span<const std::byte> bytes) {
  WebPDecoderConfig config;
  WebPInitDecoderConfig(&config);
  VP8StatusCode status = WebPGetFeatures(BytePointer(bytes), bytes.size(), &config.input);
  if (status != VP8_STATUS_OK) return FailureOf(status);
  if (config.input.has_animation != 0) {
    return base::Fail(ErrorCode::kUnsupported, "is an animated WebP; expected a still image");
  }
  POSENET_ASSIGN_OR_RETURN(image::Image image, NewImage(config.input.width, config.input.height));
  config.output.colorspace = MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA = {.rgba = image.rgb.data(), .stride = image.width_px * 3, .size = image.rgb.size()};
  status = WebPDecode(BytePointer(bytes), bytes.size(), &config);
  WebPFreeDecBuffer(&config.output);
  if (status != VP8_STATUS_OK) return FailureOf(status);
  return image;
}

Result<std::vector<std::byte>> EncodeWebp(const image::Image& image, float quality) {
  if (image.width_px > WEBP_MAX_DIMENSION || image.height_px > WEBP_MAX_DIMENSION) {
    return base::Fail(ErrorCode::kUnsupported, "cannot encode ", image.width_px, " x ", image.height_px,
                      " pixels as WebP; sides are limited to ", WEBP_MAX_DIMENSION, " pixels");
  }
  std::uint8_t* encoded = nullptr;
  const std::size_t size =
      WebPEncodeRGB(image.rgb.data(), image.width_px, image.height_px, image.width_px * 3, quality, &encoded);
  const std::unique_ptr<std::uint8_t, decltype(&WebPFree)> owner(encoded, WebPFree);
  if (size == 0) return base::Fail(ErrorCode::kResourceExhausted, "cannot encode WebP");
  const auto* begin = reinterpret_cast<const std::byte*>(encoded);
  return std::vector<std::byte>(begin, begin + size);
}

}  // namespace posenet::media
