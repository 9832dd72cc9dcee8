// SPDX-License-Identifier: Apache-2.0
// All that decides how a camera network is trained.
#ifndef POSENET_TRAIN_TRAIN_OPTIONS_H_
#define POSENET_TRAIN_TRAIN_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "camera/camera_network.h"
#include "camera/scene.h"
#include "train/augmentation.h"
#include "train/loss_options.h"
#include "train/optimizer_options.h"
#include "train/precision.h"

namespace posenet::train {

/// The part of an image that the network sees.
struct ViewOptions {
  int input_width_px = 0;
  int input_height_px = 0;
  /// 0: the whole image. Otherwise images are resized until their shorter side has this many pixels, and the network
  /// sees crops of the input's size: random ones in training, the central one afterwards. Kendall et al. 2015 crop 224
  /// from 256.
  int crop_from_px = 0;
};

struct TrainOptions {
  camera::CameraArchitecture architecture;
  ViewOptions view;
  AugmentationOptions augmentation;
  LossOptions loss;
  OptimizerOptions optimizer;
  int batch_size = 32;  ///< Images, in whole windows if samples are windows of several frames.
  int epochs = 1;       ///< See DefaultEpochs.
  /// Trains for fewer epochs if `epochs` take longer than this on this machine. The result then depends on the
  /// machine's speed; without it, the same data, options and seed give the same model on any machine of the same kind.
  std::optional<double> max_minutes;
  int frozen_convolutions = 0;     ///< The first convolutions, which keep their initial weights.
  double average_decay = 0.99;     ///< Of the running mean of the weights that is validated and saved; 0 for none.
  double validation_share = 0.05;  ///< Share of the training frames held out for validation.
  int patience = 0;                ///< Stop after this many epochs without improvement; 0 for never.
  /// Solve for the regressors after the last step (train/refit.h). Ignored without held-out frames, and for sequences.
  bool refit = true;
  double auxiliary_weight = 0.3;  ///< Of the losses of auxiliary regressors. Szegedy et al. 2015.
  ConvPrecision precision = ConvPrecision::kFloat32;
  double geometric_warmup = 0.5;  ///< Share of the training in which LossKind::kGeometric trains as kLearned.
  int relative_window = 3;        ///< Frames per window for LossOptions::relative, as in MapNet.
  int relative_skip = 10;         ///< Distance of these frames in the sequence, as in MapNet.
  std::uint64_t seed = 1;
  int thread_count = 0;    ///< 0: one per core.
  std::string scene_name;  ///< For the model's metadata.
};

/// Throws TrainError (kInvalidArgument) for options that contradict each other or need what the scene lacks.
void CheckOptions(const camera::Scene& scene, const TrainOptions& options);

/// All that determines the result of a training, on one line. A checkpoint may only be resumed with options of the same
/// description.
std::string DescribeOptions(const camera::Scene& scene, const TrainOptions& options);

/// A display name: "PoseNet: mobilenet100, fc, quaternion".
std::string ArchitectureName(const camera::CameraArchitecture& architecture);

/// Frames per sample: those of a sequence model or of a relative loss; otherwise 1.
int WindowLength(const TrainOptions& options);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_TRAIN_OPTIONS_H_
