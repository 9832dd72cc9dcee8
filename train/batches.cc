// SPDX-License-Identifier: Apache-2.0
#include "train/batches.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <memory>
#include <mutex>

#include "camera/view.h"
#include "train/failure.h"
#include "train/targets.h"

namespace posenet::train {
namespace {

// The top-left corner of a crop of the input's size.
struct CropOrigin {
  int left = 0;
  int top = 0;
};

CropOrigin DrawCrop(int spare_width, int spare_height, Use use, Random& random) {
  if (use == Use::kValidation) return {.left = spare_width / 2, .top = spare_height / 2};
  const auto draw = [&](int spare) { return static_cast<int>(random() % (static_cast<std::uint64_t>(spare) + 1)); };
  return {.left = draw(spare_width), .top = draw(spare_height)};
}

void CopyNormalized(std::span<const float> image_hwc, int image_width_px, CropOrigin origin, int width_px,
                    int height_px, const image::Normalization& normalization, std::span<float> input) {
  float* out = input.data();
  for (int y = 0; y < height_px; ++y) {
    const float* in =
        image_hwc.data() + 3 * (static_cast<std::ptrdiff_t>(y + origin.top) * image_width_px + origin.left);
    for (int x = 0; x < width_px; ++x) {
      for (std::size_t c = 0; c < 3; ++c) *out++ = *in++ * normalization.scale + normalization.bias[c];
    }
  }
}

}  // namespace

BatchMaker::BatchMaker(const camera::Scene& scene, ImageStore& images, Stem& stem, const BatchOptions& options,
                       int thread_count)
    : scene_(scene), images_(images), stem_(stem), options_(options), pool_(thread_count) {}

// The frame's camera in pixels of the resized image, which is the central part of the original.
ViewCamera BatchMaker::CameraOf(const camera::Frame& frame, const image::Image& image, Focal& focal) const {
  ViewCamera camera = {.width_px = image.width_px,
                       .height_px = image.height_px,
                       .focal_px = static_cast<double>(image.width_px),
                       .center_x_px = 0.5 * image.width_px,
                       .center_y_px = 0.5 * image.height_px};
  focal = Focal::kUnknown;
  if (!frame.camera) return camera;
  const camera::Intrinsics& intrinsics = scene_.cameras[*frame.camera];
  const image::ViewRectangle view = camera::CentralView({intrinsics.width_px, intrinsics.height_px},
                                                        {image.width_px, image.height_px}, /*crop_share=*/1.0);
  const double scale = image.width_px / view.width_px;
  focal = Focal::kKnown;
  camera.focal_px = scale * 0.5 * (intrinsics.focal_x_px + intrinsics.focal_y_px);
  camera.center_x_px = scale * (intrinsics.center_x_px - view.left_px);
  camera.center_y_px = scale * (intrinsics.center_y_px - view.top_px);
  return camera;
}

camera::RigidPose BatchMaker::MakeView(const Sample& sample, Use use, const AugmentationOptions& augmentation,
                                       std::span<float> input) {
  thread_local std::vector<float> image_hwc;
  const camera::Frame& frame = scene_.frames[sample.frame];
  const std::shared_ptr<const image::Image> image = images_.Get(sample.frame);
  Random random(sample.seed);
  camera::RigidPose pose = frame.world_from_cam;
  image_hwc.resize(image->rgb.size());
  if (use == Use::kLearning) {
    Focal focal = Focal::kUnknown;
    const ViewCamera camera = CameraOf(frame, *image, focal);
    const ViewChange change = DrawViewChange(augmentation, focal, random);
    pose = ChangedPose(pose, change);
    WarpView(image->rgb, camera, change, image_hwc);
    ChangeLook(augmentation, image->width_px, image->height_px, random, image_hwc);
  } else {
    std::ranges::transform(image->rgb, image_hwc.begin(), [](std::uint8_t value) { return static_cast<float>(value); });
  }
  const CropOrigin origin = DrawCrop(std::max(0, image->width_px - options_.input_width_px),
                                     std::max(0, image->height_px - options_.input_height_px), use, random);
  CopyNormalized(image_hwc, image->width_px, origin, options_.input_width_px, options_.input_height_px,
                 options_.normalization, input);
  return pose;
}

void BatchMaker::FillPoints(const camera::Frame& frame, Random& random, float* points, float* mask) const {
  if (frame.points.empty()) return;
  for (int i = 0; i < options_.point_count; ++i) {
    const std::uint32_t point = frame.points[random() % frame.points.size()];
    std::ranges::copy(PointOf(scene_.points_world_m[point], options_.spec), points + std::ptrdiff_t{3} * i);
    mask[i] = 1.0F;
  }
}

Batch BatchMaker::Make(std::span<const Window> windows, Use use, double progress, std::uint64_t seed) {
  const AugmentationOptions augmentation = FadedAt(options_.augmentation, progress);
  std::vector<Sample> samples;
  for (const Window& window : windows) {
    for (const std::size_t frame : window) samples.push_back({.frame = frame, .seed = MixSeeds(seed, samples.size())});
  }
  const auto count = static_cast<std::int64_t>(samples.size());
  const nn::Shape& shape = stem_.output_shape();
  // The engine's memory order is torch's channels_last.
  const torch::Tensor input_bhwc = torch::empty({count, shape.height, shape.width, shape.channels});
  const torch::Tensor positions = torch::empty({count, 3});
  const torch::Tensor rotations = torch::empty({count, 4});
  const torch::Tensor points = torch::zeros({count, options_.point_count, 3});
  const torch::Tensor mask = torch::zeros({count, options_.point_count});
  const auto element_count = static_cast<std::size_t>(shape.ElementCount());
  std::mutex mutex;
  std::exception_ptr failure;
  pool_.ParallelFor(static_cast<int>(count), [&](int i, int thread) {
    try {
      const auto index = static_cast<std::size_t>(i);
      const camera::RigidPose pose = MakeView(samples[index], use, augmentation, stem_.Input(thread));
      stem_.Run(thread, {input_bhwc.data_ptr<float>() + index * element_count, element_count});
      const Target target = TargetOf(pose, options_.spec);
      std::ranges::copy(target.position, positions.data_ptr<float>() + 3 * index);
      std::ranges::copy(target.rotation_wxyz, rotations.data_ptr<float>() + 4 * index);
      if (options_.point_count > 0) {
        Random random(MixSeeds(samples[index].seed, 1));
        const auto first = index * static_cast<std::size_t>(options_.point_count);
        FillPoints(scene_.frames[samples[index].frame], random, points.data_ptr<float>() + 3 * first,
                   mask.data_ptr<float>() + first);
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
    }
  });
  if (failure) std::rethrow_exception(failure);
  Batch batch = {.input_bchw = input_bhwc.permute({0, 3, 1, 2}),
                 .truth = {.position = positions, .rotation = rotations},
                 .points = std::nullopt};
  if (options_.point_count > 0) batch.points = VisiblePoints{.points = points, .mask = mask};
  return batch;
}

Batch OnDevice(Batch batch, torch::Device device) {
  batch.input_bchw = batch.input_bchw.to(device);
  batch.truth.position = batch.truth.position.to(device);
  batch.truth.rotation = batch.truth.rotation.to(device);
  if (batch.points) {
    batch.points->points = batch.points->points.to(device);
    batch.points->mask = batch.points->mask.to(device);
  }
  return batch;
}

}  // namespace posenet::train
