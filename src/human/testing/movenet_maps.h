// SPDX-License-Identifier: Apache-2.0
// Maps for tests of MoveNet's decoders, and MoveNets with random weights.
#ifndef POSENET_HUMAN_TESTING_MOVENET_MAPS_H_
#define POSENET_HUMAN_TESTING_MOVENET_MAPS_H_

#include <cstddef>
#include <vector>

#include "human/testing/pose_maps.h"
#include "model/model_spec.h"
#include "posenet/movenet.h"

namespace posenet::human {

/// Maps that own their values.
struct MoveNetTestMaps {
  MoveNetTestMaps(int height, int width);

  [[nodiscard]] std::size_t CellIndex(int y, int x) const { return static_cast<std::size_t>(y * maps.width + x); }
  float& Center(int y, int x) { return center[CellIndex(y, x)]; }
  float& Heat(int y, int x, Part part) { return heatmap[CellIndex(y, x) * 17 + static_cast<std::size_t>(part)]; }
  /// Sets a vector of `map`, regression or offset, in cells.
  void Set(std::vector<float>& map, int y, int x, Part part, Point cells) const;

  /// Adds what an ideal network outputs for `person`, in pixels of the input: a center at the middle of its bounding
  /// box with that logit, with the box and the regression there, and peaks of the heatmaps with their offsets.
  void AddPerson(const decode::Figure& person, float center_logit);

  /// Refers to the vectors below.
  [[nodiscard]] MoveNetMaps View() const;

  MoveNetMaps maps;
  std::vector<float> center;
  std::vector<float> heatmap;
  std::vector<float> regression;
  std::vector<float> offset;
  std::vector<float> box_offset;
  std::vector<float> box_scale;
};

/// A network with the outputs of a MoveNet, with those of MultiPose on request, and random weights: its poses are
/// meaningless, but reproducible. For square inputs of 64 px.
model::LoadedModel RandomMoveNet();
model::LoadedModel RandomMultiPose();

/// The same as RandomMoveNet, but whatever the image, the person is a StandingFigure in its middle, and as high as the
/// person in a crop of a PersonRefiner: refining the pose again does not change it, or moves it to the right by
/// `shift_px` of the input. All keypoints score 0.95.
model::LoadedModel StandingMoveNet(float shift_px = 0.0F);

}  // namespace posenet::human

#endif  // POSENET_HUMAN_TESTING_MOVENET_MAPS_H_
