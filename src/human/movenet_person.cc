// SPDX-License-Identifier: Apache-2.0
// Decodes a MoveNet for one person, for a person whose pose is roughly known.
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>

#include "base/error.h"
#include "human/body.h"
#include "human/movenet_decoders.h"
#include "human/movenet_maps.h"

namespace posenet {
namespace {

using human::decode::Cell;
using human::decode::CellPoint;
using human::decode::CellRange;
using human::decode::MapReader;
using human::decode::PairMapReader;

// Less probable centers are nobody's.
constexpr float kMinCenterProbability = 0.05F;
// A center without any similarity is as good as one of the expected pose if it is eleven times as probable.
constexpr double kMinSimilarity = 0.1;
// The regression and the expected pose are both coarse: twice the tolerance of OKS.
constexpr double kCoarseToleranceScale = 2.0;

/// Selects the center of the expected person.
class CenterFinder {
 public:
  CenterFinder(const MoveNetMaps& maps, const Pose& expected_px, float min_score)
      : all_({.y_end = maps.height, .x_end = maps.width}),
        centers_(maps.center, maps.width, 1),
        regression_(maps.keypoint_regression, maps.width, kPartCount) {
    const double size_px = human::body::SizeOf(human::body::BoxOf(expected_px, min_score));
    for (std::size_t i = 0; i < kPartCount; ++i) {
      const Keypoint& keypoint = expected_px.keypoints[i];
      if (keypoint.score < min_score) continue;
      const double tolerance_px = kCoarseToleranceScale * human::body::kOksFalloffs[i] * size_px;
      constexpr auto kStride = static_cast<float>(kMoveNetStride);
      known_[count_++] = {
          .part = static_cast<int>(i),
          .at = {.y = keypoint.position_px.y / kStride, .x = keypoint.position_px.x / kStride},
          .exponent = static_cast<float>(-0.5 * kStride * kStride / (tolerance_px * tolerance_px)),
      };
    }
  }

  /// The center of which probability times similarity is greatest; nothing if none is probable.
  [[nodiscard]] std::optional<Cell> Find() const {
    const float floor = human::decode::LogitFloor(kMinCenterProbability);
    std::optional<Cell> best;
    double best_score = 0.0;
    for (Cell cell; cell.y < all_.y_end; ++cell.y) {
      for (cell.x = 0; cell.x < all_.x_end; ++cell.x) {
        const float logit = centers_(cell, 0);
        if (!(logit >= floor)) continue;  // Also skips NaN.
        const float probability = human::decode::ProbabilityOf(logit, HeatmapKind::kLogits);
        if (probability < kMinCenterProbability) continue;
        const double score = static_cast<double>(probability) * (kMinSimilarity + SimilarityAt(cell));
        if (score <= best_score) continue;
        best_score = score;
        best = cell;
      }
    }
    return best;
  }

 private:
  struct KnownPart {
    int part = 0;
    CellPoint at;
    float exponent = 0.0F;  // Per squared distance in cells.
  };

  /// The similarity of the person centered at `cell` to the expected pose, in [0, 1].
  [[nodiscard]] double SimilarityAt(Cell cell) const {
    if (count_ == 0) return 0.0;
    double sum = 0.0;
    for (std::size_t i = 0; i < count_; ++i) {
      const CellPoint at = regression_.From(cell, known_[i].part);
      const float dy = at.y - known_[i].at.y;
      const float dx = at.x - known_[i].at.x;
      sum += static_cast<double>(std::exp(known_[i].exponent * (dy * dy + dx * dx)));
    }
    return sum / static_cast<double>(count_);
  }

  CellRange all_;
  MapReader centers_;
  PairMapReader regression_;
  std::array<KnownPart, kPartCount> known_ = {};
  std::size_t count_ = 0;
};

}  // namespace

Result<Pose> human::decode::DecodeMoveNetPerson(const MoveNetMaps& maps, const Pose& expected_px, float min_score) {
  POSENET_RETURN_IF_ERROR(CheckMoveNetSingleMaps(maps));
  const std::optional<Cell> center = CenterFinder(maps, expected_px, min_score).Find();
  return PoseFromCenter(maps, center ? *center : MiddleCenter(maps));
}

}  // namespace posenet
