// SPDX-License-Identifier: Apache-2.0
// The options of training, from the command line to TrainOptions.
#ifndef POSENET_TRAINER_TRAIN_FLAGS_H_
#define POSENET_TRAINER_TRAIN_FLAGS_H_

#include <functional>
#include <optional>
#include <string>

#include "train/trainer.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace posenet::trainer {

/// How a network sees a photo.
enum class View { kFull, kCrop };

/// What the command line says; what it leaves open depends on other options or on the data.
struct TrainFlags {
  train::TrainOptions options;
  View view = View::kFull;
  std::optional<int> size_px;
  std::optional<double> beta;
  std::optional<double> roll_deg;
  std::optional<double> learning_rate;
  std::optional<int> frozen_convolutions;
  std::optional<train::ConvPrecision> precision;  // Nothing: the CPU decides.
  std::string init;
  int every = 1;
};

/// Adds them to `app`, in groups; `flags`, which has the defaults, must outlive parsing.
void AddTrainFlags(CLI::App& app, TrainFlags& flags);

/// A number from `min` to `max`.
CLI::Option* AddReal(CLI::App& app, const std::string& name, double min, double max, const std::string& description,
                     std::function<void(double)> assign);

}  // namespace posenet::trainer

#endif  // POSENET_TRAINER_TRAIN_FLAGS_H_
