// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_HUMAN_FOLLOW_REGION_H_
#define POSENET_HUMAN_FOLLOW_REGION_H_

#include <vector>

#include "human/body.h"
#include "image/size.h"
#include "posenet/follow.h"
#include "posenet/movenet.h"

namespace posenet::human {

/// Predicts the crop around a person in the next frame from the previous frames.
class FollowRegion {
 public:
  /// `scale` is PersonFollowerOptions::region_scale, `aspect` the width divided by the height of the regions.
  FollowRegion(double scale, double aspect) : scale_(scale), aspect_(aspect) {}

  /// Adds a frame, in which `box_px` bounds the person's keypoints.
  void Add(const body::Box& box_px);

  /// Forgets all frames.
  void Clear() { has_box_ = false; }

  /// The region in an image of that size; shifted, not cropped, to be inside of it.
  [[nodiscard]] PixelRegion RegionIn(image::Size image) const;

  [[nodiscard]] bool has_box() const { return has_box_; }

 private:
  double scale_;
  double aspect_;
  bool has_box_ = false;
  double center_x_px_ = 0.0;
  double center_y_px_ = 0.0;
  double height_px_ = 0.0;
};

/// `region`, which MoveNetCrop chose in an image of that size, in whole pixels. May extend beyond the image; the whole
/// image, not squared, if the region contains it, or is too large for an image that is long and narrow.
PixelRegion PixelRegionOf(const SquareRegion& region, image::Size image);

/// The parts of an image in which to search for people who are too small in the whole image: regions of that `aspect`,
/// with sides 0.6 times those of the largest that fits, which overlap by at least a third. Empty for images of a few
/// pixels.
std::vector<PixelRegion> SearchRegions(image::Size image, double aspect);

}  // namespace posenet::human

#endif  // POSENET_HUMAN_FOLLOW_REGION_H_
