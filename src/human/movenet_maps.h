// SPDX-License-Identifier: Apache-2.0
// Shared by the decoders of MoveNet: access to the maps, checks, and the search of a heatmap.
#ifndef POSENET_HUMAN_MOVENET_MAPS_H_
#define POSENET_HUMAN_MOVENET_MAPS_H_

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "human/decode_maps.h"
#include "posenet/movenet.h"

namespace posenet::human::decode {

/// A position or vector in cells. In float, as in the graphs, so that ties are resolved in the same way.
struct CellPoint {
  float y = 0.0F;
  float x = 0.0F;
};

inline float SquaredDistance(Cell cell, CellPoint point) {
  const float dy = static_cast<float>(cell.y) - point.y;
  const float dx = static_cast<float>(cell.x) - point.x;
  return dy * dy + dx * dx;
}

/// The position in the network's input.
inline Point InputPx(CellPoint point) {
  constexpr auto kStride = static_cast<float>(kMoveNetStride);
  return {.x = point.x * kStride, .y = point.y * kStride};
}

/// Reads a map of vectors: y and x of each of `count` parts.
class PairMapReader {
 public:
  PairMapReader(const MapView& view, int width, int count) : map_(view, width, 2 * count) {}

  [[nodiscard]] CellPoint operator()(Cell cell, int index) const {
    return {.y = Bounded(map_(cell, 2 * index)), .x = Bounded(map_(cell, 2 * index + 1))};
  }

  /// `cell` plus its vector.
  [[nodiscard]] CellPoint From(Cell cell, int index) const {
    const CellPoint vector = (*this)(cell, index);
    return {.y = static_cast<float>(cell.y) + vector.y, .x = static_cast<float>(cell.x) + vector.x};
  }

 private:
  /// Replaces NaN, infinities and lengths beyond any image by 0, so that all results are finite.
  static constexpr float kMaxLength = 1e6F;
  static float Bounded(float value) { return std::abs(value) <= kMaxLength ? value : 0.0F; }

  MapReader map_;
};

/// The cells [y_begin, y_end) x [x_begin, x_end).
struct CellRange {
  int y_begin = 0;
  int y_end = 0;
  int x_begin = 0;
  int x_end = 0;

  [[nodiscard]] bool IsEmpty() const { return y_begin >= y_end || x_begin >= x_end; }

  /// The cell that is nearest to `point`. The range must not be empty.
  [[nodiscard]] Cell Nearest(CellPoint point) const {
    const auto nearest = [](float value, int begin, int end) {
      const float rounded = std::floor(value + 0.5F);
      return static_cast<int>(std::clamp(rounded, static_cast<float>(begin), static_cast<float>(end - 1)));
    };
    return {.y = nearest(point.y, y_begin, y_end), .x = nearest(point.x, x_begin, x_end)};
  }
};

/// A cell and its weighted probability.
struct Peak {
  Cell cell;
  float score = 0.0F;
};

/// A lower bound of the logits of which the probability may exceed `probability`.
inline float LogitFloor(float probability) {
  if (!(probability > 0.0F)) return -std::numeric_limits<float>::infinity();
  // Above 1 - 1e-5, the rounding errors of a probability in float, 6e-8, would exceed the slack.
  const double bounded = std::min(static_cast<double>(probability), 1.0 - 1e-5);
  constexpr double kSlack = 0.01;
  return static_cast<float>(std::log(bounded / (1.0 - bounded)) - kSlack);
}

/// The first cell of `range` with the greatest score(probability, cell), in which the probability is that of `channel`;
/// the first cell of the map, with score 0, if none has a positive score. `score` must increase with the probability
/// and be at most `max_weight` times it. `likely` is a cell of the range with a high score: the higher, the faster,
/// because logits that cannot exceed the best score are skipped before their sigmoid is computed.
template <typename Score>
Peak FindPeak(const MapReader& heatmap, int channel, const CellRange& range, Cell likely, float max_weight,
              Score score) {
  const auto probability = [](float logit) { return ProbabilityOf(logit, HeatmapKind::kLogits); };
  float floor = LogitFloor(score(probability(heatmap(likely, channel)), likely) / max_weight);
  Peak best;
  for (Cell cell = {.y = range.y_begin}; cell.y < range.y_end; ++cell.y) {
    for (cell.x = range.x_begin; cell.x < range.x_end; ++cell.x) {
      const float logit = heatmap(cell, channel);
      if (!(logit >= floor)) continue;  // Also skips NaN.
      const float value = score(probability(logit), cell);
      if (!(value > best.score)) continue;
      best = {.cell = cell, .score = value};
      floor = std::max(floor, LogitFloor(value / max_weight));
    }
  }
  return best;
}

/// Errors: kInvalidArgument if a map of the single-person decoder is missing or has an invalid size.
Result<void> CheckMoveNetSingleMaps(const MoveNetMaps& maps);

/// The same for the multi-person decoder, which also reads the boxes.
Result<void> CheckMoveNetMultiMaps(const MoveNetMaps& maps);

}  // namespace posenet::human::decode

#endif  // POSENET_HUMAN_MOVENET_MAPS_H_
