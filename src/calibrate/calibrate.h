// SPDX-License-Identifier: Apache-2.0
// Main header of the module calibrate: post-training quantization of pose networks, calibrated on images. It knows what
// the outputs of the networks mean; the arithmetic is that of the module quantize. It reads and writes no files.
#ifndef POSENET_CALIBRATE_CALIBRATE_H_
#define POSENET_CALIBRATE_CALIBRATE_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "image/image.h"
#include "model/model_spec.h"
#include "posenet/result.h"
#include "quantize/quantize.h"

namespace posenet::calibrate {

/// The largest number of calibration images that makes sense: more take time and memory and change little.
inline constexpr std::size_t kMaxImages = 64;

/// Range of Options::sides_px.
inline constexpr int kMinSidePx = 33;
inline constexpr int kMaxSidePx = 2049;

/// Largest Options::time_budget.
inline constexpr double kMaxTimeBudget = 2.0;

/// Indices of up to `max` of `count` items, evenly spread and increasing.
std::vector<std::size_t> EvenSample(std::size_t count, std::size_t max);

struct Options {
  /// The name of the quantized model.
  std::string name = {};
  quantize::WeightFormat format = quantize::WeightFormat::kInt8;
  /// Sides of the network's input for calibration. Empty for those of DefaultCalibrationSizes.
  std::vector<int> sides_px = {};
  /// That of quantize::Options, 1 to kMaxTimeBudget; by default 1, or 1.5 for a MoveNet.
  std::optional<double> time_budget = {};
  int thread_count = 1;
  /// As in quantize::Options.
  std::function<void(std::size_t done, std::size_t total)> on_progress = [](std::size_t, std::size_t) {};
};

/// Quantizes the human pose network `model` such that its outputs for `images` change least, and notes in its source
/// how many there were. Errors: kInvalidArgument for no images, an option out of range, or a network that does not read
/// 3 channels; those of MakeCalibrationInputs and quantize::QuantizeModel.
Result<quantize::QuantizedModel> Quantize(const model::LoadedModel& model, const std::vector<image::Image>& images,
                                          const Options& options);

}  // namespace posenet::calibrate

#endif  // POSENET_CALIBRATE_CALIBRATE_H_
