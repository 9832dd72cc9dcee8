// SPDX-License-Identifier: Apache-2.0
// Thumbnails, for reports.
#ifndef POSENET_MEDIA_THUMBNAIL_H_
#define POSENET_MEDIA_THUMBNAIL_H_

#include <cstddef>
#include <vector>

#include "image/image.h"
#include "posenet/result.h"

namespace posenet::media {

/// `image` as a JPEG (quality 80), scaled down so that the longer side is at most `max_side_px`, which must be
/// positive.
/// Errors: kInvalidArgument for an empty image; kResourceExhausted if memory runs out.
Result<std::vector<std::byte>> EncodeThumbnail(const image::Image& image, int max_side_px);

}  // namespace posenet::media

#endif  // POSENET_MEDIA_THUMBNAIL_H_
