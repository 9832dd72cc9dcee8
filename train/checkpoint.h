// SPDX-License-Identifier: Apache-2.0
// A training in a file.
#ifndef POSENET_TRAIN_CHECKPOINT_H_
#define POSENET_TRAIN_CHECKPOINT_H_

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "train/collapse.h"
#include "train/optimizer.h"

namespace posenet::train {

/// Where a training is.
struct Position {
  std::int64_t step = 0;
  std::int64_t total_steps = 0;
  double best_score = 0.0;
  std::int64_t best_epoch = -1;
  double best_position = -1.0;  ///< Medians of the best epoch; negative where there is none.
  double best_rotation_deg = -1.0;
  std::int64_t images = 0;
  double seconds = 0.0;
  CollapseWatch watch;
  std::string options;  ///< A text of everything that must not differ when the training goes on.
};

/// What a training consists of. Tensors are shared with the owner: reading a checkpoint changes them in place.
struct TrainingState {
  std::vector<torch::Tensor> parameters;  ///< Of network and loss, buffers too.
  std::vector<torch::Tensor> averages;    ///< Running means of the network's; perhaps none.
  std::vector<torch::Tensor> best;        ///< The best averages so far; perhaps none.
  Optimizer* optimizer = nullptr;
};

/// Writes under a temporary name first. Throws TrainError.
void WriteCheckpoint(const std::filesystem::path& path, const TrainingState& state, const Position& position);

/// After a complete training it is of no use, and five times as large as the model.
void RemoveCheckpoint(const std::filesystem::path& path);

/// Throws TrainError: kNotFound; kCorruptData for a file that is no checkpoint, or one of another network;
/// kInvalidArgument when `options` are not those it was made with.
Position ReadCheckpoint(const std::filesystem::path& path, const std::string& options, TrainingState& state);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_CHECKPOINT_H_
