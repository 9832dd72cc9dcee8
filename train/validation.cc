// SPDX-License-Identifier: Apache-2.0
#include "train/validation.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "base/statistics.h"
#include "train/pose_tensors.h"

namespace posenet::train {
namespace {

using torch::Tensor;

void AppendTo(std::vector<double>& values, const Tensor& tensor) {
  const Tensor flat = tensor.to(torch::kCPU).contiguous();
  values.insert(values.end(), flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel());
}

}  // namespace

std::optional<ValidationErrors> Validate(TorchNetwork& network, TrainingData& data, const TrainOptions& options,
                                         torch::Device device) {
  const std::vector<std::size_t>& frames = data.validation_frames();
  if (frames.empty()) return std::nullopt;
  const torch::NoGradGuard no_grad;
  network->eval();
  const camera::CameraSpec& spec = data.spec();
  const auto sequence = static_cast<std::size_t>(options.architecture.sequence_length);
  const std::size_t chunk = sequence > 1 ? sequence : static_cast<std::size_t>(options.batch_size);
  std::vector<double> positions;
  std::vector<double> angles_deg;
  for (std::size_t begin = 0; begin < frames.size(); begin += chunk) {
    const std::size_t end = std::min(frames.size(), begin + chunk);
    const Window window(frames.begin() + static_cast<std::ptrdiff_t>(begin),
                        frames.begin() + static_cast<std::ptrdiff_t>(end));
    const Batch batch = OnDevice(data.PlainBatch(window), device);
    const auto outputs =
        network->forward(batch.input_bchw, sequence > 1 ? static_cast<std::int64_t>(window.size()) : 1);
    AppendTo(positions, (outputs.at(camera::kPositionOutput) - batch.truth.position).norm(2, -1) * spec.scale);
    AppendTo(angles_deg,
             AngleDeg(QuaternionOf(outputs.at(camera::kRotationOutput), spec.rotation), batch.truth.rotation));
  }
  return ValidationErrors{.position = base::Quantile(std::move(positions), 0.5),
                          .rotation_deg = base::Quantile(std::move(angles_deg), 0.5)};
}

}  // namespace posenet::train
