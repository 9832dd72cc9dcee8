// SPDX-License-Identifier: Apache-2.0
#include "human/testing/pose_maps.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace posenet::human::decode {

TestMaps RandomMaps(int height, int width, int output_stride, float max_vector_px, unsigned seed) {
  TestMaps maps(height, width, output_stride);
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> vector_px(-max_vector_px, max_vector_px);
  for (std::size_t i = 0; i < maps.heatmap.size(); ++i) {
    maps.heatmap[i] = 8.0F * static_cast<float>(i) / static_cast<float>(maps.heatmap.size()) - 4.0F;
  }
  std::shuffle(maps.heatmap.begin(), maps.heatmap.end(), random);
  for (auto* map : {&maps.offsets, &maps.displacement_fwd, &maps.displacement_bwd}) {
    for (float& value : *map) value = vector_px(random);
  }
  return maps;
}

void ForEachHostileMaps(const std::function<void(const TestMaps& maps, const std::string& what)>& check) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  constexpr std::array kHostile = {
      std::numeric_limits<float>::quiet_NaN(), kInfinity, -kInfinity, 3e38F, -3e38F, 9.9e5F};
  for (const float hostile : kHostile) {
    for (const HeatmapKind kind : {HeatmapKind::kLogits, HeatmapKind::kProbabilities}) {
      for (std::size_t which = 0; which < 4; ++which) {
        TestMaps maps = RandomMaps(9, 9, 16, 30.0F, 1);
        maps.maps.heatmap_kind = kind;
        std::vector<float>& map =
            *std::array{&maps.heatmap, &maps.offsets, &maps.displacement_fwd, &maps.displacement_bwd}[which];
        for (std::size_t i = 0; i < map.size(); i += 2) map[i] = hostile;
        check(maps, std::to_string(hostile) + " in map " + std::to_string(which));
      }
    }
  }
}

Figure StandingFigure(Point middle_px, float scale) {
  constexpr std::array<float, kPartCount> kX = {0, 4, -4, 8, -8, 14, -14, 18, -18, 20, -20, 9, -9, 10, -10, 10, -10};
  constexpr std::array<float, kPartCount> kY = {-72, -76, -76, -74, -74, -56, -56, -32, -32,
                                                -8,  -8,  0,   0,   40,  40,  80,  80};
  Figure figure;
  for (std::size_t i = 0; i < figure.size(); ++i) {
    figure[i] = {.x = middle_px.x + kX[i] * scale, .y = middle_px.y + kY[i] * scale};
  }
  return figure;
}

TestMaps MapsOfPeople(int height, int width, int output_stride, const std::vector<Figure>& people) {
  TestMaps maps(height, width, output_stride);
  const auto nearest = [&](Point at_px, std::size_t part) {
    std::size_t best = 0;
    const auto distance = [&](std::size_t person) {
      return std::hypot(people[person][part].x - at_px.x, people[person][part].y - at_px.y);
    };
    for (std::size_t person = 1; person < people.size(); ++person) {
      if (distance(person) < distance(best)) best = person;
    }
    return best;
  };
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const Point cell_px = {.x = static_cast<float>(x * output_stride), .y = static_cast<float>(y * output_stride)};
      const auto vector_to = [&](Point target_px) { return Point{target_px.x - cell_px.x, target_px.y - cell_px.y}; };
      for (std::size_t part = 0; part < kPartCount; ++part) {
        const std::size_t person = nearest(cell_px, part);
        const Point offset_px = vector_to(people[person][part]);
        const float distance_cells = std::hypot(offset_px.x, offset_px.y) / static_cast<float>(output_stride);
        maps.Heat(y, x, static_cast<Part>(part)) = 4.0F - 0.1F * static_cast<float>(person) - 3.0F * distance_cells;
        maps.SetOffset(y, x, static_cast<Part>(part), offset_px);
      }
      for (std::size_t edge = 0; edge < kPoseChain.size(); ++edge) {
        const auto parent = static_cast<std::size_t>(kPoseChain[edge].first);
        const auto child = static_cast<std::size_t>(kPoseChain[edge].second);
        const std::size_t cell = maps.CellIndex(y, x);
        // From the keypoint: TensorFlow.js' decoder adds displacements to the position of the keypoint, not of the
        // cell.
        const auto along = [&](std::size_t from, std::size_t to) {
          const Figure& figure = people[nearest(cell_px, from)];
          return Point{figure[to].x - figure[from].x, figure[to].y - figure[from].y};
        };
        TestMaps::SetEdge(maps.displacement_fwd, cell, edge, along(parent, child));
        TestMaps::SetEdge(maps.displacement_bwd, cell, edge, along(child, parent));
      }
    }
  }
  return maps;
}

float MaxDistancePx(const Pose& pose, const Figure& figure) {
  float worst = 0.0F;
  for (std::size_t i = 0; i < kPartCount; ++i) {
    const Point found = pose.keypoints[i].position_px;
    worst = std::max(worst, std::hypot(found.x - figure[i].x, found.y - figure[i].y));
  }
  return worst;
}

bool IsValid(const Pose& pose) {
  const auto is_probability = [](float score) { return score >= 0.0F && score <= 1.0F; };
  return is_probability(pose.score) &&
         std::all_of(pose.keypoints.begin(), pose.keypoints.end(), [&](const Keypoint& k) {
           return std::isfinite(k.position_px.x) && std::isfinite(k.position_px.y) && is_probability(k.score);
         });
}

}  // namespace posenet::human::decode
