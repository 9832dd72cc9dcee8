// SPDX-License-Identifier: Apache-2.0
// Made-up videos of walking people, as a pose detector would see them, with the truth beside.
#ifndef POSENET_BENCH_TRACK_WALKERS_H_
#define POSENET_BENCH_TRACK_WALKERS_H_

#include <cstdint>
#include <vector>

#include "posenet/pose.h"

namespace posenet::bench {

/// What was detected in one place.
struct Sighting {
  Pose pose = {};
  int person = -1;              ///< Whom it shows; -1: nobody, a mistake.
  bool is_second_look = false;  ///< A duplicate of another sighting of the same person.
};

struct Frame {
  double time_s = 0.0;
  std::vector<Sighting> sightings = {};  ///< In any order.
  std::vector<int> present = {};         ///< Who is in the image, detected or not.
};

struct SceneOptions {
  int people = 6;  ///< In the image at a time, about; who leaves is replaced by somebody new.
  double fps = 30.0;
  double seconds = 20.0;
  double time_jitter = 0.0;  ///< Frames come up to this share of 1 / fps early or late.
  double width_px = 1280.0;
  double height_px = 720.0;
  double min_size_px = 120.0;  ///< Of people, from the ankles to the nose.
  double max_size_px = 300.0;
  /// Standard deviation of keypoints, in sizes (mean of the sides of the box); three times that for those of low score.
  double noise = 0.01;
  double miss_rate = 0.02;         ///< People are overlooked in so many frames.
  double second_look_rate = 0.02;  ///< Or seen twice.
  double mistake_rate = 0.01;      ///< Of poses where nobody is, a frame.
  bool passes = true;  ///< Who is mostly hidden by somebody nearer is not detected, until they come out again.
  std::uint32_t seed = 1;
};

/// Walkers on straight paths with turns and rests, at 0.4 to 2 m/s, with swinging arms and legs.
std::vector<Frame> WalkingScene(const SceneOptions& options);

/// Pairs who walk towards each other, meet and pass, the rear one undetected for `hidden_frames` around the meeting
/// (both, where `both_hidden_frames`). `people` is rounded up to whole pairs, which meet one after another.
std::vector<Frame> CrossingScene(const SceneOptions& options, int hidden_frames, int both_hidden_frames);

/// A person walking (1.4 m/s to the right, a metre having `metre_px`), or standing still at 0: keypoints as they are,
/// without noise, at `time_s`.
Pose WalkerAt(double time_s, double speed_m_s, Point hip_px, double metre_px);

}  // namespace posenet::bench

#endif  // POSENET_BENCH_TRACK_WALKERS_H_
