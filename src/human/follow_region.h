// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_HUMAN_FOLLOW_REGION_H_
#define POSENET_HUMAN_FOLLOW_REGION_H_

#include <vector>

#include "human/body.h"
#include "posenet/follow.h"

namespace posenet::human {

/// Where to look for a person in the next frame, from where they were in those before.
class FollowRegion {
 public:
  /// `aspect` is width by height of the regions.
  FollowRegion(double scale, double aspect) : scale_(scale), aspect_(aspect) {}

  /// The person's keypoints are in `box_px` now.
  void Add(const body::Box& box_px);

  /// Begins anew.
  void Clear() { has_box_ = false; }

  /// The region in an image of that size: inside of it, and moved rather than cut where it would stand out.
  [[nodiscard]] PixelRegion RegionIn(int width_px, int height_px) const;

  [[nodiscard]] bool has_box() const { return has_box_; }

 private:
  double scale_;
  double aspect_;
  bool has_box_ = false;
  double center_x_px_ = 0.0;
  double center_y_px_ = 0.0;
  double height_px_ = 0.0;
};

/// Parts of an image to search for people who are too small in all of it: regions of that `aspect`, 0.6 times as high
/// and wide as the largest that fits, which overlap by a third or more. None for images of a few pixels.
std::vector<PixelRegion> SearchRegions(int width_px, int height_px, double aspect);

}  // namespace posenet::human

#endif  // POSENET_HUMAN_FOLLOW_REGION_H_
