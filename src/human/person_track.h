// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_HUMAN_PERSON_TRACK_H_
#define POSENET_HUMAN_PERSON_TRACK_H_

#include <array>
#include <cstdint>

#include "human/body.h"
#include "posenet/track.h"

namespace posenet::human::tracking {

/// A vector in pixels, or pixels a second.
struct Vector {
  double x = 0.0;
  double y = 0.0;
};

/// Where a body is along one axis of the image, and how fast, as far as detections tell: a Kalman filter with
/// constant velocity and white acceleration (Bar-Shalom, Li and Kirubarajan 2001, section 6.2.2).
class AxisMotion {
 public:
  /// Variances of where the body was seen, and of its speed.
  AxisMotion(double position_px, double variance_px2, double speed_variance_px2_s2);

  /// Moves the body on; `agility` is the spectral density of its acceleration, in px^2 / s^3.
  void Predict(double seconds, double agility);

  /// The body was seen `offset_px` from where it was predicted, with that variance.
  void Correct(double offset_px, double variance_px2);

  /// The speed changed before the last step by something of that variance.
  void Turn(double speed_variance_px2_s2);

  [[nodiscard]] double position_px() const { return position_px_; }
  [[nodiscard]] double variance_px2() const { return variance_; }

 private:
  double position_px_;
  double velocity_px_s_ = 0.0;
  double variance_;
  double covariance_ = 0.0;  // Of position and velocity.
  double velocity_variance_;
  double last_step_s_ = 0.0;
};

/// Why somebody is not seen.
enum class Absence {
  kInSight,  ///< Nothing hides the place where they should be.
  kHidden,   ///< Somebody else is seen there.
  kOutside,  ///< They should have left the image.
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
  PersonTrack(const Pose& pose, double time_s, float min_keypoint_score);

  /// Moves the person to where they should be at `time_s`.
  void Predict(double time_s);

  /// How well `pose`, seen now, fits the prediction.
  [[nodiscard]] Fit FitOf(const Pose& pose, TrackSimilarity similarity) const;

  /// Nobody who was seen now was taken for this person; the frame before was `seconds` ago.
  void Miss(Absence absence, double seconds);

  /// Takes over `pose`, seen now. `doubt` from 1 multiplies the variance of where it was seen.
  void Correct(const Pose& pose, const Fit& fit, double doubt);

  /// Where the person should be now.
  [[nodiscard]] Vector position_px() const { return {.x = x_.position_px(), .y = y_.position_px()}; }
  [[nodiscard]] body::Box BoxNow() const;

  /// How far `pose`, seen now, is from where the person should be, in sizes of the larger of the two.
  [[nodiscard]] double DistanceTo(const Pose& pose) const;

  /// The logarithm of how much larger `pose` is than the person was, over keypoints that both are sure of; 0 where
  /// these are too few to tell.
  [[nodiscard]] double LogScaleTo(const Pose& pose) const;

  /// The person looks like `pose` now, whatever they looked like before.
  void BeginAnew(const Pose& pose);

  /// The person was seen where nobody else was.
  void CountSighting() { ++sightings_; }

  /// What speaks for this being a person at all grew by that.
  void AddEvidence(double evidence) { evidence_ += evidence; }
  [[nodiscard]] bool IsNew() const { return first_seen_s_ == now_s_; }
  [[nodiscard]] double evidence() const { return evidence_; }

  /// This is a person, who has a number from now on.
  void Name(std::int64_t id) { id_ = id; }
  [[nodiscard]] std::int64_t id() const { return id_; }  ///< 0: none yet.
  /// By how much, as a logarithm, the person is less likely to come back than when they were seen last.
  [[nodiscard]] double loss() const { return loss_; }
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
  [[nodiscard]] double KeypointLikelihood(const Pose& pose, bool only_confident, Vector variance_px2) const;
  [[nodiscard]] double BoxLikelihood(const Pose& pose, Vector variance_px2) const;

  std::int64_t id_ = 0;
  float min_keypoint_score_;
  double size_px_;
  AxisMotion x_;
  AxisMotion y_;
  std::array<Limb, kPartCount> limbs_ = {};
  body::Box box_px_;  // Around the body's position.
  double now_s_;
  double first_seen_s_;
  double last_seen_s_;
  double loss_ = 0.0;
  int sightings_ = 0;  // Where nobody else was.
  double evidence_ = 0.0;
};

}  // namespace posenet::human::tracking

#endif  // POSENET_HUMAN_PERSON_TRACK_H_
