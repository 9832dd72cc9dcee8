// SPDX-License-Identifier: Apache-2.0
// The decoding tail of the graph of MoveNet MultiPose.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

#include "base/error.h"
#include "base/no_throw.h"
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

/// A rectangle in cells, clipped to the map.
struct CellBox {
  float min_y = 0.0F;
  float min_x = 0.0F;
  float max_y = 0.0F;
  float max_x = 0.0F;

  [[nodiscard]] bool Contains(Cell cell) const {
    const auto y = static_cast<float>(cell.y);
    const auto x = static_cast<float>(cell.x);
    return y >= min_y && y < max_y && x >= min_x && x < max_x;
  }

  /// The cells that it contains.
  [[nodiscard]] CellRange Cells() const {
    const auto first = [](float edge) { return static_cast<int>(std::ceil(edge)); };
    return {.y_begin = first(min_y), .y_end = first(max_y), .x_begin = first(min_x), .x_end = first(max_x)};
  }
};

/// A local maximum of the centers, and what it says about its person.
struct Person {
  float center_score = 0.0F;
  std::array<CellPoint, kPartCount> expected = {};  // Positions of the keypoints.
  CellBox box = {};
};

/// Decodes the maps of one image.
class MultiPoseDecoder {
 public:
  MultiPoseDecoder(const MoveNetMaps& maps, std::pmr::memory_resource& memory)
      : all_({.y_end = maps.height, .x_end = maps.width}),
        centers_(Centers(maps, memory)),
        heatmap_(maps.keypoint_heatmap, maps.width, kPartCount),
        regression_(maps.keypoint_regression, maps.width, kPartCount),
        offsets_(maps.keypoint_offset, maps.width, kPartCount),
        box_offset_(maps.box_offset, maps.width, 1),
        box_scale_(maps.box_scale, maps.width, 1),
        variance_(kVariancePerCell * static_cast<float>(std::min(maps.height, maps.width))) {}

  /// The best local maxima of the centers, in descending order; of equal ones, the first.
  [[nodiscard]] std::pmr::vector<Peak> FindCenters(std::size_t max_count, std::pmr::memory_resource& memory) const {
    std::pmr::vector<Peak> best(&memory);
    for (Cell cell; cell.y < all_.y_end; ++cell.y) {
      for (cell.x = 0; cell.x < all_.x_end; ++cell.x) {
        const float score = CenterAt(cell);
        if (best.size() == max_count && !(score > best.back().score)) continue;
        if (!IsLocalMaximum(cell, score)) continue;
        if (best.size() == max_count) best.pop_back();
        const auto place =
            std::find_if(best.begin(), best.end(), [score](const Peak& peak) { return peak.score < score; });
        best.insert(place, Peak{.cell = cell, .score = score});
      }
    }
    return best;
  }

  [[nodiscard]] Person PersonAt(const Peak& center) const {
    Person person = {.center_score = center.score};
    for (int part = 0; part < kPartCount; ++part) {
      person.expected[static_cast<std::size_t>(part)] = regression_.From(center.cell, part);
    }
    const CellPoint middle = box_offset_.From(center.cell, 0);
    const CellPoint size = box_scale_(center.cell, 0);
    const auto edge = [](float position, int count) { return std::clamp(position, 0.0F, static_cast<float>(count)); };
    const float half_height = 0.5F * std::max(size.y, 0.0F);
    const float half_width = 0.5F * std::max(size.x, 0.0F);
    person.box = {.min_y = edge(middle.y - half_height, all_.y_end),
                  .min_x = edge(middle.x - half_width, all_.x_end),
                  .max_y = edge(middle.y + half_height, all_.y_end),
                  .max_x = edge(middle.x + half_width, all_.x_end)};
    return person;
  }

  /// The pose of `people[index]`. As in the graph, a keypoint's score is the highest that any of `people` gives its
  /// cell.
  [[nodiscard]] BoxedPose PoseOf(std::span<const Person> people, std::size_t index) const {
    const Person& person = people[index];
    BoxedPose result;
    float sum = 0.0F;
    int count = 0;
    for (int part = 0; part < kPartCount; ++part) {
      const Cell cell = FindKeypoint(person, part);
      float score = 0.0F;
      for (const Person& other : people) score = std::max(score, KeypointScore(other, part, cell));
      result.pose[static_cast<Part>(part)] = {.position_px = human::decode::InputPx(offsets_.From(cell, part)),
                                              .score = score};
      if (score <= kMinKeypointScore) continue;
      sum += score;
      ++count;
    }
    result.pose.score = person.center_score * (sum / static_cast<float>(std::max(count, 1)));
    const Point min_px = human::decode::InputPx({.y = person.box.min_y, .x = person.box.min_x});
    const Point max_px = human::decode::InputPx({.y = person.box.max_y, .x = person.box.max_x});
    result.box_px = {.min_x_px = min_px.x, .min_y_px = min_px.y, .max_x_px = max_px.x, .max_y_px = max_px.y};
    return result;
  }

 private:
  // The constants of the graph, which stores floats in 16 bits.
  // Of the Gaussian, times 2, per cell of the shorter side of the map.
  static constexpr float kVariancePerCell = 0.300048828125F;
  static constexpr float kMinKeypointScore = 0.126953125F;         // Keypoints above count in the pose score.
  static constexpr float kPeakTolerance = 1.0132789611816406e-6F;  // Of a center below the maximum of its neighbors.
  static constexpr int kPeakRadius = 2;                            // Of the neighborhood: 5x5 cells.

  static std::pmr::vector<float> Centers(const MoveNetMaps& maps, std::pmr::memory_resource& memory) {
    const MapReader map(maps.center, maps.width, 1);
    std::pmr::vector<float> centers(&memory);
    centers.reserve(static_cast<std::size_t>(maps.height) * static_cast<std::size_t>(maps.width));
    for (Cell cell; cell.y < maps.height; ++cell.y) {
      for (cell.x = 0; cell.x < maps.width; ++cell.x) {
        centers.push_back(human::decode::ProbabilityOf(map(cell, 0), HeatmapKind::kLogits));
      }
    }
    return centers;
  }

  [[nodiscard]] float CenterAt(Cell cell) const {
    return centers_[static_cast<std::size_t>(cell.y) * static_cast<std::size_t>(all_.x_end) +
                    static_cast<std::size_t>(cell.x)];
  }

  [[nodiscard]] bool IsLocalMaximum(Cell center, float score) const {
    const int y_end = std::min(center.y + kPeakRadius + 1, all_.y_end);
    const int x_end = std::min(center.x + kPeakRadius + 1, all_.x_end);
    for (int y = std::max(center.y - kPeakRadius, 0); y < y_end; ++y) {
      for (int x = std::max(center.x - kPeakRadius, 0); x < x_end; ++x) {
        if (CenterAt({.y = y, .x = x}) - score >= kPeakTolerance) return false;
      }
    }
    return true;
  }

  [[nodiscard]] float Weight(CellPoint expected, Cell cell) const {
    return std::exp(-human::decode::SquaredDistance(cell, expected) / variance_);
  }

  [[nodiscard]] float KeypointScore(const Person& person, int part, Cell cell) const {
    if (!person.box.Contains(cell)) return 0.0F;
    return human::decode::ProbabilityOf(heatmap_(cell, part), HeatmapKind::kLogits) *
           Weight(person.expected[static_cast<std::size_t>(part)], cell);
  }

  [[nodiscard]] Cell FindKeypoint(const Person& person, int part) const {
    const CellRange inside = person.box.Cells();
    if (inside.IsEmpty()) return {};
    const CellPoint expected = person.expected[static_cast<std::size_t>(part)];
    const Peak peak =
        human::decode::FindPeak(heatmap_, part, inside, inside.Nearest(expected), 1.0F,
                                [&](float probability, Cell cell) { return probability * Weight(expected, cell); });
    return peak.cell;
  }

  CellRange all_;
  std::pmr::vector<float> centers_;  // Probabilities, row by row.
  MapReader heatmap_;
  PairMapReader regression_;
  PairMapReader offsets_;
  PairMapReader box_offset_;
  PairMapReader box_scale_;
  float variance_;  // Times 2.
};

}  // namespace

Result<void> human::decode::CheckMoveNetMultiOptions(const MoveNetMultiOptions& options) {
  return CheckMultiPoseOptions({.max_poses = options.max_poses, .score_threshold = options.score_threshold});
}

Result<void> human::decode::DecodeMoveNetPeople(const MoveNetMaps& maps, const MoveNetMultiOptions& options,
                                                std::pmr::memory_resource& memory,
                                                std::pmr::vector<BoxedPose>& people) {
  POSENET_RETURN_IF_ERROR(CheckMoveNetMultiMaps(maps));
  POSENET_RETURN_IF_ERROR(CheckMoveNetMultiOptions(options));
  const MultiPoseDecoder decoder(maps, memory);
  std::pmr::vector<Person> found(&memory);
  for (const Peak& center : decoder.FindCenters(static_cast<std::size_t>(options.max_poses), memory)) {
    found.push_back(decoder.PersonAt(center));
  }
  people.clear();
  for (std::size_t i = 0; i < found.size(); ++i) {
    const BoxedPose person = decoder.PoseOf(found, i);
    if (person.pose.score >= options.score_threshold) people.push_back(person);
  }
  return {};
}

Result<std::vector<BoxedPose>> DecodeMoveNetMultiple(const MoveNetMaps& maps, const MoveNetMultiOptions& options) {
  return base::CatchBadAlloc([&]() -> Result<std::vector<BoxedPose>> {
    std::pmr::memory_resource& memory = *std::pmr::new_delete_resource();
    std::pmr::vector<BoxedPose> people(&memory);
    POSENET_RETURN_IF_ERROR(human::decode::DecodeMoveNetPeople(maps, options, memory, people));
    return std::vector<BoxedPose>(people.begin(), people.end());
  });
}

}  // namespace posenet
