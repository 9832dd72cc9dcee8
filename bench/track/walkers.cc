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

// From the nose to the ankles of a grown-up, in metres.
constexpr double kNoseHeightM = 1.55;
constexpr double kHipHeightM = 0.85;
constexpr double kLegM = 0.42;  // Thigh and lower leg each.
constexpr double kArmM = 0.28;  // Upper and lower arm each.

using Random = std::mt19937;

double Uniform(Random& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}
bool Chance(Random& random, double probability) { return Uniform(random, 0.0, 1.0) < probability; }

/// How a walker looks at one moment.
struct Walker {
  int id = 0;
  double x_px = 0.0;  // Of the hip.
  double y_px = 0.0;
  double velocity_x_px_s = 0.0;
  double velocity_y_px_s = 0.0;
  double metre_px = 100.0;
  double width = 1.0;  // Of the shoulders, as a share.
  double phase = 0.0;  // Of the step.
  double base_score = 0.9;
  double until_s = 0.0;  // When they choose another way.
};

Point Offset(Point from, double x, double y) {
  return {.x = from.x + static_cast<float>(x), .y = from.y + static_cast<float>(y)};
}

/// Sets the joint and the end of a limb that hangs at `angle` from `root`, its end bent by `bend` more.
void SetLimb(Pose& pose, Part joint, Part end, Point root, double length_px, double angle, double bend) {
  const Point middle = Offset(root, length_px * std::sin(angle), length_px * std::cos(angle));
  pose[joint].position_px = middle;
  pose[end].position_px = Offset(middle, length_px * std::sin(angle + bend), length_px * std::cos(angle + bend));
}

Pose TruePose(const Walker& walker) {
  const double m = walker.metre_px;
  const double speed_m_s = std::hypot(walker.velocity_x_px_s, walker.velocity_y_px_s) / m;
  const double facing = walker.velocity_x_px_s < 0.0 ? -1.0 : 1.0;
  // Who walks across the image shows a side, and shoulders are narrow.
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
  // A step of 0.7 m is half a turn of the phase.
  const double speed_m_s = std::hypot(walker.velocity_x_px_s, walker.velocity_y_px_s) / walker.metre_px;
  walker.phase += seconds * speed_m_s / 0.7 * std::numbers::pi;
}

/// `truth` as a detector sees it: keypoints tremble, and some are weak.
Pose Detect(const Pose& truth, double base_score, double noise, Random& random) {
  Pose pose = truth;
  const double size_px = human::body::SizeOf(human::body::BoxOf(truth, 0.0F));
  double sum = 0.0;
  for (Keypoint& keypoint : pose.keypoints) {
    const bool is_weak = Chance(random, 0.12);
    const double score = is_weak ? Uniform(random, 0.05, 0.4) : std::min(base_score + Uniform(random, -0.15, 0.1), 1.0);
    std::normal_distribution<double> tremble(0.0, noise * size_px * (is_weak ? 3.0 : 1.0));
    keypoint.position_px = Offset(keypoint.position_px, tremble(random), tremble(random));
    keypoint.score = static_cast<float>(score);
    sum += score;
  }
  pose.score = static_cast<float>(sum / kPartCount);
  return pose;
}

double HiddenShare(const human::body::Box& box, const human::body::Box& nearer) {
  const double width = std::min(box.max_x_px, nearer.max_x_px) - std::max(box.min_x_px, nearer.min_x_px);
  const double height = std::min(box.max_y_px, nearer.max_y_px) - std::max(box.min_y_px, nearer.min_y_px);
  return width <= 0.0 || height <= 0.0 ? 0.0 : width * height / (box.Width() * box.Height());
}

/// The image at one moment: who is in it, who is detected.
class Detector {
 public:
  Detector(const SceneOptions& options, Random& random) : options_(options), random_(random) {}

  /// `is_detected[i]` is false for walkers that must not be.
  Frame Look(double time_s, const std::vector<Walker>& walkers, const std::vector<bool>& is_detected) {
    Frame frame = {.time_s = time_s};
    std::vector<human::body::Box> boxes;
    boxes.reserve(walkers.size());
    for (const Walker& walker : walkers) boxes.push_back(human::body::BoxOf(TruePose(walker), 0.0F));
    for (std::size_t i = 0; i < walkers.size(); ++i) {
      const Walker& walker = walkers[i];
      if (walker.x_px < 0.0 || walker.x_px > options_.width_px) continue;
      frame.present.push_back(walker.id);
      if (!is_detected[i] || Chance(random_, options_.miss_rate) || IsHidden(walkers, boxes, i)) continue;
      See(walker, frame);
    }
    if (Chance(random_, options_.mistake_rate)) SeeNobody(frame);
    std::shuffle(frame.sightings.begin(), frame.sightings.end(), random_);
    return frame;
  }

 private:
  [[nodiscard]] bool IsHidden(const std::vector<Walker>& walkers, const std::vector<human::body::Box>& boxes,
                              std::size_t i) const {
    if (!options_.passes) return false;
    for (std::size_t other = 0; other < walkers.size(); ++other) {
      // Nearer people are taller in the image.
      if (walkers[other].metre_px > walkers[i].metre_px && HiddenShare(boxes[i], boxes[other]) > 0.6) return true;
    }
    return false;
  }

  void See(const Walker& walker, Frame& frame) {
    const Pose truth = TruePose(walker);
    frame.sightings.push_back({.pose = Detect(truth, walker.base_score, options_.noise, random_), .person = walker.id});
    if (!Chance(random_, options_.second_look_rate)) return;
    frame.sightings.push_back({.pose = Detect(truth, 0.6 * walker.base_score, 3.0 * options_.noise, random_),
                               .person = walker.id,
                               .is_second_look = true});
  }

  void SeeNobody(Frame& frame) {
    Walker nobody = {.x_px = Uniform(random_, 0.0, options_.width_px),
                     .y_px = Uniform(random_, 0.3, 0.8) * options_.height_px,
                     .metre_px = Uniform(random_, 40.0, 120.0),
                     .phase = Uniform(random_, 0.0, 6.0)};
    frame.sightings.push_back({.pose = Detect(TruePose(nobody), 0.35, 3.0 * options_.noise, random_), .person = -1});
  }

  const SceneOptions& options_;
  Random& random_;
};

/// Times of frames.
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
  const double metre_px = Uniform(random, options.min_size_px, options.max_size_px) / kNoseHeightM;
  return {.id = id,
          .y_px = Uniform(random, 0.35, 0.75) * options.height_px,
          .metre_px = metre_px,
          .width = Uniform(random, 0.8, 1.2),
          .phase = Uniform(random, 0.0, 6.0),
          .base_score = Uniform(random, 0.6, 0.95)};
}

/// Another speed and direction; mostly across the image.
void ChooseWay(const SceneOptions& options, Walker& walker, double time_s, Random& random) {
  const bool rests = Chance(random, 0.15);
  const double speed = rests ? 0.0 : Uniform(random, 0.4, 2.0) * walker.metre_px;
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
    ChooseWay(options, walkers.back(), 0.0, random);
  }
  std::vector<Frame> frames;
  double before_s = 0.0;
  for (const double time_s : Times(options, random)) {
    for (Walker& walker : walkers) {
      if (time_s > walker.until_s) ChooseWay(options, walker, time_s, random);
      Step(walker, time_s - before_s);
      if (walker.x_px >= -0.5 * walker.metre_px && walker.x_px <= options.width_px + 0.5 * walker.metre_px) continue;
      // Somebody else comes in, from either side.
      walker = NewWalker(options, next_id++, random);
      ChooseWay(options, walker, time_s, random);
      walker.x_px = walker.velocity_x_px_s < 0.0 ? options.width_px : 0.0;
    }
    before_s = time_s;
    frames.push_back(detector.Look(time_s, walkers, std::vector<bool>(walkers.size(), true)));
  }
  return frames;
}

std::vector<Frame> CrossingScene(const SceneOptions& options, int hidden_frames, int both_hidden_frames) {
  Random random(options.seed);
  SceneOptions seen = options;
  seen.passes = false;
  Detector detector(seen, random);
  std::vector<Frame> frames;
  const int pairs = (options.people + 1) / 2;
  double start_s = 0.0;
  for (int pair = 0; pair < pairs; ++pair) {
    std::vector<Walker> walkers = {NewWalker(options, 2 * pair, random), NewWalker(options, 2 * pair + 1, random)};
    walkers[1].y_px = walkers[0].y_px + Uniform(random, -0.1, 0.1) * walkers[0].metre_px;
    walkers[1].metre_px = walkers[0].metre_px * Uniform(random, 0.85, 1.0);
    walkers[0].velocity_x_px_s = Uniform(random, 0.8, 1.8) * walkers[0].metre_px;
    walkers[1].velocity_x_px_s = -Uniform(random, 0.8, 1.8) * walkers[1].metre_px;
    const double meeting_s = options.seconds / 2.0;
    for (Walker& walker : walkers) walker.x_px = 0.5 * options.width_px - meeting_s * walker.velocity_x_px_s;
    double before_s = 0.0;
    for (const double time_s : Times(options, random)) {
      for (Walker& walker : walkers) Step(walker, time_s - before_s);
      before_s = time_s;
      const double from_meeting = std::abs(time_s - meeting_s) * options.fps;
      const bool rear = 2.0 * from_meeting >= hidden_frames;
      const bool front = 2.0 * from_meeting >= both_hidden_frames;
      Frame frame = detector.Look(time_s, walkers, {front, rear && front});
      frame.time_s += start_s;
      frames.push_back(frame);
    }
    start_s += options.seconds + 3.0;  // Long enough for everybody to be forgotten.
  }
  return frames;
}

Pose WalkerAt(double time_s, double speed_m_s, Point hip_px, double metre_px) {
  Walker walker = {.x_px = static_cast<double>(hip_px.x),
                   .y_px = static_cast<double>(hip_px.y),
                   .velocity_x_px_s = speed_m_s * metre_px,
                   .metre_px = metre_px};
  Step(walker, time_s);
  return TruePose(walker);
}

}  // namespace posenet::bench
