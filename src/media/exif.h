// SPDX-License-Identifier: Apache-2.0
// Internal: the EXIF orientation, and rotating images upright.
#ifndef POSENET_MEDIA_EXIF_H_
#define POSENET_MEDIA_EXIF_H_

#include <cstddef>
#include <span>

#include "image/image.h"

namespace posenet::media {

/// The sides of the scene at row 0 and column 0 of the stored image: tag 274 of TIFF 6.0 and EXIF 2.3.
enum class Orientation {
  kTopLeft = 1,  ///< Upright.
  kTopRight,     ///< Mirrored left to right.
  kBottomRight,  ///< Rotated by 180 degrees.
  kBottomLeft,   ///< Mirrored top to bottom.
  kLeftTop,      ///< Transposed.
  kRightTop,     ///< To be rotated by 90 degrees clockwise.
  kRightBottom,  ///< Transposed and rotated by 180 degrees.
  kLeftBottom,   ///< To be rotated by 90 degrees counterclockwise.
};

/// The orientation of a tag value; kTopLeft for values outside 1 to 8.
Orientation OrientationFromTag(unsigned value);

/// The orientation in an APP1 segment of a JPEG (without its length); kTopLeft if it is missing or the segment is
/// damaged, because damaged metadata should not make an image unreadable.
Orientation ExifOrientation(std::span<const std::byte> app1);

/// `stored`, rotated and mirrored to be upright.
image::Image Upright(image::Image stored, Orientation orientation);

}  // namespace posenet::media

#endif  // POSENET_MEDIA_EXIF_H_
