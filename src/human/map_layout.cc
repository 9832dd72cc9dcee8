// SPDX-License-Identifier: Apache-2.0
#include "human/map_layout.h"

#include <optional>
#include <string_view>
#include <variant>

#include "base/error.h"
#include "human/decode_maps.h"
#include "model/model_spec.h"

namespace posenet::human {
namespace {

constexpr int kDisplacementChannels = 2 * decode::kEdgeCount;

std::optional<int> FindOutput(const nn::Plan& plan, std::string_view name) {
  for (int i = 0; i < plan.output_count(); ++i) {
    if (plan.output_name(i) == name) return i;
  }
  return std::nullopt;
}

/// The index of output `name`. Errors: kUnsupported unless it exists and has the size of `maps` and `channels`.
Result<int> RequireOutput(const nn::Plan& plan, std::string_view name, const PoseMaps& maps, int channels) {
  const std::optional<int> output = FindOutput(plan, name);
  if (!output) return base::Fail(ErrorCode::kUnsupported, "not a PoseNet: the network has no output \"", name, "\"");
  const nn::Shape& shape = plan.output_shape(*output);
  if (shape != nn::Shape{.batch = 1, .height = maps.height, .width = maps.width, .channels = channels}) {
    return base::Fail(ErrorCode::kUnsupported, "not a PoseNet: output \"", name, "\" is ", shape.height, "x",
                      shape.width, "x", shape.channels, "; expected ", maps.height, "x", maps.width, "x", channels);
  }
  return *output;
}

/// Whether the layer that computes `value` applies the sigmoid.
HeatmapKind KindOf(const nn::Network& network, int value) {
  if (value == 0) return HeatmapKind::kLogits;
  const nn::Operation& operation = network.layers[static_cast<std::size_t>(value - 1)].operation;
  const auto* const conv = std::get_if<nn::Conv2d>(&operation);
  const auto* const activate = std::get_if<nn::Activate>(&operation);
  const bool is_probability = (conv != nullptr && conv->activation == nn::Activation::kSigmoid) ||
                              (activate != nullptr && activate->activation == nn::Activation::kSigmoid);
  return is_probability ? HeatmapKind::kProbabilities : HeatmapKind::kLogits;
}

}  // namespace

Result<MapLayout> MapLayout::Create(const nn::Network& network, const nn::Plan& plan, int output_stride) {
  const nn::Shape& input = plan.input_shape();
  MapLayout layout;
  PoseMaps& sizes = layout.sizes_;
  sizes.height = (input.height - 1) / output_stride + 1;
  sizes.width = (input.width - 1) / output_stride + 1;
  sizes.output_stride = output_stride;

  POSENET_ASSIGN_OR_RETURN(const int heatmap, RequireOutput(plan, model::kHeatmapOutput, sizes, kPartCount));
  POSENET_ASSIGN_OR_RETURN(const int offsets, RequireOutput(plan, model::kOffsetOutput, sizes, 2 * kPartCount));
  layout.heatmap_ = {.output = heatmap, .pixel_stride = kPartCount};
  layout.offsets_ = {.output = offsets, .pixel_stride = 2 * kPartCount};
  for (const nn::Output& output : network.outputs) {
    if (output.name == model::kHeatmapOutput) sizes.heatmap_kind = KindOf(network, output.value);
  }

  if (FindOutput(plan, model::kDisplacementOutput)) {
    POSENET_ASSIGN_OR_RETURN(const int both,
                             RequireOutput(plan, model::kDisplacementOutput, sizes, 2 * kDisplacementChannels));
    layout.displacement_fwd_ = {.output = both, .pixel_stride = 2 * kDisplacementChannels};
    layout.displacement_bwd_ = {
        .output = both, .first_channel = kDisplacementChannels, .pixel_stride = 2 * kDisplacementChannels};
    return layout;
  }
  POSENET_ASSIGN_OR_RETURN(const int fwd,
                           RequireOutput(plan, model::kDisplacementFwdOutput, sizes, kDisplacementChannels));
  POSENET_ASSIGN_OR_RETURN(const int bwd,
                           RequireOutput(plan, model::kDisplacementBwdOutput, sizes, kDisplacementChannels));
  layout.displacement_fwd_ = {.output = fwd, .pixel_stride = kDisplacementChannels};
  layout.displacement_bwd_ = {.output = bwd, .pixel_stride = kDisplacementChannels};
  return layout;
}

PoseMaps MapLayout::MapsOf(const nn::Context& context) const {
  const auto view = [&context](const Source& source) {
    return MapView{.data = context.output(source.output).data() + source.first_channel,
                   .pixel_stride = source.pixel_stride};
  };
  PoseMaps maps = sizes_;
  maps.heatmap = view(heatmap_);
  maps.offsets = view(offsets_);
  maps.displacement_fwd = view(displacement_fwd_);
  maps.displacement_bwd = view(displacement_bwd_);
  return maps;
}

}  // namespace posenet::human
