// SPDX-License-Identifier: Apache-2.0
// The frames of a scene as the batches of a training.
#ifndef POSENET_TRAIN_TRAINING_DATA_H_
#define POSENET_TRAIN_TRAINING_DATA_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "camera/camera_spec.h"
#include "camera/scene.h"
#include "nn/graph/network.h"
#include "nn/graph/weights.h"
#include "train/batches.h"
#include "train/image_store.h"
#include "train/samples.h"
#include "train/stem.h"
#include "train/train_options.h"

namespace posenet::train {

/// Splits the training frames of a scene into those that the network learns from and those held out for validation,
/// and makes batches of both.
class TrainingData {
 public:
  /// `stem` is the frozen part of the network, with `weights`. `scene` and `options` must outlive the object. Throws
  /// TrainError.
  TrainingData(const camera::Scene& scene, const nn::Network& stem, const nn::TensorMap& weights,
               const TrainOptions& options, int thread_count);

  /// Reads and resizes all images, calling `progress` with the number done and the total, from any thread; it may throw
  /// to stop. Throws TrainError naming an image that cannot be read.
  void ReadImages(const std::function<void(std::size_t, std::size_t)>& progress);

  /// The batch of step `step`, counted from the start of the training, of which a share `progress` is done. The order
  /// of windows within an epoch, and every random change, depends on the seed and the step alone.
  /// One thread may call it while another calls PlainBatch.
  Batch LearningBatch(std::int64_t step, double progress);

  /// Frames as they are, without augmentation.
  Batch PlainBatch(const Window& frames);
  [[nodiscard]] const std::vector<std::size_t>& validation_frames() const { return split_.validate; }
  [[nodiscard]] const std::vector<std::size_t>& learning_frames() const { return split_.learn; }

  /// The poses of all frames that the network learns from.
  [[nodiscard]] TruePoses LearningPoses() const;

  /// Origin, scale and base rotation of the scene.
  [[nodiscard]] const camera::CameraSpec& spec() const { return spec_; }
  [[nodiscard]] std::int64_t steps_per_epoch() const { return steps_per_epoch_; }
  /// One image as the trained layers read it.
  [[nodiscard]] const nn::Shape& stem_output() const { return stem_.output_shape(); }

 private:
  const camera::Scene& scene_;
  std::uint64_t seed_;
  int thread_count_;
  ValidationSplit split_;
  camera::CameraSpec spec_;
  std::vector<Window> windows_;
  std::int64_t windows_per_batch_;
  std::int64_t steps_per_epoch_;
  ImageStore images_;
  Stem stem_;
  Stem validation_stem_;  // Validation runs while the next batch is prepared.
  BatchMaker maker_;
  BatchMaker validation_maker_;
};

}  // namespace posenet::train

#endif  // POSENET_TRAIN_TRAINING_DATA_H_
