// SPDX-License-Identifier: Apache-2.0
#include "trainer/camera_train.h"

#include <CLI/CLI.hpp>
#include <cmath>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/strings.h"
#include "camera/scene.h"
#include "common/camera_options.h"
#include "common/command_error.h"
#include "common/help_formatter.h"
#include "common/numbers.h"
#include "common/progress.h"
#include "common/signals.h"
#include "common/standard_streams.h"
#include "train/samples.h"
#include "train/trainer.h"
#include "trainer/guarded_action.h"
#include "trainer/initial_weights.h"
#include "trainer/output_file.h"
#include "trainer/train_command.h"
#include "trainer/train_option_checks.h"
#include "trainer/train_progress.h"
#include "trainer/training_logs.h"

namespace posenet::trainer {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTrainDescription =
    "Train a network on images with known camera poses. The resulting model estimates position and orientation of the "
    "camera from one image of the same scene, without a map or camera parameters. The default takes about 12 minutes "
    "on two cores and a gigabyte of memory.";

const std::string kTrainFooter = base::StrCat(
    R"(Test frames of DATA are not used; evaluate the model on them with posenet
camera eval. Besides the model, training writes MODEL.log.csv, with one line
per epoch, and MODEL.checkpoint, from which --resume continues. The checkpoint
is deleted when training completes.

The length of a training depends on the data alone, not on the speed of the
machine, unless --minutes is given.

Examples:
  posenet camera train kitchen --output kitchen.safetensors
  posenet camera eval kitchen --model kitchen.safetensors \
      --report kitchen-report
  posenet camera train kitchen --output k.safetensors --head lstm --epochs 200
  posenet camera train college --output c.safetensors --backbone googlenet \
      --init bvlc_googlenet.caffemodel --view crop --loss beta

)",
    app::ExitStatusHelp("success", "an image is damaged, a file could not be written, or the training diverged",
                        {.interrupted = "interrupted (Ctrl-C); the best model so far is saved, and "
                                        "--resume continues",
                         .terminated = "terminated (SIGTERM); as for 130"}));

camera::Scene ReadTrainingFrames(const TrainCommand& command) {
  camera::Scene scene = app::ReadSceneOrThrow(command.scene, camera::Photos::kRequired);
  app::ValueOrThrow(camera::RequireSoundRotations(scene));
  std::erase_if(scene.frames, [](const camera::Frame& frame) { return frame.split != camera::Split::kTrain; });
  train::KeepEvery(command.every, scene);
  return scene;
}

void Announce(const camera::Scene& scene, const train::TrainOptions& options, const InitialWeights& initial,
              TrainProgress& progress) {
  for (const std::string& remark : scene.remarks) progress.Message("note: " + base::Printable(remark, 1000));
  progress.Message(base::StrCat("training on ", base::Counted(scene.frames.size(), "image"), " at ",
                                options.view.input_width_px, "x", options.view.input_height_px, " for ",
                                base::Counted(options.epochs, "epoch"), ", from ", initial.description));
  progress.Message(base::StrCat("augmentation rolls images by up to ", std::lround(options.augmentation.roll_deg),
                                " degrees; learning rate ", app::FormatJsonNumber(options.optimizer.learning_rate, 6)));
}

std::string FormatSummary(const train::TrainSummary& summary, const TrainCommand& command, LengthUnit units) {
  std::string text = base::StrCat(command.output, ": ", base::Counted(summary.epochs, "epoch"), ", ",
                                  base::Counted(summary.images, "image"), " in ", std::llround(summary.seconds), " s");
  if (summary.validation) {
    text += base::StrCat("; median errors on held-out frames ", FormatErrors(*summary.validation, units));
  }
  return text + "\n";
}

app::ExitCode Train(const TrainCommand& command) {
  CheckOutput(command.output);
  const camera::Scene scene = ReadTrainingFrames(command);
  const InitialWeights initial = ReadInitialWeights(command.init, command.options.architecture.backbone);
  const train::TrainOptions options = OptionsFor(command, scene, initial);

  TrainProgress progress(scene.units);
  Announce(scene, options, initial, progress);
  const fs::path stem = fs::path(command.output).replace_extension();
  TrainingLogs logs(stem.native() + ".log.csv", command.log, command.resume);
  std::optional<app::ProgressBar> reading(scene.frames.size());
  train::TrainEvents events;
  events.on_image = [&](std::size_t done, std::size_t /*total*/) {
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
    throw app::Interruption(base::StrCat(" after ", base::Counted(summary.epochs, "epoch"), ": ", command.output,
                                         " is the best model so far; continue with the same command and --resume"));
  }
  app::WriteStandardOutput(FormatSummary(summary, command, scene.units));
  return app::ExitCode::kSuccess;
}

}  // namespace

void AddCameraTrain(CLI::App& parent, app::Action& action) {
  const auto command = std::make_shared<TrainCommand>();
  command->options.architecture.dropout = 0.1F;
  CLI::App& app = *parent.add_subcommand("train", kTrainDescription)->group(app::kCommandGroup);
  app.footer(base::StrCat(kTrainFooter, "\n\n", app::kSceneFormatsHelp));
  AddTrainOptions(app, *command);
  app.callback([command, &app, &action] {
    CheckTrainOptions(app);
    action = Guarded([command] { return Train(*command); });
  });
}

}  // namespace posenet::trainer
