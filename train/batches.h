// SPDX-License-Identifier: Apache-2.0
// Batches of images and poses, made on their own threads while libtorch works on the previous batch.
#ifndef POSENET_TRAIN_BATCHES_H_
#define POSENET_TRAIN_BATCHES_H_

#include <torch/torch.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/thread_pool.h"
#include "camera/camera_spec.h"
#include "camera/scene.h"
#include "image/normalization.h"
#include "train/augmentation.h"
#include "train/image_store.h"
#include "train/losses.h"
#include "train/samples.h"
#include "train/stem.h"

namespace posenet::train {

/// The input of the trained layers, and the ground truth.
struct Batch {
  torch::Tensor input_bchw;  // The stem's output, in channels_last memory order.
  TruePoses truth;
  std::optional<VisiblePoints> points;  // If BatchOptions::point_count is not 0.
};

/// How images become batches.
struct BatchOptions {
  int input_width_px = 0;
  int input_height_px = 0;
  AugmentationOptions augmentation;
  image::Normalization normalization;
  camera::CameraSpec spec;
  int point_count = 0;  ///< Observed 3D points per image, drawn at random; 0 for none.
};

/// Whether images are augmented and cropped at random, or used as they are (the central view).
enum class Use { kLearning, kValidation };

/// Makes batches of frames of a scene. Everything drawn at random depends only on the seed and on a frame's index in
/// the batch, not on threads.
class BatchMaker {
 public:
  /// `images` are those of scene.frames. The references must outlive the maker.
  BatchMaker(const camera::Scene& scene, ImageStore& images, Stem& stem, const BatchOptions& options, int thread_count);

  /// The frames of `windows`, one window after the other, as they are augmented when a share `progress` of the training
  /// is done. Not thread-safe. Throws TrainError.
  Batch Make(std::span<const Window> windows, Use use, double progress, std::uint64_t seed);

 private:
  struct Sample {
    std::size_t frame = 0;
    std::uint64_t seed = 0;
  };
  /// Fills the stem's input and returns the pose of the view.
  camera::RigidPose MakeView(const Sample& sample, Use use, const AugmentationOptions& augmentation,
                             std::span<float> input);
  [[nodiscard]] ViewCamera CameraOf(const camera::Frame& frame, const image::Image& image, Focal& focal) const;
  void FillPoints(const camera::Frame& frame, Random& random, float* points, float* mask) const;

  const camera::Scene& scene_;
  ImageStore& images_;
  Stem& stem_;
  BatchOptions options_;
  base::ThreadPool pool_;
};

/// `batch` with its tensors on `device`.
Batch OnDevice(Batch batch, torch::Device device);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_BATCHES_H_
