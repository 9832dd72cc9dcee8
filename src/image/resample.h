// SPDX-License-Identifier: Apache-2.0
// From an image of any size to the float tensor of a network, and positions back again.
#ifndef POSENET_IMAGE_RESAMPLE_H_
#define POSENET_IMAGE_RESAMPLE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "image/antialias.h"
#include "image/image.h"
#include "image/normalization.h"
#include "posenet/pose.h"

namespace posenet::image {

/// An image padded with zeros (black) or cropped, then resized to its target. TensorFlow.js PoseNet pads to the aspect
/// of the target.
struct PadAndResize {
  int source_width_px = 0;
  int source_height_px = 0;
  int target_width_px = 0;
  int target_height_px = 0;
  // In source pixels; negative where the image is cropped. 64 bits: padding a line of 2^31 pixels to a square, or
  // narrower, takes as many rows, or more.
  std::int64_t pad_top_px = 0;
  std::int64_t pad_bottom_px = 0;
  std::int64_t pad_left_px = 0;
  std::int64_t pad_right_px = 0;

  [[nodiscard]] std::int64_t PaddedWidthPx() const { return source_width_px + pad_left_px + pad_right_px; }
  [[nodiscard]] std::int64_t PaddedHeightPx() const { return source_height_px + pad_top_px + pad_bottom_px; }

  /// Where a position in the target lies in the source.
  [[nodiscard]] Point SourceFromTarget(Point target_px) const;

  friend bool operator==(const PadAndResize&, const PadAndResize&) = default;
};

/// The padding for a source of `source_width_px` x `source_height_px`; all sizes at least 1.
/// Source: TensorFlow.js PoseNet, util.ts padAndResizeTo.
PadAndResize FitWithPadding(int source_width_px, int source_height_px, int target_width_px, int target_height_px);

/// No padding: rows and columns are scaled by themselves, as Coral does.
PadAndResize FitByStretching(int source_width_px, int source_height_px, int target_width_px, int target_height_px);

/// The largest centred part of the source that has the target's aspect, rounded to whole pixels.
PadAndResize FitByCropping(int source_width_px, int source_height_px, int target_width_px, int target_height_px);

/// One of the three.
PadAndResize FitImage(ImageFit fit, int source_width_px, int source_height_px, int target_width_px,
                      int target_height_px);

/// Fills network inputs from images. Its working memory, a few rows of the target, grows to the largest target so
/// far; calls of the same target size allocate nothing. Used by one thread at a time.
class PadResizer {
 public:
  /// Pads, resizes bilinearly (corner-aligned at the top left: source = target * source_size / target_size, clamped)
  /// and normalises `source` into `target_hwc` [target_height, target_width, 3]. Padding is black, then normalised.
  /// With kNearest each pixel is the one at floor((target + 0.5) * source_size / target_size), as in PIL; with
  /// kAntialiased it is AntialiasResizer's, of the padded or cropped image as a view.
  /// Preconditions: `source` passes CheckView and has the size that `fit` was made for.
  void Run(const ImageView& source, const PadAndResize& fit, const Normalization& normalization,
           std::span<float> target_hwc, Resampling resampling = Resampling::kBilinear);

  /// What one column of the target is made of: two pixels of a source row and their shares; a pixel of the padding has
  /// no share.
  struct ColumnTaps {
    std::ptrdiff_t left_byte = 0;
    std::ptrdiff_t right_byte = 0;
    float left_share = 0.0F;
    float right_share = 0.0F;
  };

 private:
  /// A row of the padded source, resized to the target's width: RGB.
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
  std::vector<float> bias_;  // The normalisation's, once for each column.
};

}  // namespace posenet::image

#endif  // POSENET_IMAGE_RESAMPLE_H_
