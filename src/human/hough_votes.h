// SPDX-License-Identifier: Apache-2.0
// The votes of the short-range offsets (PersonLab, Papandreou et al. 2018, section 3.2): each cell where a part is
// likely votes for the position that its offset leads to, with the probability of its heatmap as the weight.
#ifndef POSENET_HUMAN_HOUGH_VOTES_H_
#define POSENET_HUMAN_HOUGH_VOTES_H_

#include <algorithm>
#include <cstddef>
#include <memory_resource>
#include <span>
#include <vector>

#include "human/decode_maps.h"

namespace posenet::human::decode {

/// The radius of the disk around a keypoint, in pixels of the network's input, within which the heatmap of PoseNet is
/// trained to be 1 and its offsets to lead to the keypoint (PersonLab, section 3.1).
inline constexpr double kDiskRadiusPx = 32.0;

/// A vote for the position of a part. All values are finite, and positions are at most about 1e6 px outside the map.
struct Vote {
  float weight = 0.0F;  ///< In (0, 1].
  int column = 0;       ///< Of the cell that votes.
  float y_px = 0.0F;
  float x_px = 0.0F;
};

/// The votes of all cells of the maps, by part and row. Cells whose probability is negligible do not vote.
class HoughVotes {
 public:
  /// Takes memory for the votes from `memory`, which must outlive this. Neither keeps `maps` nor reads displacements.
  HoughVotes(const PoseMaps& maps, std::pmr::memory_resource& memory);

  /// The votes for `part`, row by row.
  [[nodiscard]] std::span<const Vote> Of(int part) const { return Between(part, 0, height_); }

  /// The sum of the weights of a keypoint whose whole disk votes with weight 1.
  [[nodiscard]] double FullWeight() const { return full_weight_; }

  /// Calls `visit(vote, squared_distance_px2)` for the votes for `part` from the cells near `position_px`.
  template <typename Visit>
  void VisitNear(int part, Vec2 position_px, Visit visit) const {
    const Cell center = {.y = NearestIndex(position_px.y, height_), .x = NearestIndex(position_px.x, width_)};
    const int first_row = std::max(center.y - reach_cells_, 0);
    const int end_row = std::min(center.y + reach_cells_ + 1, height_);
    for (const Vote& vote : Between(part, first_row, end_row)) {
      if (vote.column < center.x - reach_cells_ || vote.column > center.x + reach_cells_) continue;
      visit(vote, SquaredDistance(position_px, {.y = vote.y_px, .x = vote.x_px}));
    }
  }

  /// The nearest mode of the votes for `part` from `start_px`: the maximum of the sum of biweight kernels
  /// (1 - d^2 / r^2)^2 around the votes, by mean shift. `start_px` itself if there is no vote within the radius.
  [[nodiscard]] Vec2 ModeNear(int part, Vec2 start_px) const;

  /// The mean over the votes within a disk around `position_px`, by weight, of exp(-d^2 / (2 scale^2)): 1 if all agree
  /// with the position, 0 if there is none (PersonLab, section 3.3: the expected OKS without its leading factor).
  [[nodiscard]] double Agreement(int part, Vec2 position_px, double scale_px) const;

 private:
  [[nodiscard]] int NearestIndex(double coordinate_px, int cell_count) const {
    return static_cast<int>(std::clamp(coordinate_px / stride_ + 0.5, 0.0, cell_count - 1.0));
  }
  [[nodiscard]] std::span<const Vote> Between(int part, int first_row, int end_row) const {
    const auto row_of_part = [this, part](int row) {
      return row_starts_[static_cast<std::size_t>(part) * static_cast<std::size_t>(height_) +
                         static_cast<std::size_t>(row)];
    };
    const std::size_t first = row_of_part(first_row);
    return {votes_.data() + first, row_of_part(end_row) - first};
  }

  int height_;
  int width_;
  double stride_;
  int reach_cells_;
  double full_weight_;
  std::pmr::vector<Vote> votes_;
  std::pmr::vector<std::size_t> row_starts_;  // [part * height + row], and the number of votes at the end.
};

/// A local maximum of the Hough score map of a part.
struct HoughPeak {
  double score = 0.0;  ///< The votes there relative to those of a full disk.
  int part = 0;
  Vec2 position_px;
};

/// The local maxima of the Hough score maps with at least `min_score`, in descending order of score. The maps have one
/// bin per cell, and a vote is shared bilinearly among the four bins around it.
std::pmr::vector<HoughPeak> FindHoughPeaks(const HoughVotes& votes, const PoseMaps& maps, double min_score,
                                           std::pmr::memory_resource& memory);

}  // namespace posenet::human::decode

#endif  // POSENET_HUMAN_HOUGH_VOTES_H_
