// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>

#include "posenet/movenet.h"

namespace posenet {
namespace {

// The constants of TensorFlow.js pose-detection.
constexpr float kMinKeypointScore = 0.2F;
constexpr double kTorsoScale = 1.9;
constexpr double kBodyScale = 1.2;
constexpr double kGain = 0.9;

/// The square with the same center as the image.
SquareRegion Central(double side_px, double width_px, double height_px) {
  return {.left_px = 0.5 * (width_px - side_px), .top_px = 0.5 * (height_px - side_px), .side_px = side_px};
}

bool IsTorsoVisible(const Pose& pose) {
  const auto either = [&pose](Part one, Part other) {
    return pose[one].score > kMinKeypointScore || pose[other].score > kMinKeypointScore;
  };
  return either(Part::kLeftHip, Part::kRightHip) && either(Part::kLeftShoulder, Part::kRightShoulder);
}

/// Half the side of the square around `center` that has the whole person.
double ReachPx(const Pose& pose, double center_x_px, double center_y_px) {
  const auto distance = [&](const Keypoint& keypoint) {
    return std::max(std::abs(static_cast<double>(keypoint.position_px.x) - center_x_px),
                    std::abs(static_cast<double>(keypoint.position_px.y) - center_y_px));
  };
  double reach_px = 0.0;
  for (const Part part : {Part::kLeftShoulder, Part::kRightShoulder, Part::kLeftHip, Part::kRightHip}) {
    reach_px = std::max(reach_px, kTorsoScale * distance(pose[part]));
  }
  for (const Keypoint& keypoint : pose.keypoints) {
    if (keypoint.score < kMinKeypointScore) continue;
    reach_px = std::max(reach_px, kBodyScale * distance(keypoint));
  }
  return reach_px;
}

/// The square around the person, or the whole image, padded, if the torso is not visible or the person fills the image.
SquareRegion RegionAround(const Pose& pose, double width_px, double height_px) {
  const SquareRegion whole = Central(std::max(width_px, height_px), width_px, height_px);
  if (!IsTorsoVisible(pose)) return whole;
  const Point left_hip_px = pose[Part::kLeftHip].position_px;
  const Point right_hip_px = pose[Part::kRightHip].position_px;
  const double x_px = 0.5 * (static_cast<double>(left_hip_px.x) + static_cast<double>(right_hip_px.x));
  const double y_px = 0.5 * (static_cast<double>(left_hip_px.y) + static_cast<double>(right_hip_px.y));
  const double to_edges_px = std::max({x_px, width_px - x_px, y_px, height_px - y_px});
  const double reach_px = std::min(ReachPx(pose, x_px, y_px), to_edges_px);
  // Negated, so that positions that are not finite give the whole image.
  if (!(reach_px > 0.0 && reach_px <= 0.5 * whole.side_px)) return whole;
  return {.left_px = x_px - reach_px, .top_px = y_px - reach_px, .side_px = 2.0 * reach_px};
}

}  // namespace

SquareRegion MoveNetCrop::Region(int image_width_px, int image_height_px) const {
  const double width_px = image_width_px;
  const double height_px = image_height_px;
  if (!edges_norm_) return Central(std::min(width_px, height_px), width_px, height_px);
  return {.left_px = edges_norm_->left * width_px,
          .top_px = edges_norm_->top * height_px,
          .side_px = (edges_norm_->right - edges_norm_->left) * width_px};
}

void MoveNetCrop::Update(const Pose& pose, int image_width_px, int image_height_px) {
  const double width_px = image_width_px;
  const double height_px = image_height_px;
  const SquareRegion region = RegionAround(pose, width_px, height_px);
  const Edges next = {.left = region.left_px / width_px,
                      .top = region.top_px / height_px,
                      .right = (region.left_px + region.side_px) / width_px,
                      .bottom = (region.top_px + region.side_px) / height_px};
  if (!edges_norm_) {
    edges_norm_ = next;
    return;
  }
  const auto move = [](double& edge, double target) { edge += kGain * (target - edge); };
  move(edges_norm_->left, next.left);
  move(edges_norm_->top, next.top);
  move(edges_norm_->right, next.right);
  move(edges_norm_->bottom, next.bottom);
}

}  // namespace posenet
