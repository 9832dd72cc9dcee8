// SPDX-License-Identifier: Apache-2.0
// Poses drawn over their picture.
#ifndef POSENET_MEDIA_DRAW_H_
#define POSENET_MEDIA_DRAW_H_

#include <span>

#include "image/image.h"
#include "posenet/pose.h"

namespace posenet::media {

/// What to draw.
struct DrawOptions {
  float min_keypoint_score = 0.2F;  ///< Weaker keypoints, and limbs that end in one, are left out.
};

/// `image` with each pose's skeleton, keypoints (left and right told apart) and score. Sizes of lines, dots and text
/// follow the picture's size. Small pictures are enlarged, so that the drawing stays readable: the answer may be larger
/// than `image`, in proportion.
Image DrawPoses(const Image& image, std::span<const Pose> poses, const DrawOptions& options = {});

}  // namespace posenet::media

#endif  // POSENET_MEDIA_DRAW_H_
