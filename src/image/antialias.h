// SPDX-License-Identifier: Apache-2.0
// Resizing with a low-pass filter, so that downscaling does not alias.
#ifndef POSENET_IMAGE_ANTIALIAS_H_
#define POSENET_IMAGE_ANTIALIAS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "image/normalization.h"
#include "image/size.h"
#include "posenet/image.h"

namespace posenet::image {

/// A part of an image; pixel (x, y) covers [x, x + 1) x [y, y + 1). Sides are above 0. May extend beyond the image.
struct ViewRectangle {
  double left_px = 0.0;
  double top_px = 0.0;
  double width_px = 0.0;
  double height_px = 0.0;
  friend bool operator==(const ViewRectangle&, const ViewRectangle&) = default;
};

/// Resizes parts of images by Resampling::kAntialiased: a separable triangle filter, whose reach is the distance
/// between target pixels in the source, and at least 1 pixel. Equals PIL's Image.resize(size, BILINEAR, box), except
/// that PIL rounds to bytes twice. The filter also reads pixels around the view. Outside the image, the view is black.
///
/// Keeps its working memory: calls with sizes no larger than before do not allocate. Not thread-safe.
class AntialiasResizer {
 public:
  /// Resizes `view` of `source` into `target_hwc` [target.height_px, target.width_px, 3], RGB: normalized floats, or
  /// rounded bytes. Preconditions: `source` passes CheckView; target sides are at least 1.
  void Run(const ImageView& source, const ViewRectangle& view, Size target, const Normalization& normalization,
           std::span<float> target_hwc);
  void Run(const ImageView& source, const ViewRectangle& view, Size target, std::span<std::uint8_t> target_hwc);

  /// The source pixels that contribute to one column or row of the target: `count` of them, starting at `first`.
  struct Taps {
    std::ptrdiff_t first = 0;
    std::size_t count = 0;   // 0 outside the image.
    std::size_t weight = 0;  // Index of the first weight in Axis::weights.
  };

 private:
  /// The taps of all columns, or of all rows.
  struct Axis {
    void Plan(double start_px, double length_px, std::int64_t source_size, int target_size);
    std::vector<Taps> taps;
    std::vector<float> weights;
    std::ptrdiff_t first = 0;  // All taps lie in [first, last).
    std::ptrdiff_t last = 0;
  };

  void Plan(const ImageView& source, const ViewRectangle& view, Size target);
  /// Computes row `y` of the target, RGB, in `rgb_`.
  void ResizeRow(const ImageView& source, int y);

  Axis columns_;
  Axis rows_;
  std::vector<float> blended_;  // The weighted sum of source rows, in the channels of the source, and spare elements.
  std::vector<float> rgb_;      // The same, resized to the target's width.
  std::vector<float> bias_;     // Normalization::bias, repeated for each column.
};

}  // namespace posenet::image

#endif  // POSENET_IMAGE_ANTIALIAS_H_
