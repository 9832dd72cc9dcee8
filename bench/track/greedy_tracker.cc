// SPDX-License-Identifier: Apache-2.0
#include "track/greedy_tracker.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "human/body.h"

namespace posenet::bench {
namespace {

constexpr float kMinKeypointScore = 0.3F;
constexpr int kMinCommon = 4;
constexpr double kMinSimilarity = 0.2;
constexpr double kMaxAgeS = 1.0;
constexpr std::size_t kMaxTracks = 18;

double Similarity(const Pose& pose, const Pose& track) {
  const human::body::Box box = human::body::BoxOf(track, kMinKeypointScore);
  const double area = box.Width() * box.Height() + 1e-6;
  double sum = 0.0;
  int common = 0;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    const Keypoint& a = pose.keypoints[i];
    const Keypoint& b = track.keypoints[i];
    if (a.score < kMinKeypointScore || b.score < kMinKeypointScore) continue;
    const double x = static_cast<double>(a.position_px.x - b.position_px.x);
    const double y = static_cast<double>(a.position_px.y - b.position_px.y);
    sum += std::exp(-(x * x + y * y) / (2.0 * area * human::body::kOksFalloffs[i] * human::body::kOksFalloffs[i]));
    ++common;
  }
  return common < kMinCommon ? 0.0 : sum / common;
}

}  // namespace

std::vector<std::int64_t> GreedyTracker::Update(std::span<const Pose> poses, double time_s) {
  std::vector<bool> is_matched(tracks_.size(), false);
  std::vector<std::int64_t> ids;
  for (const Pose& pose : poses) {
    std::size_t best = is_matched.size();
    double best_similarity = kMinSimilarity;
    for (std::size_t i = 0; i < is_matched.size(); ++i) {
      const double similarity = is_matched[i] ? 0.0 : Similarity(pose, tracks_[i].pose);
      if (similarity < best_similarity) continue;
      best = i;
      best_similarity = similarity;
    }
    if (best == is_matched.size()) {
      tracks_.push_back({.id = next_id_++, .pose = pose, .last_seen_s = time_s});
      ids.push_back(tracks_.back().id);
      continue;
    }
    is_matched[best] = true;
    tracks_[best].pose = pose;
    tracks_[best].last_seen_s = time_s;
    ids.push_back(tracks_[best].id);
  }
  std::erase_if(tracks_, [&](const Track& track) { return time_s - track.last_seen_s >= kMaxAgeS; });
  std::stable_sort(tracks_.begin(), tracks_.end(),
                   [](const Track& a, const Track& b) { return a.last_seen_s > b.last_seen_s; });
  if (tracks_.size() > kMaxTracks) tracks_.resize(kMaxTracks);
  return ids;
}

}  // namespace posenet::bench
