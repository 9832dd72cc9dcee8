// SPDX-License-Identifier: Apache-2.0
// PersonLab's decoder (Papandreou et al. 2018, sections 3.2 and 3.3) for maps at the network's output stride.
#include <algorithm>
#include <array>
#include <cmath>
#include <memory_resource>
#include <numeric>
#include <vector>

#include "base/error.h"
#include "base/no_throw.h"
#include "human/body.h"
#include "human/coral_steps.h"
#include "human/decode_maps.h"
#include "human/decoders.h"
#include "human/hough_votes.h"
#include "human/neighbor_index.h"

namespace posenet {
namespace {

using human::decode::Bilinear;
using human::decode::Cell;
using human::decode::EdgeDirection;
using human::decode::HoughPeak;
using human::decode::HoughVotes;
using human::decode::kEdgeCount;
using human::decode::MapReader;
using human::decode::NeighborIndex;
using human::decode::ProbabilityOf;
using human::decode::ToPoint;
using human::decode::Vec2;
using human::decode::VectorMapReader;

// Chosen on photos of the Leeds Sports Pose dataset, as are the constants of the votes.

// Peaks with fewer votes, relative to a full disk, are not roots of poses.
constexpr double kMinPeakScore = 0.05;
constexpr int kRefinementSteps = 2;
// Roots are visited in the order of their own scores, poses are returned in the order of theirs. So a few more poses
// than are asked for are grown.
constexpr std::size_t kExtraPoses = 20;
// Votes for one keypoint agree with each other more than with the truth, so they are held to a stricter tolerance than
// the falloffs of OKS.
constexpr double kToleranceScale = 0.7;
// A keypoint with less is no evidence of how large a person is.
constexpr float kMinVisibleScore = 0.1F;
// Keeps the scale of a person above zero.
constexpr double kMinSidePx = 4.0;

/// A pose whose parts have all been placed.
struct HoughPose {
  std::array<Vec2, kPartCount> position_px;
  std::array<float, kPartCount> probability;   // The heatmap at the position.
  std::array<float, kPartCount> expected_oks;  // The part's share of the score.
};

/// The square root of the area of the bounding box of the visible parts, or of all parts if fewer than three are.
double ScaleOf(const HoughPose& pose) {
  const auto is_visible = [](float score) { return score >= kMinVisibleScore; };
  const bool use_all = std::count_if(pose.probability.begin(), pose.probability.end(), is_visible) < 3;
  Vec2 low = {.y = 1e9, .x = 1e9};
  Vec2 high = {.y = -1e9, .x = -1e9};
  for (std::size_t i = 0; i < kPartCount; ++i) {
    if (!use_all && !is_visible(pose.probability[i])) continue;
    const Vec2 at = pose.position_px[i];
    low = {.y = std::min(low.y, at.y), .x = std::min(low.x, at.x)};
    high = {.y = std::max(high.y, at.y), .x = std::max(high.x, at.x)};
  }
  return std::sqrt(std::max(high.y - low.y, kMinSidePx) * std::max(high.x - low.x, kMinSidePx));
}

/// Decodes the maps of one image.
class HoughDecoder {
 public:
  HoughDecoder(const PoseMaps& maps, std::pmr::memory_resource& memory)
      : maps_(maps),
        votes_(maps, memory),
        heatmap_(maps.heatmap, maps.width, kPartCount),
        offsets_(maps.offsets, maps.width, kPartCount),
        displacement_fwd_(maps.displacement_fwd, maps.width, kEdgeCount),
        displacement_bwd_(maps.displacement_bwd, maps.width, kEdgeCount) {}

  [[nodiscard]] std::pmr::vector<HoughPeak> FindPeaks(std::pmr::memory_resource& memory) const {
    return human::decode::FindHoughPeaks(votes_, maps_, kMinPeakScore, memory);
  }

  [[nodiscard]] Vec2 ModeNear(const HoughPeak& peak) const { return votes_.ModeNear(peak.part, peak.position_px); }

  /// Grows a pose from its root along the displacements. The end of each displacement is refined by short-range
  /// offsets, then moved to the nearest mode of the votes.
  [[nodiscard]] HoughPose Grow(int root_part, Vec2 root_px) const {
    HoughPose pose = {};
    pose.position_px[static_cast<std::size_t>(root_part)] = root_px;
    human::decode::WalkPoseTree(
        static_cast<Part>(root_part), [&](int edge, Part from, Part to, EdgeDirection direction) {
          const VectorMapReader& displacements =
              direction == EdgeDirection::kToChild ? displacement_fwd_ : displacement_bwd_;
          Vec2 position_px = Follow(displacements, edge, pose.position_px[static_cast<std::size_t>(from)]);
          const int part = static_cast<int>(to);
          for (int step = 0; step < kRefinementSteps; ++step) position_px = Follow(offsets_, part, position_px);
          pose.position_px[static_cast<std::size_t>(to)] = votes_.ModeNear(part, position_px);
        });
    Score(pose);
    return pose;
  }

 private:
  [[nodiscard]] Bilinear At(Vec2 position_px) const {
    const double cells_per_px = 1.0 / maps_.output_stride;
    return {
        {.y = static_cast<float>(position_px.y * cells_per_px), .x = static_cast<float>(position_px.x * cells_per_px)},
        maps_.height,
        maps_.width};
  }

  /// Where the interpolated vector `index` at `position_px` leads. Outside the map, vectors start at its border.
  [[nodiscard]] Vec2 Follow(const VectorMapReader& vectors, int index, Vec2 position_px) const {
    const auto clamped = [this](double coordinate_px, int cell_count) {
      return std::clamp(coordinate_px, 0.0, (cell_count - 1.0) * maps_.output_stride);
    };
    const Vec2 from_px = {.y = clamped(position_px.y, maps_.height), .x = clamped(position_px.x, maps_.width)};
    const Bilinear at = At(from_px);
    return from_px + Vec2{.y = at.Sample([&](Cell cell) { return vectors.Y(cell, index); }),
                          .x = at.Sample([&](Cell cell) { return vectors.X(cell, index); })};
  }

  /// The expected OKS of each part: the probability that it is visible times the agreement of the votes around it,
  /// within the tolerance of OKS for a person of this size.
  void Score(HoughPose& pose) const {
    for (int part = 0; part < kPartCount; ++part) {
      const auto i = static_cast<std::size_t>(part);
      pose.probability[i] = At(pose.position_px[i]).Sample([&](Cell cell) {
        return ProbabilityOf(heatmap_(cell, part), maps_.heatmap_kind);
      });
    }
    const double scale_px = ScaleOf(pose);
    for (int part = 0; part < kPartCount; ++part) {
      const auto i = static_cast<std::size_t>(part);
      const double tolerance_px = kToleranceScale * scale_px * human::body::kOksFalloffs[i];
      pose.expected_oks[i] =
          static_cast<float>(pose.probability[i] * votes_.Agreement(part, pose.position_px[i], tolerance_px));
    }
  }

  const PoseMaps& maps_;
  HoughVotes votes_;
  MapReader heatmap_;
  VectorMapReader offsets_;
  VectorMapReader displacement_fwd_;
  VectorMapReader displacement_bwd_;
};

std::pmr::vector<HoughPose> FindPoses(const PoseMaps& maps, const MultiPoseOptions& options,
                                      std::pmr::memory_resource& memory) {
  const HoughDecoder decoder(maps, memory);
  NeighborIndex covered(options.nms_radius_px, memory);
  std::pmr::vector<HoughPose> poses(&memory);
  for (const HoughPeak& peak : decoder.FindPeaks(memory)) {
    if (poses.size() == static_cast<std::size_t>(options.max_poses) + kExtraPoses) break;
    const Vec2 root_px = decoder.ModeNear(peak);
    if (covered.AnyWithin(peak.part, root_px)) continue;
    poses.push_back(decoder.Grow(peak.part, root_px));
    for (int part = 0; part < kPartCount; ++part) {
      covered.Insert(part, poses.back().position_px[static_cast<std::size_t>(part)]);
    }
  }
  return poses;
}

float Mean(const std::array<float, kPartCount>& scores) {
  return std::accumulate(scores.begin(), scores.end(), 0.0F) / kPartCount;
}

/// Soft keypoint NMS: the mean of the scores of each pose, without parts near the same part of a better pose.
std::pmr::vector<float> SuppressedScores(const std::pmr::vector<HoughPose>& poses, float radius_px,
                                         std::pmr::memory_resource& memory) {
  std::pmr::vector<float> scores(&memory);
  scores.reserve(poses.size());
  for (const HoughPose& pose : poses) scores.push_back(Mean(pose.expected_oks));
  NeighborIndex better(radius_px, memory);
  for (const std::size_t i : human::decode::DescendingOrder(scores, memory)) {
    std::array<float, kPartCount> part_scores = poses[i].expected_oks;
    for (int part = 0; part < kPartCount; ++part) {
      const Vec2 position_px = poses[i].position_px[static_cast<std::size_t>(part)];
      if (better.AnyWithin(part, position_px)) part_scores[static_cast<std::size_t>(part)] = 0.0F;
      better.Insert(part, position_px);
    }
    scores[i] = Mean(part_scores);
  }
  return scores;
}

Pose ToPose(const HoughPose& hough_pose, float score) {
  Pose pose;
  pose.score = score;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    pose.keypoints[i] = {.position_px = ToPoint(hough_pose.position_px[i]), .score = hough_pose.probability[i]};
  }
  return pose;
}

}  // namespace

Result<void> human::decode::DecodeMultipleHough(const PoseMaps& maps, const MultiPoseOptions& options,
                                                std::pmr::memory_resource& memory, std::vector<Pose>& poses) {
  POSENET_RETURN_IF_ERROR(CheckMultiPoseMaps(maps));
  POSENET_RETURN_IF_ERROR(CheckMultiPoseOptions(options));
  const std::pmr::vector<HoughPose> found = FindPoses(maps, options, memory);
  const std::pmr::vector<float> scores = SuppressedScores(found, options.nms_radius_px, memory);
  poses.clear();
  for (const std::size_t i : DescendingOrder(scores, memory)) {
    if (poses.size() == static_cast<std::size_t>(options.max_poses) || scores[i] < options.score_threshold) break;
    poses.push_back(ToPose(found[i], scores[i]));
  }
  return {};
}

Result<std::vector<Pose>> DecodeMultiplePosesHough(const PoseMaps& maps, const MultiPoseOptions& options) {
  return base::CatchBadAlloc([&]() -> Result<std::vector<Pose>> {
    std::vector<Pose> poses;
    POSENET_RETURN_IF_ERROR(human::decode::DecodeMultipleHough(maps, options, *std::pmr::new_delete_resource(), poses));
    return poses;
  });
}

}  // namespace posenet
