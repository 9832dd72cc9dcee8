// SPDX-License-Identifier: Apache-2.0
// Measures of a person for tracking, smoothing and following.
#ifndef POSENET_HUMAN_BODY_H_
#define POSENET_HUMAN_BODY_H_

#include <array>
#include <cstddef>
#include <span>

#include "posenet/pose.h"
#include "posenet/result.h"

namespace posenet::human::body {

/// The per-keypoint constants k_i = 2 sigma_i of object keypoint similarity (cocodataset.org, keypoints-eval):
/// tolerated deviation relative to the scale of the person.
inline constexpr std::array<double, kPartCount> kOksFalloffs = {.052, .050, .050, .070, .070, .158, .158, .144, .144,
                                                                .124, .124, .214, .214, .174, .174, .178, .178};

/// A rectangle; its sides may be 0, but not negative.
struct Box {
  double min_x_px = 0.0;
  double min_y_px = 0.0;
  double max_x_px = 0.0;
  double max_y_px = 0.0;

  [[nodiscard]] double Width() const { return max_x_px - min_x_px; }
  [[nodiscard]] double Height() const { return max_y_px - min_y_px; }
};

/// The bounding box of the keypoints with at least `min_score`, or of all if there are fewer than two.
Box BoxOf(const Pose& pose, float min_score);

/// The size of a person: the mean of the sides of the bounding box, as in TensorFlow.js' getObjectScale. About one
/// meter for a standing adult facing any direction. At least 1 px, so that it is a valid divisor.
double SizeOf(const Box& box_px);

/// Intersection over union; 0 if the boxes do not overlap or have no area.
double Overlap(const Box& a, const Box& b);

double DistancePx(const Keypoint& a, const Keypoint& b);

/// Object keypoint similarity, in [0, 1], of two poses of a person of `size_px`, over the keypoints with at least
/// `min_score` in both, or over all if there are fewer than four.
double KeypointSimilarity(const Pose& a, const Pose& b, double size_px, float min_score);

/// Mirrors positions in an image of that width. As in TensorFlow.js, left and right are not swapped.
void MirrorPoses(int width_px, std::span<Pose> poses);

/// Errors: kInvalidArgument, naming the first pose and part whose position or score is not finite.
Result<void> CheckFinite(std::span<const Pose> poses);

/// Errors: kInvalidArgument if `time_s` is not finite or is before `last_time_s`.
Result<void> CheckTime(double time_s, double last_time_s);

}  // namespace posenet::human::body

#endif  // POSENET_HUMAN_BODY_H_
