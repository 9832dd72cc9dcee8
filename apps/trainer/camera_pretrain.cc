// SPDX-License-Identifier: Apache-2.0
// posenet camera pretrain
#include "trainer/camera_pretrain.h"

#include <CLI/CLI.hpp>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/strings.h"
#include "common/command_error.h"
#include "common/numbers.h"
#include "common/option_checks.h"
#include "common/progress.h"
#include "common/signals.h"
#include "common/standard_streams.h"
#include "train/classifier.h"
#include "train/failure.h"
#include "trainer/initial_weights.h"
#include "trainer/output_file.h"
#include "trainer/train_flags.h"
#include "trainer/train_progress.h"

namespace posenet::trainer {
namespace {

namespace fs = std::filesystem;
using app::AddName;
using app::CommandError;
using app::ExitCode;

constexpr const char* kPretrainDescription =
    "Trains a backbone to tell classes of photos apart, which is what camera networks start from: the transfer "
    "learning "
    "of PoseNet's paper, end to end. FOLDER holds a folder of photos for each class.";

constexpr const char* kPretrainFooter =
    R"(Backbones learn as they were born: GoogLeNet with its two auxiliary classifiers,
the others with batch normalisation, which is folded into the weights. A tenth
of the photos is set aside to measure by. Beside the model it writes
MODEL.checkpoint, from which --resume goes on and which goes when the training
is complete.

Examples:
  posenet camera pretrain places/ --output places.safetensors --backbone googlenet
  posenet camera train college --output college.safetensors --backbone googlenet \
      --init places.safetensors

Exit status: 0 success; 1 a photo is damaged, a file cannot be written or the
training diverged; 2 the command line is wrong; 130 interrupted.)";

struct PretrainCommand {
  std::string folder;
  std::string output;
  std::string init;
  bool resume = false;
  std::optional<double> learning_rate;
  train::ClassifierOptions options;
};

ExitCode Pretrain(const PretrainCommand& command) {
  CheckOutput(command.output);
  std::error_code ignored;
  if (!fs::is_directory(command.folder, ignored)) throw app::UsageError(command.folder + ": no such folder");
  const train::ClassifiedPhotos photos = train::FindClassifiedPhotos(command.folder);
  train::ClassifierOptions options = command.options;
  options.optimizer.learning_rate = command.learning_rate.value_or(1e-3);
  InitialWeights initial;
  if (!command.init.empty()) initial = ReadInitialWeights(command.init, options.backbone);
  app::WriteStandardError(
      base::StrCat("learning ", photos.classes.size(), " classes from ", photos.photos.size(), " photos\n"));

  TrainProgress progress(LengthUnit::kMeters);
  std::optional<app::ProgressBar> reading(photos.photos.size());
  double best = 0.0;
  train::ClassifierEvents events;
  events.on_photo = [&](std::size_t done) {
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
      line += base::StrCat(", right on photos set aside: ", app::FormatFixed(100.0 * *report.accuracy, 1), " %",
                           report.is_best ? ", best" : "");
      if (report.is_best) best = *report.accuracy;
    }
    progress.Message(line);
  };
  events.should_stop = app::IsInterrupted;
  const fs::path stem = fs::path(command.output).replace_extension();
  const bool is_complete = train::TrainClassifier(
      photos, initial.weights(), options,
      {.model = command.output, .checkpoint = stem.native() + ".checkpoint", .resume = command.resume}, events);
  if (!is_complete) {
    throw app::Interruption("; the same command with --resume goes on, and the best network so far is in " +
                            command.output + " if an epoch was completed");
  }
  app::WriteStandardOutput(
      base::StrCat(command.output, ": right on ", app::FormatFixed(100.0 * best, 1), " % of the photos set aside\n"));
  return ExitCode::kSuccess;
}

}  // namespace

void AddCameraPretrain(CLI::App& parent, app::Action& action) {
  const auto command = std::make_shared<PretrainCommand>();
  CLI::App& app = *parent.add_subcommand("pretrain", kPretrainDescription)->group(app::kCommandGroup);
  app.footer(kPretrainFooter);
  app.add_option("FOLDER", command->folder, "The folder of folders of photos.")->required()->option_text(" ");
  app::AddPath(app, "--output", command->output, "FILE", "The model file to write, .safetensors. Required.")
      ->required();
  train::ClassifierOptions& options = command->options;
  AddName(app, "--backbone", "mobilenet100|mobilenet075|googlenet|googlenet-bn|resnet34", "[mobilenet100]",
          [&options](const std::string& text) {
            const Result<model::Backbone> backbone = model::BackboneOf(text);
            if (backbone.has_value()) options.backbone = *backbone;
            return backbone.has_value();
          });
  app::AddPath(app, "--init", command->init, "FILE", "Weights to start from, as for camera train. [random]");
  app::AddInt(app, "--epochs", options.epochs, 1, 100'000, "[30]");
  app::AddInt(app, "--batch", options.batch_size, 2, 4096, "Photos in a step. [32]");
  AddReal(app, "--learning-rate", 1e-9, 10.0, "Of AdamW, falling by a cosine. [0.001]",
          [&command = *command](double rate) { command.learning_rate = rate; });
  app.add_option_function<std::uint64_t>(
         "--seed", [&options](const std::uint64_t& seed) { options.seed = seed; }, "[1]")
      ->option_text("N");
  app::AddInt(app, "--threads", options.thread_count, 1, 1024, "[one for each core]");
  app.add_flag("--resume", command->resume, "Go on where an interrupted training with the same options stopped.");
  app.callback([command, &action] {
    action = [command] {
      try {
        return Pretrain(*command);
      } catch (const train::TrainError& error) {
        const bool is_usage = error.code() == ErrorCode::kInvalidArgument;
        throw CommandError(is_usage ? ExitCode::kUsage : ExitCode::kFailure, error.what());
      }
    };
  });
}

}  // namespace posenet::trainer
