// SPDX-License-Identifier: Apache-2.0
// The complete state of a training as a file.
#ifndef POSENET_TRAIN_CHECKPOINT_H_
#define POSENET_TRAIN_CHECKPOINT_H_

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "train/optimizer.h"
#include "train/train_events.h"

namespace posenet::train {

/// How far a training has come.
struct Progress {
  std::int64_t step = 0;  ///< Steps completed.
  std::int64_t total_steps = 0;
  bool is_length_final = true;  ///< False until the speed of this machine is known (TrainOptions::max_minutes).
  std::int64_t best_epoch = -1;
  double best_score = std::numeric_limits<double>::infinity();  ///< The trainer's measure; less is better.
  std::optional<ValidationErrors> best;                         ///< Of the best epoch.
  std::int64_t images = 0;
  double seconds = 0.0;
  std::string options;  ///< A description of all options that must be the same when the training is resumed.
};

/// The tensors of a training. They are shared with their owner: ReadCheckpoint overwrites them in place.
struct TrainingState {
  std::vector<torch::Tensor> parameters;  ///< Of network and loss, including buffers.
  std::vector<torch::Tensor> averages;    ///< Running means of the network's; may be empty.
  std::vector<torch::Tensor> best;        ///< The best averages so far; may be empty.
  Optimizer* optimizer = nullptr;
};

/// Replaces `path` atomically. Throws TrainError.
void WriteCheckpoint(const std::filesystem::path& path, const TrainingState& state, const Progress& progress);

/// Deletes the file if it exists: it is five times as large as the model, and of no use once the training is complete.
void RemoveCheckpoint(const std::filesystem::path& path);

/// Throws TrainError: kNotFound; kCorruptData for a file that is not a checkpoint, or of a different network;
/// kInvalidArgument if it was written with options other than `options`.
Progress ReadCheckpoint(const std::filesystem::path& path, const std::string& options, TrainingState& state);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_CHECKPOINT_H_
