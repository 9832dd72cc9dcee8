// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_HUMAN_PERSON_TRACK_H_
#define POSENET_HUMAN_PERSON_TRACK_H_

#include <array>
#include <cstdint>

#include "human/body.h"
#include "posenet/track.h"

namespace posenet::tracking {

/// A vector in pixels, or pixels a second.
struct Vector {
  double x = 0.0;
  double y = 0.0;
};

/// Where a body is and how fast, as far as detections tell: a Kalman filter with constant velocity and white
/// acceleration, the same for x and y (Bar-Shalom, Li and Kirubarajan 2001, section 6.2.2).
class BodyMotion {
 public:
  BodyMotion(Vector position_px, double size_px);

  /// Moves the body on. `size_px` gives people's abilities in pixels.
  void Predict(double seconds, double size_px);

  /// The body was seen `offset_px` from where it was predicted. `doubt` from 1 multiplies the variance of that.
  void Correct(Vector offset_px, double size_px, double doubt);

  /// The speed changed before the last step by something of that variance.
  void Turn(double speed_variance_px2_s2);

  [[nodiscard]] Vector position_px() const { return position_px_; }
  /// Variance of each coordinate.
  [[nodiscard]] double variance_px2() const { return variance_; }

 private:
  Vector position_px_;
  Vector velocity_px_s_;
  double variance_;
  double covariance_ = 0.0;  // Of position and velocity.
  double velocity_variance_;
  double last_step_s_ = 0.0;
};

/// How well a detection fits a track.
struct Fit {
  bool is_plausible = false;
  bool is_turn = false;         ///< The person must have changed their speed abruptly.
  double log_likelihood = 0.0;  ///< Up to a constant that all pairs of a frame share.
  Vector offset_px = {};        ///< From where the body was predicted to where it was seen.
};

/// A person that is followed: where the body is, and where its keypoints are around it.
class PersonTrack {
 public:
  PersonTrack(std::int64_t id, const Pose& pose, double time_s, float min_keypoint_score);

  /// Moves the person to where they should be at `time_s`.
  void Predict(double time_s);

  /// How well `pose`, seen now, fits the prediction.
  [[nodiscard]] Fit FitOf(const Pose& pose, TrackSimilarity similarity) const;

  /// Takes over `pose`, seen now. `doubt` as for BodyMotion::Correct.
  void Correct(const Pose& pose, const Fit& fit, double doubt);

  /// The person was seen where nobody else was.
  void CountSighting() { ++sightings_; }

  [[nodiscard]] std::int64_t id() const { return id_; }
  [[nodiscard]] double last_seen_s() const { return last_seen_s_; }
  /// Seen often enough apart from others not to be a passing mistake of the detector.
  [[nodiscard]] bool IsConfirmed() const;

 private:
  struct Limb {
    Vector from_body_px = {};
    double last_confident_s = 0.0;
    bool was_confident = false;
  };

  [[nodiscard]] bool IsKnown(const Limb& limb) const;
  [[nodiscard]] Vector PredictedOf(const Limb& limb) const;
  [[nodiscard]] Vector OffsetOf(const Pose& pose, bool only_confident) const;
  [[nodiscard]] double LogScaleOf(const Pose& pose, bool only_confident) const;
  [[nodiscard]] int CommonKeypoints(const Pose& pose) const;
  [[nodiscard]] double KeypointLikelihood(const Pose& pose, bool only_confident, double variance_px2) const;
  [[nodiscard]] double BoxLikelihood(const Pose& pose, double variance_px2) const;

  std::int64_t id_;
  float min_keypoint_score_;
  double size_px_;
  BodyMotion motion_;
  std::array<Limb, kPartCount> limbs_ = {};
  body::Box box_px_;  // Around the body's position.
  double now_s_;
  double last_seen_s_;
  int sightings_ = 0;  // Where nobody else was.
};

}  // namespace posenet::tracking

#endif  // POSENET_HUMAN_PERSON_TRACK_H_
