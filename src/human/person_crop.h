// SPDX-License-Identifier: Apache-2.0
// The crop around a person on which a MoveNet estimates their pose.
#ifndef POSENET_HUMAN_PERSON_CROP_H_
#define POSENET_HUMAN_PERSON_CROP_H_

#include <optional>

#include "image/size.h"
#include "image/square_crop.h"
#include "posenet/pose.h"
#include "posenet/refine.h"

namespace posenet::human {

/// The angle by which the person is rotated, clockwise as seen, in (-pi, pi]: 0 if the shoulders are above the hips.
/// Nothing unless a shoulder and a hip have at least `min_score`.
std::optional<double> TiltOf(const Pose& pose, float min_score);

/// A crop around a person.
struct PersonCrop {
  image::SquareCrop square;
  // The sides of the person's bounding box, with the margin, relative to the side of the square, in (0, 1]: a network
  // need not see more of it.
  double width_norm = 1.0;
  double height_norm = 1.0;
};

/// The crop around `pose`, which must be finite; nothing with fewer than two confident keypoints, or if the crop would
/// be unreasonably large.
std::optional<PersonCrop> CropAround(const Pose& pose, const PersonRefinerOptions& options);

/// Transforms `pose` from pixels of a network's input of that size, filled by SquareCropper, to the image.
void MapFromCrop(const image::SquareCrop& crop, image::Size input, Pose& pose);

/// The inverse of MapFromCrop.
void MapToCrop(const image::SquareCrop& crop, image::Size input, Pose& pose);

}  // namespace posenet::human

#endif  // POSENET_HUMAN_PERSON_CROP_H_
