// SPDX-License-Identifier: Apache-2.0
#include "track/small_person.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>

#include "base/error.h"
#include "track/coco_people.h"

namespace posenet::bench {
namespace {

// Around the labelled box, in sides of it: a photo's own surroundings, so that nothing begins at the person's edge.
constexpr double kSurroundings = 0.25;
// 1.4 m/s at 30 frames a second, for somebody of 1.7 m: in heights a frame.
constexpr double kWalk = 1.4 / 30.0 / 1.7;

std::array<std::uint8_t, 3> MeanColor(const Image& image) {
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
    // Hidden ones are guesses of who labelled.
    if (person.visibility[i] != 2) continue;
    if (pose == nullptr) {
      errors.push_back(std::numeric_limits<double>::infinity());
      continue;
    }
    const Point found = pose->keypoints[i].position_px;
    const Point labelled = person.keypoints_px[i];
    errors.push_back(std::hypot(static_cast<double>(found.x - corner_px.x - labelled.x),
                                static_cast<double>(found.y - corner_px.y - labelled.y)) /
                     SizeOf(person));
  }
}

}  // namespace

SmallPersonVideo::SmallPersonVideo(const Image& photo, const human::coco::Person& person, double share)
    : photo_(photo), background_(MeanColor(photo)) {
  const auto [x, y, width, height] = person.bbox_xywh_px;
  cut_x_ = std::max(0, static_cast<int>(x - kSurroundings * width));
  cut_y_ = std::max(0, static_cast<int>(y - kSurroundings * height));
  cut_width_ = std::min(photo.width_px, static_cast<int>(x + (1.0 + kSurroundings) * width)) - cut_x_;
  cut_height_ = std::min(photo.height_px, static_cast<int>(y + (1.0 + kSurroundings) * height)) - cut_y_;
  height_ = std::max(static_cast<int>(height / share), cut_height_);
  width_ = std::max(height_ * 4 / 3, cut_width_);
  walk_px_ = kWalk * height;
}

Image SmallPersonVideo::FrameAt(int index, Point& corner_px) const {
  Image frame = {.width_px = width_, .height_px = height_, .rgb = {}};
  frame.rgb.resize(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_) * 3);
  for (std::size_t i = 0; i < frame.rgb.size(); ++i) frame.rgb[i] = background_[i % 3];
  // From the left third on, with a sway.
  const double room_x = width_ - cut_width_;
  const double room_y = height_ - cut_height_;
  const int left = static_cast<int>(std::min(room_x / 3.0 + walk_px_ * index, room_x));
  const int top = static_cast<int>(std::clamp(room_y * 0.5 + 2.0 * walk_px_ * std::sin(0.3 * index), 0.0, room_y));
  for (int row = 0; row < cut_height_; ++row) {
    const auto from = (static_cast<std::ptrdiff_t>(cut_y_ + row) * photo_.width_px + cut_x_) * 3;
    const auto to = (static_cast<std::ptrdiff_t>(top + row) * width_ + left) * 3;
    std::copy_n(photo_.rgb.begin() + from, cut_width_ * 3, frame.rgb.begin() + to);
  }
  corner_px = {.x = static_cast<float>(left - cut_x_), .y = static_cast<float>(top - cut_y_)};
  return frame;
}

Result<void> CompareFollowing(const PoseEstimator& estimator, const Image& photo, const human::coco::Person& person,
                              double share, int frames, FollowErrors& errors) {
  const SmallPersonVideo video(photo, person, share);
  POSENET_ASSIGN_OR_RETURN(PersonFollower follower, PersonFollower::Create(estimator));
  for (int index = 0; index < frames; ++index) {
    Point corner_px;
    const Image frame = video.FrameAt(index, corner_px);
    POSENET_ASSIGN_OR_RETURN(const std::vector<Pose> poses, estimator.Estimate(frame.View()));
    AddErrors(person, PoseOf(person, poses, corner_px, 1.0), corner_px, errors.whole_frame);
    POSENET_ASSIGN_OR_RETURN(const std::optional<Pose> followed, follower.Estimate(frame.View()));
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
