// SPDX-License-Identifier: Apache-2.0
#include "track/small_person.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <utility>

#include "base/error.h"
#include "track/coco_people.h"

namespace posenet::bench {
namespace {

// The margin of the crop around the annotated box, relative to its sides, so that there is no edge at the person.
constexpr double kMargin = 0.25;
// 1.4 m/s at 30 frames per second for a height of 1.7 m, in heights per frame.
constexpr double kStep = 1.4 / 30.0 / 1.7;

std::array<std::uint8_t, 3> MeanColor(const image::Image& image) {
  std::array<double, 3> sums = {};
  for (std::size_t i = 0; i < image.rgb.size(); ++i) sums[i % 3] += image.rgb[i];
  std::array<std::uint8_t, 3> mean = {};
  for (std::size_t c = 0; c < 3; ++c) {
    mean[c] = static_cast<std::uint8_t>(sums[c] * 3.0 / static_cast<double>(image.rgb.size()));
  }
  return mean;
}

void AddErrors(const human::coco::Person& person, const Pose* pose, Point corner_px, std::vector<double>& errors) {
  for (std::size_t i = 0; i < kPartCount; ++i) {
    // The positions of occluded keypoints are guesses of the annotators.
    if (person.visibility[i] != 2) continue;
    if (pose == nullptr) {
      errors.push_back(std::numeric_limits<double>::infinity());
      continue;
    }
    const Point found = pose->keypoints[i].position_px;
    const Point labeled = person.keypoints_px[i];
    errors.push_back(std::hypot(static_cast<double>(found.x - corner_px.x - labeled.x),
                                static_cast<double>(found.y - corner_px.y - labeled.y)) /
                     SizeOf(person));
  }
}

}  // namespace

SmallPersonVideo::SmallPersonVideo(const image::Image& photo, const human::coco::Person& person, double height_fraction)
    : photo_(photo), background_(MeanColor(photo)) {
  const auto [x, y, width, height] = person.bbox_xywh_px;
  crop_.x_px = std::max(0, static_cast<int>(x - kMargin * width));
  crop_.y_px = std::max(0, static_cast<int>(y - kMargin * height));
  crop_.width_px = std::min(photo.width_px, static_cast<int>(x + (1.0 + kMargin) * width)) - crop_.x_px;
  crop_.height_px = std::min(photo.height_px, static_cast<int>(y + (1.0 + kMargin) * height)) - crop_.y_px;
  height_px_ = std::max(static_cast<int>(height / height_fraction), crop_.height_px);
  width_px_ = std::max(height_px_ * 4 / 3, crop_.width_px);
  step_px_ = kStep * height;
}

SmallPersonVideo::Frame SmallPersonVideo::FrameAt(int index) const {
  image::Image image = {.width_px = width_px_, .height_px = height_px_, .rgb = {}};
  image.rgb.resize(static_cast<std::size_t>(width_px_) * static_cast<std::size_t>(height_px_) * 3);
  for (std::size_t i = 0; i < image.rgb.size(); ++i) image.rgb[i] = background_[i % 3];
  // To the right, starting at a third, and oscillating vertically.
  const double max_left = width_px_ - crop_.width_px;
  const double max_top = height_px_ - crop_.height_px;
  const int left = static_cast<int>(std::min(max_left / 3.0 + step_px_ * index, max_left));
  const int top = static_cast<int>(std::clamp(max_top * 0.5 + 2.0 * step_px_ * std::sin(0.3 * index), 0.0, max_top));
  for (int row = 0; row < crop_.height_px; ++row) {
    const auto from = (static_cast<std::ptrdiff_t>(crop_.y_px + row) * photo_.width_px + crop_.x_px) * 3;
    const auto to = (static_cast<std::ptrdiff_t>(top + row) * width_px_ + left) * 3;
    std::copy_n(photo_.rgb.begin() + from, crop_.width_px * 3, image.rgb.begin() + to);
  }
  return {.image = std::move(image),
          .corner_px = {.x = static_cast<float>(left - crop_.x_px), .y = static_cast<float>(top - crop_.y_px)}};
}

Result<void> AppendFollowErrors(const PoseEstimator& estimator, const SmallPersonVideo& video,
                                const human::coco::Person& person, int frames, FollowErrors& errors) {
  POSENET_ASSIGN_OR_RETURN(PersonFollower follower, PersonFollower::Create(estimator));
  for (int index = 0; index < frames; ++index) {
    const auto [image, corner_px] = video.FrameAt(index);
    POSENET_ASSIGN_OR_RETURN(const std::vector<Pose> poses, estimator.Estimate(image.View()));
    AddErrors(person, PoseOf(person, poses, corner_px, 1.0), corner_px, errors.whole_frame);
    POSENET_ASSIGN_OR_RETURN(const std::optional<Pose> followed, follower.Estimate(image.View()));
    AddErrors(person, followed ? &*followed : nullptr, corner_px, errors.followed);
  }
  return {};
}

double Median(std::vector<double> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace posenet::bench
