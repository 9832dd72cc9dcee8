// SPDX-License-Identifier: Apache-2.0
// The size of an encoded image, to check untrusted input before decoding it.
#ifndef POSENET_MEDIA_IMAGE_HEADER_H_
#define POSENET_MEDIA_IMAGE_HEADER_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "posenet/result.h"

namespace posenet::media {

/// The cost of decoding an image.
struct ImageHeader {
  std::int64_t width_px = 0;
  std::int64_t height_px = 0;
  /// Passes over the whole image: the number of scans of a progressive JPEG, otherwise 1.
  std::int64_t pass_count = 1;
};

/// Reads the header of a JPEG, PNG or WebP; the format is detected from the content.
/// Errors: kUnsupported for other formats; kCorruptData if the size is missing.
Result<ImageHeader> ReadImageHeader(std::span<const std::byte> data);

}  // namespace posenet::media

#endif  // POSENET_MEDIA_IMAGE_HEADER_H_
