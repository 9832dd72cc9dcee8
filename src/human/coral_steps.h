// SPDX-License-Identifier: Apache-2.0
// The steps of Coral's decoder, which works in float, in block space (the unit of length is a cell of the maps), and
// with logits instead of probabilities.
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

/// The logit of a probability plus 1e-6: LogOdds(0) is -13.8. NaN above 1 - 1e-6.
float LogOdds(float probability);

/// Bilinear interpolation at a point, which is clamped to the map.
class Bilinear {
 public:
  Bilinear(BlockPoint point, int height, int width);

  /// Interpolates the values read(cell) of the four cells around the point.
  template <typename Read>
  [[nodiscard]] float Sample(Read read) const {
    const float top = (1.0F - right_weight_) * read(top_left_) + right_weight_ * read({top_left_.y, bottom_right_.x});
    const float bottom =
        (1.0F - right_weight_) * read({bottom_right_.y, top_left_.x}) + right_weight_ * read(bottom_right_);
    return (1.0F - bottom_weight_) * top + bottom_weight_ * bottom;
  }

 private:
  Cell top_left_;
  Cell bottom_right_;
  float bottom_weight_ = 0.0F;
  float right_weight_ = 0.0F;
};

/// Reads a heatmap as logits, clamped so that interpolated values are finite; NaN counts as probability 0.
class LogitReader {
 public:
  explicit LogitReader(const PoseMaps& maps) : map_(maps.heatmap, maps.width, kPartCount), kind_(maps.heatmap_kind) {}
  [[nodiscard]] float operator()(Cell cell, int part) const;

 private:
  MapReader map_;
  HeatmapKind kind_;
};

/// Reads a map of vectors in block space.
class BlockVectors {
 public:
  BlockVectors(const PoseMaps& maps, const MapView& view, int count)
      : reader_(view, maps.width, count),
        height_(maps.height),
        width_(maps.width),
        cells_per_px_(1.0F / static_cast<float>(maps.output_stride)) {}

  /// `point` plus the interpolated vector `index` at `point`, clamped to the map.
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

/// The mean of the scores, summed in descending order as in the reference.
float MeanScore(std::array<float, kPartCount> scores);

/// The indices of `scores` in descending order of score; stable.
std::pmr::vector<std::size_t> DescendingOrder(std::span<const float> scores,
                                              std::pmr::memory_resource& memory = *std::pmr::new_delete_resource());

/// Soft keypoint NMS: the mean score of each pose, with a score of 0 for keypoints within `radius` of the same part of
/// a pose earlier in `order`.
std::pmr::vector<float> SoftKeypointNms(std::span<const BlockPose> poses, std::span<const std::size_t> order,
                                        float radius,
                                        std::pmr::memory_resource& memory = *std::pmr::new_delete_resource());

}  // namespace posenet::human::decode

#endif  // POSENET_HUMAN_CORAL_STEPS_H_
