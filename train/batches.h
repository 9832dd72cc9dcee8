// SPDX-License-Identifier: Apache-2.0
// Batches, made on threads of their own while libtorch works on the one before.
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
#include "train/losses.h"
#include "train/photo_store.h"
#include "train/samples.h"
#include "train/stem.h"

namespace posenet::train {

/// What the learning part of the network reads, and what it should answer.
struct Batch {
  torch::Tensor input_bchw;  // The stem's output, channels_last.
  TruePoses truth;
  std::optional<VisiblePoints> points;  // Where they are asked for.
};

/// How photos become batches.
struct BatchOptions {
  int input_width_px = 0;
  int input_height_px = 0;
  AugmentationOptions augmentation;
  image::Normalization normalization;
  camera::CameraSpec spec;
  int point_count = 0;  ///< Visible points of each photo, drawn at random; 0 for none.
};

/// Whether photos are changed at random, or looked at as they are (the central view).
enum class Use { kLearning, kValidation };

/// Makes batches of frames of a scene. Everything that is drawn at random depends on `seed` and the frame's place
/// alone, not on threads.
class BatchMaker {
 public:
  /// All of them must outlive the maker. `photos` are those of scene.frames.
  BatchMaker(const camera::Scene& scene, PhotoStore& photos, Stem& stem, const BatchOptions& options, int thread_count);

  /// The batch of `windows`, frames one behind the other, when `progress` of the training is done. Throws TrainError.
  Batch Make(std::span<const Window> windows, Use use, double progress, std::uint64_t seed);

 private:
  struct Sample {
    std::size_t frame = 0;
    std::uint64_t seed = 0;
  };
  /// Fills the stem's input and answers the pose of the view.
  camera::RigidPose MakeView(const Sample& sample, Use use, const AugmentationOptions& augmentation,
                             std::span<float> input);
  [[nodiscard]] ViewCamera CameraOf(const camera::Frame& frame, const image::Image& image, Focal& focal) const;
  void FillPoints(const camera::Frame& frame, Random& random, float* points, float* mask) const;

  const camera::Scene& scene_;
  PhotoStore& photos_;
  Stem& stem_;
  BatchOptions options_;
  base::ThreadPool pool_;
};

}  // namespace posenet::train

#endif  // POSENET_TRAIN_BATCHES_H_
