// SPDX-License-Identifier: Apache-2.0
#include "human/movenet_layout.h"

#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "model/model_spec.h"

namespace posenet::human {
namespace {

/// The index of output `name`. Errors: kUnsupported unless it exists and has the size of `maps` and `channels`.
Result<int> RequireMoveNetOutput(const nn::Plan& plan, std::string_view name, const MoveNetMaps& maps, int channels) {
  for (int i = 0; i < plan.output_count(); ++i) {
    if (plan.output_name(i) != name) continue;
    const nn::Shape& shape = plan.output_shape(i);
    if (shape == nn::Shape{.batch = 1, .height = maps.height, .width = maps.width, .channels = channels}) return i;
    return base::Fail(ErrorCode::kUnsupported, "not a MoveNet: output \"", name, "\" is ", shape.height, "x",
                      shape.width, "x", shape.channels, "; expected ", maps.height, "x", maps.width, "x", channels);
  }
  return base::Fail(ErrorCode::kUnsupported, "not a MoveNet: the network has no output \"", name, "\"");
}

}  // namespace

NetworkKind KindOf(const nn::Network& network) {
  const auto has = [&network](std::string_view name) {
    return std::any_of(network.outputs.begin(), network.outputs.end(),
                       [name](const nn::Output& output) { return output.name == name; });
  };
  if (!has(model::kCenterOutput)) return NetworkKind::kPoseNet;
  return has(model::kBoxScaleOutput) ? NetworkKind::kMoveNetMultiple : NetworkKind::kMoveNetSingle;
}

Result<MoveNetLayout> MoveNetLayout::Create(const nn::Plan& plan, NetworkKind kind) {
  const nn::Shape& input = plan.input_shape();
  MoveNetLayout layout;
  layout.sizes_ = {.height = input.height / kMoveNetStride, .width = input.width / kMoveNetStride};
  const auto require = [&](std::string_view name, int channels) {
    return RequireMoveNetOutput(plan, name, layout.sizes_, channels);
  };
  POSENET_ASSIGN_OR_RETURN(layout.center_, require(model::kCenterOutput, 1));
  POSENET_ASSIGN_OR_RETURN(layout.keypoint_heatmap_, require(model::kKeypointHeatmapOutput, kPartCount));
  POSENET_ASSIGN_OR_RETURN(layout.keypoint_regression_, require(model::kKeypointRegressionOutput, 2 * kPartCount));
  POSENET_ASSIGN_OR_RETURN(layout.keypoint_offset_, require(model::kKeypointOffsetOutput, 2 * kPartCount));
  if (kind == NetworkKind::kMoveNetMultiple) {
    POSENET_ASSIGN_OR_RETURN(layout.box_offset_, require(model::kBoxOffsetOutput, 2));
    POSENET_ASSIGN_OR_RETURN(layout.box_scale_, require(model::kBoxScaleOutput, 2));
  }
  return layout;
}

MoveNetMaps MoveNetLayout::MapsOf(const nn::Context& context) const {
  const auto view = [&context](int output) {
    return output < 0 ? MapView{} : MapView{.data = context.output(output).data()};
  };
  MoveNetMaps maps = sizes_;
  maps.center = view(center_);
  maps.keypoint_heatmap = view(keypoint_heatmap_);
  maps.keypoint_regression = view(keypoint_regression_);
  maps.keypoint_offset = view(keypoint_offset_);
  maps.box_offset = view(box_offset_);
  maps.box_scale = view(box_scale_);
  return maps;
}

}  // namespace posenet::human
