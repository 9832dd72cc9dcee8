// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <limits>

#include "base/error.h"
#include "base/no_throw.h"
#include "human/decode_maps.h"

namespace posenet {
namespace {

using human::decode::Cell;
using human::decode::MapReader;
using human::decode::PositionOf;
using human::decode::ToPoint;
using human::decode::VectorMapReader;

/// The best cell of a part so far.
struct Best {
  Cell cell;
  float value = -std::numeric_limits<float>::infinity();  // Of the heatmap.
  float score = 0.0F;
};

/// The first cell with the highest probability, per part. Compares probabilities, because the sigmoid saturates:
/// different logits may have the same probability. It is monotonic, so it is evaluated for higher logits only.
std::array<Best, kPartCount> FindBestCells(const PoseMaps& maps) {
  const MapReader heatmap(maps.heatmap, maps.width, kPartCount);
  std::array<Best, kPartCount> best = {};
  for (Cell cell; cell.y < maps.height; ++cell.y) {
    for (cell.x = 0; cell.x < maps.width; ++cell.x) {
      for (int part = 0; part < kPartCount; ++part) {
        const float value = heatmap(cell, part);
        Best& part_best = best[static_cast<std::size_t>(part)];
        if (!(value > part_best.value)) continue;
        part_best.value = value;
        const float score = human::decode::ProbabilityOf(value, maps.heatmap_kind);
        if (score > part_best.score) {
          part_best.cell = cell;
          part_best.score = score;
        }
      }
    }
  }
  return best;
}

}  // namespace

Result<Pose> DecodeSinglePose(const PoseMaps& maps) {
  return base::CatchBadAlloc([&]() -> Result<Pose> {
    POSENET_RETURN_IF_ERROR(human::decode::CheckSinglePoseMaps(maps));
    const VectorMapReader offsets(maps.offsets, maps.width, kPartCount);
    const std::array<Best, kPartCount> best = FindBestCells(maps);
    Pose pose;
    double score_sum = 0.0;
    for (int part = 0; part < kPartCount; ++part) {
      const Best& part_best = best[static_cast<std::size_t>(part)];
      pose[static_cast<Part>(part)] = {
          .position_px = ToPoint(PositionOf(part_best.cell, maps.output_stride) + offsets(part_best.cell, part)),
          .score = part_best.score};
      score_sum += part_best.score;
    }
    pose.score = static_cast<float>(score_sum / kPartCount);
    return pose;
  });
}

}  // namespace posenet
