// SPDX-License-Identifier: Apache-2.0
#include "human/hough_votes.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace posenet::human::decode {
namespace {

// Constants without a derivation were chosen on photos of the Leeds Sports Pose dataset, on which the average precision
// changes by less than 0.005 up to half and twice these values.

// Below this probability, cells do not vote: most of an image is background, and its offsets are not trained.
constexpr float kMinProbability = 0.02F;

// The radius of the kernel of mean shift: votes for one keypoint scatter by a few pixels.
constexpr double kKernelRadiusPx = 12.0;
constexpr int kMaxShifts = 4;
constexpr double kConvergedPx = 0.1;

// The distance of voting cells from a position: a cell at the rim of the disk may err by the kernel's radius.
constexpr double kReachPx = 48.0;

/// The lowest value with at least `probability`.
float ValueFloor(float probability, HeatmapKind kind) {
  return kind == HeatmapKind::kProbabilities ? probability : std::log(probability / (1.0F - probability));
}

/// The Hough score map of one part: sums of weights.
class HoughMap {
 public:
  HoughMap(int height, int width, std::pmr::memory_resource& memory)
      : height_(height),
        width_(width),
        bins_(static_cast<std::size_t>(height) * static_cast<std::size_t>(width), 0.0F, &memory) {}

  void Clear() { std::fill(bins_.begin(), bins_.end(), 0.0F); }

  /// Shares `weight` among the four bins around a position in bins; what falls outside the map is lost.
  void Add(Vec2 bin, float weight) {
    if (!(bin.y > -1.0 && bin.x > -1.0 && bin.y < height_ && bin.x < width_)) return;
    const double top = std::floor(bin.y);
    const double left = std::floor(bin.x);
    const Cell cell = {.y = static_cast<int>(top), .x = static_cast<int>(left)};
    const auto bottom_weight = static_cast<float>(bin.y - top);
    const auto right_weight = static_cast<float>(bin.x - left);
    AddTo(cell, weight * (1.0F - bottom_weight) * (1.0F - right_weight));
    AddTo({.y = cell.y, .x = cell.x + 1}, weight * (1.0F - bottom_weight) * right_weight);
    AddTo({.y = cell.y + 1, .x = cell.x}, weight * bottom_weight * (1.0F - right_weight));
    AddTo({.y = cell.y + 1, .x = cell.x + 1}, weight * bottom_weight * right_weight);
  }

  [[nodiscard]] float At(Cell cell) const { return bins_[Index(cell)]; }

  [[nodiscard]] bool IsLocalMaximum(Cell center) const {
    bool is_maximum = true;
    VisitNeighbors(center, [&](Cell cell) { is_maximum = is_maximum && At(cell) <= At(center); });
    return is_maximum;
  }

  /// The centroid of the 3x3 bins around `center`. Sharing a vote keeps its position, so this is exact for the votes
  /// of a single keypoint.
  [[nodiscard]] Vec2 CentroidAround(Cell center) const {
    double sum = 0.0;
    Vec2 moment;
    VisitNeighbors(center, [&](Cell cell) {
      const double weight = At(cell);
      sum += weight;
      moment = moment + Vec2{.y = weight * cell.y, .x = weight * cell.x};
    });
    return {.y = moment.y / sum, .x = moment.x / sum};
  }

 private:
  [[nodiscard]] std::size_t Index(Cell cell) const {
    return static_cast<std::size_t>(cell.y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(cell.x);
  }

  void AddTo(Cell cell, float weight) {
    if (cell.y >= 0 && cell.x >= 0 && cell.y < height_ && cell.x < width_) bins_[Index(cell)] += weight;
  }

  template <typename Visit>
  void VisitNeighbors(Cell center, Visit visit) const {
    const int y_end = std::min(center.y + 1, height_ - 1);
    const int x_end = std::min(center.x + 1, width_ - 1);
    for (int y = std::max(center.y - 1, 0); y <= y_end; ++y) {
      for (int x = std::max(center.x - 1, 0); x <= x_end; ++x) visit(Cell{.y = y, .x = x});
    }
  }

  int height_;
  int width_;
  std::pmr::vector<float> bins_;
};

/// Descending by score; the order of equal peaks is that of parts and positions, not of the sort.
bool Precedes(const HoughPeak& a, const HoughPeak& b) {
  if (a.score != b.score) return a.score > b.score;
  if (a.part != b.part) return a.part < b.part;
  if (a.position_px.y != b.position_px.y) return a.position_px.y < b.position_px.y;
  return a.position_px.x < b.position_px.x;
}

}  // namespace

HoughVotes::HoughVotes(const PoseMaps& maps, std::pmr::memory_resource& memory)
    : height_(maps.height),
      width_(maps.width),
      stride_(maps.output_stride),
      reach_cells_(static_cast<int>(std::ceil(kReachPx / maps.output_stride))),
      full_weight_(std::numbers::pi * kDiskRadiusPx * kDiskRadiusPx / (stride_ * stride_)),
      votes_(&memory),
      row_starts_(&memory) {
  const float value_floor = ValueFloor(kMinProbability, maps.heatmap_kind);
  const MapReader heatmap(maps.heatmap, maps.width, kPartCount);
  const VectorMapReader offsets(maps.offsets, maps.width, kPartCount);
  row_starts_.reserve(static_cast<std::size_t>(kPartCount) * static_cast<std::size_t>(height_) + 1);
  for (int part = 0; part < kPartCount; ++part) {
    for (Cell cell; cell.y < height_; ++cell.y) {
      row_starts_.push_back(votes_.size());
      for (cell.x = 0; cell.x < width_; ++cell.x) {
        const float value = heatmap(cell, part);
        if (!(value >= value_floor)) continue;  // Also rejects NaN.
        const Vec2 position_px = PositionOf(cell, maps.output_stride) + offsets(cell, part);
        votes_.push_back({.weight = ProbabilityOf(value, maps.heatmap_kind),
                          .column = cell.x,
                          .y_px = static_cast<float>(position_px.y),
                          .x_px = static_cast<float>(position_px.x)});
      }
    }
  }
  row_starts_.push_back(votes_.size());
}

Vec2 HoughVotes::ModeNear(int part, Vec2 start_px) const {
  constexpr double kRadiusPx2 = kKernelRadiusPx * kKernelRadiusPx;
  Vec2 mode_px = start_px;
  for (int shift = 0; shift < kMaxShifts; ++shift) {
    double sum = 0.0;
    Vec2 moment;
    VisitNear(part, mode_px, [&](const Vote& vote, double distance_px2) {
      // The derivative of the kernel: the mean with these weights is uphill.
      const double weight = vote.weight * (1.0 - distance_px2 / kRadiusPx2);
      if (weight <= 0.0) return;
      sum += weight;
      moment = moment + Vec2{.y = weight * vote.y_px, .x = weight * vote.x_px};
    });
    if (sum <= 0.0) break;
    const Vec2 mean_px = {.y = moment.y / sum, .x = moment.x / sum};
    const double moved_px2 = SquaredDistance(mean_px, mode_px);
    mode_px = mean_px;
    if (moved_px2 <= kConvergedPx * kConvergedPx) break;
  }
  return mode_px;
}

double HoughVotes::Agreement(int part, Vec2 position_px, double scale_px) const {
  double sum = 0.0;
  double agreement = 0.0;
  VisitNear(part, position_px, [&](const Vote& vote, double distance_px2) {
    if (distance_px2 > kDiskRadiusPx * kDiskRadiusPx) return;
    sum += vote.weight;
    agreement += vote.weight * std::exp(-distance_px2 / (2.0 * scale_px * scale_px));
  });
  return sum > 0.0 ? agreement / sum : 0.0;
}

std::pmr::vector<HoughPeak> FindHoughPeaks(const HoughVotes& votes, const PoseMaps& maps, double min_score,
                                           std::pmr::memory_resource& memory) {
  std::pmr::vector<HoughPeak> peaks(&memory);
  HoughMap map(maps.height, maps.width, memory);
  const double bins_per_px = 1.0 / maps.output_stride;
  const auto min_weight = static_cast<float>(min_score * votes.FullWeight());
  for (int part = 0; part < kPartCount; ++part) {
    if (votes.Of(part).empty()) continue;
    map.Clear();
    for (const Vote& vote : votes.Of(part)) {
      map.Add({.y = vote.y_px * bins_per_px, .x = vote.x_px * bins_per_px}, vote.weight);
    }
    for (Cell cell; cell.y < maps.height; ++cell.y) {
      for (cell.x = 0; cell.x < maps.width; ++cell.x) {
        const float weight = map.At(cell);
        if (weight < min_weight || weight <= 0.0F || !map.IsLocalMaximum(cell)) continue;
        const Vec2 centroid = map.CentroidAround(cell);
        peaks.push_back({.score = weight / votes.FullWeight(),
                         .part = part,
                         .position_px = {.y = centroid.y / bins_per_px, .x = centroid.x / bins_per_px}});
      }
    }
  }
  std::sort(peaks.begin(), peaks.end(), Precedes);
  return peaks;
}

}  // namespace posenet::human::decode
