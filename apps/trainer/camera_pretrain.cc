// SPDX-License-Identifier: Apache-2.0
#include "trainer/camera_pretrain.h"

#include <CLI/CLI.hpp>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/strings.h"
#include "common/command_error.h"
#include "common/help_formatter.h"
#include "common/numbers.h"
#include "common/option_checks.h"
#include "common/progress.h"
#include "common/signals.h"
#include "common/standard_streams.h"
#include "train/classifier.h"
#include "trainer/guarded_action.h"
#include "trainer/initial_weights.h"
#include "trainer/output_file.h"
#include "trainer/real_option.h"
#include "trainer/train_progress.h"

namespace posenet::trainer {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPretrainDescription =
    "Train a backbone to classify images. Camera networks can start from its weights (transfer learning, as in the "
    "PoseNet paper). FOLDER holds one folder of images per class.";

const std::string kPretrainFooter = base::StrCat(
    R"(Backbones are trained with their original classifier: GoogLeNet with two
auxiliary classifiers, the others with batch normalization, which is folded
into the weights. A tenth of the images is held out to measure accuracy.
Besides the model, training writes MODEL.checkpoint, from which --resume
continues. It is deleted when training completes.

Examples:
  posenet camera pretrain places/ --output places.safetensors \
      --backbone googlenet
  posenet camera train college --output college.safetensors \
      --backbone googlenet --init places.safetensors

)",
    app::ExitStatusHelp("success", "an image is damaged, a file could not be written, or the training diverged",
                        {.interrupted = "interrupted (Ctrl-C); --resume continues",
                         .terminated = "terminated (SIGTERM); --resume continues"}));

struct PretrainCommand {
  std::string folder;
  std::string output;
  std::string init;
  bool resume = false;
  train::ClassifierOptions options;
};

app::ExitCode Pretrain(const PretrainCommand& command) {
  CheckOutput(command.output);
  std::error_code ignored;
  if (!fs::is_directory(command.folder, ignored)) throw app::UsageError(command.folder + ": no such folder");
  const train::LabeledImages images = train::FindLabeledImages(command.folder);
  const train::ClassifierOptions& options = command.options;
  InitialWeights initial;
  if (!command.init.empty()) initial = ReadInitialWeights(command.init, options.backbone);
  app::WriteStandardError(base::StrCat("training on ", base::Counted(images.images.size(), "image"), " of ",
                                       images.classes.size(), " classes\n"));

  TrainProgress progress(LengthUnit::kMeters);
  std::optional<app::ProgressBar> reading(images.images.size());
  double best = 0.0;
  train::ClassifierEvents events;
  events.on_image = [&](std::size_t done) {
    app::ThrowIfInterrupted();
    reading->Show(done);
  };
  events.on_step = [&](const train::StepReport& report) {
    reading.reset();
    progress.Step(report);
  };
  events.on_epoch = [&](const train::ClassifierReport& report) {
    std::string line = base::StrCat("epoch ", report.epoch, " of ", report.epochs, ": ",
                                    app::FormatFixed(report.seconds, 0), " s, loss ", app::FormatFixed(report.loss, 3));
    if (report.accuracy) {
      line += base::StrCat(", accuracy on held-out images ", app::FormatFixed(100.0 * *report.accuracy, 1), " %",
                           report.is_best ? ", best" : "");
      if (report.is_best) best = *report.accuracy;
    }
    progress.Message(line);
  };
  events.should_stop = app::IsInterrupted;
  const fs::path stem = fs::path(command.output).replace_extension();
  const bool is_complete = train::TrainClassifier(
      images, initial.weights(), options,
      {.model = command.output, .checkpoint = stem.native() + ".checkpoint", .resume = command.resume}, events);
  if (!is_complete) {
    throw app::Interruption("; continue with the same command and --resume. " + command.output +
                            " is the best model so far if an epoch was completed");
  }
  app::WriteStandardOutput(
      base::StrCat(command.output, ": accuracy on held-out images ", app::FormatFixed(100.0 * best, 1), " %\n"));
  return app::ExitCode::kSuccess;
}

}  // namespace

void AddCameraPretrain(CLI::App& parent, app::Action& action) {
  const auto command = std::make_shared<PretrainCommand>();
  CLI::App& app = *parent.add_subcommand("pretrain", kPretrainDescription)->group(app::kCommandGroup);
  app.footer(kPretrainFooter);
  app.add_option("FOLDER", command->folder, "Folder with one folder of images per class.")
      ->required()
      ->option_text(" ");
  app::AddPath(app, "--output", command->output, "FILE", "Model file to write, .safetensors. Required.")->required();
  train::ClassifierOptions& options = command->options;
  app::AddName(app, "--backbone", "mobilenet100|mobilenet075|googlenet|googlenet-bn|resnet34",
               "Convolutional network. [mobilenet100]", [&options](const std::string& text) {
                 const Result<model::Backbone> backbone = model::BackboneOf(text);
                 if (backbone.has_value()) options.backbone = *backbone;
                 return backbone.has_value();
               });
  app::AddPath(app, "--init", command->init, "FILE", "Initial weights, as for camera train. [random]");
  app::AddInt(app, "--epochs", options.epochs, 1, 100'000, "Passes over the images. [30]");
  app::AddInt(app, "--batch", options.batch_size, 2, 4096, "Images per step. [32]");
  AddReal(app, "--learning-rate", options.optimizer.learning_rate, 1e-9, 10.0,
          "Highest learning rate of AdamW, which decays by a cosine. [0.001]");
  app.add_option_function<std::uint64_t>(
         "--seed", [&options](const std::uint64_t& seed) { options.seed = seed; }, "Seed of all random numbers. [1]")
      ->option_text("N");
  app::AddInt(app, "--threads", options.thread_count, 1, 1024, "Threads. [one per core]");
  app.add_flag("--resume", command->resume, "Continue an interrupted training with the same options.");
  app.callback([command, &action] { action = Guarded([command] { return Pretrain(*command); }); });
}

}  // namespace posenet::trainer
