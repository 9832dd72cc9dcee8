// SPDX-License-Identifier: Apache-2.0
#include "human/person_track.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace posenet::human::tracking {
namespace {

// All lengths are in sizes of the person, which are about one meter (body.h).

// Standard deviation of the measured body position: the gait moves the mean of the keypoints by a few centimeters. The
// network's own noise, averaged over the keypoints, is a tenth of that.
constexpr double kMeasurementStdDev = 0.025;
// Speed of a new track: people stand, walk (1.4 m/s) or run.
constexpr double kInitialSpeedStdDev = 2.0;
// Spectral density of the acceleration, in sizes^2 / s^3: speed changes by about 1 per second.
constexpr double kAccelerationDensity = 1.0;
// Maneuvers: about every three seconds a person turns, stops or starts, and then has any speed that people have.
constexpr double kManeuverRateHz = 0.3;
constexpr double kManeuverSpeedStdDev = 2.5;
// The time of a maneuver between two detections is uniformly distributed: the root mean square of that fraction.
constexpr double kManeuverTimeFraction = 0.577;
// Vertical relative to horizontal speed in the image of people walking on the ground, for a camera that is pitched down
// by 20 degrees.
constexpr double kForeshortening = 0.35;
// Decay rate of the probability that a missed person reappears, by Absence: an occluded person reappears, a missed
// person in plain view has probably left, and few people who leave the image return.
constexpr std::array kLossRatesHz = {2.0, 0.7, 5.0};
// Standard deviation of the logarithm of the measured size, and its growth with time as people approach or recede.
constexpr double kLogScaleStdDev = 0.04;
constexpr double kLogScaleRateHz = 0.06;
// The gate, in standard deviations of the predicted position.
constexpr double kGateDeviations = 4.0;
// Minimum similarities of the trackers of TensorFlow.js.
constexpr double kMinKeypointSimilarity = 0.2;
constexpr double kMinBoxSimilarity = 0.15;
// As in the tracker of TensorFlow.js: with fewer confident keypoints in common, all keypoints are compared, and the
// variance of the measurement is multiplied by the factor.
constexpr int kMinCommonKeypoints = 4;
constexpr double kLowConfidenceVarianceFactor = 4.0;
// The position of a keypoint relative to the body is unknown after this time without a confident detection.
constexpr double kKeypointMemoryS = 0.5;
// Time constants of the low-pass filters for keypoints relative to the body, and for the size.
constexpr double kKeypointTimeConstantS = 0.05;
constexpr double kSizeTimeConstantS = 0.3;
// Time constant of the decay of evidence: two false positives a third of a second apart count little more than one.
constexpr double kEvidenceTimeConstantS = 0.15;
constexpr int kConfirmingDetections = 3;

// Weights of the keypoints for the body position. Keypoints move relative to the body when walking by about .05 sizes
// (torso and head), .1 (elbows and knees) or .2 (hands and feet); the weights are the inverse squares, normalized to 1.
constexpr std::array<double, kPartCount> kKeypointWeights = {1,   1,   1, 1, 1,   1,   1,   .25, .25,
                                                             .06, .06, 1, 1, .25, .25, .06, .06};

double Square(double value) { return value * value; }

Vector Minus(Vector a, Vector b) { return {.x = a.x - b.x, .y = a.y - b.y}; }
Vector Plus(Vector a, Vector b) { return {.x = a.x + b.x, .y = a.y + b.y}; }
Vector Times(double factor, Vector a) { return {.x = factor * a.x, .y = factor * a.y}; }
double SquaredLength(Vector a) { return a.x * a.x + a.y * a.y; }

Vector PositionOf(const Keypoint& keypoint) {
  return {.x = static_cast<double>(keypoint.position_px.x), .y = static_cast<double>(keypoint.position_px.y)};
}

Vector CenterOf(const body::Box& box) {
  return {.x = 0.5 * (box.min_x_px + box.max_x_px), .y = 0.5 * (box.min_y_px + box.max_y_px)};
}

body::Box Moved(const body::Box& box, Vector by) {
  return {.min_x_px = box.min_x_px + by.x,
          .min_y_px = box.min_y_px + by.y,
          .max_x_px = box.max_x_px + by.x,
          .max_y_px = box.max_y_px + by.y};
}

body::Box Grown(const body::Box& box, Vector by_px) {
  return {.min_x_px = box.min_x_px - by_px.x,
          .min_y_px = box.min_y_px - by_px.y,
          .max_x_px = box.max_x_px + by_px.x,
          .max_y_px = box.max_y_px + by_px.y};
}

/// The squared Mahalanobis distance.
double Mahalanobis2(Vector offset_px, Vector variance_px2) {
  return Square(offset_px.x) / variance_px2.x + Square(offset_px.y) / variance_px2.y;
}

/// The gain of a first-order low-pass filter after `seconds`.
double LowPassGain(double seconds, double time_constant_s) { return 1.0 - std::exp(-seconds / time_constant_s); }

}  // namespace

AxisMotion::AxisMotion(double position_px, double variance_px2, double speed_variance_px2_s2)
    : position_px_(position_px), variance_(variance_px2), velocity_variance_(speed_variance_px2_s2) {}

void AxisMotion::Predict(double seconds, double acceleration_density) {
  last_step_s_ = seconds;
  position_px_ += seconds * velocity_px_s_;
  variance_ += seconds * (2.0 * covariance_ + seconds * velocity_variance_) +
               acceleration_density * Square(seconds) * seconds / 3.0;
  covariance_ += seconds * velocity_variance_ + acceleration_density * Square(seconds) / 2.0;
  velocity_variance_ += acceleration_density * seconds;
}

void AxisMotion::AddManeuver(double speed_variance_px2_s2) {
  variance_ += speed_variance_px2_s2 * Square(last_step_s_);
  covariance_ += speed_variance_px2_s2 * last_step_s_;
  velocity_variance_ += speed_variance_px2_s2;
}

void AxisMotion::Correct(double offset_px, double variance_px2) {
  const double innovation_variance = variance_ + variance_px2;
  const double position_gain = variance_ / innovation_variance;
  const double velocity_gain = covariance_ / innovation_variance;
  position_px_ += position_gain * offset_px;
  velocity_px_s_ += velocity_gain * offset_px;
  velocity_variance_ -= velocity_gain * covariance_;
  covariance_ *= 1.0 - position_gain;
  variance_ *= 1.0 - position_gain;
}

PersonTrack::PersonTrack(const Pose& pose, double time_s, float min_keypoint_score)
    : min_keypoint_score_(min_keypoint_score),
      size_px_(body::SizeOf(body::BoxOf(pose, min_keypoint_score))),
      x_(CenterOf(body::BoxOf(pose, min_keypoint_score)).x, Square(kMeasurementStdDev * size_px_),
         Square(kInitialSpeedStdDev * size_px_)),
      y_(CenterOf(body::BoxOf(pose, min_keypoint_score)).y, Square(kMeasurementStdDev * size_px_),
         Square(kForeshortening * kInitialSpeedStdDev * size_px_)),
      pose_(pose),
      now_s_(time_s),
      first_detected_s_(time_s),
      last_detected_s_(time_s) {
  for (std::size_t i = 0; i < kPartCount; ++i) {
    const Keypoint& keypoint = pose.keypoints[i];
    keypoints_[i] = {.from_body_px = Minus(PositionOf(keypoint), position_px()),
                     .last_confident_s = time_s,
                     .was_confident = keypoint.score >= min_keypoint_score};
  }
  box_px_ = Moved(body::BoxOf(pose, min_keypoint_score), Times(-1.0, position_px()));
}

bool PersonTrack::IsConfirmed() const { return id_ != 0 && detections_ >= kConfirmingDetections; }

bool PersonTrack::IsKnown(const KeypointState& state) const {
  return state.was_confident && last_detected_s_ - state.last_confident_s <= kKeypointMemoryS;
}

Vector PersonTrack::PredictedPosition(const KeypointState& state) const {
  return Plus(position_px(), state.from_body_px);
}

void PersonTrack::Predict(double time_s) {
  const double acceleration_density = kAccelerationDensity * Square(size_px_);
  x_.Predict(time_s - now_s_, acceleration_density);
  y_.Predict(time_s - now_s_, Square(kForeshortening) * acceleration_density);
  now_s_ = time_s;
}

double PersonTrack::DistanceTo(const Pose& pose) const {
  const body::Box box_px = body::BoxOf(pose, min_keypoint_score_);
  const Vector offset_px = Minus(CenterOf(box_px), CenterOf(Moved(box_px_, position_px())));
  return std::sqrt(SquaredLength(offset_px)) / std::max(size_px_, body::SizeOf(box_px));
}

body::Box PersonTrack::PredictedBox() const { return Moved(box_px_, position_px()); }

Pose PersonTrack::PredictedPose(double time_s) const {
  const double seconds = time_s - last_detected_s_;
  Pose predicted = pose_;
  for (Keypoint& keypoint : predicted.keypoints) {
    keypoint.position_px.x += static_cast<float>(seconds * x_.velocity_px_s());
    keypoint.position_px.y += static_cast<float>(seconds * y_.velocity_px_s());
  }
  return predicted;
}

void PersonTrack::MarkMissed(Absence absence, double seconds) {
  log_loss_ += seconds * kLossRatesHz[static_cast<std::size_t>(absence)];
  evidence_ *= std::exp(-seconds / kEvidenceTimeConstantS);
}

void PersonTrack::Restart(const Pose& pose) {
  const PersonTrack old = *this;
  *this = PersonTrack(pose, now_s_, min_keypoint_score_);
  first_detected_s_ = old.first_detected_s_;
  id_ = old.id_;
  detections_ = old.detections_;
  evidence_ = old.evidence_;
}

bool PersonTrack::IsConfidentInBoth(std::size_t part, const Pose& pose) const {
  return IsKnown(keypoints_[part]) && pose.keypoints[part].score >= min_keypoint_score_;
}

PersonTrack::KeypointSet PersonTrack::ComparedKeypoints(const Pose& pose) const {
  int common = 0;
  for (std::size_t part = 0; part < kPartCount; ++part) common += IsConfidentInBoth(part, pose) ? 1 : 0;
  return common >= kMinCommonKeypoints ? KeypointSet::kConfident : KeypointSet::kAll;
}

bool PersonTrack::IsCompared(std::size_t part, const Pose& pose, KeypointSet keypoints) const {
  return keypoints == KeypointSet::kAll || IsConfidentInBoth(part, pose);
}

double PersonTrack::MeasurementVariance(KeypointSet keypoints) const {
  return Square(kMeasurementStdDev * size_px_) * (keypoints == KeypointSet::kAll ? kLowConfidenceVarianceFactor : 1.0);
}

Vector PersonTrack::OffsetOf(const Pose& pose, KeypointSet keypoints) const {
  Vector sum;
  double weights = 0.0;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    if (!IsCompared(i, pose, keypoints)) continue;
    const Vector offset = Minus(PositionOf(pose.keypoints[i]), PredictedPosition(keypoints_[i]));
    sum = Plus(sum, Times(kKeypointWeights[i], offset));
    weights += kKeypointWeights[i];
  }
  return Times(1.0 / weights, sum);
}

/// The logarithm of the size of `pose` relative to the track.
double PersonTrack::LogScaleOf(const Pose& pose, KeypointSet keypoints) const {
  Vector measured_sum;
  Vector track_sum;
  double measured_squares = 0.0;
  double track_squares = 0.0;
  double count = 0.0;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    if (!IsCompared(i, pose, keypoints)) continue;
    const Vector measured = Minus(PositionOf(pose.keypoints[i]), position_px());
    measured_sum = Plus(measured_sum, measured);
    track_sum = Plus(track_sum, keypoints_[i].from_body_px);
    measured_squares += SquaredLength(measured);
    track_squares += SquaredLength(keypoints_[i].from_body_px);
    count += 1.0;
  }
  const double measured_spread = measured_squares - SquaredLength(measured_sum) / count;
  const double track_spread = track_squares - SquaredLength(track_sum) / count;
  // Spreads below one pixel are not meaningful.
  return 0.5 * std::log(std::max(measured_spread, count) / std::max(track_spread, count));
}

double PersonTrack::LogScaleTo(const Pose& pose) const {
  const KeypointSet keypoints = ComparedKeypoints(pose);
  return keypoints == KeypointSet::kConfident ? LogScaleOf(pose, keypoints) : 0.0;
}

// Object keypoint similarity under uncertainty of the position: the mean of Gaussians that are wider by `variance_px2`.
double PersonTrack::KeypointLikelihood(const Pose& pose, KeypointSet keypoints, Vector variance_px2) const {
  double sum = 0.0;
  int count = 0;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    if (!IsCompared(i, pose, keypoints)) continue;
    const double falloff_px2 = Square(body::kOksFalloffs[i] * size_px_);
    const Vector offset_px = Minus(PositionOf(pose.keypoints[i]), PredictedPosition(keypoints_[i]));
    sum += std::exp(-0.5 *
                    Mahalanobis2(offset_px, {.x = falloff_px2 + variance_px2.x, .y = falloff_px2 + variance_px2.y}));
    ++count;
  }
  return sum / count;
}

double PersonTrack::BoxLikelihood(const Pose& pose, Vector variance_px2) const {
  // Both boxes are expanded by the uncertainty of the prediction.
  const Vector growth_px = {.x = std::sqrt(variance_px2.x), .y = std::sqrt(variance_px2.y)};
  return body::Overlap(Grown(PredictedBox(), growth_px), Grown(body::BoxOf(pose, min_keypoint_score_), growth_px));
}

Fit PersonTrack::FitOf(const Pose& pose, TrackSimilarity similarity) const {
  const KeypointSet keypoints = ComparedKeypoints(pose);
  const double measurement_px2 = MeasurementVariance(keypoints);
  const double missed_s = now_s_ - last_detected_s_;
  const double maneuver_px2 = Square(kManeuverSpeedStdDev * size_px_ * kManeuverTimeFraction * missed_s);
  const Vector straight_px2 = {.x = x_.variance_px2() + measurement_px2, .y = y_.variance_px2() + measurement_px2};
  const Vector maneuvering_px2 = Plus(straight_px2, {.x = maneuver_px2, .y = Square(kForeshortening) * maneuver_px2});
  Fit fit = {.offset_px = OffsetOf(pose, keypoints)};
  // The densities of two-dimensional Gaussians.
  const auto density = [&](Vector variance_px2) {
    return std::exp(-0.5 * Mahalanobis2(fit.offset_px, variance_px2)) / std::sqrt(variance_px2.x * variance_px2.y);
  };
  const double straight = density(straight_px2);
  const double maneuvering = (1.0 - std::exp(-kManeuverRateHz * missed_s)) * density(maneuvering_px2);
  fit.is_maneuver = maneuvering > straight;
  const double maneuver_probability =
      maneuvering / std::max(straight + maneuvering, std::numeric_limits<double>::min());
  const Vector expected_px2 = {.x = x_.variance_px2() + maneuver_probability * (maneuvering_px2.x - straight_px2.x),
                               .y = y_.variance_px2() + maneuver_probability * (maneuvering_px2.y - straight_px2.y)};
  const bool by_box = similarity == TrackSimilarity::kBox;
  const double value = by_box ? BoxLikelihood(pose, expected_px2) : KeypointLikelihood(pose, keypoints, expected_px2);
  fit.passes_gate = Mahalanobis2(fit.offset_px, maneuvering_px2) <= Square(kGateDeviations) &&
                    value >= (by_box ? kMinBoxSimilarity : kMinKeypointSimilarity);
  if (!fit.passes_gate) return fit;
  const double scale_variance = Square(kLogScaleStdDev) + Square(kLogScaleRateHz * missed_s);
  fit.log_likelihood = std::log(value) + std::log((straight + maneuvering) * Square(kMeasurementStdDev * size_px_)) -
                       0.5 * Square(LogScaleOf(pose, keypoints)) / scale_variance - log_loss_;
  return fit;
}

void PersonTrack::Correct(const Pose& pose, const Fit& fit, double variance_factor) {
  const double missed_s = now_s_ - last_detected_s_;
  const KeypointSet keypoints = ComparedKeypoints(pose);
  const Vector measured_body_px = Plus(position_px(), fit.offset_px);
  // An ambiguous association, as when two people cross, updates the track less.
  const double keypoint_gain = LowPassGain(missed_s, kKeypointTimeConstantS) / variance_factor;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    const Keypoint& keypoint = pose.keypoints[i];
    KeypointState& state = keypoints_[i];
    const Vector from_body_px = Minus(PositionOf(keypoint), measured_body_px);
    const bool is_confident = keypoint.score >= min_keypoint_score_;
    const double gain = is_confident == IsKnown(state) ? keypoint_gain : (is_confident ? 1.0 : 0.0);
    state.from_body_px = Plus(state.from_body_px, Times(gain, Minus(from_body_px, state.from_body_px)));
    if (!is_confident) continue;
    state.was_confident = true;
    state.last_confident_s = now_s_;
  }
  const body::Box box = body::BoxOf(pose, min_keypoint_score_);
  const double size_gain = LowPassGain(missed_s, kSizeTimeConstantS) / variance_factor;
  size_px_ += size_gain * (body::SizeOf(box) - size_px_);
  const body::Box from_body = Moved(box, Times(-1.0, measured_body_px));
  box_px_.min_x_px += keypoint_gain * (from_body.min_x_px - box_px_.min_x_px);
  box_px_.min_y_px += keypoint_gain * (from_body.min_y_px - box_px_.min_y_px);
  box_px_.max_x_px += keypoint_gain * (from_body.max_x_px - box_px_.max_x_px);
  box_px_.max_y_px += keypoint_gain * (from_body.max_y_px - box_px_.max_y_px);
  if (fit.is_maneuver) {
    x_.AddManeuver(Square(kManeuverSpeedStdDev * size_px_));
    y_.AddManeuver(Square(kForeshortening * kManeuverSpeedStdDev * size_px_));
  }
  const double measurement_px2 = variance_factor * MeasurementVariance(keypoints);
  x_.Correct(fit.offset_px.x, measurement_px2);
  y_.Correct(fit.offset_px.y, measurement_px2);
  pose_ = pose;
  last_detected_s_ = now_s_;
  log_loss_ = 0.0;
}

}  // namespace posenet::human::tracking
