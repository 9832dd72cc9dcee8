// SPDX-License-Identifier: Apache-2.0
// Maps for the decoders' tests: random ones, and ones that a perfect network would answer for known people.
#ifndef POSENET_HUMAN_TESTING_POSE_MAPS_H_
#define POSENET_HUMAN_TESTING_POSE_MAPS_H_

#include <array>
#include <cstddef>
#include <vector>

#include "posenet/decode.h"

namespace posenet::human::decode {

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

  /// A view; valid while this lives and its vectors keep their size.
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

/// Everything random: logits in [-4, 4], no two with the same probability; vectors of up to `max_vector_px` along each
/// axis.
TestMaps RandomMaps(int height, int width, int output_stride, float max_vector_px, unsigned seed);

/// A standing person, 40 * scale px wide and 160 * scale px high around its middle.
Figure StandingFigure(Point middle_px, float scale);

/// What a perfect network answers for `people`: around each keypoint a hill of the heatmap, offsets to the nearest one,
/// and displacements to the neighbours of the same person. Keypoints of earlier people have higher hills.
TestMaps MapsOfPeople(int height, int width, int output_stride, const std::vector<Figure>& people);

/// The greatest distance of a keypoint of `pose` from where it should be.
float WorstDistancePx(const Pose& pose, const Figure& figure);

/// Whether every number of `pose` is finite and its scores are probabilities.
bool IsSane(const Pose& pose);

}  // namespace posenet::human::decode

#endif  // POSENET_HUMAN_TESTING_POSE_MAPS_H_
