// SPDX-License-Identifier: Apache-2.0
// People over time: the same person keeps the same number, and keypoints stop trembling. Poses may come from anywhere.
//
//   auto tracker = posenet::PoseTracker::Create();
//   auto smoother = posenet::PoseSmoother::Create();
//   for each frame: ids = *tracker->Update(poses, time_s); smoother->Smooth(poses, ids, time_s);
#ifndef POSENET_TRACK_H_
#define POSENET_TRACK_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "posenet/pose.h"
#include "posenet/result.h"

namespace posenet {

/// How alike a pose and a person seen before are.
enum class TrackSimilarity {
  kKeypoints,  ///< Object keypoint similarity (COCO) over keypoints that both are confident of.
  kBox,        ///< Intersection over union of the boxes around confident keypoints.
};

/// Options of a PoseTracker; defaults as TensorFlow.js pose-detection's trackers have them where it has them.
struct PoseTrackerOptions {
  TrackSimilarity similarity = TrackSimilarity::kKeypoints;
  int max_tracks = 18;  ///< People that are remembered at a time; who is least likely to come back is forgotten first.
  double max_age_ms = 2000.0;       ///< A person that is unseen for longer is forgotten.
  float min_keypoint_score = 0.3F;  ///< Weaker keypoints say nothing about who somebody is.
  /// A pose that scores this begins somebody new at once; a weaker one does when it was seen for long enough, the
  /// sooner the more it scores: most weak poses that come alone show nobody. At 0 every pose begins somebody.
  float min_new_score = 0.5F;
};

/// Gives poses the number of the person they belong to. Movable; one video each; not for use from two threads at once.
class PoseTracker {
 public:
  /// Errors: kInvalidArgument for options out of range.
  static Result<PoseTracker> Create(const PoseTrackerOptions& options = {});

  PoseTracker(PoseTracker&&) noexcept;
  PoseTracker& operator=(PoseTracker&&) noexcept;
  ~PoseTracker();

  /// One number for each of `poses`, in their order: that of the same person earlier, or a new one, from 1, all
  /// different; or 0 where it is not sure yet that the pose shows anybody, or that it shows somebody else than another
  /// pose does. `time_s` is the frame's time, by any clock that never goes back.
  /// Errors: kInvalidArgument when time goes back or is not finite, or a position or score is not; nothing is
  /// changed then.
  Result<std::vector<std::int64_t>> Update(std::span<const Pose> poses, double time_s);

  /// Forgets everybody; numbers go on, so that no two people ever share one.
  void Reset();

 private:
  struct Impl;
  explicit PoseTracker(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Options of a PoseSmoother: a one-euro filter (Casiez et al. 2012) for each keypoint of each person. Defaults are for
/// PoseNet's noise (docs/tracking.md); kTfjsSmoothing has those of TensorFlow.js pose-detection, which pass it on.
struct PoseSmootherOptions {
  double min_cutoff_hz = 0.4;  ///< Above 0. Lower means calmer when still.
  double beta = 20.0;  ///< From 0. Higher means less lag when moving; for speeds in sizes of the person a second.
  double derivative_cutoff_hz = 1.0;  ///< Above 0. Of the filter that estimates the speed.
  /// Standard deviation of a still keypoint's coordinates in sizes of the person, to begin with: it is measured as
  /// frames come in, for each keypoint, and the speed that it alone would show does not count. 0: all speed counts.
  double noise = 0.02;
  double max_age_ms = 1000.0;  ///< Above 0. A person that is unseen for longer starts anew.
};

/// A person's size is the mean of the sides of the box around confident keypoints, as in TensorFlow.js. Its thresholds
/// (thresholdCutOff .5, thresholdBeta 5) only bend steps of about half the image, and are left out.
inline constexpr PoseSmootherOptions kTfjsSmoothing = {
    .min_cutoff_hz = 2.5, .beta = 300.0, .derivative_cutoff_hz = 2.5, .noise = 0.0};

/// Steadies keypoints over time. Movable; one video each; not for use from two threads at once.
class PoseSmoother {
 public:
  /// Errors: kInvalidArgument for options out of range.
  static Result<PoseSmoother> Create(const PoseSmootherOptions& options = {});

  PoseSmoother(PoseSmoother&&) noexcept;
  PoseSmoother& operator=(PoseSmoother&&) noexcept;
  ~PoseSmoother();

  /// Replaces positions in `poses` by smooth ones; `ids[i]` is the person that `poses[i]` is; poses of 0, which are
  /// nobody's yet, stay as they are. Scores stay. A keypoint of low score moves its estimate less than one of high
  /// score: samples weigh as the square of their score. Errors:
  /// kInvalidArgument when there is not one number for each pose, a number but 0 comes twice, time goes back or is not
  /// finite, or a position or score is not finite; nothing is changed then.
  Result<void> Smooth(std::span<Pose> poses, std::span<const std::int64_t> ids, double time_s);

  void Reset();

 private:
  struct Impl;
  explicit PoseSmoother(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace posenet

#endif  // POSENET_TRACK_H_
