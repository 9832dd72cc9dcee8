// SPDX-License-Identifier: Apache-2.0
#include "human/follow_region.h"

#include <algorithm>
#include <cmath>

namespace posenet::human {
namespace {

// Low-pass filter gains per frame for the center and the size. The center as in TensorFlow.js' crop filter: damps
// single wrong keypoints, and lags by half a percent of the side at walking speed. The region grows immediately,
// because what is cropped is lost, and shrinks slowly, because limbs swing.
constexpr double kCenterGain = 0.9;
constexpr double kShrinkGain = 0.2;
// In smaller regions, people cannot be distinguished from noise.
constexpr double kMinSidePx = 32.0;

struct Interval {
  int begin = 0;
  int length = 0;
};

/// [center - side / 2, center + side / 2], shortened and shifted into the image.
Interval Inside(double center, double side, int image_side) {
  const int length = static_cast<int>(std::min(std::round(side), static_cast<double>(image_side)));
  const double begin = std::round(center - 0.5 * static_cast<double>(length));
  return {.begin = static_cast<int>(std::clamp(begin, 0.0, static_cast<double>(image_side - length))),
          .length = length};
}

/// The evenly spaced starts of intervals of `length` that cover a side and overlap by at least a third.
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
  center_x_px_ += kCenterGain * (center_x_px - center_x_px_);
  center_y_px_ += kCenterGain * (center_y_px - center_y_px_);
  height_px_ += (height_px > height_px_ ? 1.0 : kShrinkGain) * (height_px - height_px_);
}

PixelRegion FollowRegion::RegionIn(image::Size image) const {
  const Interval x = Inside(center_x_px_, aspect_ * height_px_, image.width_px);
  const Interval y = Inside(center_y_px_, height_px_, image.height_px);
  return {.x_px = x.begin, .y_px = y.begin, .width_px = x.length, .height_px = y.length};
}

PixelRegion PixelRegionOf(const SquareRegion& region, image::Size image) {
  const int side = std::max(1, static_cast<int>(std::lround(region.side_px)));
  const PixelRegion whole = {.width_px = image.width_px, .height_px = image.height_px};
  // The region is padded to its size, so it must not take much more memory than the image does.
  constexpr double kMaxAreas = 4.0;
  const double area = static_cast<double>(image.width_px) * image.height_px;
  if (static_cast<double>(side) * side > kMaxAreas * area) return whole;
  const PixelRegion square = {.x_px = static_cast<int>(std::lround(region.left_px)),
                              .y_px = static_cast<int>(std::lround(region.top_px)),
                              .width_px = side,
                              .height_px = side};
  const bool is_whole = square.x_px <= 0 && square.y_px <= 0 && square.x_px + side >= image.width_px &&
                        square.y_px + side >= image.height_px;
  return is_whole ? whole : square;
}

std::vector<PixelRegion> SearchRegions(image::Size image, double aspect) {
  // People of up to a third of the height of a region are completely inside one of them, and appear at least 1.7 times
  // as large as in the whole image; more if that must be padded.
  constexpr double kSideFraction = 0.6;
  const double height = kSideFraction * std::min(static_cast<double>(image.height_px), image.width_px / aspect);
  const int part_height = static_cast<int>(height);
  const int part_width = static_cast<int>(height * aspect);
  if (part_height < kMinSidePx || part_width < kMinSidePx) return {};
  std::vector<PixelRegion> regions;
  for (const int y : Begins(image.height_px, part_height)) {
    for (const int x : Begins(image.width_px, part_width)) {
      regions.push_back({.x_px = x, .y_px = y, .width_px = part_width, .height_px = part_height});
    }
  }
  return regions;
}

}  // namespace posenet::human
