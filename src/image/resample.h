// SPDX-License-Identifier: Apache-2.0
// From an image of any size to the input tensor of a network, and positions back to the image.
#ifndef POSENET_IMAGE_RESAMPLE_H_
#define POSENET_IMAGE_RESAMPLE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "image/antialias.h"
#include "image/image.h"
#include "image/normalization.h"
#include "image/size.h"
#include "posenet/pose.h"

namespace posenet::image {

/// How an image is fitted to a network input: padded with black, or cropped, then resized.
struct PadAndResize {
  Size source;
  Size target;
  // In source pixels; negative values crop. 64 bits, because padding a row of 2^31 pixels to a square takes as many
  // rows, and to a narrower input even more.
  std::int64_t pad_top_px = 0;
  std::int64_t pad_bottom_px = 0;
  std::int64_t pad_left_px = 0;
  std::int64_t pad_right_px = 0;

  [[nodiscard]] std::int64_t PaddedWidthPx() const { return source.width_px + pad_left_px + pad_right_px; }
  [[nodiscard]] std::int64_t PaddedHeightPx() const { return source.height_px + pad_top_px + pad_bottom_px; }

  /// The position in the source of a position in the target.
  [[nodiscard]] Point SourceFromTarget(Point target_px) const;

  friend bool operator==(const PadAndResize&, const PadAndResize&) = default;
};

/// Pads `source` to the aspect ratio of `target`, symmetrically. All sides must be at least 1, here and below.
/// Source: TensorFlow.js PoseNet, util.ts padAndResizeTo.
PadAndResize FitWithPadding(Size source, Size target);

/// Scales x and y independently, as Coral does.
PadAndResize FitByStretching(Size source, Size target);

/// Crops `source` to its largest central part with the aspect ratio of `target`, rounded to whole pixels.
PadAndResize FitByCropping(Size source, Size target);

/// One of the three.
PadAndResize FitImage(ImageFit fit, Size source, Size target);

/// Fills network inputs from images. Keeps its working memory, a few rows of the target: calls with the same target
/// size do not allocate. Not thread-safe.
class PadResizer {
 public:
  /// Pads or crops, resizes and normalizes `source` into `target_hwc` [target.height_px, target.width_px, 3], RGB.
  /// Padding is black before normalization. kBilinear aligns top-left corners: source = target * source_size /
  /// target_size, clamped. kNearest takes the pixel at floor((target + 0.5) * source_size / target_size), as PIL does.
  /// kAntialiased is AntialiasResizer. Preconditions: `source` passes CheckView and has the size `fit.source`.
  void Run(const ImageView& source, const PadAndResize& fit, const Normalization& normalization,
           std::span<float> target_hwc, Resampling resampling = Resampling::kBilinear);

  /// The two source pixels that contribute to one column of the target, and their weights; padding has weight 0.
  struct ColumnTaps {
    std::ptrdiff_t left_byte = 0;
    std::ptrdiff_t right_byte = 0;
    float left_weight = 0.0F;
    float right_weight = 0.0F;
  };

 private:
  /// A row of the padded source, resized to the target's width; RGB.
  struct Row {
    std::int64_t padded_y = -1;
    std::vector<float> rgb;
  };
  void FillRow(const ImageView& source, const PadAndResize& fit, std::int64_t padded_y, Row& row) const;
  void RunBilinear(const ImageView& source, const PadAndResize& fit, const Normalization& normalization,
                   std::span<float> target_hwc);
  void RunNearest(const ImageView& source, const PadAndResize& fit, const Normalization& normalization,
                  std::span<float> target_hwc);

  AntialiasResizer antialias_;
  std::vector<ColumnTaps> columns_;
  Row above_;
  Row below_;
  std::vector<float> bias_;  // Normalization::bias, repeated for each column.
};

}  // namespace posenet::image

#endif  // POSENET_IMAGE_RESAMPLE_H_
