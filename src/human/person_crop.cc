// SPDX-License-Identifier: Apache-2.0
#include "human/person_crop.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace posenet::human {
namespace {

// In smaller crops, people cannot be distinguished from noise.
constexpr double kMinCropSidePx = 16.0;
// Far beyond images, which have at most 2^31 pixels a side, where positions are no longer exact.
constexpr double kMaxCropSidePx = 1e6;
// Shoulders and hips that score less do not say how a person is rotated.
constexpr float kMinTiltScore = 0.3F;

/// The mean position of those of two parts that are confident; nothing if neither is.
std::optional<Point> MiddleOf(const Pose& pose, Part one, Part other, float min_score) {
  const Keypoint& a = pose[one];
  const Keypoint& b = pose[other];
  const bool has_a = a.score >= min_score;
  const bool has_b = b.score >= min_score;
  if (has_a && has_b) {
    return Point{.x = 0.5F * (a.position_px.x + b.position_px.x), .y = 0.5F * (a.position_px.y + b.position_px.y)};
  }
  if (has_a) return a.position_px;
  if (has_b) return b.position_px;
  return std::nullopt;
}

}  // namespace

std::optional<double> TiltOf(const Pose& pose, float min_score) {
  const std::optional<Point> shoulders = MiddleOf(pose, Part::kLeftShoulder, Part::kRightShoulder, min_score);
  const std::optional<Point> hips = MiddleOf(pose, Part::kLeftHip, Part::kRightHip, min_score);
  if (!shoulders || !hips) return std::nullopt;
  const double right_px = static_cast<double>(shoulders->x) - static_cast<double>(hips->x);
  const double up_px = static_cast<double>(hips->y) - static_cast<double>(shoulders->y);
  if (right_px == 0.0 && up_px == 0.0) return std::nullopt;
  return std::atan2(right_px, up_px);
}

std::optional<PersonCrop> CropAround(const Pose& pose, const PersonRefinerOptions& options) {
  const double tilt_rad = TiltOf(pose, kMinTiltScore).value_or(0.0);
  const bool is_upright = std::abs(tilt_rad) <= options.max_tilt_deg * std::numbers::pi / 180.0;
  image::SquareCrop crop = {.side_px = 1.0, .angle_rad = is_upright ? 0.0 : tilt_rad};
  // The bounding box along the axes of the crop.
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  double min_x = kInfinity, min_y = kInfinity, max_x = -kInfinity, max_y = -kInfinity;
  int count = 0;
  const double cosine = std::cos(crop.angle_rad);
  const double sine = std::sin(crop.angle_rad);
  for (const Keypoint& keypoint : pose.keypoints) {
    if (keypoint.score < options.min_keypoint_score) continue;
    ++count;
    const auto px = static_cast<double>(keypoint.position_px.x);
    const auto py = static_cast<double>(keypoint.position_px.y);
    const double x = cosine * px + sine * py;
    const double y = cosine * py - sine * px;
    min_x = std::min(min_x, x);
    max_x = std::max(max_x, x);
    min_y = std::min(min_y, y);
    max_y = std::max(max_y, y);
  }
  if (count < 2) return std::nullopt;
  const double x = 0.5 * (min_x + max_x);
  const double y = 0.5 * (min_y + max_y);
  crop.center_x_px = cosine * x - sine * y;
  crop.center_y_px = sine * x + cosine * y;
  crop.side_px = std::max(options.crop_scale * std::max(max_x - min_x, max_y - min_y), kMinCropSidePx);
  const double reach_px = std::max({std::abs(crop.center_x_px), std::abs(crop.center_y_px), crop.side_px});
  if (!(reach_px <= kMaxCropSidePx)) return std::nullopt;
  const auto share = [&](double extent_px) { return std::min(options.crop_scale * extent_px / crop.side_px, 1.0); };
  return PersonCrop{.square = crop, .width_norm = share(max_x - min_x), .height_norm = share(max_y - min_y)};
}

void MapFromCrop(const image::SquareCrop& crop, image::Size input, Pose& pose) {
  const int side_px = std::max(input.width_px, input.height_px);
  for (Keypoint& keypoint : pose.keypoints) {
    const Point input_px = keypoint.position_px;
    keypoint.position_px =
        image::ImageFromCrop(crop, (static_cast<double>(input_px.x) - 0.5 * input.width_px) / side_px + 0.5,
                             (static_cast<double>(input_px.y) - 0.5 * input.height_px) / side_px + 0.5);
  }
}

void MapToCrop(const image::SquareCrop& crop, image::Size input, Pose& pose) {
  const auto side_px = static_cast<float>(std::max(input.width_px, input.height_px));
  for (Keypoint& keypoint : pose.keypoints) {
    const Point norm = image::CropFromImage(crop, keypoint.position_px);
    keypoint.position_px = {.x = side_px * (norm.x - 0.5F) + 0.5F * static_cast<float>(input.width_px),
                            .y = side_px * (norm.y - 0.5F) + 0.5F * static_cast<float>(input.height_px)};
  }
}

}  // namespace posenet::human
