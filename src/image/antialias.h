// SPDX-License-Identifier: Apache-2.0
// Any part of an image at any size, without the moire that comes of leaving pixels out.
#ifndef POSENET_IMAGE_ANTIALIAS_H_
#define POSENET_IMAGE_ANTIALIAS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "image/normalization.h"
#include "posenet/image.h"

namespace posenet::image {

/// The part of an image that is looked at, in its pixels; pixel (x, y) covers [x, x + 1) x [y, y + 1). Sides above 0.
struct ViewRectangle {
  double left_px = 0.0;
  double top_px = 0.0;
  double width_px = 0.0;
  double height_px = 0.0;
  friend bool operator==(const ViewRectangle&, const ViewRectangle&) = default;
};

/// Resizes parts of images by Resampling::kAntialiased. A pixel of the target is a mean of the pixels around its
/// place in the source, columns and rows each for themselves, weighted by a triangle that reaches as far as pixels of
/// the target are apart in the source, and at least 1 pixel: what PIL's Image.resize(size, BILINEAR, box) defines, in
/// floats instead of PIL's two roundings to bytes. Pixels around the view count where the triangle reaches them.
/// Where the view reaches beyond the image, it is black there.
///
/// Working memory is kept: calls of sizes no larger than before allocate nothing. Used by one thread at a time.
class AntialiasResizer {
 public:
  /// Fills `target_hwc` [target_height_px, target_width_px, 3], RGB, with normalised floats, or with bytes, rounded.
  /// Preconditions: `source` passes CheckView; target sides are at least 1.
  void Run(const ImageView& source, const ViewRectangle& view, int target_width_px, int target_height_px,
           const Normalization& normalization, std::span<float> target_hwc);
  void Run(const ImageView& source, const ViewRectangle& view, int target_width_px, int target_height_px,
           std::span<std::uint8_t> target_hwc);

  /// The pixels that one column or row of the target is made of: `count` of them from `first` on.
  struct Taps {
    std::ptrdiff_t first = 0;
    std::size_t count = 0;   // 0 where all is black.
    std::size_t weight = 0;  // Where their weights start among all weights.
  };

 private:
  /// What all columns, or all rows, are made of.
  struct Axis {
    void Plan(double start_px, double length_px, std::int64_t source_size, int target_size);
    std::vector<Taps> taps;
    std::vector<float> weights;
    std::ptrdiff_t first = 0;  // All taps lie in [first, last).
    std::ptrdiff_t last = 0;
  };

  void Plan(const ImageView& source, const ViewRectangle& view, int target_width_px, int target_height_px);
  /// Row `y` of the target, RGB, into `rgb_`.
  void ResizeRow(const ImageView& source, int y);

  Axis columns_;
  Axis rows_;
  std::vector<float> blended_;  // Some rows of the source made one, in the source's channels.
  std::vector<float> rgb_;      // The same, resized to the target's width. Both have an element to spare.
  std::vector<float> bias_;     // The normalisation's, once for each column.
};

}  // namespace posenet::image

#endif  // POSENET_IMAGE_ANTIALIAS_H_
