// SPDX-License-Identifier: Apache-2.0
// train: trains camera networks on posed images. The only folder that includes libtorch. Functions throw TrainError
// (train/failure.h) or libtorch's exceptions.
#ifndef POSENET_TRAIN_TRAINER_H_
#define POSENET_TRAIN_TRAINER_H_

#include <cstdint>
#include <filesystem>
#include <optional>

#include "camera/scene.h"
#include "nn/graph/weights.h"
#include "train/precision.h"
#include "train/train_events.h"
#include "train/train_options.h"

namespace posenet::train {

/// Why a training ended.
enum class TrainEnd {
  kComplete,
  kStoppedEarly,  ///< TrainOptions::patience ran out.
  kInterrupted,   ///< TrainEvents::should_stop.
};

struct TrainSummary {
  TrainEnd end = TrainEnd::kComplete;
  std::int64_t steps = 0;
  std::int64_t epochs = 0;
  double seconds = 0.0;
  std::int64_t images = 0;
  std::optional<ValidationErrors> validation;  ///< Of the saved model.
};

/// The files of a training.
struct TrainOutputs {
  /// Written whenever validation improves, and at the end: with the weights of the last epoch if the training is
  /// complete, of the best epoch if it stopped early or was interrupted.
  std::filesystem::path model;
  /// Everything needed to resume with the same result; written after epochs, at most every kCheckpointSeconds, and when
  /// interrupted. Deleted at the end of the training. Empty for no checkpoint.
  std::filesystem::path checkpoint;
  bool resume = false;  ///< Start from `checkpoint`.
};
inline constexpr double kCheckpointSeconds = 60.0;

/// The default for TrainOptions::precision: FastestCpuPrecision() for training on the CPU, float32 on other devices.
ConvPrecision DefaultConvPrecision();

/// Trains a network on the training frames of `scene`. `initial` holds weights by their names in CameraNetwork; weights
/// that it lacks are initialized randomly. Errors (TrainError):
/// - kInvalidArgument: options that contradict each other or the scene, or a checkpoint made with other options;
/// - kUnsupported: bfloat16 on a CPU without instructions for it;
/// - kCorruptData: an image or checkpoint that cannot be read; the message names it;
/// - kIo: a file that cannot be written.
TrainSummary Train(const camera::Scene& scene, const nn::TensorMap& initial, const TrainOptions& options,
                   const TrainOutputs& outputs, const TrainEvents& events);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_TRAINER_H_
