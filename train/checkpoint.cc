// SPDX-License-Identifier: Apache-2.0
#include "train/checkpoint.h"

#include <filesystem>
#include <span>
#include <sstream>
#include <system_error>

#include "base/file.h"
#include "train/failure.h"

namespace posenet::train {
namespace {

constexpr std::size_t kMaxCheckpointBytes = std::size_t{8} << 30;

using torch::Tensor;

void WriteTensors(const std::string& name, const std::vector<Tensor>& tensors,
                  torch::serialize::OutputArchive& archive) {
  archive.write(name + ".count", c10::IValue(static_cast<std::int64_t>(tensors.size())));
  for (std::size_t i = 0; i < tensors.size(); ++i) archive.write(base::StrCat(name, ".", i), tensors[i].detach());
}

void ReadTensors(const std::string& name, std::vector<Tensor>& tensors, torch::serialize::InputArchive& archive) {
  const torch::NoGradGuard no_grad;
  c10::IValue count;
  archive.read(name + ".count", count);
  if (count.toInt() != static_cast<std::int64_t>(tensors.size())) {
    throw Failure(ErrorCode::kCorruptData, "it is of a different network");
  }
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    Tensor stored;
    archive.read(base::StrCat(name, ".", i), stored);
    if (stored.sizes() != tensors[i].sizes()) throw Failure(ErrorCode::kCorruptData, "it is of a different network");
    tensors[i].copy_(stored);
  }
}

template <typename T>
T Read(const std::string& name, torch::serialize::InputArchive& archive) {
  c10::IValue value;
  archive.read(name, value);
  return value.to<T>();
}

}  // namespace

void WriteCheckpoint(const std::filesystem::path& path, const TrainingState& state, const Progress& progress) {
  torch::serialize::OutputArchive archive;
  archive.write("step", c10::IValue(progress.step));
  archive.write("total_steps", c10::IValue(progress.total_steps));
  archive.write("is_length_final", c10::IValue(progress.is_length_final));
  archive.write("best_score", c10::IValue(progress.best_score));
  archive.write("best_epoch", c10::IValue(progress.best_epoch));
  // Negative for none, which archives cannot say.
  const ValidationErrors best = progress.best.value_or(ValidationErrors{.position = -1.0, .rotation_deg = -1.0});
  archive.write("best_position", c10::IValue(best.position));
  archive.write("best_rotation_deg", c10::IValue(best.rotation_deg));
  archive.write("images", c10::IValue(progress.images));
  archive.write("seconds", c10::IValue(progress.seconds));
  archive.write("options", c10::IValue(progress.options));
  WriteTensors("parameters", state.parameters, archive);
  WriteTensors("averages", state.averages, archive);
  WriteTensors("best", state.best, archive);
  torch::serialize::OutputArchive optimizer;
  state.optimizer->state().save(optimizer);
  archive.write("optimizer", optimizer);
  std::ostringstream stream;
  archive.save_to(stream);
  const std::string bytes = std::move(stream).str();
  ValueOf(base::WriteFile(path, bytes));
}

void RemoveCheckpoint(const std::filesystem::path& path) {
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
}

Progress ReadCheckpoint(const std::filesystem::path& path, const std::string& options, TrainingState& state) {
  const std::vector<std::byte> bytes = ValueOf(base::ReadFile(path, kMaxCheckpointBytes));
  torch::serialize::InputArchive archive;
  Progress progress;
  try {
    archive.load_from(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    progress.options = Read<std::string>("options", archive);
  } catch (const c10::Error&) {
    throw Failure(ErrorCode::kCorruptData, path.native(), " is not a checkpoint, or damaged");
  }
  if (progress.options != options) {
    throw Failure(ErrorCode::kInvalidArgument, path.native(), " was written with other options:\n  ", progress.options,
                  "\nthan those to resume with:\n  ", options);
  }
  try {
    progress.step = Read<std::int64_t>("step", archive);
    progress.total_steps = Read<std::int64_t>("total_steps", archive);
    progress.is_length_final = Read<bool>("is_length_final", archive);
    progress.best_score = Read<double>("best_score", archive);
    progress.best_epoch = Read<std::int64_t>("best_epoch", archive);
    const ValidationErrors best = {.position = Read<double>("best_position", archive),
                                   .rotation_deg = Read<double>("best_rotation_deg", archive)};
    if (best.position >= 0.0) progress.best = best;
    progress.images = Read<std::int64_t>("images", archive);
    progress.seconds = Read<double>("seconds", archive);
    ReadTensors("parameters", state.parameters, archive);
    ReadTensors("averages", state.averages, archive);
    ReadTensors("best", state.best, archive);
    torch::serialize::InputArchive optimizer;
    archive.read("optimizer", optimizer);
    state.optimizer->state().load(optimizer);
  } catch (const c10::Error&) {
    throw Failure(ErrorCode::kCorruptData, path.native(), " is a damaged checkpoint");
  } catch (const TrainError& error) {
    throw Failure(error.code(), path.native(), ": ", error.what());
  }
  return progress;
}

}  // namespace posenet::train
