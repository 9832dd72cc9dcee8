// SPDX-License-Identifier: Apache-2.0
// Simulated detections of walking people, with ground truth.
#ifndef POSENET_BENCH_TRACK_WALKERS_H_
#define POSENET_BENCH_TRACK_WALKERS_H_

#include <cstdint>
#include <vector>

#include "posenet/pose.h"

namespace posenet::bench {

/// A detection with its ground truth.
struct Detection {
  Pose pose = {};
  int person = -1;            ///< -1 for a false positive.
  bool is_duplicate = false;  ///< Of another detection of the same person.
};

/// A frame of the simulation.
struct Frame {
  double time_s = 0.0;
  std::vector<Detection> detections = {};  ///< In any order.
  std::vector<int> present = {};           ///< The people in the image, detected or not.
};

/// Parameters of the simulation.
struct SceneOptions {
  int people = 6;  ///< Approximate number of people in the image; a person who leaves is replaced.
  double fps = 30.0;
  double seconds = 20.0;
  double time_jitter = 0.0;  ///< Frame times vary by this fraction of 1 / fps.
  double width_px = 1280.0;
  double height_px = 720.0;
  double min_size_px = 120.0;  ///< Of people, from the nose to the ankles.
  double max_size_px = 300.0;
  /// Standard deviation of keypoints, in sizes of the person; three times as large for keypoints with low scores.
  double noise = 0.01;
  double miss_rate = 0.02;            ///< Probability that a person is not detected.
  double duplicate_rate = 0.02;       ///< Probability that a person is detected twice.
  double false_positive_rate = 0.01;  ///< Expected number of false positives per frame.
  bool has_occlusion = true;          ///< People who are mostly occluded by another person are not detected.
  std::uint32_t seed = 1;
};

/// People who walk on straight paths at 0.4 to 2 m/s, with swinging arms and legs, and who turn and rest.
std::vector<Frame> WalkingScene(const SceneOptions& options);

/// Pairs of people who walk towards each other and pass, one pair after another. Around the meeting, the rear person is
/// not detected for `hidden_frames`, and neither is for `both_hidden_frames`. `options.people` is rounded up to pairs.
std::vector<Frame> CrossingScene(const SceneOptions& options, int hidden_frames, int both_hidden_frames);

/// The pose, without noise, of a person who walks to the right, or stands at speed 0. `hip_px` is the position at time
/// 0, `meter_px` the scale.
Pose WalkerAt(double time_s, double speed_m_s, Point hip_px, double meter_px);

}  // namespace posenet::bench

#endif  // POSENET_BENCH_TRACK_WALKERS_H_
