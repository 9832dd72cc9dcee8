// SPDX-License-Identifier: Apache-2.0
// Decodes the raw outputs of a PoseNet that ran elsewhere (TensorFlow, ONNX Runtime, an accelerator) into poses. No
// model is needed.
//
//   raw_heatmaps_to_poses
//
// The four output tensors are generated here, for one person who stands in the middle of a 257 x 257 input. In your
// program they come from your runtime, in its layout: cells row by row, channels innermost (NHWC).
#include <posenet/decode.h>
#include <posenet/pose.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

namespace {

using posenet::kPartCount;
using posenet::kPoseChain;
using posenet::Point;

constexpr int kOutputStride = 16;
constexpr int kCells = (257 - 1) / kOutputStride + 1;  // 17 x 17
constexpr int kEdgeCount = static_cast<int>(kPoseChain.size());

// Where the parts of the person are, in pixels of the network's input.
constexpr std::array<Point, kPartCount> kPerson = {{{128, 50},
                                                    {133, 45},
                                                    {123, 45},
                                                    {140, 48},
                                                    {116, 48},
                                                    {152, 80},
                                                    {104, 80},
                                                    {165, 115},
                                                    {91, 115},
                                                    {170, 148},
                                                    {86, 148},
                                                    {144, 150},
                                                    {112, 150},
                                                    {146, 195},
                                                    {110, 195},
                                                    {147, 238},
                                                    {109, 238}}};

struct RawOutputs {
  std::vector<float> heatmap = std::vector<float>(kCells * kCells * kPartCount);
  std::vector<float> offsets = std::vector<float>(kCells * kCells * 2 * kPartCount);
  std::vector<float> displacement_fwd = std::vector<float>(kCells * kCells * 2 * kEdgeCount);
  std::vector<float> displacement_bwd = std::vector<float>(kCells * kCells * 2 * kEdgeCount);
};

// What an ideal network would output for kPerson.
RawOutputs RunNetwork() {
  RawOutputs raw;
  for (int cell = 0; cell < kCells * kCells; ++cell) {
    const auto x = static_cast<float>(cell % kCells * kOutputStride);
    const auto y = static_cast<float>(cell / kCells * kOutputStride);
    for (int part = 0; part < kPartCount; ++part) {
      const Point at = kPerson[static_cast<std::size_t>(part)];
      // The heatmap is the score of the part in this cell, the offset leads from the cell to the part: y channels
      // first, then x channels.
      const float distance_cells = std::hypot(at.x - x, at.y - y) / kOutputStride;
      raw.heatmap[static_cast<std::size_t>(cell * kPartCount + part)] = 0.95F * std::exp(-distance_cells);
      raw.offsets[static_cast<std::size_t>(cell * 2 * kPartCount + part)] = at.y - y;
      raw.offsets[static_cast<std::size_t>(cell * 2 * kPartCount + kPartCount + part)] = at.x - x;
    }
    for (int edge = 0; edge < kEdgeCount; ++edge) {
      // A displacement leads from one part of a person to the next one along the chain, and back.
      const auto [parent, child] = kPoseChain[static_cast<std::size_t>(edge)];
      const Point from = kPerson[static_cast<std::size_t>(parent)];
      const Point to = kPerson[static_cast<std::size_t>(child)];
      const auto y_channel = static_cast<std::size_t>(cell * 2 * kEdgeCount + edge);
      const auto x_channel = static_cast<std::size_t>(cell * 2 * kEdgeCount + kEdgeCount + edge);
      raw.displacement_fwd[y_channel] = to.y - from.y;
      raw.displacement_fwd[x_channel] = to.x - from.x;
      raw.displacement_bwd[y_channel] = from.y - to.y;
      raw.displacement_bwd[x_channel] = from.x - to.x;
    }
  }
  return raw;
}

}  // namespace

int main() {
  const RawOutputs raw = RunNetwork();
  const posenet::PoseMaps maps = {.height = kCells,
                                  .width = kCells,
                                  .output_stride = kOutputStride,
                                  // kLogits if your network ends before the sigmoid, as most exported ones do.
                                  .heatmap_kind = posenet::HeatmapKind::kProbabilities,
                                  .heatmap = {.data = raw.heatmap.data()},
                                  .offsets = {.data = raw.offsets.data()},
                                  .displacement_fwd = {.data = raw.displacement_fwd.data()},
                                  .displacement_bwd = {.data = raw.displacement_bwd.data()}};
  // The most accurate decoder. DecodeSinglePose is faster if at most one person is in view; DecodeMultiplePoses decodes
  // as TensorFlow.js does, DecodeMultiplePosesCoral as Coral does.
  const auto poses = posenet::DecodeMultiplePosesHough(maps);
  if (!poses) {
    std::fprintf(stderr, "raw_heatmaps_to_poses: %s\n", poses.error().message.c_str());
    return 1;
  }

  // Positions are in pixels of the network's input: scale them back to your image.
  for (const posenet::Pose& pose : *poses) {
    std::printf("a person, score %.2f\n", pose.score);
    for (std::size_t i = 0; i < pose.keypoints.size(); ++i) {
      const posenet::Keypoint& keypoint = pose.keypoints[i];
      std::printf("  %-14s x %6.1f  y %6.1f  score %.2f\n", std::string(posenet::kPartNames[i]).c_str(),
                  keypoint.position_px.x, keypoint.position_px.y, keypoint.score);
    }
  }
  return poses->size() == 1 ? 0 : 1;
}
