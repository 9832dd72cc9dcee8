// SPDX-License-Identifier: Apache-2.0
#include "calibrate/quantization_loss.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "human/movenet_layout.h"
#include "model/model_spec.h"
#include "posenet/decode.h"
#include "posenet/movenet.h"
#include "posenet/pose.h"
#include "posenet/result.h"

namespace posenet::calibrate {
namespace {

// The outputs that DecodeMoveNetSingle reads, which MoveNet MultiPose has, too.
constexpr std::array<std::string_view, 4> kMaps = {model::kCenterOutput, model::kKeypointHeatmapOutput,
                                                   model::kKeypointRegressionOutput, model::kKeypointOffsetOutput};

class KeypointLoss {
 public:
  explicit KeypointLoss(const nn::Network& network) {
    for (std::size_t map = 0; map < kMaps.size(); ++map) {
      const auto found = std::find_if(network.outputs.begin(), network.outputs.end(),
                                      [map](const nn::Output& output) { return output.name == kMaps[map]; });
      indices_[map] = static_cast<std::size_t>(found - network.outputs.begin());
    }
  }

  double operator()(const nn::Shape& input, const quantize::Outputs& outputs,
                    const quantize::Outputs& float_outputs) const {
    const Result<Pose> pose = Decode(input, outputs);
    const Result<Pose> expected = Decode(input, float_outputs);
    if (!pose || !expected) return 0.0;
    constexpr float kMinScore = 0.2F;
    constexpr double kMaxSquare = double{kMoveNetStride} * kMoveNetStride;
    double sum = 0.0;
    int count = 0;
    for (std::size_t i = 0; i < kPartCount; ++i) {
      if (expected->keypoints[i].score < kMinScore) continue;
      const double dx = double{pose->keypoints[i].position_px.x} - double{expected->keypoints[i].position_px.x};
      const double dy = double{pose->keypoints[i].position_px.y} - double{expected->keypoints[i].position_px.y};
      sum += std::min(dx * dx + dy * dy, kMaxSquare);
      ++count;
    }
    return count > 0 ? sum / count : 0.0;
  }

 private:
  [[nodiscard]] Result<Pose> Decode(const nn::Shape& input, const quantize::Outputs& outputs) const {
    const auto view = [&](std::size_t map) {
      return indices_[map] < outputs.size() ? MapView{.data = outputs[indices_[map]].data()} : MapView{};
    };
    return DecodeMoveNetSingle({.height = input.height / kMoveNetStride,
                                .width = input.width / kMoveNetStride,
                                .center = view(0),
                                .keypoint_heatmap = view(1),
                                .keypoint_regression = view(2),
                                .keypoint_offset = view(3)});
  }

  std::array<std::size_t, kMaps.size()> indices_ = {};  // Of the maps among the outputs.
};

}  // namespace

quantize::Loss LossFor(const nn::Network& network) {
  if (human::KindOf(network) == human::NetworkKind::kPoseNet) return quantize::RelativeSquaredError;
  return KeypointLoss(network);
}

}  // namespace posenet::calibrate
