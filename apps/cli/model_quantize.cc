// SPDX-License-Identifier: Apache-2.0
// posenet model quantize
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/strings.h"
#include "base/thread_pool.h"
#include "calibrate/calibrate.h"
#include "cli/commands.h"
#include "cli/model_report.h"
#include "common/command_error.h"
#include "common/help_formatter.h"
#include "common/inputs.h"
#include "common/model_search.h"
#include "common/numbers.h"
#include "common/option_checks.h"
#include "common/progress.h"
#include "common/signals.h"
#include "common/standard_streams.h"
#include "image/image.h"
#include "model/model_file.h"
#include "posenet/runtime.h"
#include "quantize/quantize.h"

namespace posenet::cli {
namespace {

namespace fs = std::filesystem;

struct QuantizeOptions {
  std::string model;
  std::vector<std::string> images;
  std::string output;
  std::string name;
  quantize::WeightFormat format = quantize::WeightFormat::kInt8;
  std::vector<int> sizes_px = {};  // Empty for the model's defaults.
  int thread_count = 0;
  float time_budget = 0.0F;  // 0 for the model's default.
};

std::vector<image::Image> ReadImages(const std::vector<std::string>& arguments) {
  std::vector<image::Image> images;
  const std::vector<app::Input> inputs = app::ExpandInputs(arguments);
  for (const std::size_t i : calibrate::EvenSample(inputs.size(), calibrate::kMaxImages)) {
    Result<image::Image> image = app::ReadImage(inputs[i]);
    // Not skipped: the model depends on every image.
    if (!image.has_value()) throw app::CommandError(app::ExitCode::kFailure, image.error().message);
    images.push_back(*std::move(image));
  }
  return images;
}

std::string Report(const quantize::QuantizedModel& result) {
  std::vector<std::vector<std::string>> rows = {{"LAYER", "WEIGHTS", "SHARE", "SNR"}};
  for (const quantize::LayerReport& layer : result.layers) {
    rows.push_back({base::Printable(layer.layer), layer.stored_as, app::FormatFixed(100.0 * layer.share, 1) + " %",
                    app::FormatFixed(layer.signal_to_noise_db, 1) + " dB"});
  }
  std::string text = FormatTable(rows);
  for (const auto& [output, error] : result.output_errors) {
    text += base::StrCat("RMS error of ", base::Printable(output), ": ", app::FormatFixed(error, 3), "\n");
  }
  return text;
}

app::ExitCode Quantize(const QuantizeOptions& options) {
  const fs::path file = app::ResolveModel(options.model);
  std::error_code error;
  if (fs::equivalent(file, options.output, error)) {
    throw app::UsageError("--output: is the model itself; expected another file");
  }
  const model::LoadedModel model = app::FileValueOrThrow(model::LoadModelFile(file));
  // Opened and dropped, so that an error is reported before the work.
  app::ValueOrThrow(base::AtomicFile::Create(options.output));
  const int thread_count = options.thread_count == 0 ? base::AvailableCores() : options.thread_count;
  const std::vector<image::Image> images = ReadImages(options.images);
  constexpr std::size_t kProgressSteps = 1000;
  app::ProgressBar progress(kProgressSteps, "");
  calibrate::Options calibration = {
      .name = options.name.empty() ? fs::path(options.output).stem().native() : options.name,
      .format = options.format,
      .sides_px = options.sizes_px,
      .thread_count = thread_count,
      .on_progress = [&](std::size_t done, std::size_t total) { progress.Show(done * kProgressSteps / total); }};
  if (options.time_budget > 0.0F) calibration.time_budget = options.time_budget;
  std::optional<app::ImmediateSignals> signals(std::in_place);  // Nothing is written yet.
  Result<quantize::QuantizedModel> result = calibrate::Quantize(model, images, calibration);
  signals.reset();
  progress.Hide();
  if (!result.has_value()) {
    const ErrorCode code = result.error().code;
    const bool is_usage = code == ErrorCode::kUnsupported || code == ErrorCode::kInvalidArgument;
    throw app::CommandError(is_usage ? app::ExitCode::kUsage : app::ExitCode::kFailure,
                            base::StrCat(base::Printable(file.native()), ": ", result.error().message));
  }
  app::ValueOrThrow(model::WriteModelFile(options.output, result->model));
  const model::VerifyReport verified = app::ValueOrThrow(model::VerifyModelFile(options.output));
  app::WriteStandardOutput(
      base::StrCat(Report(*result), base::Printable(options.output), ": ", base::Printable(result->model.spec.name),
                   ", ", app::FormatFixed(static_cast<double>(fs::file_size(options.output, error)) / 1e6, 1),
                   " MB, sha256 ", verified.sha256, "\n"));
  return app::ExitCode::kSuccess;
}

}  // namespace

void AddModelQuantize(CLI::App& parent, app::Action& action) {
  const auto options = std::make_shared<QuantizeOptions>();
  CLI::App& app =
      *parent
           .add_subcommand(
               "quantize",
               "Quantize a model to int8 or bfloat16. int8 is a third faster on CPUs with AVX2, and more on those with "
               "int8 dot products (VNNI); bfloat16 is for CPUs with AVX512-BF16. Weights are rounded such that the "
               "outputs for the calibration images change least. About ten images of people are enough; do not use "
               "images on which the result will be evaluated.")
           ->group(app::kCommandGroup);
  constexpr const char* kFailure = "an image or the model is damaged, or a file could not be written";
  app.footer(base::StrCat(R"(The report has one line per convolution: the type of its weights, its share of
the work, and the signal-to-noise ratio of its output; then the errors of the
network's outputs.

--precision int8 of other commands finds the quantized model beside the model
that it was made from.

Examples:
  posenet model quantize mobilenet100 --images photos/ \
      --output mobilenet100-int8.safetensors
  posenet human estimate --model mobilenet100-int8.safetensors photo.jpg

)",
                          app::ExitStatusHelp("success", kFailure)));
  app.add_option("MODEL", options->model, "Float model: a file, or a name that 'posenet model list' shows.")
      ->required()
      ->option_text(" ");
  app.add_option("--images", options->images,
                 base::StrCat("Calibration images: files, or folders of them. If there are more than ",
                              calibrate::kMaxImages, ", an evenly spread sample of them is used. Required."))
      ->required()
      ->option_text("FILE|FOLDER ...");
  app::AddName(app, "--to", "int8|bf16", "Type of the quantized weights. [int8]", [options](const std::string& name) {
    options->format = name == "bf16" ? quantize::WeightFormat::kBFloat16 : quantize::WeightFormat::kInt8;
    return name == "int8" || name == "bf16";
  });
  app::AddOutputFile(app, "--output", options->output, ".safetensors",
                     "Model file to write; its name must end in .safetensors. Required.")
      ->required();
  app.add_option("--name", options->name, "Name of the model. [that of the output file]")->option_text("NAME");
  app::AddInts(
      app, "--size", options->sizes_px, calibrate::kMinSidePx, calibrate::kMaxSidePx,
      "Side of the network's input in pixels for calibration; may be given several times. [that of the model, or "
      "257 and 513]");
  const auto time_budget = [options](const CLI::results_t& texts) {
    options->time_budget = app::ParseFloat(texts.front()).value_or(0.0F);
    if (options->time_budget >= 1.0F && options->time_budget <= 2.0F) return true;
    throw CLI::ValidationError(
        "--time-budget", base::StrCat("expected a number from 1 to 2, got '", base::Printable(texts.front()), "'"));
  };
  app.add_option("--time-budget", time_budget,
                 "Time that the products of a run may take, relative to a network that is all int8, from 1 to 2. The "
                 "extra time is spent on layers that are more accurate in bfloat16. For int8. [1; MoveNet: 1.5]")
      ->option_text("FACTOR");
  app::AddInt(app, "--threads", options->thread_count, 0, kMaxThreads, "Threads; 0 means one per core. [0]");
  app.callback([options, &app, &action] {
    if (options->format == quantize::WeightFormat::kBFloat16 && app.get_option("--time-budget")->count() > 0) {
      throw app::UsageError("--time-budget has no effect with --to bf16");
    }
    action = [options] { return Quantize(*options); };
  });
}

}  // namespace posenet::cli
