// SPDX-License-Identifier: Apache-2.0
// The crop around a person on which a MoveNet estimates their pose.
#ifndef POSENET_HUMAN_PERSON_CROP_H_
#define POSENET_HUMAN_PERSON_CROP_H_

#include <optional>

#include "image/square_crop.h"
#include "posenet/pose.h"
#include "posenet/refine.h"

namespace posenet::human {

/// The angle by which the person is rotated, clockwise as seen, in (-pi, pi]: 0 if the shoulders are above the hips.
/// Nothing unless a shoulder and a hip have at least `min_score`.
std::optional<double> TiltOf(const Pose& pose, float min_score);

/// The crop around `pose`, which must be finite; nothing with fewer than two confident keypoints, or if the crop would
/// be unreasonably large.
std::optional<image::SquareCrop> CropAround(const Pose& pose, const PersonRefinerOptions& options);

/// Transforms `pose` from pixels of a network's input, of which the crop fills all `input_side_px`, to the image.
void MapFromCrop(const image::SquareCrop& crop, int input_side_px, Pose& pose);

}  // namespace posenet::human

#endif  // POSENET_HUMAN_PERSON_CROP_H_
