// SPDX-License-Identifier: Apache-2.0
#include "human/person_track.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace posenet::human::tracking {
namespace {

// Sizes are about metres (body.h). How exactly a detection tells where a body is: the step of a walker swings the mean
// of the keypoints by some centimetres; the network's own noise, a tenth of that when averaged, is less.
constexpr double kSightingStdDev = 0.025;
// Who is new may stand, walk (1.4 m/s) or run.
constexpr double kNewSpeedStdDev = 2.0;
// Spectral density of acceleration, sizes^2 / s^3, of people on their way: speed changes by 1 within a second.
constexpr double kAgility = 1.0;
// But now and then, every three seconds or so, somebody turns, stops or sets off, and has any speed that people have.
constexpr double kTurnRateHz = 0.3;
constexpr double kTurnSpeedStdDev = 2.5;
// When that was between two sightings is not known: the mean square of a uniform share of the time.
constexpr double kTurnShare = 0.577;
// Cameras look along the ground rather than down on it: walking up and down an image is so much slower than across,
// for a camera that looks down by twenty degrees.
constexpr double kForeshortening = 0.35;
// Who is not seen may be gone for good: so many times e less likely to come back with each second, for the three kinds
// of absence. Who is hidden comes out again; who is in sight and not detected is rather not there; few who left return.
constexpr std::array kLossRatesHz = {2.0, 0.7, 5.0};
// The logarithm of a person's size as a detection has it.
constexpr double kLogScaleStdDev = 0.04;
// It grows and shrinks as people come nearer and go.
constexpr double kLogScaleRateHz = 0.06;
// Further from where they can be than this many standard deviations nobody is taken for the same person.
constexpr double kMaxDeviations = 4.0;
// TensorFlow.js' trackers: less alike than this is somebody else.
constexpr double kMinKeypointSimilarity = 0.2;
constexpr double kMinBoxSimilarity = 0.15;
// TensorFlow.js' tracker: fewer keypoints in common say too little; then all are compared, with more doubt.
constexpr int kMinCommonKeypoints = 4;
constexpr double kDoubtOfWeakKeypoints = 4.0;
// A keypoint that was not seen for this long may be anywhere around the body.
constexpr double kKeypointMemoryS = 0.5;
// Limbs move around the body within a tenth of a second; the size of a person in half a second.
constexpr double kLimbTimeS = 0.05;
constexpr double kSizeTimeS = 0.3;
// Two mistakes in one place, a third of a second apart, speak for somebody hardly more than one.
constexpr double kEvidenceTimeS = 0.15;
constexpr int kConfirmingSightings = 3;

// How far keypoints swing around the body when walking, in sizes: trunk and head, elbows and knees, hands and feet.
// What swings less tells more of where the body is: weights are inverse squares of .05, .1 and .2, normalised to 1.
constexpr std::array<double, kPartCount> kSteadiness = {1,   1,   1, 1, 1,   1,   1,   .25, .25,
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

/// How far an offset is in standard deviations, squared.
double Deviations2(Vector offset_px, Vector variance_px2) {
  return Square(offset_px.x) / variance_px2.x + Square(offset_px.y) / variance_px2.y;
}

/// The share of a step that a first-order filter takes after `seconds`.
double ShareAfter(double seconds, double time_constant_s) { return 1.0 - std::exp(-seconds / time_constant_s); }

}  // namespace

AxisMotion::AxisMotion(double position_px, double variance_px2, double speed_variance_px2_s2)
    : position_px_(position_px), variance_(variance_px2), velocity_variance_(speed_variance_px2_s2) {}

void AxisMotion::Predict(double seconds, double agility) {
  last_step_s_ = seconds;
  position_px_ += seconds * velocity_px_s_;
  variance_ += seconds * (2.0 * covariance_ + seconds * velocity_variance_) + agility * Square(seconds) * seconds / 3.0;
  covariance_ += seconds * velocity_variance_ + agility * Square(seconds) / 2.0;
  velocity_variance_ += agility * seconds;
}

void AxisMotion::Turn(double speed_variance_px2_s2) {
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
      x_(CenterOf(body::BoxOf(pose, min_keypoint_score)).x, Square(kSightingStdDev * size_px_),
         Square(kNewSpeedStdDev * size_px_)),
      y_(CenterOf(body::BoxOf(pose, min_keypoint_score)).y, Square(kSightingStdDev * size_px_),
         Square(kForeshortening * kNewSpeedStdDev * size_px_)),
      now_s_(time_s),
      first_seen_s_(time_s),
      last_seen_s_(time_s) {
  for (std::size_t i = 0; i < kPartCount; ++i) {
    const Keypoint& keypoint = pose.keypoints[i];
    limbs_[i] = {.from_body_px = Minus(PositionOf(keypoint), position_px()),
                 .last_confident_s = time_s,
                 .was_confident = keypoint.score >= min_keypoint_score};
  }
  box_px_ = Moved(body::BoxOf(pose, min_keypoint_score), Times(-1.0, position_px()));
}

bool PersonTrack::IsConfirmed() const { return id_ != 0 && sightings_ >= kConfirmingSightings; }

bool PersonTrack::IsKnown(const Limb& limb) const {
  return limb.was_confident && last_seen_s_ - limb.last_confident_s <= kKeypointMemoryS;
}

Vector PersonTrack::PredictedOf(const Limb& limb) const { return Plus(position_px(), limb.from_body_px); }

void PersonTrack::Predict(double time_s) {
  const double agility = kAgility * Square(size_px_);
  x_.Predict(time_s - now_s_, agility);
  y_.Predict(time_s - now_s_, Square(kForeshortening) * agility);
  now_s_ = time_s;
}

double PersonTrack::DistanceTo(const Pose& pose) const {
  const body::Box box_px = body::BoxOf(pose, min_keypoint_score_);
  const Vector offset_px = Minus(CenterOf(box_px), CenterOf(Moved(box_px_, position_px())));
  return std::sqrt(SquaredLength(offset_px)) / std::max(size_px_, body::SizeOf(box_px));
}

body::Box PersonTrack::BoxNow() const { return Moved(box_px_, position_px()); }

void PersonTrack::Miss(Absence absence, double seconds) {
  loss_ += seconds * kLossRatesHz[static_cast<std::size_t>(absence)];
  evidence_ *= std::exp(-seconds / kEvidenceTimeS);
}

void PersonTrack::BeginAnew(const Pose& pose) {
  const PersonTrack before = *this;
  *this = PersonTrack(pose, now_s_, min_keypoint_score_);
  first_seen_s_ = before.first_seen_s_;
  id_ = before.id_;
  sightings_ = before.sightings_;
  evidence_ = before.evidence_;
}

int PersonTrack::CommonKeypoints(const Pose& pose) const {
  int count = 0;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    if (IsKnown(limbs_[i]) && pose.keypoints[i].score >= min_keypoint_score_) ++count;
  }
  return count;
}

Vector PersonTrack::OffsetOf(const Pose& pose, bool only_confident) const {
  Vector sum;
  double weights = 0.0;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    if (only_confident && !(IsKnown(limbs_[i]) && pose.keypoints[i].score >= min_keypoint_score_)) continue;
    const Vector offset = Minus(PositionOf(pose.keypoints[i]), PredictedOf(limbs_[i]));
    sum = Plus(sum, Times(kSteadiness[i], offset));
    weights += kSteadiness[i];
  }
  return Times(1.0 / weights, sum);
}

/// The logarithm of how much larger the person appears than remembered.
double PersonTrack::LogScaleOf(const Pose& pose, bool only_confident) const {
  Vector seen_sum;
  Vector known_sum;
  double squares_seen = 0.0;
  double squares_known = 0.0;
  double count = 0.0;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    if (only_confident && !(IsKnown(limbs_[i]) && pose.keypoints[i].score >= min_keypoint_score_)) continue;
    const Vector seen = Minus(PositionOf(pose.keypoints[i]), position_px());
    seen_sum = Plus(seen_sum, seen);
    known_sum = Plus(known_sum, limbs_[i].from_body_px);
    squares_seen += SquaredLength(seen);
    squares_known += SquaredLength(limbs_[i].from_body_px);
    count += 1.0;
  }
  const double seen_spread = squares_seen - SquaredLength(seen_sum) / count;
  const double known_spread = squares_known - SquaredLength(known_sum) / count;
  // Below a pixel there is nothing to compare.
  return 0.5 * std::log(std::max(seen_spread, count) / std::max(known_spread, count));
}

double PersonTrack::LogScaleTo(const Pose& pose) const {
  return CommonKeypoints(pose) >= kMinCommonKeypoints ? LogScaleOf(pose, true) : 0.0;
}

// Object keypoint similarity, for a position that is known to a variance only: the mean of Gaussians that are as much
// wider.
double PersonTrack::KeypointLikelihood(const Pose& pose, bool only_confident, Vector variance_px2) const {
  double sum = 0.0;
  int count = 0;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    if (only_confident && !(IsKnown(limbs_[i]) && pose.keypoints[i].score >= min_keypoint_score_)) continue;
    const double falloff_px2 = Square(body::kOksFalloffs[i] * size_px_);
    const Vector offset_px = Minus(PositionOf(pose.keypoints[i]), PredictedOf(limbs_[i]));
    sum +=
        std::exp(-0.5 * Deviations2(offset_px, {.x = falloff_px2 + variance_px2.x, .y = falloff_px2 + variance_px2.y}));
    ++count;
  }
  return sum / count;
}

double PersonTrack::BoxLikelihood(const Pose& pose, Vector variance_px2) const {
  // Both grow by what the prediction is unsure of, so that they overlap as much as they may.
  const Vector growth_px = {.x = std::sqrt(variance_px2.x), .y = std::sqrt(variance_px2.y)};
  return body::Overlap(Grown(BoxNow(), growth_px), Grown(body::BoxOf(pose, min_keypoint_score_), growth_px));
}

Fit PersonTrack::FitOf(const Pose& pose, TrackSimilarity similarity) const {
  const bool only_confident = CommonKeypoints(pose) >= kMinCommonKeypoints;
  const double sighting_px2 = Square(kSightingStdDev * size_px_) * (only_confident ? 1.0 : kDoubtOfWeakKeypoints);
  const double unseen_s = now_s_ - last_seen_s_;
  const double turn_px2 = Square(kTurnSpeedStdDev * size_px_ * kTurnShare * unseen_s);
  const Vector straight_px2 = {.x = x_.variance_px2() + sighting_px2, .y = y_.variance_px2() + sighting_px2};
  const Vector turned_px2 = Plus(straight_px2, {.x = turn_px2, .y = Square(kForeshortening) * turn_px2});
  Fit fit = {.offset_px = OffsetOf(pose, only_confident)};
  // Two-dimensional Gaussians: the less sure the prediction, the thinner they are spread.
  const auto density = [&](Vector variance_px2) {
    return std::exp(-0.5 * Deviations2(fit.offset_px, variance_px2)) / std::sqrt(variance_px2.x * variance_px2.y);
  };
  const double straight = density(straight_px2);
  const double turned = (1.0 - std::exp(-kTurnRateHz * unseen_s)) * density(turned_px2);
  fit.is_turn = turned > straight;
  const double turned_share = turned / std::max(straight + turned, std::numeric_limits<double>::min());
  const Vector likely_px2 = {.x = x_.variance_px2() + turned_share * (turned_px2.x - straight_px2.x),
                             .y = y_.variance_px2() + turned_share * (turned_px2.y - straight_px2.y)};
  const bool by_box = similarity == TrackSimilarity::kBox;
  const double alike = by_box ? BoxLikelihood(pose, likely_px2) : KeypointLikelihood(pose, only_confident, likely_px2);
  fit.is_plausible = Deviations2(fit.offset_px, turned_px2) <= Square(kMaxDeviations) &&
                     alike >= (by_box ? kMinBoxSimilarity : kMinKeypointSimilarity);
  if (!fit.is_plausible) return fit;
  const double scale_variance = Square(kLogScaleStdDev) + Square(kLogScaleRateHz * unseen_s);
  fit.log_likelihood = std::log(alike) + std::log((straight + turned) * Square(kSightingStdDev * size_px_)) -
                       0.5 * Square(LogScaleOf(pose, only_confident)) / scale_variance - loss_;
  return fit;
}

void PersonTrack::Correct(const Pose& pose, const Fit& fit, double doubt) {
  const double unseen_s = now_s_ - last_seen_s_;
  const bool only_confident = CommonKeypoints(pose) >= kMinCommonKeypoints;
  const Vector seen_body_px = Plus(position_px(), fit.offset_px);
  // Who it is may be in doubt, as when two people meet: then what is remembered of the person counts for more.
  const double limb_share = ShareAfter(unseen_s, kLimbTimeS) / doubt;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    const Keypoint& keypoint = pose.keypoints[i];
    Limb& limb = limbs_[i];
    const Vector from_body_px = Minus(PositionOf(keypoint), seen_body_px);
    const bool is_confident = keypoint.score >= min_keypoint_score_;
    const double share = is_confident == IsKnown(limb) ? limb_share : (is_confident ? 1.0 : 0.0);
    limb.from_body_px = Plus(limb.from_body_px, Times(share, Minus(from_body_px, limb.from_body_px)));
    if (!is_confident) continue;
    limb.was_confident = true;
    limb.last_confident_s = now_s_;
  }
  const body::Box box = body::BoxOf(pose, min_keypoint_score_);
  const double size_share = ShareAfter(unseen_s, kSizeTimeS) / doubt;
  size_px_ += size_share * (body::SizeOf(box) - size_px_);
  const body::Box from_body = Moved(box, Times(-1.0, seen_body_px));
  box_px_.min_x_px += limb_share * (from_body.min_x_px - box_px_.min_x_px);
  box_px_.min_y_px += limb_share * (from_body.min_y_px - box_px_.min_y_px);
  box_px_.max_x_px += limb_share * (from_body.max_x_px - box_px_.max_x_px);
  box_px_.max_y_px += limb_share * (from_body.max_y_px - box_px_.max_y_px);
  if (fit.is_turn) {
    x_.Turn(Square(kTurnSpeedStdDev * size_px_));
    y_.Turn(Square(kForeshortening * kTurnSpeedStdDev * size_px_));
  }
  const double sighting_px2 =
      Square(kSightingStdDev * size_px_) * (only_confident ? doubt : doubt * kDoubtOfWeakKeypoints);
  x_.Correct(fit.offset_px.x, sighting_px2);
  y_.Correct(fit.offset_px.y, sighting_px2);
  last_seen_s_ = now_s_;
  loss_ = 0.0;
}

}  // namespace posenet::human::tracking
