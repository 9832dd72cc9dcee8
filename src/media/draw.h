// SPDX-License-Identifier: Apache-2.0
// Drawing of poses.
#ifndef POSENET_MEDIA_DRAW_H_
#define POSENET_MEDIA_DRAW_H_

#include <cstdint>
#include <span>

#include "image/image.h"
#include "posenet/pose.h"

namespace posenet::media {

/// Options of DrawPoses.
struct DrawOptions {
  float min_keypoint_score = 0.2F;  ///< Keypoints that score less, and their limbs, are not drawn.
  /// Images with a shorter longer side are enlarged to this, so that the drawing is legible. The default is the size of
  /// the images of COCO.
  int min_longer_side_px = 640;
  /// Track IDs: empty, or one per pose. The ID is the label, instead of the score, and determines the color.
  std::span<const std::int64_t> ids = {};
};

/// Draws each pose over `image`: a skeleton in the color of the person, keypoints (left orange, right blue) and a label
/// with the score or ID. Lines and dots scale with the image and the person, text with the image. Positions may be
/// outside the image; non-finite ones are skipped. Earlier poses are drawn on top of later ones.
image::Image DrawPoses(const image::Image& image, std::span<const Pose> poses, const DrawOptions& options = {});

}  // namespace posenet::media

#endif  // POSENET_MEDIA_DRAW_H_
