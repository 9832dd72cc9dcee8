// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_HUMAN_NEIGHBOR_INDEX_H_
#define POSENET_HUMAN_NEIGHBOR_INDEX_H_

#include <cstdint>
#include <memory_resource>
#include <unordered_map>
#include <vector>

#include "human/decode_maps.h"

namespace posenet::human::decode {

/// The keypoints of accepted poses, and whether one of the same part lies within a radius. A handful of people is
/// looked through one by one; hostile maps can yield a million poses, so beyond that a grid keeps the time of a
/// question independent of their number.
class NeighborIndex {
 public:
  /// `radius` above 0, in the units of the points. Points are kept in memory from `memory`, which must outlive this.
  explicit NeighborIndex(double radius, std::pmr::memory_resource& memory = *std::pmr::new_delete_resource());

  void Insert(int part, Vec2 point);

  /// Whether a point of `part` was inserted whose squared distance to `point` is at most the radius squared.
  /// (Not const: what was found is kept where the next question looks first.)
  bool AnyWithin(int part, Vec2 point);

 private:
  using Bucket = std::pmr::vector<Vec2>;
  struct PartPoints {
    explicit PartPoints(std::pmr::memory_resource& memory) : few(&memory), many(&memory) {}
    Bucket few;                                           // While they are few.
    std::pmr::unordered_map<std::uint64_t, Bucket> many;  // By grid cell, afterwards.
  };
  [[nodiscard]] std::int64_t GridIndex(double coordinate) const;
  [[nodiscard]] bool Find(Bucket& bucket, Vec2 point) const;
  void InsertIntoGrid(PartPoints& points, Vec2 point) const;

  double radius_;
  double cell_size_;
  std::pmr::vector<PartPoints> parts_;  // kPartCount of them.
};

}  // namespace posenet::human::decode

#endif  // POSENET_HUMAN_NEIGHBOR_INDEX_H_
