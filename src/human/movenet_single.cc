// SPDX-License-Identifier: Apache-2.0
// The decoding tail of the graphs of MoveNet Lightning and Thunder.
#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/error.h"
#include "human/movenet_decoders.h"
#include "human/movenet_maps.h"

namespace posenet {
namespace {

using human::decode::Cell;
using human::decode::CellPoint;
using human::decode::CellRange;
using human::decode::MapReader;
using human::decode::PairMapReader;
using human::decode::Peak;

// Probabilities are divided by the distance in cells plus this: 1.8 in 16 bits, as the graphs store it.
constexpr float kDistanceBias = 1.7998046875F;

/// The best cell of `channel`, weighted by the distance from `expected`.
Peak FindNear(const MapReader& map, int channel, const CellRange& all, CellPoint expected) {
  return human::decode::FindPeak(map, channel, all, all.Nearest(expected), 1.0F / kDistanceBias,
                                 [expected](float probability, Cell cell) {
                                   const float distance = std::sqrt(human::decode::SquaredDistance(cell, expected));
                                   return probability / (distance + kDistanceBias);
                                 });
}

}  // namespace

float human::decode::MeanConfidentScore(const Pose& pose) {
  constexpr float kMinScore = 0.2F;
  float sum = 0.0F;
  int count = 0;
  for (const Keypoint& keypoint : pose.keypoints) {
    if (keypoint.score <= kMinScore) continue;
    sum += keypoint.score;
    ++count;
  }
  return count > 0 ? sum / static_cast<float>(count) : 0.0F;
}

Cell human::decode::MiddleCenter(const MoveNetMaps& maps) {
  const MapReader centers(maps.center, maps.width, 1);
  const CellRange all = {.y_end = maps.height, .x_end = maps.width};
  const CellPoint middle = {.y = 0.5F * static_cast<float>(maps.height), .x = 0.5F * static_cast<float>(maps.width)};
  return FindNear(centers, 0, all, middle).cell;
}

Pose human::decode::PoseFromCenter(const MoveNetMaps& maps, Cell center) {
  const MapReader heatmap(maps.keypoint_heatmap, maps.width, kPartCount);
  const PairMapReader regression(maps.keypoint_regression, maps.width, kPartCount);
  const PairMapReader offsets(maps.keypoint_offset, maps.width, kPartCount);
  const CellRange all = {.y_end = maps.height, .x_end = maps.width};
  Pose pose;
  for (int part = 0; part < kPartCount; ++part) {
    const Cell cell = FindNear(heatmap, part, all, regression.From(center, part)).cell;
    pose[static_cast<Part>(part)] = {.position_px = InputPx(offsets.From(cell, part)),
                                     .score = ProbabilityOf(heatmap(cell, part), HeatmapKind::kLogits)};
  }
  pose.score = MeanConfidentScore(pose);
  return pose;
}

Result<Pose> DecodeMoveNetSingle(const MoveNetMaps& maps) {
  POSENET_RETURN_IF_ERROR(human::decode::CheckMoveNetSingleMaps(maps));
  return human::decode::PoseFromCenter(maps, human::decode::MiddleCenter(maps));
}

}  // namespace posenet
