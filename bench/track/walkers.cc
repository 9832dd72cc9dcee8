// SPDX-License-Identifier: Apache-2.0
#include "track/walkers.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <random>

#include "human/body.h"

namespace posenet::bench {
namespace {

// Proportions of an adult, relative to the ankles.
constexpr double kNoseHeightM = 1.55;
constexpr double kHipHeightM = 0.85;
constexpr double kLegM = 0.42;  // Thigh and lower leg, each.
constexpr double kArmM = 0.28;  // Upper and lower arm, each.

using Random = std::mt19937;

double Uniform(Random& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}
bool Chance(Random& random, double probability) { return Uniform(random, 0.0, 1.0) < probability; }

/// The state of a walker.
struct Walker {
  int id = 0;
  double x_px = 0.0;  // Of the hip.
  double y_px = 0.0;
  double velocity_x_px_s = 0.0;
  double velocity_y_px_s = 0.0;
  double meter_px = 100.0;
  double width = 1.0;  // Of the shoulders, relative to the average.
  double phase = 0.0;  // Of the step.
  double base_score = 0.9;
  double until_s = 0.0;  // Time of the next change of direction.
};

Point Offset(Point from, double x, double y) {
  return {.x = from.x + static_cast<float>(x), .y = from.y + static_cast<float>(y)};
}

/// Sets the positions of a limb that hangs from `root` at `angle` to the vertical, with its joint bent by `bend`.
void SetLimb(Pose& pose, Part joint, Part end, Point root, double length_px, double angle, double bend) {
  const Point middle = Offset(root, length_px * std::sin(angle), length_px * std::cos(angle));
  pose[joint].position_px = middle;
  pose[end].position_px = Offset(middle, length_px * std::sin(angle + bend), length_px * std::cos(angle + bend));
}

Pose TruePose(const Walker& walker) {
  const double m = walker.meter_px;
  const double speed_m_s = std::hypot(walker.velocity_x_px_s, walker.velocity_y_px_s) / m;
  const double facing = walker.velocity_x_px_s < 0.0 ? -1.0 : 1.0;
  // A person who walks across the image is seen from the side, with narrow shoulders.
  const double across = std::min(std::abs(walker.velocity_x_px_s) / m, 1.0);
  const double half_shoulders = 0.2 * walker.width * (1.0 - 0.7 * across) * m;
  const double swing = facing * std::min(0.35 * speed_m_s, 0.5);
  const Point hip = {
      .x = static_cast<float>(walker.x_px),
      .y = static_cast<float>(walker.y_px - 0.02 * m * std::min(speed_m_s, 1.0) * std::cos(2.0 * walker.phase))};
  Pose pose;
  const Point nose = Offset(hip, facing * 0.08 * across * m, (kHipHeightM - kNoseHeightM) * m);
  pose[Part::kNose].position_px = nose;
  const double ahead = -facing * 0.06 * across * m;
  const double eye = 0.035 * (1.0 - 0.6 * across) * m;
  pose[Part::kLeftEye].position_px = Offset(nose, ahead * 0.5 + eye, -0.035 * m);
  pose[Part::kRightEye].position_px = Offset(nose, ahead * 0.5 - eye, -0.035 * m);
  pose[Part::kLeftEar].position_px = Offset(nose, ahead * 1.6 + 2.0 * eye, -0.01 * m);
  pose[Part::kRightEar].position_px = Offset(nose, ahead * 1.6 - 2.0 * eye, -0.01 * m);
  const Point neck = Offset(hip, 0.0, -0.5 * m);
  const Point left_shoulder = Offset(neck, half_shoulders, 0.0);
  const Point right_shoulder = Offset(neck, -half_shoulders, 0.0);
  pose[Part::kLeftShoulder].position_px = left_shoulder;
  pose[Part::kRightShoulder].position_px = right_shoulder;
  const Point left_hip = Offset(hip, 0.6 * half_shoulders, 0.0);
  const Point right_hip = Offset(hip, -0.6 * half_shoulders, 0.0);
  pose[Part::kLeftHip].position_px = left_hip;
  pose[Part::kRightHip].position_px = right_hip;
  const double step = std::sin(walker.phase);
  SetLimb(pose, Part::kLeftElbow, Part::kLeftWrist, left_shoulder, kArmM * m, -swing * step, 0.3 * facing);
  SetLimb(pose, Part::kRightElbow, Part::kRightWrist, right_shoulder, kArmM * m, swing * step, 0.3 * facing);
  const double bend = std::abs(swing);
  SetLimb(pose, Part::kLeftKnee, Part::kLeftAnkle, left_hip, kLegM * m, swing * step,
          -facing * bend * (1.0 + std::cos(walker.phase)) * 0.5);
  SetLimb(pose, Part::kRightKnee, Part::kRightAnkle, right_hip, kLegM * m, -swing * step,
          -facing * bend * (1.0 - std::cos(walker.phase)) * 0.5);
  for (Keypoint& keypoint : pose.keypoints) keypoint.score = 1.0F;
  return pose;
}

void Step(Walker& walker, double seconds) {
  walker.x_px += seconds * walker.velocity_x_px_s;
  walker.y_px += seconds * walker.velocity_y_px_s;
  // A step of 0.7 m is half a period.
  const double speed_m_s = std::hypot(walker.velocity_x_px_s, walker.velocity_y_px_s) / walker.meter_px;
  walker.phase += seconds * speed_m_s / 0.7 * std::numbers::pi;
}

/// A detection of `truth`: keypoints with noise, of which some have low scores.
Pose Detect(const Pose& truth, double base_score, double noise, Random& random) {
  Pose pose = truth;
  const double size_px = human::body::SizeOf(human::body::BoxOf(truth, 0.0F));
  double sum = 0.0;
  for (Keypoint& keypoint : pose.keypoints) {
    const bool has_low_score = Chance(random, 0.12);
    const double score =
        has_low_score ? Uniform(random, 0.05, 0.4) : std::min(base_score + Uniform(random, -0.15, 0.1), 1.0);
    std::normal_distribution<double> error(0.0, noise * size_px * (has_low_score ? 3.0 : 1.0));
    keypoint.position_px = Offset(keypoint.position_px, error(random), error(random));
    keypoint.score = static_cast<float>(score);
    sum += score;
  }
  pose.score = static_cast<float>(sum / kPartCount);
  return pose;
}

double CoveredFraction(const human::body::Box& box, const human::body::Box& nearer) {
  const double width = std::min(box.max_x_px, nearer.max_x_px) - std::max(box.min_x_px, nearer.min_x_px);
  const double height = std::min(box.max_y_px, nearer.max_y_px) - std::max(box.min_y_px, nearer.min_y_px);
  return width <= 0.0 || height <= 0.0 ? 0.0 : width * height / (box.Width() * box.Height());
}

/// Simulates a pose detector.
class Detector {
 public:
  Detector(const SceneOptions& options, Random& random) : options_(options), random_(random) {}

  /// Walkers for whom `is_detected` is false are not detected.
  Frame Detections(double time_s, const std::vector<Walker>& walkers, const std::vector<bool>& is_detected) {
    Frame frame = {.time_s = time_s};
    std::vector<human::body::Box> boxes;
    boxes.reserve(walkers.size());
    for (const Walker& walker : walkers) boxes.push_back(human::body::BoxOf(TruePose(walker), 0.0F));
    for (std::size_t i = 0; i < walkers.size(); ++i) {
      const Walker& walker = walkers[i];
      if (walker.x_px < 0.0 || walker.x_px > options_.width_px) continue;
      frame.present.push_back(walker.id);
      if (!is_detected[i] || Chance(random_, options_.miss_rate) || IsOccluded(walkers, boxes, i)) continue;
      AddDetections(walker, frame);
    }
    if (Chance(random_, options_.false_positive_rate)) AddFalsePositive(frame);
    std::shuffle(frame.detections.begin(), frame.detections.end(), random_);
    return frame;
  }

 private:
  [[nodiscard]] bool IsOccluded(const std::vector<Walker>& walkers, const std::vector<human::body::Box>& boxes,
                                std::size_t i) const {
    if (!options_.has_occlusion) return false;
    for (std::size_t other = 0; other < walkers.size(); ++other) {
      // Closer people are taller in the image.
      if (walkers[other].meter_px > walkers[i].meter_px && CoveredFraction(boxes[i], boxes[other]) > 0.6) return true;
    }
    return false;
  }

  void AddDetections(const Walker& walker, Frame& frame) {
    const Pose truth = TruePose(walker);
    frame.detections.push_back(
        {.pose = Detect(truth, walker.base_score, options_.noise, random_), .person = walker.id});
    if (!Chance(random_, options_.duplicate_rate)) return;
    frame.detections.push_back({.pose = Detect(truth, 0.6 * walker.base_score, 3.0 * options_.noise, random_),
                                .person = walker.id,
                                .is_duplicate = true});
  }

  void AddFalsePositive(Frame& frame) {
    Walker walker = {.x_px = Uniform(random_, 0.0, options_.width_px),
                     .y_px = Uniform(random_, 0.3, 0.8) * options_.height_px,
                     .meter_px = Uniform(random_, 40.0, 120.0),
                     .phase = Uniform(random_, 0.0, 6.0)};
    frame.detections.push_back({.pose = Detect(TruePose(walker), 0.35, 3.0 * options_.noise, random_), .person = -1});
  }

  const SceneOptions& options_;
  Random& random_;
};

/// The times of the frames.
std::vector<double> Times(const SceneOptions& options, Random& random) {
  std::vector<double> times;
  const auto frames = static_cast<int>(options.seconds * options.fps);
  times.reserve(static_cast<std::size_t>(frames));
  for (int i = 0; i < frames; ++i) {
    times.push_back((i + options.time_jitter * Uniform(random, -0.5, 0.5)) / options.fps);
  }
  return times;
}

Walker NewWalker(const SceneOptions& options, int id, Random& random) {
  const double meter_px = Uniform(random, options.min_size_px, options.max_size_px) / kNoseHeightM;
  return {.id = id,
          .y_px = Uniform(random, 0.35, 0.75) * options.height_px,
          .meter_px = meter_px,
          .width = Uniform(random, 0.8, 1.2),
          .phase = Uniform(random, 0.0, 6.0),
          .base_score = Uniform(random, 0.6, 0.95)};
}

/// Sets a random speed and direction, mostly across the image.
void ChangeVelocity(const SceneOptions& options, Walker& walker, double time_s, Random& random) {
  const bool rests = Chance(random, 0.15);
  const double speed = rests ? 0.0 : Uniform(random, 0.4, 2.0) * walker.meter_px;
  const double direction = Uniform(random, -0.25, 0.25) + (Chance(random, 0.5) ? 0.0 : std::numbers::pi);
  walker.velocity_x_px_s = speed * std::cos(direction);
  walker.velocity_y_px_s = 0.3 * speed * std::sin(direction);
  if (walker.y_px < 0.3 * options.height_px) walker.velocity_y_px_s = std::abs(walker.velocity_y_px_s);
  if (walker.y_px > 0.8 * options.height_px) walker.velocity_y_px_s = -std::abs(walker.velocity_y_px_s);
  walker.until_s = time_s + (rests ? Uniform(random, 0.5, 2.0) : Uniform(random, 1.5, 6.0));
}

}  // namespace

std::vector<Frame> WalkingScene(const SceneOptions& options) {
  Random random(options.seed);
  Detector detector(options, random);
  std::vector<Walker> walkers;
  int next_id = 0;
  for (int i = 0; i < options.people; ++i) {
    walkers.push_back(NewWalker(options, next_id++, random));
    walkers.back().x_px = Uniform(random, 0.0, options.width_px);
    ChangeVelocity(options, walkers.back(), 0.0, random);
  }
  std::vector<Frame> frames;
  double previous_s = 0.0;
  for (const double time_s : Times(options, random)) {
    for (Walker& walker : walkers) {
      if (time_s > walker.until_s) ChangeVelocity(options, walker, time_s, random);
      Step(walker, time_s - previous_s);
      if (walker.x_px >= -0.5 * walker.meter_px && walker.x_px <= options.width_px + 0.5 * walker.meter_px) continue;
      // Another person enters from either side.
      walker = NewWalker(options, next_id++, random);
      ChangeVelocity(options, walker, time_s, random);
      walker.x_px = walker.velocity_x_px_s < 0.0 ? options.width_px : 0.0;
    }
    previous_s = time_s;
    frames.push_back(detector.Detections(time_s, walkers, std::vector<bool>(walkers.size(), true)));
  }
  return frames;
}

std::vector<Frame> CrossingScene(const SceneOptions& options, int hidden_frames, int both_hidden_frames) {
  Random random(options.seed);
  SceneOptions without_occlusion = options;
  without_occlusion.has_occlusion = false;
  Detector detector(without_occlusion, random);
  std::vector<Frame> frames;
  const int pairs = (options.people + 1) / 2;
  double start_s = 0.0;
  for (int pair = 0; pair < pairs; ++pair) {
    std::vector<Walker> walkers = {NewWalker(options, 2 * pair, random), NewWalker(options, 2 * pair + 1, random)};
    walkers[1].y_px = walkers[0].y_px + Uniform(random, -0.1, 0.1) * walkers[0].meter_px;
    walkers[1].meter_px = walkers[0].meter_px * Uniform(random, 0.85, 1.0);
    walkers[0].velocity_x_px_s = Uniform(random, 0.8, 1.8) * walkers[0].meter_px;
    walkers[1].velocity_x_px_s = -Uniform(random, 0.8, 1.8) * walkers[1].meter_px;
    const double meeting_s = options.seconds / 2.0;
    for (Walker& walker : walkers) walker.x_px = 0.5 * options.width_px - meeting_s * walker.velocity_x_px_s;
    double previous_s = 0.0;
    for (const double time_s : Times(options, random)) {
      for (Walker& walker : walkers) Step(walker, time_s - previous_s);
      previous_s = time_s;
      const double from_meeting = std::abs(time_s - meeting_s) * options.fps;
      const bool rear = 2.0 * from_meeting >= hidden_frames;
      const bool front = 2.0 * from_meeting >= both_hidden_frames;
      Frame frame = detector.Detections(time_s, walkers, {front, rear && front});
      frame.time_s += start_s;
      frames.push_back(frame);
    }
    start_s += options.seconds + 3.0;  // Long enough to drop all tracks.
  }
  return frames;
}

Pose WalkerAt(double time_s, double speed_m_s, Point hip_px, double meter_px) {
  Walker walker = {.x_px = static_cast<double>(hip_px.x),
                   .y_px = static_cast<double>(hip_px.y),
                   .velocity_x_px_s = speed_m_s * meter_px,
                   .meter_px = meter_px};
  Step(walker, time_s);
  return TruePose(walker);
}

}  // namespace posenet::bench
