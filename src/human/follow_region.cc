// SPDX-License-Identifier: Apache-2.0
#include "human/follow_region.h"

#include <algorithm>
#include <cmath>

namespace posenet::human {
namespace {

// Shares of the way to the new place and size that one frame goes. The place as TensorFlow.js' crop filter: what a
// single wrong keypoint moves is not believed at once, and at walking speed the region is half a percent of its side
// behind. A larger size is taken over at once, for what is cut off is lost; a smaller one slowly, for limbs swing.
constexpr double kPlaceShare = 0.9;
constexpr double kShrinkShare = 0.2;
// Smaller regions show no person that could be told from noise.
constexpr double kMinSidePx = 32.0;

struct Interval {
  int begin = 0;
  int length = 0;
};

/// As much of [center - side / 2, center + side / 2] as an image has room for.
Interval Inside(double center, double side, int image_side) {
  const int length = static_cast<int>(std::min(std::round(side), static_cast<double>(image_side)));
  const double begin = std::round(center - 0.5 * static_cast<double>(length));
  return {.begin = static_cast<int>(std::clamp(begin, 0.0, static_cast<double>(image_side - length))),
          .length = length};
}

/// Where parts of that length begin on a side, evenly spread, overlapping by a third or more.
std::vector<int> Begins(int side, int length) {
  const double step = length * 2.0 / 3.0;
  const int count = 1 + static_cast<int>(std::ceil((side - length) / step));
  std::vector<int> begins;
  begins.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    begins.push_back(count == 1 ? 0 : static_cast<int>(static_cast<double>(side - length) * i / (count - 1)));
  }
  return begins;
}

}  // namespace

void FollowRegion::Add(const body::Box& box_px) {
  const double center_x_px = 0.5 * (box_px.min_x_px + box_px.max_x_px);
  const double center_y_px = 0.5 * (box_px.min_y_px + box_px.max_y_px);
  const double height_px =
      std::max(scale_ * std::max(box_px.Height(), box_px.Width() / aspect_), kMinSidePx * std::max(1.0, 1.0 / aspect_));
  if (!has_box_) {
    *this = FollowRegion(scale_, aspect_);
    has_box_ = true;
    center_x_px_ = center_x_px;
    center_y_px_ = center_y_px;
    height_px_ = height_px;
    return;
  }
  center_x_px_ += kPlaceShare * (center_x_px - center_x_px_);
  center_y_px_ += kPlaceShare * (center_y_px - center_y_px_);
  height_px_ += (height_px > height_px_ ? 1.0 : kShrinkShare) * (height_px - height_px_);
}

PixelRegion FollowRegion::RegionIn(int width_px, int height_px) const {
  const Interval x = Inside(center_x_px_, aspect_ * height_px_, width_px);
  const Interval y = Inside(center_y_px_, height_px_, height_px);
  return {.x_px = x.begin, .y_px = y.begin, .width_px = x.length, .height_px = y.length};
}

std::vector<PixelRegion> SearchRegions(int width_px, int height_px, double aspect) {
  // People of a third of a part's height and less are in one of them as a whole, and 0.6 of the largest part makes them
  // 1.7 times as large or, in images that the input must be padded for, more.
  constexpr double kShare = 0.6;
  const double height = kShare * std::min(static_cast<double>(height_px), width_px / aspect);
  const int part_height = static_cast<int>(height);
  const int part_width = static_cast<int>(height * aspect);
  if (part_height < kMinSidePx || part_width < kMinSidePx) return {};
  std::vector<PixelRegion> regions;
  for (const int y : Begins(height_px, part_height)) {
    for (const int x : Begins(width_px, part_width)) {
      regions.push_back({.x_px = x, .y_px = y, .width_px = part_width, .height_px = part_height});
    }
  }
  return regions;
}

}  // namespace posenet::human
