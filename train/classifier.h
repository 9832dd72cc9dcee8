// SPDX-License-Identifier: Apache-2.0
// Trains backbones as image classifiers. Camera networks start from their weights.
#ifndef POSENET_TRAIN_CLASSIFIER_H_
#define POSENET_TRAIN_CLASSIFIER_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/backbone.h"
#include "nn/graph/weights.h"
#include "train/augmentation.h"
#include "train/optimizer_options.h"
#include "train/trainer.h"

namespace posenet::train {

/// Images with class labels.
struct LabeledImages {
  std::vector<std::string> classes;  ///< Folder names, sorted.
  std::vector<std::filesystem::path> images;
  std::vector<int> labels;  ///< Of each image: an index into classes.
};

/// The images in `folder`, which has one folder per class, searched recursively. Throws TrainError: kNotFound;
/// kInvalidArgument for fewer than two classes or a class without images.
LabeledImages FindLabeledImages(const std::filesystem::path& folder);

struct ClassifierOptions {
  model::Backbone backbone = model::Backbone::kMobileNet100;
  int side_px = 224;         ///< Of the square input, a crop (random in training) of an image...
  int crop_from_px = 256;    ///< ...whose shorter side is resized to this.
  AugmentationOptions look;  ///< Roll, turn and zoom are not used; images are mirrored with probability 1/2.
  OptimizerOptions optimizer;
  int batch_size = 32;
  int epochs = 30;
  double auxiliary_weight = 0.3;
  double validation_share = 0.1;
  std::uint64_t seed = 1;
  int thread_count = 0;
};

/// After each epoch.
struct ClassifierReport {
  std::int64_t epoch = 0;
  std::int64_t epochs = 0;
  double seconds = 0.0;
  double loss = 0.0;
  std::optional<double> accuracy;  ///< Top-1, on the held-out images.
  bool is_best = false;
};

struct ClassifierEvents {
  std::function<void(std::size_t done)> on_image;
  std::function<void(const StepReport&)> on_step;
  std::function<void(const ClassifierReport&)> on_epoch;
  std::function<bool()> should_stop;
};

/// Trains ClassifierNetwork (camera/camera_network.h), with batch normalization if the backbone was published with it.
/// The loss is cross entropy, plus that of auxiliary classifiers (Szegedy et al. 2015). Writes outputs.model whenever
/// validation improves, and outputs.checkpoint after every epoch and when interrupted. Returns whether the training was
/// completed. Throws TrainError.
bool TrainClassifier(const LabeledImages& images, const nn::TensorMap& initial, const ClassifierOptions& options,
                     const TrainOutputs& outputs, const ClassifierEvents& events);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_CLASSIFIER_H_
