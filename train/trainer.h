// SPDX-License-Identifier: Apache-2.0
// train, the room's door: a scene and a network go in, a model that has learnt the scene comes out. The only room that
// knows libtorch. Functions throw TrainError (failure.h) or libtorch's exceptions.
#ifndef POSENET_TRAIN_TRAINER_H_
#define POSENET_TRAIN_TRAINER_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "camera/camera_network.h"
#include "camera/scene.h"
#include "model/model_spec.h"
#include "train/augmentation.h"
#include "train/loss_options.h"
#include "train/optimizer_options.h"
#include "train/precision.h"

namespace posenet::train {

/// What a network looks at.
struct ViewOptions {
  int input_width_px = 0;
  int input_height_px = 0;
  /// 0: the whole photo. Else photos are resized until their shortest side has so many pixels, and the network sees
  /// crops of the input's size, at random while it learns and the central one afterwards. Kendall et al. 2015: 224 of
  /// 256.
  int crop_from_px = 0;
};

/// How long, how often, how carefully.
struct TrainOptions {
  camera::CameraArchitecture architecture;
  ViewOptions view;
  AugmentationOptions augmentation;
  LossOptions loss;
  OptimizerOptions optimizer;
  int batch_size = 32;        ///< Photos, or windows of photos.
  std::optional<int> epochs;  ///< Nothing: as many as fit into `minutes` on this machine, at most kMaxEpochs.
  double minutes = 12.0;
  int frozen_convolutions = 0;     ///< So many of the first convolutions keep their weights.
  double average_decay = 0.99;     ///< Of the running mean of weights that is validated and saved; 0 for none.
  double validation_share = 0.05;  ///< Of the training frames, set aside to watch the training.
  int patience = 0;                ///< Epochs without improvement after which to stop; 0 for never.
  double auxiliary_weight = 0.3;   ///< Of the losses of auxiliary regressors. Szegedy et al. 2015.
  ConvPrecision precision = ConvPrecision::kFloat32;
  double geometric_warmup = 0.5;  ///< The share of the training that LossKind::kGeometric learns by kLearned.
  int relative_window = 3;        ///< Frames, and how far apart, of LossOptions::relative. MapNet's numbers.
  int relative_skip = 10;
  std::uint64_t seed = 1;
  int thread_count = 0;    ///< 0: all cores.
  std::string scene_name;  ///< For the model's metadata.
};

inline constexpr int kMaxEpochs = 300;

/// After each step.
struct StepReport {
  std::int64_t step = 0;  ///< Steps done.
  std::int64_t total_steps = 0;
  std::int64_t images = 0;  ///< Seen in this run.
  double seconds = 0.0;     ///< Of this run.
};

/// After each epoch.
struct EpochReport {
  std::int64_t epoch = 0;  ///< Epochs done.
  std::int64_t step = 0;
  double seconds = 0.0;  ///< Of this run.
  std::int64_t images = 0;
  double loss = 0.0;  ///< Means over the epoch; distances in the network's units.
  double position_loss = 0.0;
  double rotation_loss = 0.0;
  double s_x = 0.0;
  double s_q = 0.0;
  double learning_rate = 0.0;
  /// Medians on the frames set aside, in scene units and degrees.
  std::optional<double> validation_position;
  std::optional<double> validation_rotation_deg;
  bool is_best = false;
};

/// What the caller wants to know, and say, while it lasts. Any may be empty; all run on the caller's thread, but
/// `on_photo`.
struct TrainEvents {
  std::function<void(std::size_t done, std::size_t total)> on_photo;
  std::function<void(const std::string& message)> on_message;
  std::function<void(const StepReport&)> on_step;
  std::function<void(const EpochReport&)> on_epoch;
  std::function<bool()> should_stop;
};

/// How a training ended.
enum class TrainEnd { kComplete, kStoppedEarly, kInterrupted };

struct TrainSummary {
  TrainEnd end = TrainEnd::kComplete;
  std::int64_t steps = 0;
  std::int64_t epochs = 0;
  double seconds = 0.0;
  std::int64_t images = 0;
  std::optional<double> validation_position;  ///< Of the saved model.
  std::optional<double> validation_rotation_deg;
};

/// Where results go.
struct TrainOutputs {
  /// Written at every improvement, and at the end: the weights of the last epoch where the training is complete, of the
  /// best epoch where it stopped early or was interrupted.
  std::filesystem::path model;
  /// All that is needed to go on as if nothing had happened; written at the end of epochs (kCheckpointSeconds apart),
  /// and when interrupted. Empty for none.
  std::filesystem::path checkpoint;
  bool resume = false;  ///< Start from `checkpoint`.
};
inline constexpr double kCheckpointSeconds = 60.0;

/// What `TrainOptions::precision` should be where nobody says it: FastConvPrecision() where the CPU learns, float32 on
/// other devices.
ConvPrecision UsualConvPrecision();

/// Trains. `initial` has weights of the backbone by the names of CameraNetwork; what it lacks starts at random.
/// Errors (TrainError): kInvalidArgument for options that contradict each other or the scene; kUnsupported for
/// bfloat16 where the CPU learns and has no instructions for it; kCorruptData naming a
/// photo; those of writing; kCorruptData for a checkpoint of another training.
TrainSummary Train(const camera::Scene& scene, const nn::TensorMap& initial, const TrainOptions& options,
                   const TrainOutputs& outputs, const TrainEvents& events);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_TRAINER_H_
