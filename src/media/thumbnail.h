// SPDX-License-Identifier: Apache-2.0
// Small copies of images, for reports.
#ifndef POSENET_MEDIA_THUMBNAIL_H_
#define POSENET_MEDIA_THUMBNAIL_H_

#include <cstddef>
#include <vector>

#include "image/image.h"
#include "posenet/result.h"

namespace posenet::media {

/// `image` as a JPEG (quality 80) whose longer side is at most `max_side_px`, which is at least 1; never enlarged.
/// Errors: kInvalidArgument for an empty image, kResourceExhausted without memory.
Result<std::vector<std::byte>> EncodeThumbnail(const image::Image& image, int max_side_px);

}  // namespace posenet::media

#endif  // POSENET_MEDIA_THUMBNAIL_H_
