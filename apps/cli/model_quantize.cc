// SPDX-License-Identifier: Apache-2.0
// posenet model quantize
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "base/file.h"
#include "base/strings.h"
#include "base/thread_pool.h"
#include "cli/commands.h"
#include "cli/model_report.h"
#include "common/command_error.h"
#include "common/inputs.h"
#include "common/model_search.h"
#include "common/numbers.h"
#include "common/option_checks.h"
#include "common/progress.h"
#include "common/standard_streams.h"
#include "image/resample.h"
#include "model/model_file.h"
#include "quantize/quantize.h"

namespace posenet::cli {
namespace {

namespace fs = std::filesystem;

// Enough for images of every kind; more take time and memory and change little.
constexpr std::size_t kMaxImages = 64;

struct QuantizeOptions {
  std::string model;
  std::vector<std::string> images;
  std::string output;
  std::string name;
  quantize::WeightFormat format = quantize::WeightFormat::kInt8;
  std::vector<int> sizes_px = {257, 513};
  int thread_count = 0;
  float time_budget = 1.0F;
};

// `count` of `inputs`, spread evenly.
std::vector<app::Input> Sample(const std::vector<app::Input>& inputs, std::size_t count) {
  std::vector<app::Input> sample;
  for (std::size_t i = 0; i < std::min(count, inputs.size()); ++i) {
    sample.push_back(inputs[i * inputs.size() / std::min(count, inputs.size())]);
  }
  return sample;
}

// People come as often the other way round.
quantize::CalibrationInput Mirrored(const quantize::CalibrationInput& input) {
  quantize::CalibrationInput mirrored = input;
  const std::ptrdiff_t channels = input.shape.channels;
  for (std::ptrdiff_t cell = 0; cell < std::ptrdiff_t{input.shape.height} * input.shape.width; ++cell) {
    const std::ptrdiff_t column = cell % input.shape.width;
    const std::ptrdiff_t source = cell - column + input.shape.width - 1 - column;
    std::copy_n(input.values.begin() + source * channels, channels, mirrored.values.begin() + cell * channels);
  }
  return mirrored;
}

std::vector<quantize::CalibrationInput> Calibrate(const QuantizeOptions& options, const model::ModelSpec& spec) {
  std::vector<app::Input> inputs = Sample(app::ExpandInputs(options.images), kMaxImages);
  std::vector<image::Image> images;
  for (const app::Input& input : inputs) {
    Result<image::Image> image = app::ReadImage(input);
    // All of them count: without one the result would be another model.
    if (!image.has_value()) throw app::CommandError(app::ExitCode::kFailure, image.error().message);
    images.push_back(*std::move(image));
  }
  std::vector<quantize::CalibrationInput> calibration;
  image::PadResizer resizer;
  for (const int size_px : options.sizes_px) {
    for (const image::Image& image : images) {
      quantize::CalibrationInput input = {
          .shape = {.height = size_px, .width = size_px, .channels = spec.network.input_channels},
          .values = std::vector<float>(static_cast<std::size_t>(size_px) * static_cast<std::size_t>(size_px) * 3)};
      const ImageView view = image.View();
      resizer.Run(view, image::FitWithPadding(image::SizeOf(view), {.width_px = size_px, .height_px = size_px}),
                  {.scale = spec.input_scale, .bias = spec.input_bias}, input.values);
      calibration.push_back(Mirrored(input));
      calibration.push_back(std::move(input));
    }
  }
  return calibration;
}

std::string Report(const quantize::QuantizedModel& result) {
  std::vector<std::vector<std::string>> rows = {{"LAYER", "KEPT AS", "SHARE", "SNR"}};
  for (const quantize::LayerReport& layer : result.layers) {
    rows.push_back({base::Printable(layer.layer), layer.stored_as, app::FormatFixed(100.0 * layer.share, 1) + " %",
                    app::FormatFixed(layer.signal_to_noise_db, 1) + " dB"});
  }
  std::string text = FormatTable(rows);
  for (const auto& [output, error] : result.output_errors) {
    text +=
        base::StrCat("error of ", base::Printable(output), " (root mean square): ", app::FormatFixed(error, 3), "\n");
  }
  return text;
}

app::ExitCode Quantize(const QuantizeOptions& options) {
  const fs::path file = app::ResolveModel(options.model);
  std::error_code error;
  if (fs::equivalent(file, options.output, error)) {
    throw app::UsageError("--output: expected another file than the model, which would be overwritten");
  }
  const model::LoadedModel model = app::FileValueOrThrow(model::LoadModelFile(file));
  if (model.spec.network.input_channels != 3) {
    throw app::UsageError(base::StrCat(base::Printable(file.native()), ": takes ", model.spec.network.input_channels,
                                       " channels; expected 3, those of an image"));
  }
  // Opened and dropped, so that what cannot be written is known before the work.
  app::ValueOrThrow(base::AtomicFile::Create(options.output));
  const std::vector<quantize::CalibrationInput> calibration = Calibrate(options, model.spec);
  app::ProgressBar progress(1000);
  quantize::Options quantize_options = {
      .format = options.format,
      .time_budget = double{options.time_budget},
      .thread_count = options.thread_count == 0 ? base::AvailableCores() : options.thread_count,
      .on_progress = [&](std::size_t done, std::size_t total) { progress.Show(done * 1000 / total); }};
  Result<quantize::QuantizedModel> result = quantize::QuantizeModel(model, calibration, quantize_options);
  progress.Hide();
  if (!result.has_value()) {
    const bool is_usage = result.error().code == ErrorCode::kUnsupported;
    throw app::CommandError(is_usage ? app::ExitCode::kUsage : app::ExitCode::kFailure,
                            base::StrCat(base::Printable(file.native()), ": ", result.error().message));
  }
  model::ModelSpec& spec = result->model.spec;
  spec.name = options.name.empty() ? fs::path(options.output).stem().native() : options.name;
  spec.source += base::StrCat(", quantized on ", calibration.size() / options.sizes_px.size() / 2, " images");
  app::ValueOrThrow(model::WriteModelFile(options.output, result->model));
  const model::VerifyReport verified = app::ValueOrThrow(model::VerifyModelFile(options.output));
  app::WriteStandardOutput(
      base::StrCat(Report(*result), base::Printable(options.output), ": ", base::Printable(spec.name), ", ",
                   app::FormatFixed(static_cast<double>(fs::file_size(options.output, error)) / 1e6, 1), " MB, sha256 ",
                   verified.sha256, "\n"));
  return app::ExitCode::kSuccess;
}

}  // namespace

void AddModelQuantize(CLI::App& parent, app::Action& action) {
  const auto options = std::make_shared<QuantizeOptions>();
  CLI::App& app =
      *parent
           .add_subcommand(
               "quantize",
               "Makes a model of few bits. int8 is faster by a third on CPUs with AVX2, by more on those that "
               "multiply bytes (VNNI); bf16 is for CPUs that multiply these (AVX512-BF16). Images show which numbers "
               "the network works with, and weights are rounded such that its "
               "answers to them change least. Some ten images of people are enough; none of those that the result "
               "will be tested on.")
           ->group(app::kCommandGroup);
  app.footer(
      "The report has a line for each product: what its weights are kept as, its share\n"
      "of the work, and the power of its result over that of the error that rounding\n"
      "adds; then the errors of the outputs.\n\n"
      "Examples:\n"
      "  posenet model quantize mobilenet100 --images photos/ \\\n"
      "      --output mobilenet100-int8.safetensors\n"
      "  posenet human estimate --model mobilenet100 --precision int8 photo.jpg\n\n"
      "Exit status: 0 success; 1 an image or the model is damaged; 2 there is no such\n"
      "model, it cannot be quantized, or the command line is wrong.");
  app.add_option("MODEL", options->model, "A model file of floats, or a name of 'posenet model list'.")
      ->required()
      ->option_text(" ");
  app.add_option("--images", options->images,
                 base::StrCat("Images, or folders of them, to calibrate with; of more than ", kMaxImages,
                              " every so many-th is taken. Required; may be given several times."))
      ->required()
      ->option_text("FILE|FOLDER");
  app.add_option_function<std::string>(
         "--to",
         [options](const std::string& name) {
           options->format = name == "bf16" ? quantize::WeightFormat::kBFloat16 : quantize::WeightFormat::kInt8;
         },
         "What weights become: int8 or bf16. [int8]")
      ->check([](const std::string& name) {
        return name == "int8" || name == "bf16" ? std::string()
                                                : "expected int8 or bf16, got '" + base::Printable(name) + "'";
      })
      ->option_text("NAME");
  app::AddPath(app, "--output", options->output, "FILE", "The model file to write, named *.safetensors. Required.")
      ->required();
  app.add_option("--name", options->name, "What the model calls itself. [the output's name]")->option_text("NAME");
  app.add_option("--size", options->sizes_px,
                 "Sides in pixels at which the network is shown the images; may be given several times. [257, 513]")
      ->check(CLI::Range(33, 2049))
      ->option_text("N");
  app.add_option("--time-budget", options->time_budget,
                 "How much longer than all of int8 the network may take, for layers that become bf16. [1, no longer]")
      ->check(CLI::Range(1.0, 2.0))
      ->option_text("FACTOR");
  app::AddInt(app, "--threads", options->thread_count, 0, 1024,
              "Threads that share the work; 0 takes one for each core. [0]");
  app.callback([options, &action] { action = [options] { return Quantize(*options); }; });
}

}  // namespace posenet::cli
