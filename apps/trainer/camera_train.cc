// SPDX-License-Identifier: Apache-2.0
// posenet camera train
#include "trainer/camera_train.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "base/strings.h"
#include "camera/scene.h"
#include "common/camera_options.h"
#include "common/command_error.h"
#include "common/option_checks.h"
#include "common/progress.h"
#include "common/signals.h"
#include "common/standard_streams.h"
#include "media/image_file.h"
#include "train/csv_log.h"
#include "train/failure.h"
#include "train/samples.h"
#include "train/tensorboard.h"
#include "train/train_options.h"
#include "train/trainer.h"
#include "trainer/initial_weights.h"
#include "trainer/output_file.h"
#include "trainer/train_flags.h"
#include "trainer/train_option_checks.h"
#include "trainer/train_progress.h"

namespace posenet::trainer {
namespace {

namespace fs = std::filesystem;
using app::CommandError;
using app::ExitCode;

constexpr const char* kTrainDescription =
    "Learns a place from photos with poses. The network becomes a model file that tells from one photo of the place "
    "where it was taken: position and orientation, no map, no camera parameters. The default needs 12 minutes on two "
    "cores and about a gigabyte of memory.";

constexpr const char* kTrainFooter = R"(The test frames of DATA are never learnt from, nor looked at: measure with them
afterwards, by posenet camera eval. Beside the model it writes MODEL.log.csv, a
line for each epoch, and MODEL.checkpoint, from which --resume goes on
and which goes when the training is complete.

Examples:
  posenet camera train kitchen --output kitchen.safetensors
  posenet camera eval kitchen --model kitchen.safetensors --report kitchen-report
  posenet camera train kitchen --output k.safetensors --head lstm --minutes 60
  posenet camera train college --output c.safetensors --backbone googlenet \
      --init bvlc_googlenet.caffemodel --view crop --loss beta

Exit status: 0 success; 1 a photo is damaged, a file cannot be written or the
training diverged; 2 the command line is wrong; 130 interrupted (the best model
so far is there, and --resume goes on).)";

struct TrainCommand {
  app::SceneOptions scene;
  TrainFlags flags;
  std::string output;
  std::string log;
  bool resume = false;
};

// Crops keep the paper's proportion, 224 of 256. A photo's size decides the shape of a whole view: that of the first
// one.
train::ViewOptions ViewOf(const TrainFlags& flags, const camera::Scene& scene) {
  constexpr int kCropPx = 224;
  constexpr int kLongSidePx = 256;
  if (flags.view == View::kCrop) {
    const int side_px = flags.size_px.value_or(kCropPx);
    return {.input_width_px = side_px, .input_height_px = side_px, .crop_from_px = side_px * 8 / 7};
  }
  const auto first = std::ranges::find(scene.frames, camera::Split::kTrain, &camera::Frame::split);
  const image::Image photo = app::ValueOrThrow(media::ReadImageFile(first->image));
  const train::InputSize size =
      train::WholePhotoInput(photo.width_px, photo.height_px, flags.size_px.value_or(kLongSidePx));
  return {.input_width_px = size.width_px, .input_height_px = size.height_px, .crop_from_px = 0};
}

double UsualLearningRate(train::OptimizerKind kind, const camera::Scene& scene) {
  return (kind == train::OptimizerKind::kSgd ? 0.01 : 1e-3) * train::AdvisedRateShare(scene);
}

train::TrainOptions Resolve(const TrainCommand& command, const camera::Scene& scene, const InitialWeights& initial) {
  const TrainFlags& flags = command.flags;
  train::TrainOptions options = flags.options;
  options.view = ViewOf(flags, scene);
  options.loss.beta = flags.beta.value_or(train::AdvisedBeta(scene));
  options.augmentation.roll_deg = static_cast<float>(flags.roll_deg ? *flags.roll_deg : train::AdvisedRollDeg(scene));
  options.optimizer.learning_rate = flags.learning_rate.value_or(UsualLearningRate(options.optimizer.kind, scene));
  options.frozen_convolutions = flags.frozen_convolutions.value_or(initial.advised_frozen_convolutions);
  if (options.frozen_convolutions > 0 && initial.weights().empty()) {
    throw app::UsageError("--freeze keeps weights that are random: give trained ones with --init");
  }
  options.precision = flags.precision.value_or(train::UsualConvPrecision());
  options.scene_name = fs::path(command.scene.data).filename().native();
  if (options.scene_name.empty()) options.scene_name = fs::path(command.scene.data).parent_path().filename().native();
  return options;
}

double Now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

// The table beside the model, and TensorBoard's events where they are wanted.
class Logs {
 public:
  Logs(const fs::path& table, const std::string& folder, bool append) : table_path_(table) {
    std::error_code ignored;
    const bool has_header = append && fs::exists(table, ignored);
    table_.open(table, has_header ? std::ios::app : std::ios::trunc);
    if (!has_header) table_ << train::kCsvHeader;
    if (!folder.empty()) tensorboard_.emplace(folder, Now());
    Check();
  }

  void Write(const train::EpochReport& report) {
    table_ << train::CsvLine(report) << std::flush;
    Check();
    if (!tensorboard_) return;
    train::Scalars scalars = {{"loss/total", report.loss},
                              {"loss/position", report.position_loss},
                              {"loss/rotation", report.rotation_loss},
                              {"loss/s_x", report.s_x},
                              {"loss/s_q", report.s_q},
                              {"learning_rate", report.learning_rate}};
    if (report.validation_position) {
      scalars.emplace_back("validation/position", *report.validation_position);
      scalars.emplace_back("validation/rotation_deg", *report.validation_rotation_deg);
    }
    tensorboard_->Write(Now(), report.step, scalars);
  }

 private:
  void Check() const {
    if (!table_) throw CommandError(ExitCode::kFailure, "cannot write " + table_path_.native());
  }

  fs::path table_path_;
  std::ofstream table_;
  std::optional<train::TensorBoardLog> tensorboard_;
};

std::string FormatSummary(const train::TrainSummary& summary, const TrainCommand& command, LengthUnit units) {
  std::string text = base::StrCat(command.output, ": ", summary.epochs, " epochs, ", summary.images, " images in ",
                                  static_cast<std::int64_t>(summary.seconds + 0.5), " s");
  if (summary.validation_position) {
    text += base::StrCat("; medians on the frames set aside ",
                         FormatMedians(*summary.validation_position, *summary.validation_rotation_deg, units));
  }
  return text + "\n";
}

ExitCode Train(const TrainCommand& command) {
  CheckOutput(command.output);
  camera::Scene scene = app::ReadSceneOrThrow(command.scene, camera::Photos::kRequired);
  app::ValueOrThrow(camera::RequireSoundRotations(scene));
  std::erase_if(scene.frames, [](const camera::Frame& frame) { return frame.split != camera::Split::kTrain; });
  train::KeepEvery(command.flags.every, scene);
  const InitialWeights initial = ReadInitialWeights(command.flags.init, command.flags.options.architecture.backbone);
  const train::TrainOptions options = Resolve(command, scene, initial);

  TrainProgress progress(scene.units);
  for (const std::string& remark : scene.remarks) progress.Message("note: " + base::Printable(remark, 1000));
  progress.Message(base::StrCat("learning from ", scene.frames.size(), " photos as ", options.view.input_width_px, "x",
                                options.view.input_height_px, ", starting from ", initial.description));
  progress.Message(base::StrCat("rolling photos by up to ", std::lround(options.augmentation.roll_deg),
                                " degrees; learning rate ", app::FormatJsonNumber(options.optimizer.learning_rate, 6)));
  const fs::path stem = fs::path(command.output).replace_extension();
  Logs logs(stem.native() + ".log.csv", command.log, command.resume);
  std::optional<app::ProgressBar> reading(scene.frames.size());
  train::TrainEvents events;
  events.on_photo = [&](std::size_t done, std::size_t /*total*/) {
    app::ThrowIfInterrupted();
    reading->Show(done);
  };
  events.on_message = [&](const std::string& message) { progress.Message(message); };
  events.on_step = [&](const train::StepReport& report) {
    reading.reset();
    progress.Step(report);
  };
  events.on_epoch = [&](const train::EpochReport& report) {
    logs.Write(report);
    progress.Epoch(report);
  };
  events.should_stop = app::IsInterrupted;
  const train::TrainOutputs outputs = {
      .model = command.output, .checkpoint = stem.native() + ".checkpoint", .resume = command.resume};
  const train::TrainSummary summary = train::Train(scene, initial.weights(), options, outputs, events);
  if (summary.end == train::TrainEnd::kInterrupted) {
    throw app::Interruption(base::StrCat(" after ", summary.epochs, " epochs: ", command.output,
                                         " is the best so far; the same command with --resume goes on"));
  }
  app::WriteStandardOutput(FormatSummary(summary, command, scene.units));
  return ExitCode::kSuccess;
}

ExitCode RunTrain(const TrainCommand& command) {
  try {
    return Train(command);
  } catch (const train::TrainError& error) {
    const bool is_usage = error.code() == ErrorCode::kInvalidArgument;
    throw CommandError(is_usage ? ExitCode::kUsage : ExitCode::kFailure, error.what());
  }
}

}  // namespace

void AddCameraTrain(CLI::App& parent, app::Action& action) {
  const auto command = std::make_shared<TrainCommand>();
  command->flags.options.architecture.dropout = 0.1F;
  CLI::App& app = *parent.add_subcommand("train", kTrainDescription)->group(app::kCommandGroup);
  app.footer(base::StrCat(kTrainFooter, "\n\n", app::kSceneFormatsHelp));
  app::AddSceneOptions(app, command->scene);
  app::AddPath(app, "--output", command->output, "FILE", "The model file to write, .safetensors. Required.")
      ->required();
  app.add_flag("--resume", command->resume, "Go on where an interrupted training with the same options stopped.");
  app::AddPath(app, "--log", command->log, "FOLDER", "Also write events for TensorBoard there.");
  AddTrainFlags(app, command->flags);
  app.callback([command, &app, &action] {
    CheckTrainOptions(app);
    action = [command] { return RunTrain(*command); };
  });
}

}  // namespace posenet::trainer
