// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_HUMAN_PERSON_TRACK_H_
#define POSENET_HUMAN_PERSON_TRACK_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "human/body.h"
#include "posenet/track.h"

namespace posenet::human::tracking {

/// A vector in pixels, or in pixels per second.
struct Vector {
  double x = 0.0;
  double y = 0.0;
};

/// A Kalman filter for the position of a body along one image axis, with the nearly-constant-velocity model (white
/// noise acceleration; Bar-Shalom, Li and Kirubarajan 2001, section 6.2.2).
class AxisMotion {
 public:
  /// The initial position and its variance, and the variance of the speed, whose mean is 0.
  AxisMotion(double position_px, double variance_px2, double speed_variance_px2_s2);

  /// The prediction step; `acceleration_density` is the spectral density of the acceleration in px^2 / s^3.
  void Predict(double seconds, double acceleration_density);

  /// The update step, with an innovation of `offset_px` and the variance of the measurement.
  void Correct(double offset_px, double variance_px2);

  /// Accounts for a change of speed, of that variance, at the start of the last prediction step.
  void AddManeuver(double speed_variance_px2_s2);

  [[nodiscard]] double position_px() const { return position_px_; }
  [[nodiscard]] double velocity_px_s() const { return velocity_px_s_; }
  [[nodiscard]] double variance_px2() const { return variance_; }

 private:
  double position_px_;
  double velocity_px_s_ = 0.0;
  double variance_;
  double covariance_ = 0.0;  // Of position and velocity.
  double velocity_variance_;
  double last_step_s_ = 0.0;
};

/// Why a track was not detected.
enum class Absence {
  kVisible,   ///< No other person covers the predicted position.
  kOccluded,  ///< Another person covers the predicted position.
  kOutside,   ///< The predicted position is outside the image.
};

/// The association of a pose with a track.
struct Fit {
  bool passes_gate = false;
  bool is_maneuver = false;     ///< An abrupt change of speed explains the pose best.
  double log_likelihood = 0.0;  ///< Up to a constant for all pairs of a frame.
  Vector offset_px = {};        ///< From the predicted to the measured body position.
};

/// A track of one person: the motion of the body, and the keypoints relative to it.
class PersonTrack {
 public:
  PersonTrack(const Pose& pose, double time_s, float min_keypoint_score);

  /// Predicts the state at `time_s`.
  void Predict(double time_s);

  /// Gates `pose` of the current frame, and computes its likelihood given the prediction.
  [[nodiscard]] Fit FitOf(const Pose& pose, TrackSimilarity similarity) const;

  /// No pose of the current frame was associated with the track; the previous frame was `seconds` ago.
  void MarkMissed(Absence absence, double seconds);

  /// Updates the track with `pose` of the current frame. `variance_factor`, at least 1, multiplies the variance of the
  /// measurement.
  void Correct(const Pose& pose, const Fit& fit, double variance_factor);

  /// The predicted position of the body and its bounding box.
  [[nodiscard]] Vector position_px() const { return {.x = x_.position_px(), .y = y_.position_px()}; }
  [[nodiscard]] body::Box PredictedBox() const;

  /// The last pose of the track, moved by the motion of the body from then to `time_s`.
  [[nodiscard]] Pose PredictedPose(double time_s) const;

  /// The distance of `pose` from the predicted box, between centers, in sizes of the larger of the two.
  [[nodiscard]] double DistanceTo(const Pose& pose) const;

  /// The logarithm of the size of `pose` relative to the track, over the keypoints that are confident in both; 0 if
  /// these are too few.
  [[nodiscard]] double LogScaleTo(const Pose& pose) const;

  /// Resets the state to `pose`, but keeps the ID, the detection count and the evidence.
  void Restart(const Pose& pose);

  /// Counts a detection that is not a duplicate of another one.
  void CountDetection() { ++detections_; }

  /// Evidence that the track is a person and not a false positive; decays while the track is missed.
  void AddEvidence(double evidence) { evidence_ += evidence; }
  [[nodiscard]] bool IsNew() const { return first_detected_s_ == now_s_; }
  [[nodiscard]] double evidence() const { return evidence_; }

  void SetId(std::int64_t id) { id_ = id; }
  [[nodiscard]] std::int64_t id() const { return id_; }  ///< 0 while the track is tentative.
  /// The negative logarithm of the probability that the person reappears, relative to the last detection.
  [[nodiscard]] double log_loss() const { return log_loss_; }
  [[nodiscard]] double last_detected_s() const { return last_detected_s_; }
  /// Whether the track has an ID and enough detections to exclude a transient false positive.
  [[nodiscard]] bool IsConfirmed() const;

 private:
  struct KeypointState {
    Vector from_body_px = {};
    double last_confident_s = 0.0;
    bool was_confident = false;
  };

  /// The keypoints by which a pose is compared with the track: those that are confident in both, or all.
  enum class KeypointSet { kConfident, kAll };

  [[nodiscard]] bool IsKnown(const KeypointState& state) const;
  [[nodiscard]] Vector PredictedPosition(const KeypointState& state) const;
  [[nodiscard]] Vector OffsetOf(const Pose& pose, KeypointSet keypoints) const;
  [[nodiscard]] double LogScaleOf(const Pose& pose, KeypointSet keypoints) const;
  [[nodiscard]] bool IsConfidentInBoth(std::size_t part, const Pose& pose) const;
  [[nodiscard]] KeypointSet ComparedKeypoints(const Pose& pose) const;
  [[nodiscard]] bool IsCompared(std::size_t part, const Pose& pose, KeypointSet keypoints) const;
  [[nodiscard]] double MeasurementVariance(KeypointSet keypoints) const;
  [[nodiscard]] double KeypointLikelihood(const Pose& pose, KeypointSet keypoints, Vector variance_px2) const;
  [[nodiscard]] double BoxLikelihood(const Pose& pose, Vector variance_px2) const;

  std::int64_t id_ = 0;
  float min_keypoint_score_;
  double size_px_;
  AxisMotion x_;
  AxisMotion y_;
  std::array<KeypointState, kPartCount> keypoints_ = {};
  body::Box box_px_;  // Relative to the body position.
  Pose pose_;         // As last measured.
  double now_s_;
  double first_detected_s_;
  double last_detected_s_;
  double log_loss_ = 0.0;
  int detections_ = 0;
  double evidence_ = 0.0;
};

}  // namespace posenet::human::tracking

#endif  // POSENET_HUMAN_PERSON_TRACK_H_
