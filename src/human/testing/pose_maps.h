// SPDX-License-Identifier: Apache-2.0
// Maps for tests of the decoders: random maps, and those that an ideal network outputs for given people.
#ifndef POSENET_HUMAN_TESTING_POSE_MAPS_H_
#define POSENET_HUMAN_TESTING_POSE_MAPS_H_

#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "posenet/decode.h"

namespace posenet::human::decode {

/// The keypoints of a person.
using Figure = std::array<Point, kPartCount>;

/// Maps that own their values.
struct TestMaps {
  TestMaps(int height, int width, int output_stride)
      : maps{.height = height, .width = width, .output_stride = output_stride},
        heatmap(Cells() * 17, -10.0F),
        offsets(Cells() * 34, 0.0F),
        displacement_fwd(Cells() * 32, 0.0F),
        displacement_bwd(Cells() * 32, 0.0F) {}

  [[nodiscard]] std::size_t Cells() const {
    return static_cast<std::size_t>(maps.height) * static_cast<std::size_t>(maps.width);
  }
  [[nodiscard]] std::size_t CellIndex(int y, int x) const { return static_cast<std::size_t>(y * maps.width + x); }

  float& Heat(int y, int x, Part part) { return heatmap[CellIndex(y, x) * 17 + static_cast<std::size_t>(part)]; }
  void SetOffset(int y, int x, Part part, Point px) {
    offsets[CellIndex(y, x) * 34 + static_cast<std::size_t>(part)] = px.y;
    offsets[CellIndex(y, x) * 34 + 17 + static_cast<std::size_t>(part)] = px.x;
  }
  static void SetEdge(std::vector<float>& displacement, std::size_t cell, std::size_t edge, Point px) {
    displacement[cell * 32 + edge] = px.y;
    displacement[cell * 32 + 16 + edge] = px.x;
  }

  /// Refers to the vectors below.
  [[nodiscard]] PoseMaps View() const {
    PoseMaps view = maps;
    view.heatmap.data = heatmap.data();
    view.offsets.data = offsets.data();
    view.displacement_fwd.data = displacement_fwd.data();
    view.displacement_bwd.data = displacement_bwd.data();
    return view;
  }

  PoseMaps maps;
  std::vector<float> heatmap;
  std::vector<float> offsets;
  std::vector<float> displacement_fwd;
  std::vector<float> displacement_bwd;
};

/// Random maps: logits in [-4, 4], all with different probabilities; vectors of up to `max_vector_px` along each axis.
TestMaps RandomMaps(int height, int width, int output_stride, float max_vector_px, unsigned seed);

/// Calls `check` with maps of numbers that no network should output, which decoders must survive: random maps, every
/// second element of one of which is NaN, infinite or huge; all numbers, maps and kinds of heatmap in turn. `what`
/// describes the maps.
void ForEachHostileMaps(const std::function<void(const TestMaps& maps, const std::string& what)>& check);

/// A standing person, 40 * scale px wide and 160 * scale px high, centered at `middle_px`.
Figure StandingFigure(Point middle_px, float scale);

/// The output of an ideal network for `people`: a peak of the heatmap at each keypoint, offsets to the nearest
/// keypoint, and displacements to the adjacent keypoints of the same person. Earlier people have higher peaks.
TestMaps MapsOfPeople(int height, int width, int output_stride, const std::vector<Figure>& people);

/// The largest distance between a keypoint of `pose` and that of `figure`.
float MaxDistancePx(const Pose& pose, const Figure& figure);

/// Whether all positions are finite and all scores are in [0, 1].
bool IsValid(const Pose& pose);

}  // namespace posenet::human::decode

#endif  // POSENET_HUMAN_TESTING_POSE_MAPS_H_
