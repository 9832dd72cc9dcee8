// SPDX-License-Identifier: Apache-2.0
#include "human/body.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"

namespace posenet::human::body {

Box BoxOf(const Pose& pose, float min_score) {
  const auto confident = std::count_if(pose.keypoints.begin(), pose.keypoints.end(),
                                       [&](const Keypoint& keypoint) { return keypoint.score >= min_score; });
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Box box = {.min_x_px = kInfinity, .min_y_px = kInfinity, .max_x_px = -kInfinity, .max_y_px = -kInfinity};
  for (const Keypoint& keypoint : pose.keypoints) {
    if (confident >= 2 && keypoint.score < min_score) continue;
    const auto x = static_cast<double>(keypoint.position_px.x);
    const auto y = static_cast<double>(keypoint.position_px.y);
    box = {.min_x_px = std::min(box.min_x_px, x),
           .min_y_px = std::min(box.min_y_px, y),
           .max_x_px = std::max(box.max_x_px, x),
           .max_y_px = std::max(box.max_y_px, y)};
  }
  return box;
}

double SizeOf(const Box& box_px) { return std::max(0.5 * (box_px.Width() + box_px.Height()), 1.0); }

double Overlap(const Box& a, const Box& b) {
  const double width = std::min(a.max_x_px, b.max_x_px) - std::max(a.min_x_px, b.min_x_px);
  const double height = std::min(a.max_y_px, b.max_y_px) - std::max(a.min_y_px, b.min_y_px);
  if (width <= 0.0 || height <= 0.0) return 0.0;
  const double common = width * height;
  return common / (a.Width() * a.Height() + b.Width() * b.Height() - common);
}

double DistancePx(const Keypoint& a, const Keypoint& b) {
  return std::hypot(static_cast<double>(a.position_px.x) - static_cast<double>(b.position_px.x),
                    static_cast<double>(a.position_px.y) - static_cast<double>(b.position_px.y));
}

double KeypointSimilarity(const Pose& a, const Pose& b, double size_px, float min_score) {
  // As in the tracker of TensorFlow.js: fewer are not reliable.
  constexpr int kMinCommon = 4;
  double sum = 0.0;
  double sum_of_all = 0.0;
  int common = 0;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    const Keypoint& one = a.keypoints[i];
    const Keypoint& other = b.keypoints[i];
    const double distance = DistancePx(one, other);
    const double relative = distance / (kOksFalloffs[i] * size_px);
    const double similarity = std::exp(-0.5 * relative * relative);
    sum_of_all += similarity;
    if (one.score < min_score || other.score < min_score) continue;
    sum += similarity;
    ++common;
  }
  return common >= kMinCommon ? sum / common : sum_of_all / kPartCount;
}

void MirrorPoses(int width_px, std::span<Pose> poses) {
  for (Pose& pose : poses) {
    for (Keypoint& keypoint : pose.keypoints) {
      keypoint.position_px.x = static_cast<float>(width_px - 1) - keypoint.position_px.x;
    }
  }
}

Result<void> CheckFinite(std::span<const Pose> poses) {
  for (std::size_t i = 0; i < poses.size(); ++i) {
    if (!std::isfinite(poses[i].score)) {
      return base::Fail(ErrorCode::kInvalidArgument, "poses[", i, "].score is not finite; expected 0 to 1");
    }
    for (std::size_t part = 0; part < kPartCount; ++part) {
      const Keypoint& keypoint = poses[i].keypoints[part];
      if (std::isfinite(keypoint.position_px.x) && std::isfinite(keypoint.position_px.y) &&
          std::isfinite(keypoint.score)) {
        continue;
      }
      return base::Fail(ErrorCode::kInvalidArgument, "poses[", i, "]: the ", kPartNames[part],
                        " is not finite; expected a position in pixels and a score from 0 to 1");
    }
  }
  return {};
}

Result<void> CheckTime(double time_s, double last_time_s) {
  if (!std::isfinite(time_s)) {
    return base::Fail(ErrorCode::kInvalidArgument, "time_s is not finite; expected the time of the frame in seconds");
  }
  if (time_s < last_time_s) {
    return base::Fail(ErrorCode::kInvalidArgument, "time_s is ", time_s,
                      "; expected at least that of the previous frame, ", last_time_s);
  }
  return {};
}

}  // namespace posenet::human::body
