// SPDX-License-Identifier: Apache-2.0
// From a picture of any size to the float tensor of a network, and positions back again.
#ifndef POSENET_IMAGE_RESAMPLE_H_
#define POSENET_IMAGE_RESAMPLE_H_

#include <array>
#include <span>

#include "image/image.h"
#include "posenet/pose.h"

namespace posenet {

/// What a network expects of an 8-bit RGB channel value v: v * scale + bias[channel].
struct Normalization {
  float scale = 1.0F;
  std::array<float, 3> bias = {0.0F, 0.0F, 0.0F};
  friend bool operator==(const Normalization&, const Normalization&) = default;
};

/// A picture padded with zeros (black) to the aspect of its target, then resized to it, as TensorFlow.js PoseNet does.
struct PadAndResize {
  int source_width_px = 0;
  int source_height_px = 0;
  int target_width_px = 0;
  int target_height_px = 0;
  int pad_top_px = 0;  // In source pixels.
  int pad_bottom_px = 0;
  int pad_left_px = 0;
  int pad_right_px = 0;

  /// Where a position in the target lies in the source.
  [[nodiscard]] Point SourceFromTarget(Point target_px) const;
};

/// The padding for a source of `source_width_px` x `source_height_px`; all sizes at least 1.
/// Source: TensorFlow.js PoseNet, util.ts padAndResizeTo.
PadAndResize FitWithPadding(int source_width_px, int source_height_px, int target_width_px, int target_height_px);

/// Pads, resizes bilinearly (corner-aligned at the top left: source = target * source_size / target_size, clamped) and
/// normalises `source` into `target_hwc` [target_height, target_width, 3]. Padding is black, then normalised.
/// Preconditions: `source` passes CheckView and has the size that `fit` was made for.
void PadResizeNormalize(const ImageView& source, const PadAndResize& fit, const Normalization& normalization,
                        std::span<float> target_hwc);

}  // namespace posenet

#endif  // POSENET_IMAGE_RESAMPLE_H_
