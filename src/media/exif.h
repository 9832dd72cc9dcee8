// SPDX-License-Identifier: Apache-2.0
// Inside media: how a camera was held, and turning its image upright.
#ifndef POSENET_MEDIA_EXIF_H_
#define POSENET_MEDIA_EXIF_H_

#include <cstddef>
#include <span>

#include "image/image.h"

namespace posenet::media {

/// Which sides of the scene the first row and the first column of the stored image show. Values of tag 274 of
/// TIFF 6.0 and EXIF 2.3.
enum class Orientation {
  kTopLeft = 1,  ///< Upright.
  kTopRight,     ///< Mirrored left to right.
  kBottomRight,  ///< Turned by 180 degrees.
  kBottomLeft,   ///< Mirrored top to bottom.
  kLeftTop,      ///< Rows and columns exchanged.
  kRightTop,     ///< Upright after a quarter turn clockwise.
  kRightBottom,  ///< Rows and columns exchanged, then turned by 180 degrees.
  kLeftBottom,   ///< Upright after a quarter turn counter-clockwise.
};

/// The orientation with that tag value; kTopLeft for values outside 1..8.
Orientation OrientationFromTag(unsigned value);

/// The orientation in a JPEG's APP1 segment (after its length). Segments without one, or damaged, answer kTopLeft: a
/// image with unreadable metadata is still an image.
Orientation ExifOrientation(std::span<const std::byte> app1);

/// `stored` as the scene stood.
image::Image Upright(image::Image stored, Orientation orientation);

}  // namespace posenet::media

#endif  // POSENET_MEDIA_EXIF_H_
