// SPDX-License-Identifier: Apache-2.0
// The steps of Coral's decoder. It works in block space, where the unit of length is a cell of the maps, on log-odds
// ("logits"), and in float.
#ifndef POSENET_HUMAN_CORAL_STEPS_H_
#define POSENET_HUMAN_CORAL_STEPS_H_

#include <array>
#include <memory_resource>
#include <span>
#include <vector>

#include "human/decode_maps.h"

namespace posenet::human::decode {

/// A position in cells.
struct BlockPoint {
  float y = 0.0F;
  float x = 0.0F;
};

/// The inverse of the sigmoid, with 1e-6 added to the probability: LogOdds(0) is -13.8. NaN beyond 1 - 1e-6.
float LogOdds(float probability);

/// The four cells around a point inside the map, and the shares in which their values make the value there.
class Bilinear {
 public:
  Bilinear(BlockPoint point, int height, int width);

  /// Interpolates what `read(cell)` answers for the four cells.
  template <typename Read>
  [[nodiscard]] float Sample(Read read) const {
    const float top = (1.0F - right_share_) * read(top_left_) + right_share_ * read({top_left_.y, bottom_right_.x});
    const float bottom =
        (1.0F - right_share_) * read({bottom_right_.y, top_left_.x}) + right_share_ * read(bottom_right_);
    return (1.0F - bottom_share_) * top + bottom_share_ * bottom;
  }

 private:
  Cell top_left_;
  Cell bottom_right_;
  float bottom_share_ = 0.0F;
  float right_share_ = 0.0F;
};

/// Reads logits off a heatmap, bounded so that interpolating them stays finite; NaN counts as impossible.
class LogitReader {
 public:
  explicit LogitReader(const PoseMaps& maps) : map_(maps.heatmap, maps.width, kPartCount), kind_(maps.heatmap_kind) {}
  [[nodiscard]] float operator()(Cell cell, int part) const;

 private:
  MapReader map_;
  HeatmapKind kind_;
};

/// Interpolates vectors and follows them.
class BlockVectors {
 public:
  BlockVectors(const PoseMaps& maps, const MapView& view, int count)
      : reader_(view, maps.width, count),
        height_(maps.height),
        width_(maps.width),
        cells_per_px_(1.0F / static_cast<float>(maps.output_stride)) {}

  /// `point` plus the vector `index` there, clamped to the map.
  [[nodiscard]] BlockPoint Follow(BlockPoint point, int index) const;

  /// The same from a cell, without interpolation.
  [[nodiscard]] BlockPoint FollowFrom(Cell cell, int index) const;

 private:
  [[nodiscard]] BlockPoint Clamped(float y, float x) const;

  VectorMapReader reader_;
  int height_;
  int width_;
  float cells_per_px_;
};

/// A pose in block space; scores are probabilities.
struct BlockPose {
  std::array<BlockPoint, kPartCount> points;
  std::array<float, kPartCount> scores;
};

/// Mean of the scores, added up from the greatest to the least.
float MeanScore(std::array<float, kPartCount> scores);

/// Indices of `scores` from the greatest to the least; equal ones keep their order.
std::pmr::vector<std::size_t> DecreasingOrder(std::span<const float> scores,
                                              std::pmr::memory_resource& memory = *std::pmr::new_delete_resource());

/// Soft keypoint NMS: the mean score of each pose when keypoints within `radius` of the same part of a pose before it
/// in `order` count zero.
std::pmr::vector<float> SoftKeypointNms(std::span<const BlockPose> poses, std::span<const std::size_t> order,
                                        float radius,
                                        std::pmr::memory_resource& memory = *std::pmr::new_delete_resource());

}  // namespace posenet::human::decode

#endif  // POSENET_HUMAN_CORAL_STEPS_H_
