// SPDX-License-Identifier: Apache-2.0
// Poses drawn over their image.
#ifndef POSENET_MEDIA_DRAW_H_
#define POSENET_MEDIA_DRAW_H_

#include <cstdint>
#include <span>

#include "image/image.h"
#include "posenet/pose.h"

namespace posenet::media {

/// What to draw.
struct DrawOptions {
  float min_keypoint_score = 0.2F;  ///< Weaker keypoints, and limbs that end in one, are left out.
  /// Images whose longer side is shorter are enlarged to it, in proportion, so that the drawing stays readable.
  int min_longer_side_px = 640;  // That of COCO's images.
  /// The person that each pose is, over time: its number is shown instead of the score, and keeps its colour. Empty, or
  /// one for each pose.
  std::span<const std::int64_t> ids = {};
};

/// `image` with each pose's skeleton in a colour of its own, keypoints (left ones orange, right ones blue) and score.
/// Sizes of lines and dots follow the image's size and the person's, text the image's. Positions may lie outside
/// the image; those that are not finite are left out. Earlier poses are drawn over later ones.
image::Image DrawPoses(const image::Image& image, std::span<const Pose> poses, const DrawOptions& options = {});

}  // namespace posenet::media

#endif  // POSENET_MEDIA_DRAW_H_
