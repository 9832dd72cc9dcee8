// SPDX-License-Identifier: Apache-2.0
// How large an image claims to be, read from its first bytes: what strangers send is measured before it is decoded.
#ifndef POSENET_MEDIA_IMAGE_HEADER_H_
#define POSENET_MEDIA_IMAGE_HEADER_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "posenet/result.h"

namespace posenet::media {

struct ImageHeader {
  std::int64_t width_px = 0;
  std::int64_t height_px = 0;
  /// Passes over the whole image that decoding takes: the scans of a progressive JPEG, otherwise 1.
  std::int64_t pass_count = 1;
};

/// The header of a JPEG, PNG or WebP, told apart by content.
/// Errors: kUnsupported for data of another format, kCorruptData where the size is not there.
Result<ImageHeader> ReadImageHeader(std::span<const std::byte> data);

}  // namespace posenet::media

#endif  // POSENET_MEDIA_IMAGE_HEADER_H_
