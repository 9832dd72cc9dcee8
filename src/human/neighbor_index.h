// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_HUMAN_NEIGHBOR_INDEX_H_
#define POSENET_HUMAN_NEIGHBOR_INDEX_H_

#include <cstdint>
#include <memory_resource>
#include <unordered_map>
#include <vector>

#include "human/decode_maps.h"

namespace posenet::human::decode {

/// The keypoints of accepted poses, for radius queries. Few points are searched linearly. Malicious maps can yield a
/// million poses, so many points are indexed by a grid, which makes the time of a query independent of their number.
class NeighborIndex {
 public:
  /// `radius` is above 0, in units of the points. `memory` must outlive the index.
  explicit NeighborIndex(double radius, std::pmr::memory_resource& memory = *std::pmr::new_delete_resource());

  void Insert(int part, Vec2 point);

  /// Whether a point of `part` within the radius of `point` was inserted. Not const: moves the point that it finds to
  /// the front of the search order.
  bool AnyWithin(int part, Vec2 point);

 private:
  using Bucket = std::pmr::vector<Vec2>;
  struct PartPoints {
    explicit PartPoints(std::pmr::memory_resource& memory) : few(&memory), many(&memory) {}
    Bucket few;                                           // Up to kMaxLinear points.
    std::pmr::unordered_map<std::uint64_t, Bucket> many;  // More points, by grid cell.
  };
  [[nodiscard]] std::int64_t GridIndex(double coordinate) const;
  [[nodiscard]] bool Find(Bucket& bucket, Vec2 point) const;
  void InsertIntoGrid(PartPoints& points, Vec2 point) const;

  double radius_;
  double cell_size_;
  std::pmr::vector<PartPoints> parts_;  // Indexed by part.
};

}  // namespace posenet::human::decode

#endif  // POSENET_HUMAN_NEIGHBOR_INDEX_H_
