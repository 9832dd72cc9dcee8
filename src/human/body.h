// SPDX-License-Identifier: Apache-2.0
// Measures of a person that tracking, smoothing and following share.
#ifndef POSENET_HUMAN_BODY_H_
#define POSENET_HUMAN_BODY_H_

#include <array>
#include <cstddef>
#include <span>

#include "posenet/pose.h"
#include "posenet/result.h"

namespace posenet::human::body {

/// COCO's standard deviations of keypoints, doubled as object keypoint similarity has them, relative to a person's size
/// (cocodataset.org, keypoints-eval): how far off a keypoint may be and still be the same.
inline constexpr std::array<double, kPartCount> kOksFalloffs = {.052, .050, .050, .070, .070, .158, .158, .144, .144,
                                                                .124, .124, .214, .214, .174, .174, .178, .178};

/// A rectangle in pixels; its sides may be 0, not negative.
struct Box {
  double min_x_px = 0.0;
  double min_y_px = 0.0;
  double max_x_px = 0.0;
  double max_y_px = 0.0;

  [[nodiscard]] double Width() const { return max_x_px - min_x_px; }
  [[nodiscard]] double Height() const { return max_y_px - min_y_px; }
};

/// Around the keypoints with at least `min_score`, or around all when fewer than two have it.
Box BoxOf(const Pose& pose, float min_score);

/// The mean of the sides of a person's box, as TensorFlow.js' getObjectScale: about a metre of an adult who stands,
/// whichever way the person faces. At least 1 pixel, so that it can be divided by.
double SizeOf(const Box& box_px);

/// Intersection over union; 0 for boxes that do not meet or have no area.
double Overlap(const Box& a, const Box& b);

double DistancePx(const Keypoint& a, const Keypoint& b);

/// Object keypoint similarity of two poses over the keypoints that have `min_score` in both, or over all when they
/// share fewer than four; in [0, 1], for people of `size_px`.
double KeypointSimilarity(const Pose& a, const Pose& b, double size_px, float min_score);

/// Errors: kInvalidArgument naming the first pose and part whose position or score is not finite.
Result<void> CheckFinite(std::span<const Pose> poses);

/// Errors: kInvalidArgument when `time_s` is not finite or lies before `last_time_s`.
Result<void> CheckTime(double time_s, double last_time_s);

}  // namespace posenet::human::body

#endif  // POSENET_HUMAN_BODY_H_
