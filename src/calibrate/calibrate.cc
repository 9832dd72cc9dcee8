// SPDX-License-Identifier: Apache-2.0
#include "calibrate/calibrate.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/strings.h"
#include "calibrate/calibration_inputs.h"
#include "calibrate/quantization_loss.h"
#include "human/movenet_layout.h"
#include "nn/graph/network.h"
#include "quantize/calibration.h"

namespace posenet::calibrate {
namespace {

// A MoveNet reads positions from single cells of its maps, so that errors do not average out as in a PoseNet.
double DefaultTimeBudget(const nn::Network& network) {
  constexpr double kOfMoveNet = 1.5;
  return human::KindOf(network) == human::NetworkKind::kPoseNet ? 1.0 : kOfMoveNet;
}

Result<void> Check(const nn::Network& network, std::size_t image_count, const Options& options) {
  constexpr ErrorCode kInvalid = ErrorCode::kInvalidArgument;
  if (network.input_channels != 3) {
    return base::Fail(kInvalid, "has ", network.input_channels, " input channels; expected the 3 of an image");
  }
  if (image_count == 0) return base::Fail(kInvalid, "no calibration images; about ten images of people are enough");
  for (const int side_px : options.sides_px) {
    if (side_px < kMinSidePx || side_px > kMaxSidePx) {
      return base::Fail(kInvalid, "size ", side_px, ": expected a number from ", kMinSidePx, " to ", kMaxSidePx);
    }
  }
  // Written so that NaN is out of range.
  if (options.time_budget && !(*options.time_budget >= 1.0 && *options.time_budget <= kMaxTimeBudget)) {
    return base::Fail(kInvalid, "time budget ", *options.time_budget, ": expected a number from 1 to 2");
  }
  return {};
}

}  // namespace

std::vector<std::size_t> EvenSample(std::size_t count, std::size_t max) {
  std::vector<std::size_t> indices(std::min(count, max));
  for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = i * count / indices.size();
  return indices;
}

Result<quantize::QuantizedModel> Quantize(const model::LoadedModel& model, const std::vector<image::Image>& images,
                                          const Options& options) {
  const nn::Network& network = model.spec.network;
  POSENET_RETURN_IF_ERROR(Check(network, images.size(), options));
  POSENET_ASSIGN_OR_RETURN(
      const std::vector<quantize::CalibrationInput> inputs,
      MakeCalibrationInputs(model, images,
                            options.sides_px.empty() ? DefaultCalibrationSizes(model.spec) : options.sides_px,
                            options.thread_count));
  POSENET_ASSIGN_OR_RETURN(
      quantize::QuantizedModel quantized,
      quantize::QuantizeModel(model, inputs,
                              {.format = options.format,
                               .time_budget = options.time_budget.value_or(DefaultTimeBudget(network)),
                               .loss = LossFor(network),
                               .thread_count = options.thread_count,
                               .on_progress = options.on_progress}));
  quantized.model.spec.name = options.name;
  quantized.model.spec.source += base::StrCat(", quantized on ", images.size(), " images");
  return quantized;
}

}  // namespace posenet::calibrate
