// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_IMAGE_SIZE_H_
#define POSENET_IMAGE_SIZE_H_

#include "posenet/image.h"

namespace posenet::image {

/// The size of an image.
struct Size {
  int width_px = 0;
  int height_px = 0;
  friend bool operator==(const Size&, const Size&) = default;
};

inline Size SizeOf(const ImageView& image) { return {.width_px = image.width_px, .height_px = image.height_px}; }

}  // namespace posenet::image

#endif  // POSENET_IMAGE_SIZE_H_
