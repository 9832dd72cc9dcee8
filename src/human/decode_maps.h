// SPDX-License-Identifier: Apache-2.0
// Shared by the decoders: access to the maps, checks of arguments, the sigmoid and the pose tree.
#ifndef POSENET_HUMAN_DECODE_MAPS_H_
#define POSENET_HUMAN_DECODE_MAPS_H_

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "posenet/decode.h"

namespace posenet::human::decode {

inline constexpr int kEdgeCount = static_cast<int>(kPoseChain.size());

/// A position or vector in double precision, like JavaScript's numbers.
struct Vec2 {
  double y = 0.0;
  double x = 0.0;
  friend Vec2 operator+(Vec2 a, Vec2 b) { return {a.y + b.y, a.x + b.x}; }
};

inline double SquaredDistance(Vec2 a, Vec2 b) {
  const double dy = b.y - a.y;
  const double dx = b.x - a.x;
  return dy * dy + dx * dx;
}

/// A cell of the maps.
struct Cell {
  int y = 0;
  int x = 0;
};

/// The origin of `cell` in the network's input.
inline Vec2 PositionOf(Cell cell, int output_stride) {
  return {.y = static_cast<double>(cell.y) * output_stride, .x = static_cast<double>(cell.x) * output_stride};
}

inline Point ToPoint(Vec2 position) {
  return {.x = static_cast<float>(position.x), .y = static_cast<float>(position.y)};
}

/// In float, as in both reference decoders.
inline float Sigmoid(float logit) { return 1.0F / (1.0F + std::exp(-logit)); }

/// Reads one map.
class MapReader {
 public:
  MapReader(const MapView& view, int width, int channels)
      : data_(view.data), pixel_stride_(view.pixel_stride != 0 ? view.pixel_stride : channels), width_(width) {}

  [[nodiscard]] float operator()(Cell cell, int channel) const {
    return data_[(std::ptrdiff_t{cell.y} * width_ + cell.x) * pixel_stride_ + channel];
  }

 private:
  const float* data_;
  std::ptrdiff_t pixel_stride_;
  std::ptrdiff_t width_;
};

/// The probability in [0, 1] of a heatmap value; 0 for NaN.
inline float ProbabilityOf(float value, HeatmapKind kind) {
  const float probability = kind == HeatmapKind::kLogits ? Sigmoid(value) : value;
  return probability > 0.0F ? std::min(probability, 1.0F) : 0.0F;
}

/// Reads a map of vectors: `count` y channels, then `count` x channels.
class VectorMapReader {
 public:
  VectorMapReader(const MapView& view, int width, int count) : map_(view, width, 2 * count), count_(count) {}

  [[nodiscard]] float Y(Cell cell, int index) const { return Bounded(map_(cell, index)); }
  [[nodiscard]] float X(Cell cell, int index) const { return Bounded(map_(cell, count_ + index)); }
  [[nodiscard]] Vec2 operator()(Cell cell, int index) const { return {.y = Y(cell, index), .x = X(cell, index)}; }

 private:
  /// Replaces NaN, infinities and lengths beyond any image by 0, so that all results are finite.
  static constexpr float kMaxLengthPx = 1e6F;
  static float Bounded(float value) { return std::abs(value) <= kMaxLengthPx ? value : 0.0F; }

  MapReader map_;
  int count_;
};

/// The direction in which an edge of kPoseChain is traversed.
enum class EdgeDirection { kToParent, kToChild };

/// Visits the other 16 parts of the tree kPoseChain in the order of TensorFlow.js: from `root` to the nose first, then
/// away from the nose. Calls `visit(edge, from, to, direction)` with a `from` that has been visited.
template <typename Visit>
void WalkPoseTree(Part root, Visit visit) {
  std::array<bool, kPartCount> reached = {};
  reached[static_cast<std::size_t>(root)] = true;
  const auto follow = [&](int edge, Part from, Part to, EdgeDirection direction) {
    if (!reached[static_cast<std::size_t>(from)] || reached[static_cast<std::size_t>(to)]) return;
    visit(edge, from, to, direction);
    reached[static_cast<std::size_t>(to)] = true;
  };
  for (int edge = kEdgeCount - 1; edge >= 0; --edge) {
    const auto [parent, child] = kPoseChain[static_cast<std::size_t>(edge)];
    follow(edge, child, parent, EdgeDirection::kToParent);
  }
  for (int edge = 0; edge < kEdgeCount; ++edge) {
    const auto [parent, child] = kPoseChain[static_cast<std::size_t>(edge)];
    follow(edge, parent, child, EdgeDirection::kToChild);
  }
}

/// Errors: kInvalidArgument unless both are at least 1.
Result<void> CheckMapSize(int height, int width);

/// Errors: kInvalidArgument if `map`, called `name`, is null or has an invalid pixel_stride.
Result<void> CheckMap(const MapView& map, int height, int width, int channels, const char* name);

/// Errors: kInvalidArgument if a map that DecodeSinglePose reads is missing or has an invalid size.
Result<void> CheckSinglePoseMaps(const PoseMaps& maps);

/// The same for the multi-person decoders, which read all four maps.
Result<void> CheckMultiPoseMaps(const PoseMaps& maps);

/// Errors: kInvalidArgument, naming the option that is out of range.
Result<void> CheckMultiPoseOptions(const MultiPoseOptions& options);

}  // namespace posenet::human::decode

#endif  // POSENET_HUMAN_DECODE_MAPS_H_
