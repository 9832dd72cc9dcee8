// SPDX-License-Identifier: Apache-2.0
#include "human/neighbor_index.h"

#include <algorithm>
#include <utility>

namespace posenet::human::decode {
namespace {

// A linear search of this many points takes about as long as probing 9 to 16 grid cells.
constexpr std::size_t kMaxLinear = 64;

// Any two points in a cell of this size are neighbors (0.7 * sqrt(2) < 1), so a query in a crowded cell ends at once.
constexpr double kCellSizePerRadius = 0.7;

// Keeps the grid indices of positions up to a million pixels within 31 bits for the smallest radius.
constexpr double kMinCellSize = 1.0 / 1024;
constexpr double kMaxGridIndex = 1 << 30;

std::uint64_t Key(std::int64_t y, std::int64_t x) {
  return (static_cast<std::uint64_t>(y) << 32) ^ (static_cast<std::uint64_t>(x) & 0xFFFFFFFFU);
}

}  // namespace

NeighborIndex::NeighborIndex(double radius, std::pmr::memory_resource& memory)
    : radius_(radius), cell_size_(std::max(radius * kCellSizePerRadius, kMinCellSize)), parts_(&memory) {
  parts_.reserve(kPartCount);
  for (int part = 0; part < kPartCount; ++part) parts_.emplace_back(memory);
}

std::int64_t NeighborIndex::GridIndex(double coordinate) const {
  // Clamping moves points closer together, so neighbors remain neighbors.
  return static_cast<std::int64_t>(std::clamp(std::floor(coordinate / cell_size_), -kMaxGridIndex, kMaxGridIndex));
}

void NeighborIndex::InsertIntoGrid(PartPoints& points, Vec2 point) const {
  points.many[Key(GridIndex(point.y), GridIndex(point.x))].push_back(point);
}

void NeighborIndex::Insert(int part, Vec2 point) {
  PartPoints& points = parts_[static_cast<std::size_t>(part)];
  if (!points.many.empty()) return InsertIntoGrid(points, point);
  points.few.push_back(point);
  if (points.few.size() <= kMaxLinear) return;
  for (const Vec2 each : points.few) InsertIntoGrid(points, each);
  points.few.clear();
}

bool NeighborIndex::Find(Bucket& bucket, Vec2 point) const {
  const auto found = std::find_if(bucket.begin(), bucket.end(),
                                  [&](Vec2 other) { return SquaredDistance(point, other) <= radius_ * radius_; });
  if (found == bucket.end()) return false;
  std::swap(bucket.front(), *found);
  return true;
}

bool NeighborIndex::AnyWithin(int part, Vec2 point) {
  PartPoints& points = parts_[static_cast<std::size_t>(part)];
  if (points.many.empty()) return Find(points.few, point);

  const auto find_in_cell = [&](std::int64_t y, std::int64_t x) {
    const auto bucket = points.many.find(Key(y, x));
    return bucket != points.many.end() && Find(bucket->second, point);
  };
  if (find_in_cell(GridIndex(point.y), GridIndex(point.x))) return true;
  const std::int64_t y_end = GridIndex(point.y + radius_);
  const std::int64_t x_end = GridIndex(point.x + radius_);
  for (std::int64_t y = GridIndex(point.y - radius_); y <= y_end; ++y) {
    for (std::int64_t x = GridIndex(point.x - radius_); x <= x_end; ++x) {
      if (find_in_cell(y, x)) return true;
    }
  }
  return false;
}

}  // namespace posenet::human::decode
