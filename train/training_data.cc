// SPDX-License-Identifier: Apache-2.0
#include "train/training_data.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <span>
#include <utility>

#include "base/strings.h"
#include "train/failure.h"
#include "train/targets.h"

namespace posenet::train {
namespace {

std::vector<std::filesystem::path> ImagesOf(const camera::Scene& scene) {
  std::vector<std::filesystem::path> images;
  for (const camera::Frame& frame : scene.frames) images.push_back(frame.image);
  return images;
}

nn::Shape InputShape(const ViewOptions& view) {
  return {.batch = 1, .height = view.input_height_px, .width = view.input_width_px, .channels = 3};
}

camera::CameraSpec SpecFor(const camera::Scene& scene, const TrainOptions& options) {
  camera::CameraSpec spec = SpecOf(camera::PosesOf(scene, camera::Split::kTrain));
  spec.rotation = options.architecture.rotation;
  spec.length_unit = scene.units;
  spec.scene = options.scene_name;
  spec.sequence_length = options.architecture.sequence_length;
  if (options.view.crop_from_px > 0) {
    spec.crop_share = static_cast<double>(std::min(options.view.input_width_px, options.view.input_height_px)) /
                      options.view.crop_from_px;
  }
  return spec;
}

std::vector<Window> MakeWindows(const camera::Scene& scene, std::span<const std::size_t> frames,
                                const TrainOptions& options) {
  const int length = WindowLength(options);
  const bool is_sequence = options.architecture.sequence_length > 1;
  std::vector<Window> windows = WindowsOf(scene, frames, length, is_sequence ? 1 : options.relative_skip);
  if (windows.empty()) {
    throw Failure(ErrorCode::kInvalidArgument, "no sequence of the scene is long enough for windows of ", length,
                  " frames", is_sequence ? "" : base::StrCat(", ", options.relative_skip, " frames apart"));
  }
  return windows;
}

BatchOptions BatchOptionsFor(const TrainOptions& options, const camera::CameraSpec& spec) {
  constexpr int kPointsPerImage = 128;
  const model::BackboneInput input = model::InputOf(options.architecture.backbone);
  return {.input_width_px = options.view.input_width_px,
          .input_height_px = options.view.input_height_px,
          .augmentation = options.augmentation,
          .normalization = {.scale = input.scale, .bias = input.bias},
          .spec = spec,
          .point_count = options.loss.kind == LossKind::kGeometric ? kPointsPerImage : 0};
}

}  // namespace

TrainingData::TrainingData(const camera::Scene& scene, const nn::Network& stem, const nn::TensorMap& weights,
                           const TrainOptions& options, int thread_count)
    : scene_(scene),
      seed_(options.seed),
      thread_count_(thread_count),
      split_(HoldOutForValidation(scene, options.validation_share)),
      spec_(SpecFor(scene, options)),
      windows_(MakeWindows(scene, split_.learn, options)),
      windows_per_batch_(std::max(1, options.batch_size / WindowLength(options))),
      steps_per_epoch_((std::ssize(windows_) + windows_per_batch_ - 1) / windows_per_batch_),
      images_(ImagesOf(scene), {.width_px = options.view.input_width_px,
                                .height_px = options.view.input_height_px,
                                .shorter_side_px = options.view.crop_from_px}),
      stem_(stem, weights, InputShape(options.view), thread_count),
      validation_stem_(stem, weights, InputShape(options.view), thread_count),
      maker_(scene, images_, stem_, BatchOptionsFor(options, spec_), thread_count),
      validation_maker_(scene, images_, validation_stem_, BatchOptionsFor(options, spec_), thread_count) {}

void TrainingData::ReadImages(const std::function<void(std::size_t, std::size_t)>& progress) {
  images_.ReadAll(thread_count_, [&](std::size_t done) {
    if (progress) progress(done, images_.size());
  });
}

Batch TrainingData::LearningBatch(std::int64_t step, double progress) {
  const std::vector<std::size_t> order = OrderOfEpoch(windows_.size(), seed_, step / steps_per_epoch_);
  const auto begin = static_cast<std::size_t>(step % steps_per_epoch_ * windows_per_batch_);
  const std::size_t end = std::min(order.size(), begin + static_cast<std::size_t>(windows_per_batch_));
  std::vector<Window> windows;
  for (std::size_t i = begin; i < end; ++i) windows.push_back(windows_[order[i]]);
  return maker_.Make(windows, Use::kLearning, progress, MixSeeds(seed_ + 1, static_cast<std::uint64_t>(step)));
}

Batch TrainingData::PlainBatch(const Window& frames) {
  return validation_maker_.Make(std::array{frames}, Use::kValidation, /*progress=*/1.0, /*seed=*/0);
}

TruePoses TrainingData::LearningPoses() const {
  const auto count = static_cast<std::int64_t>(split_.learn.size());
  TruePoses poses = {.position = torch::empty({count, 3}), .rotation = torch::empty({count, 4})};
  for (std::size_t i = 0; i < split_.learn.size(); ++i) {
    const Target target = TargetOf(scene_.frames[split_.learn[i]].world_from_cam, spec_);
    std::ranges::copy(target.position, poses.position.data_ptr<float>() + 3 * i);
    std::ranges::copy(target.rotation_wxyz, poses.rotation.data_ptr<float>() + 4 * i);
  }
  return poses;
}

}  // namespace posenet::train
