// SPDX-License-Identifier: Apache-2.0
// Rotated crops of an image for a network, and positions back to the image.
#ifndef POSENET_IMAGE_SQUARE_CROP_H_
#define POSENET_IMAGE_SQUARE_CROP_H_

#include <cstdint>
#include <span>
#include <vector>

#include "image/antialias.h"
#include "image/normalization.h"
#include "image/size.h"
#include "posenet/image.h"
#include "posenet/pose.h"

namespace posenet::image {

/// A square part of an image. May extend beyond it. The center is in pixels of the image, of which the center of the
/// top-left one is at (0, 0).
struct SquareCrop {
  double center_x_px = 0.0;
  double center_y_px = 0.0;
  double side_px = 0.0;    ///< Above 0.
  double angle_rad = 0.0;  ///< From the x axis of the image to that of the crop, clockwise as seen (y points down).
  friend bool operator==(const SquareCrop&, const SquareCrop&) = default;
};

/// The position in the image of one in the crop, whose edges are at 0 and 1.
Point ImageFromCrop(const SquareCrop& crop, double x_norm, double y_norm);

/// The position in the crop, whose edges are at 0 and 1, of one in the image.
Point CropFromImage(const SquareCrop& crop, Point image_px);

/// Fills network inputs with square crops. Bilinear, with a low-pass filter if the crop is larger than the target
/// (AntialiasResizer); rotated crops are interpolated once more. Black outside of the image.
///
/// Keeps its working memory: calls do not allocate once it has grown to the size that the targets need. Not
/// thread-safe.
class SquareCropper {
 public:
  /// Resizes `crop` of `source` into `target_hwc` [height, width, 3], RGB, and normalizes it. The longer side of the
  /// target is that of the crop; a target that is not square gets the middle of it. Preconditions: `source` passes
  /// CheckView; all members of `crop` are finite and at most 1e7 in magnitude.
  void Run(const ImageView& source, const SquareCrop& crop, Size target, const Normalization& normalization,
           std::span<float> target_hwc);

 private:
  void RunRotated(const ImageView& source, const SquareCrop& crop, Size target, const Normalization& normalization,
                  std::span<float> target_hwc);

  AntialiasResizer resizer_;
  std::vector<std::uint8_t> upright_rgb_;  // The bounding square of a rotated crop, at the scale of the target.
};

}  // namespace posenet::image

#endif  // POSENET_IMAGE_SQUARE_CROP_H_
