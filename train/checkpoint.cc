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
    throw Failure(ErrorCode::kCorruptData, "it is of another network");
  }
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    Tensor stored;
    archive.read(base::StrCat(name, ".", i), stored);
    if (stored.sizes() != tensors[i].sizes()) throw Failure(ErrorCode::kCorruptData, "it is of another network");
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

void WriteCheckpoint(const std::filesystem::path& path, const TrainingState& state, const Position& position) {
  torch::serialize::OutputArchive archive;
  archive.write("step", c10::IValue(position.step));
  archive.write("total_steps", c10::IValue(position.total_steps));
  archive.write("best_score", c10::IValue(position.best_score));
  archive.write("best_epoch", c10::IValue(position.best_epoch));
  archive.write("best_position", c10::IValue(position.best_position));
  archive.write("best_rotation_deg", c10::IValue(position.best_rotation_deg));
  archive.write("images", c10::IValue(position.images));
  archive.write("seconds", c10::IValue(position.seconds));
  archive.write("first_position", c10::IValue(position.watch.first.position));
  archive.write("first_rotation", c10::IValue(position.watch.first.rotation));
  archive.write("rate", c10::IValue(position.watch.rate));
  archive.write("since_step", c10::IValue(position.watch.since_step));
  archive.write("options", c10::IValue(position.options));
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

Position ReadCheckpoint(const std::filesystem::path& path, const std::string& options, TrainingState& state) {
  const std::vector<std::byte> bytes = ValueOf(base::ReadFile(path, kMaxCheckpointBytes));
  torch::serialize::InputArchive archive;
  Position position;
  try {
    archive.load_from(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    position.options = Read<std::string>("options", archive);
  } catch (const c10::Error&) {
    throw Failure(ErrorCode::kCorruptData, path.native(), " is no checkpoint, or a damaged one");
  }
  if (position.options != options) {
    throw Failure(ErrorCode::kInvalidArgument, path.native(), " was made with other options: it has\n  ",
                  position.options, "\nand was asked to go on with\n  ", options);
  }
  try {
    position.step = Read<std::int64_t>("step", archive);
    position.total_steps = Read<std::int64_t>("total_steps", archive);
    position.best_score = Read<double>("best_score", archive);
    position.best_epoch = Read<std::int64_t>("best_epoch", archive);
    position.best_position = Read<double>("best_position", archive);
    position.best_rotation_deg = Read<double>("best_rotation_deg", archive);
    position.images = Read<std::int64_t>("images", archive);
    position.seconds = Read<double>("seconds", archive);
    position.watch.first.position = Read<double>("first_position", archive);
    position.watch.first.rotation = Read<double>("first_rotation", archive);
    position.watch.rate = Read<double>("rate", archive);
    position.watch.since_step = Read<std::int64_t>("since_step", archive);
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
  return position;
}

}  // namespace posenet::train
