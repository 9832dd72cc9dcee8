// SPDX-License-Identifier: Apache-2.0
// Internal: a decoder and possibly an encoder for each format, in memory. Error messages do not name the image;
// image_file.cc adds the name. The libraries are configured not to print or exit.
#ifndef POSENET_MEDIA_CODECS_H_
#define POSENET_MEDIA_CODECS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "image/image.h"
#include "posenet/result.h"

namespace posenet::media {

/// Decoders. `bytes` must start with the format's signature. Errors: as DecodeImage. May throw std::bad_alloc.
Result<image::Image> DecodeJpeg(std::span<const std::byte> bytes);
Result<image::Image> DecodePng(std::span<const std::byte> bytes);
Result<image::Image> DecodeWebp(std::span<const std::byte> bytes);
Result<image::Image> DecodeTiff(std::span<const std::byte> bytes);
Result<image::Image> DecodeBmp(std::span<const std::byte> bytes);

/// Encoders. `image` must not be empty. Errors: kUnsupported if a side is longer than the format allows;
/// kResourceExhausted if memory runs out. May throw std::bad_alloc.
Result<std::vector<std::byte>> EncodeJpeg(const image::Image& image, int quality);
Result<std::vector<std::byte>> EncodePng(const image::Image& image);
Result<std::vector<std::byte>> EncodeWebp(const image::Image& image, float quality);

/// A black image of the size in a header.
/// Errors: kCorruptData for a side below 1, kResourceExhausted above kMaxPixels.
Result<image::Image> NewImage(std::int64_t width_px, std::int64_t height_px);

}  // namespace posenet::media

#endif  // POSENET_MEDIA_CODECS_H_
