// SPDX-License-Identifier: Apache-2.0
#include "human/coral_steps.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "human/neighbor_index.h"

namespace posenet::human::decode {
namespace {

/// `value` in [0, cell_count - 1]; NaN becomes 0.
float ClampToMap(float value, int cell_count) {
  return value > 0.0F ? std::min(value, static_cast<float>(cell_count - 1)) : 0.0F;
}

}  // namespace

float LogOdds(float probability) { return static_cast<float>(-std::log(1.0 / (probability + 1e-6) - 1.0)); }

Bilinear::Bilinear(BlockPoint point, int height, int width) {
  const float y = ClampToMap(point.y, height);
  const float x = ClampToMap(point.x, width);
  top_left_ = {.y = static_cast<int>(y), .x = static_cast<int>(x)};
  bottom_right_ = {.y = std::min(top_left_.y + 1, height - 1), .x = std::min(top_left_.x + 1, width - 1)};
  bottom_weight_ = y - static_cast<float>(top_left_.y);
  right_weight_ = x - static_cast<float>(top_left_.x);
}

float LogitReader::operator()(Cell cell, int part) const {
  // In float, the sigmoid of +-200 is exactly 0 or 1.
  constexpr float kMaxLogit = 200.0F;
  // LogOdds is still finite.
  constexpr float kMaxProbability = 1.0F - 2e-6F;
  const float value = map_(cell, part);
  if (kind_ == HeatmapKind::kProbabilities) return LogOdds(std::min(ProbabilityOf(value, kind_), kMaxProbability));
  return value > -kMaxLogit ? std::min(value, kMaxLogit) : -kMaxLogit;
}

BlockPoint BlockVectors::Clamped(float y, float x) const {
  return {.y = ClampToMap(y, height_), .x = ClampToMap(x, width_)};
}

BlockPoint BlockVectors::Follow(BlockPoint point, int index) const {
  const Bilinear at(point, height_, width_);
  const float dy = at.Sample([&](Cell cell) { return reader_.Y(cell, index) * cells_per_px_; });
  const float dx = at.Sample([&](Cell cell) { return reader_.X(cell, index) * cells_per_px_; });
  return Clamped(point.y + dy, point.x + dx);
}

BlockPoint BlockVectors::FollowFrom(Cell cell, int index) const {
  return Clamped(static_cast<float>(cell.y) + reader_.Y(cell, index) * cells_per_px_,
                 static_cast<float>(cell.x) + reader_.X(cell, index) * cells_per_px_);
}

float MeanScore(std::array<float, kPartCount> scores) {
  std::sort(scores.begin(), scores.end(), std::greater<>());
  return std::accumulate(scores.begin(), scores.end(), 0.0F) / kPartCount;
}

std::pmr::vector<std::size_t> DescendingOrder(std::span<const float> scores, std::pmr::memory_resource& memory) {
  std::pmr::vector<std::size_t> order(scores.size(), &memory);
  std::iota(order.begin(), order.end(), std::size_t{0});
  // std::stable_sort would allocate.
  std::sort(order.begin(), order.end(),
            [scores](std::size_t a, std::size_t b) { return scores[a] != scores[b] ? scores[a] > scores[b] : a < b; });
  return order;
}

std::pmr::vector<float> SoftKeypointNms(std::span<const BlockPose> poses, std::span<const std::size_t> order,
                                        float radius, std::pmr::memory_resource& memory) {
  std::pmr::vector<float> pose_scores(poses.size(), &memory);
  NeighborIndex better(radius, memory);
  for (const std::size_t i : order) {
    std::array<float, kPartCount> visible_scores = poses[i].scores;
    for (int part = 0; part < kPartCount; ++part) {
      const BlockPoint point = poses[i].points[static_cast<std::size_t>(part)];
      const Vec2 position = {.y = point.y, .x = point.x};
      if (better.AnyWithin(part, position)) visible_scores[static_cast<std::size_t>(part)] = 0.0F;
      better.Insert(part, position);
    }
    pose_scores[i] = MeanScore(visible_scores);
  }
  return pose_scores;
}

}  // namespace posenet::human::decode
