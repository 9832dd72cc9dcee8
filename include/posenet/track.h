// SPDX-License-Identifier: Apache-2.0
// Multi-person tracking and smoothing of poses in video: persistent IDs, and keypoints without jitter. The poses may
// come from any estimator.
//
//   auto tracker = posenet::PoseTracker::Create();
//   auto smoother = posenet::PoseSmoother::Create();
//   for each frame: {
//     auto ids = tracker->Update(poses, time_s);
//     auto smoothed = smoother->Smooth(poses, *ids, time_s);  // In place.
//   }
#ifndef POSENET_TRACK_H_
#define POSENET_TRACK_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "posenet/pose.h"
#include "posenet/result.h"

namespace posenet {

/// The similarity of a pose and a track.
enum class TrackSimilarity {
  kKeypoints,  ///< Object keypoint similarity (COCO) of the keypoints that are confident in both.
  kBox,        ///< Intersection over union of the bounding boxes of confident keypoints.
};

inline constexpr int kMaxTracks = 1000;  ///< Largest PoseTrackerOptions::max_tracks.

/// Options of a PoseTracker. Those that exist in the trackers of TensorFlow.js pose-detection have the same defaults.
struct PoseTrackerOptions {
  TrackSimilarity similarity = TrackSimilarity::kKeypoints;
  /// Maximum number of tracks, 1 to kMaxTracks. The track least likely to reappear is dropped first. The time per frame
  /// grows with the square of the number of tracks.
  int max_tracks = 18;
  double max_age_ms = 2000.0;       ///< Above 0. A track that is missed for longer is dropped.
  float min_keypoint_score = 0.3F;  ///< In [0, 1]. Keypoints that score less are not confident.
  /// In [0, 1]. A pose with at least this score starts a new track immediately. Lower scores start a tentative track,
  /// which gets its ID after several detections: the higher the scores, the fewer. (Most isolated poses with low scores
  /// are false positives.) 0 starts a track for every pose.
  float min_new_score = 0.5F;
};

/// What a PoseTracker expects of one track.
struct TrackPrediction {
  std::int64_t id = 0;        ///< 0 while the track is tentative.
  bool is_confirmed = false;  ///< Whether the track has an ID and enough detections to exclude a false positive.
  double missed_s = 0.0;      ///< From its last detection to the last frame; 0 if it was detected there.
  Pose pose = {};             ///< Its last pose, moved by the motion of the body. Scores are those of the last pose.
};

/// Assigns each person a persistent ID. One instance per video; not thread-safe. Movable; a moved-from tracker may only
/// be assigned to or destroyed.
class PoseTracker {
 public:
  /// Errors: kInvalidArgument for an option out of range.
  static Result<PoseTracker> Create(const PoseTrackerOptions& options = {});

  PoseTracker(PoseTracker&&) noexcept;
  PoseTracker& operator=(PoseTracker&&) noexcept;
  ~PoseTracker();

  /// Returns the track ID of each of `poses`, the detections of the next frame, in their order. IDs start at 1 and are
  /// unique within a frame. A pose of a tentative track, or one that may duplicate another pose of the frame, has ID 0
  /// (unassigned). `time_s` is the time of the frame, by any monotonic clock.
  /// Errors: kInvalidArgument if time decreases, or if the time, a position or a score is not finite. The tracker is
  /// then unchanged.
  Result<std::vector<std::int64_t>> Update(std::span<const Pose> poses, double time_s);

  /// The tracks, tentative ones included, as they are expected at `time_s`, the time of the next frame. In no
  /// particular order, but the same in every run. Errors: as Update.
  [[nodiscard]] Result<std::vector<TrackPrediction>> Predict(double time_s) const;

  /// Drops all tracks, for a new video. IDs are not reused.
  void Reset();

 private:
  struct Impl;
  explicit PoseTracker(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Options of a PoseSmoother, which applies a one-euro filter (Casiez et al. 2012) to each keypoint of each person.
/// Lengths are relative to the size of the person: the mean side of the bounding box of confident keypoints, as in
/// TensorFlow.js. The defaults are tuned for the noise of PoseNet (docs/benchmarks/tracking.md).
struct PoseSmootherOptions {
  double min_cutoff_hz = 0.4;         ///< Above 0. Lower values reduce jitter at rest.
  double beta = 20.0;                 ///< 0 or more. Higher values reduce lag in motion. In Hz per size per second.
  double derivative_cutoff_hz = 1.0;  ///< Above 0. The cutoff of the filter that estimates speed.
  /// 0 or more. The initial standard deviation of the noise in each coordinate, relative to the size of the person. It
  /// is then estimated for each keypoint, and the speed that noise alone causes is ignored. 0 disables this.
  double noise = 0.02;
  double max_age_ms = 1000.0;  ///< Above 0. The filters of a track that is missed for longer are reset.
};

/// The filter of TensorFlow.js pose-detection. Omits its thresholds (thresholdCutOff 0.5, thresholdBeta 5), which
/// affect only jumps of about half the image.
inline constexpr PoseSmootherOptions kTfjsSmoothing = {
    .min_cutoff_hz = 2.5, .beta = 300.0, .derivative_cutoff_hz = 2.5, .noise = 0.0};

/// Smooths keypoints over time. One instance per video; not thread-safe. Movable; a moved-from smoother may only be
/// assigned to or destroyed.
class PoseSmoother {
 public:
  /// Errors: kInvalidArgument for an option out of range.
  static Result<PoseSmoother> Create(const PoseSmootherOptions& options = {});

  PoseSmoother(PoseSmoother&&) noexcept;
  PoseSmoother& operator=(PoseSmoother&&) noexcept;
  ~PoseSmoother();

  /// Replaces the positions in `poses` by smoothed ones. `ids[i]` is the track ID of `poses[i]`; poses with ID 0
  /// (unassigned) and all scores are left unchanged. Samples are weighted by the square of their score.
  /// Errors: kInvalidArgument if the numbers of IDs and poses differ, an ID other than 0 occurs twice, time decreases,
  /// or the time, a position or a score is not finite. Nothing is changed then.
  Result<void> Smooth(std::span<Pose> poses, std::span<const std::int64_t> ids, double time_s);

  /// Resets all filters, for a new video.
  void Reset();

 private:
  struct Impl;
  explicit PoseSmoother(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace posenet

#endif  // POSENET_TRACK_H_
