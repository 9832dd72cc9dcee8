// SPDX-License-Identifier: Apache-2.0
// Backbones learn to tell classes of photos apart: what they were born to do, and what camera networks start from.
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

/// Photos by class.
struct ClassifiedPhotos {
  std::vector<std::string> classes;  ///< Names of folders, sorted.
  std::vector<std::filesystem::path> photos;
  std::vector<int> labels;  ///< Parallel to photos: indices into classes.
};

/// The photos of `folder`, one folder below it for each class, searched recursively. Throws TrainError: kNotFound;
/// kInvalidArgument for fewer than two classes, or one without photos.
ClassifiedPhotos FindClassifiedPhotos(const std::filesystem::path& folder);

struct ClassifierOptions {
  model::Backbone backbone = model::Backbone::kMobileNet100;
  int side_px = 224;         ///< Of the input: crops, at random while it learns, of photos whose shortest side is...
  int crop_from_px = 256;    ///< ...this.
  AugmentationOptions look;  ///< Its changes of view are not used. Photos are mirrored half of the time.
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
  std::optional<double> accuracy;  ///< On the photos set aside: the share whose class was answered first.
  bool is_best = false;
};

struct ClassifierEvents {
  std::function<void(std::size_t done)> on_photo;
  std::function<void(const StepReport&)> on_step;
  std::function<void(const ClassifierReport&)> on_epoch;
  std::function<bool()> should_stop;
};

/// Trains ClassifierNetwork (camera/camera_network.h), with batch normalisation where the backbone was born with it,
/// and writes the best network so far to outputs.model at every improvement; outputs.checkpoint at every epoch and when
/// interrupted. The loss is cross entropy, with that of auxiliary classifiers beside it (Szegedy et al. 2015).
/// Answers whether it came to its end. Throws TrainError.
bool TrainClassifier(const ClassifiedPhotos& photos, const nn::TensorMap& initial, const ClassifierOptions& options,
                     const TrainOutputs& outputs, const ClassifierEvents& events);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_CLASSIFIER_H_
