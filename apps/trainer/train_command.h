// SPDX-License-Identifier: Apache-2.0
// The command line of posenet camera train.
#ifndef POSENET_TRAINER_TRAIN_COMMAND_H_
#define POSENET_TRAINER_TRAIN_COMMAND_H_

#include <optional>
#include <string>

#include "camera/scene.h"
#include "common/camera_options.h"
#include "train/train_options.h"
#include "trainer/initial_weights.h"

namespace CLI {
class App;
}

namespace posenet::trainer {

/// Whether the network sees whole images or square crops.
enum class View { kFull, kCrop };

/// What the user wants. Everything optional has a default that depends on the scene or on other options.
struct TrainCommand {
  app::SceneOptions scene;
  int every = 1;
  std::string init;
  std::string output;
  std::string log;
  bool resume = false;

  train::TrainOptions options;  ///< Complete but for the following.
  View view = View::kFull;
  std::optional<int> size_px;
  std::optional<int> frozen_convolutions;
  std::optional<double> roll_deg;
  std::optional<double> beta;
  std::optional<int> epochs;
  std::optional<double> learning_rate;
  std::optional<train::ConvPrecision> precision;
};

/// Adds all options to `app`, in groups. `command` must outlive parsing.
void AddTrainOptions(CLI::App& app, TrainCommand& command);

/// The options for training on `scene`, which has training frames only. Throws CommandError.
train::TrainOptions OptionsFor(const TrainCommand& command, const camera::Scene& scene, const InitialWeights& initial);

}  // namespace posenet::trainer

#endif  // POSENET_TRAINER_TRAIN_COMMAND_H_
