// SPDX-License-Identifier: Apache-2.0
// TensorFlow.js PoseNet's decoder, which is the reference, including the order in which equal scores are visited.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "base/error.h"
#include "base/no_throw.h"
#include "human/decode_maps.h"
#include "human/decoders.h"
#include "human/neighbor_index.h"

namespace posenet {
namespace {

using human::decode::Cell;
using human::decode::EdgeDirection;
using human::decode::kEdgeCount;
using human::decode::MapReader;
using human::decode::NeighborIndex;
using human::decode::PositionOf;
using human::decode::ProbabilityOf;
using human::decode::ToPoint;
using human::decode::Vec2;
using human::decode::VectorMapReader;

/// A local maximum of a heatmap: a possible root of a pose.
struct Candidate {
  float score = 0.0F;
  int part = 0;
  Cell cell;
};

/// TensorFlow.js' binary max-heap, whose layout determines the order of equal scores: element 1 is the only child of
/// element 0, and the children of any other k are 2k and 2k + 1.
class CandidateHeap {
 public:
  explicit CandidateHeap(std::pmr::memory_resource& memory) : heap_(&memory) {}

  [[nodiscard]] bool empty() const { return heap_.empty(); }

  void Push(const Candidate& candidate) {
    heap_.push_back(candidate);
    std::size_t k = heap_.size() - 1;
    while (k > 0 && Less(k / 2, k)) {
      std::swap(heap_[k / 2], heap_[k]);
      k /= 2;
    }
  }

  Candidate Pop() {
    std::swap(heap_.front(), heap_.back());
    const Candidate top = heap_.back();
    heap_.pop_back();
    Sink();
    return top;
  }

 private:
  [[nodiscard]] bool Less(std::size_t a, std::size_t b) const { return heap_[a].score < heap_[b].score; }

  void Sink() {
    for (std::size_t k = 0; 2 * k < heap_.size();) {
      std::size_t child = 2 * k;
      if (child + 1 < heap_.size() && Less(child, child + 1)) ++child;
      if (!Less(k, child)) return;
      std::swap(heap_[k], heap_[child]);
      k = child;
    }
  }

  std::pmr::vector<Candidate> heap_;
};

/// A lower bound of the heatmap values whose probability is at least `threshold`, which rejects most cells without
/// evaluating the sigmoid.
float ValueFloor(float threshold, HeatmapKind kind) {
  if (kind == HeatmapKind::kProbabilities || threshold == 0.0F) return -std::numeric_limits<float>::infinity();
  // Rounding changes a float probability by at most 6e-8, which is 0.006 in logits at 1 - 1e-5, and less below.
  const double probability = std::min(double{threshold}, 1.0 - 1e-5);
  return static_cast<float>(std::log(probability / (1.0 - probability)) - 0.01);
}

/// Decodes the maps of one image.
class Decoder {
 public:
  explicit Decoder(const PoseMaps& maps)
      : maps_(maps),
        heatmap_(maps.heatmap, maps.width, kPartCount),
        offsets_(maps.offsets, maps.width, kPartCount),
        displacement_fwd_(maps.displacement_fwd, maps.width, kEdgeCount),
        displacement_bwd_(maps.displacement_bwd, maps.width, kEdgeCount) {}

  [[nodiscard]] CandidateHeap FindCandidates(float score_threshold, std::pmr::memory_resource& memory) const {
    const float value_floor = ValueFloor(score_threshold, maps_.heatmap_kind);
    CandidateHeap candidates(memory);
    for (Cell cell; cell.y < maps_.height; ++cell.y) {
      for (cell.x = 0; cell.x < maps_.width; ++cell.x) {
        for (int part = 0; part < kPartCount; ++part) {
          const float value = heatmap_(cell, part);
          if (!(value >= value_floor)) continue;  // Also rejects NaN.
          const float score = ProbabilityOf(value, maps_.heatmap_kind);
          if (score >= score_threshold && IsLocalMaximum(cell, part, value, score)) {
            candidates.Push({.score = score, .part = part, .cell = cell});
          }
        }
      }
    }
    return candidates;
  }

  [[nodiscard]] Vec2 PositionOfPart(Cell cell, int part) const {
    return PositionOf(cell, maps_.output_stride) + offsets_(cell, part);
  }

  /// A pose in double precision.
  struct Skeleton {
    std::array<Vec2, kPartCount> position_px;
    std::array<float, kPartCount> score;
  };

  /// Grows a pose from its root along the displacements.
  [[nodiscard]] Skeleton Grow(const Candidate& root) const {
    Skeleton skeleton = {};
    const auto root_part = static_cast<std::size_t>(root.part);
    skeleton.position_px[root_part] = PositionOfPart(root.cell, root.part);
    skeleton.score[root_part] = root.score;
    human::decode::WalkPoseTree(
        static_cast<Part>(root.part), [&](int edge, Part from, Part to, EdgeDirection direction) {
          const VectorMapReader& displacements =
              direction == EdgeDirection::kToChild ? displacement_fwd_ : displacement_bwd_;
          const Vec2 source_px = skeleton.position_px[static_cast<std::size_t>(from)];
          const Vec2 target_px = Refine(source_px + displacements(NearestCell(source_px), edge), static_cast<int>(to));
          skeleton.position_px[static_cast<std::size_t>(to)] = target_px;
          skeleton.score[static_cast<std::size_t>(to)] = Score(NearestCell(target_px), static_cast<int>(to));
        });
    return skeleton;
  }

 private:
  static constexpr int kRefinementSteps = 2;

  [[nodiscard]] float Score(Cell cell, int part) const {
    return ProbabilityOf(heatmap_(cell, part), maps_.heatmap_kind);
  }

  /// Whether no cell in the 3x3 window has a higher probability; equal cells are all maxima.
  [[nodiscard]] bool IsLocalMaximum(Cell center, int part, float value, float score) const {
    const int y_end = std::min(center.y + 1, maps_.height - 1);
    const int x_end = std::min(center.x + 1, maps_.width - 1);
    for (int y = std::max(center.y - 1, 0); y <= y_end; ++y) {
      for (int x = std::max(center.x - 1, 0); x <= x_end; ++x) {
        // The sigmoid is monotonic: only a higher value can have a higher probability.
        const Cell cell = {.y = y, .x = x};
        if (heatmap_(cell, part) > value && Score(cell, part) > score) return false;
      }
    }
    return true;
  }

  [[nodiscard]] Cell NearestCell(Vec2 position_px) const {
    const auto nearest = [this](double coordinate_px, int cell_count) {
      // JavaScript's Math.round: halves round up. Clamped before the conversion, in which large numbers would overflow.
      const double rounded = std::floor(coordinate_px / maps_.output_stride + 0.5);
      return static_cast<int>(std::clamp(rounded, 0.0, cell_count - 1.0));
    };
    return {.y = nearest(position_px.y, maps_.height), .x = nearest(position_px.x, maps_.width)};
  }

  [[nodiscard]] Vec2 Refine(Vec2 position_px, int part) const {
    for (int step = 0; step < kRefinementSteps; ++step) {
      position_px = PositionOfPart(NearestCell(position_px), part);
    }
    return position_px;
  }

  const PoseMaps& maps_;
  MapReader heatmap_;
  VectorMapReader offsets_;
  VectorMapReader displacement_fwd_;
  VectorMapReader displacement_bwd_;
};

/// The pose of `skeleton`, scored by the keypoints that no accepted pose covers.
Pose ScorePose(const Decoder::Skeleton& skeleton, NeighborIndex& accepted) {
  Pose pose;
  double score_sum = 0.0;
  for (int part = 0; part < kPartCount; ++part) {
    const auto i = static_cast<std::size_t>(part);
    pose.keypoints[i] = {.position_px = ToPoint(skeleton.position_px[i]), .score = skeleton.score[i]};
    if (!accepted.AnyWithin(part, skeleton.position_px[i])) score_sum += skeleton.score[i];
  }
  pose.score = static_cast<float>(score_sum / kPartCount);
  return pose;
}

}  // namespace

Result<void> human::decode::DecodeMultiple(const PoseMaps& maps, const MultiPoseOptions& options,
                                           std::pmr::memory_resource& memory, std::vector<Pose>& poses) {
  POSENET_RETURN_IF_ERROR(CheckMultiPoseMaps(maps));
  POSENET_RETURN_IF_ERROR(CheckMultiPoseOptions(options));
  const Decoder decoder(maps);
  CandidateHeap candidates = decoder.FindCandidates(options.score_threshold, memory);
  NeighborIndex accepted(options.nms_radius_px, memory);
  poses.clear();
  while (poses.size() < static_cast<std::size_t>(options.max_poses) && !candidates.empty()) {
    const Candidate root = candidates.Pop();
    if (accepted.AnyWithin(root.part, decoder.PositionOfPart(root.cell, root.part))) continue;
    const Decoder::Skeleton skeleton = decoder.Grow(root);
    poses.push_back(ScorePose(skeleton, accepted));
    for (int part = 0; part < kPartCount; ++part) {
      accepted.Insert(part, skeleton.position_px[static_cast<std::size_t>(part)]);
    }
  }
  return {};
}

Result<std::vector<Pose>> DecodeMultiplePoses(const PoseMaps& maps, const MultiPoseOptions& options) {
  return base::CatchBadAlloc([&]() -> Result<std::vector<Pose>> {
    std::vector<Pose> poses;
    POSENET_RETURN_IF_ERROR(human::decode::DecodeMultiple(maps, options, *std::pmr::new_delete_resource(), poses));
    return poses;
  });
}

}  // namespace posenet
