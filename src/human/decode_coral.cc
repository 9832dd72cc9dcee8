// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory_resource>
#include <queue>

#include "base/error.h"
#include "base/no_throw.h"
#include "human/coral_steps.h"
#include "human/decode_maps.h"
#include "human/decoders.h"
#include "human/neighbor_index.h"

namespace posenet {
namespace {

using human::decode::Bilinear;
using human::decode::BlockPoint;
using human::decode::BlockPose;
using human::decode::BlockVectors;
using human::decode::Cell;
using human::decode::EdgeDirection;
using human::decode::kEdgeCount;
using human::decode::LogitReader;
using human::decode::NeighborIndex;

/// A local maximum of a heatmap, refined by its offset.
struct CoralCandidate {
  float logit = 0.0F;
  int part = 0;
  BlockPoint point;
  friend bool operator<(const CoralCandidate& a, const CoralCandidate& b) { return a.logit < b.logit; }
};

using CandidateQueue = std::priority_queue<CoralCandidate, std::pmr::vector<CoralCandidate>>;

/// Decodes the maps of one image.
class CoralDecoder {
 public:
  explicit CoralDecoder(const PoseMaps& maps)
      : height_(maps.height),
        width_(maps.width),
        logits_(maps),
        offsets_(maps, maps.offsets, kPartCount),
        displacement_fwd_(maps, maps.displacement_fwd, kEdgeCount),
        displacement_bwd_(maps, maps.displacement_bwd, kEdgeCount) {}

  [[nodiscard]] CandidateQueue FindCandidates(float logit_threshold, std::pmr::memory_resource& memory) const {
    CandidateQueue candidates{std::pmr::polymorphic_allocator<CoralCandidate>(&memory)};
    for (Cell cell; cell.y < height_; ++cell.y) {
      for (cell.x = 0; cell.x < width_; ++cell.x) {
        for (int part = 0; part < kPartCount; ++part) {
          const float logit = logits_(cell, part);
          if (logit >= logit_threshold && IsLocalMaximum(cell, part, logit)) {
            candidates.push({.logit = logit, .part = part, .point = offsets_.FollowFrom(cell, part)});
          }
        }
      }
    }
    return candidates;
  }

  /// Grows a pose from its root. The reference traverses best first; as the graph is a tree, each part is reached from
  /// the same neighbor in any order, with the same result.
  [[nodiscard]] BlockPose Grow(const CoralCandidate& root) const {
    BlockPose pose = {};
    const auto set = [&](Part part, BlockPoint point) {
      pose.points[static_cast<std::size_t>(part)] = point;
      pose.scores[static_cast<std::size_t>(part)] = human::decode::Sigmoid(LogitAt(point, static_cast<int>(part)));
    };
    set(static_cast<Part>(root.part), root.point);
    human::decode::WalkPoseTree(static_cast<Part>(root.part), [&](int edge, Part from, Part to,
                                                                  EdgeDirection direction) {
      const BlockVectors& displacements = direction == EdgeDirection::kToChild ? displacement_fwd_ : displacement_bwd_;
      BlockPoint point = displacements.Follow(pose.points[static_cast<std::size_t>(from)], edge);
      for (int step = 0; step < kRefinementSteps; ++step) point = offsets_.Follow(point, static_cast<int>(to));
      set(to, point);
    });
    return pose;
  }

 private:
  static constexpr int kRefinementSteps = 5;

  [[nodiscard]] float LogitAt(BlockPoint point, int part) const {
    return Bilinear(point, height_, width_).Sample([&](Cell cell) { return logits_(cell, part); });
  }

  [[nodiscard]] bool IsLocalMaximum(Cell center, int part, float logit) const {
    const int y_end = std::min(center.y + 1, height_ - 1);
    const int x_end = std::min(center.x + 1, width_ - 1);
    for (int y = std::max(center.y - 1, 0); y <= y_end; ++y) {
      for (int x = std::max(center.x - 1, 0); x <= x_end; ++x) {
        if (logits_({.y = y, .x = x}, part) > logit) return false;
      }
    }
    return true;
  }

  int height_;
  int width_;
  LogitReader logits_;
  BlockVectors offsets_;
  BlockVectors displacement_fwd_;
  BlockVectors displacement_bwd_;
};

/// The poses with a mean score of at least the threshold, in descending order of root score.
std::pmr::vector<BlockPose> FindPoses(const PoseMaps& maps, const MultiPoseOptions& options, float radius,
                                      std::pmr::memory_resource& memory) {
  const CoralDecoder decoder(maps);
  CandidateQueue candidates = decoder.FindCandidates(human::decode::LogOdds(options.score_threshold), memory);
  NeighborIndex accepted(radius, memory);
  std::pmr::vector<BlockPose> poses(&memory);
  while (poses.size() < static_cast<std::size_t>(options.max_poses) && !candidates.empty()) {
    const CoralCandidate root = candidates.top();
    candidates.pop();
    if (accepted.AnyWithin(root.part, {.y = root.point.y, .x = root.point.x})) continue;
    const BlockPose pose = decoder.Grow(root);
    if (human::decode::MeanScore(pose.scores) < options.score_threshold) continue;
    for (int part = 0; part < kPartCount; ++part) {
      const BlockPoint point = pose.points[static_cast<std::size_t>(part)];
      accepted.Insert(part, {.y = point.y, .x = point.x});
    }
    poses.push_back(pose);
  }
  return poses;
}

Pose ToPixels(const BlockPose& block_pose, float score, int output_stride) {
  const auto stride = static_cast<float>(output_stride);
  Pose pose;
  pose.score = score;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    pose.keypoints[i] = {.position_px = {.x = block_pose.points[i].x * stride, .y = block_pose.points[i].y * stride},
                         .score = block_pose.scores[i]};
  }
  return pose;
}

}  // namespace

Result<void> human::decode::DecodeMultipleCoral(const PoseMaps& maps, const MultiPoseOptions& options,
                                                std::pmr::memory_resource& memory, std::vector<Pose>& poses) {
  POSENET_RETURN_IF_ERROR(CheckMultiPoseMaps(maps));
  POSENET_RETURN_IF_ERROR(CheckMultiPoseOptions(options));
  const float radius = options.nms_radius_px / static_cast<float>(maps.output_stride);
  const std::pmr::vector<BlockPose> block_poses = FindPoses(maps, options, radius, memory);

  std::pmr::vector<float> scores(&memory);
  scores.reserve(block_poses.size());
  for (const BlockPose& pose : block_poses) scores.push_back(MeanScore(pose.scores));
  scores = SoftKeypointNms(block_poses, DescendingOrder(scores, memory), radius, memory);

  poses.clear();
  for (const std::size_t i : DescendingOrder(scores, memory)) {
    if (scores[i] < options.score_threshold) break;
    poses.push_back(ToPixels(block_poses[i], scores[i], maps.output_stride));
  }
  return {};
}

Result<std::vector<Pose>> DecodeMultiplePosesCoral(const PoseMaps& maps, const MultiPoseOptions& options) {
  return base::CatchBadAlloc([&]() -> Result<std::vector<Pose>> {
    std::vector<Pose> poses;
    POSENET_RETURN_IF_ERROR(human::decode::DecodeMultipleCoral(maps, options, *std::pmr::new_delete_resource(), poses));
    return poses;
  });
}

}  // namespace posenet
