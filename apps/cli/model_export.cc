// SPDX-License-Identifier: Apache-2.0
// posenet model export
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "base/strings.h"
#include "cli/commands.h"
#include "common/command_error.h"
#include "common/help_formatter.h"
#include "common/model_search.h"
#include "common/numbers.h"
#include "common/option_checks.h"
#include "common/standard_streams.h"
#include "export/export.h"
#include "model/model_file.h"
#include "model/output_stride.h"

namespace posenet::cli {
namespace {

namespace fs = std::filesystem;

struct ExportOptions {
  std::string model;
  std::string output;
  std::optional<app::Size> size;
  int output_stride = 0;  // 0 means the model's own.
};

// An intact model that does not support the options is an error in the command line.
template <typename T>
T SupportedOrThrow(Result<T> result, const fs::path& file) {
  if (result.has_value()) return *std::move(result);
  const ErrorCode code = result.error().code;
  const bool is_usage = code == ErrorCode::kInvalidArgument || code == ErrorCode::kUnsupported;
  throw app::CommandError(is_usage ? app::ExitCode::kUsage : app::ExitCode::kFailure,
                          base::StrCat(base::Printable(file.native()), ": ", result.error().message));
}

std::string SizeText(const std::optional<app::Size>& size) {
  return size ? base::StrCat(size->height_px, ", ", size->width_px) : std::string("height, width");
}

app::ExitCode Export(const ExportOptions& options) {
  const fs::path file = app::ResolveModel(options.model);
  std::error_code error;
  if (fs::equivalent(file, options.output, error)) {
    throw app::UsageError("--output: is the model itself; expected another file");
  }
  model::LoadedModel model = app::FileValueOrThrow(model::LoadModelFile(file));
  // Opened and dropped, so that an error is reported before the work.
  app::ValueOrThrow(base::AtomicFile::Create(options.output));
  model::ModelSpec& spec = model.spec;
  if (options.output_stride != 0 && options.output_stride != spec.output_stride) {
    spec.network = SupportedOrThrow(model::WithOutputStride(spec.network, options.output_stride), file);
    spec.output_stride = options.output_stride;
  }
  exporter::OnnxOptions onnx;
  std::optional<app::Size> size = options.size;
  // Camera networks are used at their own size only, and some depend on it.
  if (!size && spec.task == kCameraTask && spec.input_width_px > 0) {
    size = app::Size{.width_px = spec.input_width_px, .height_px = spec.input_height_px};
  }
  if (size) onnx.size = {.height_px = size->height_px, .width_px = size->width_px};
  const base::ProtoMessage message = SupportedOrThrow(exporter::OnnxModel(model, onnx), file);
  app::ValueOrThrow(exporter::WriteOnnx(options.output, message));
  app::WriteStandardOutput(base::StrCat(
      base::Printable(options.output), ": ", base::Printable(spec.name), ", ", base::Printable(spec.architecture),
      ", output stride ", spec.output_stride, ", ", exporter::kOnnxInput, " [1, ", spec.network.input_channels, ", ",
      SizeText(size), "], ", app::FormatFixed(static_cast<double>(message.size()) / 1e6, 1), " MB\n"));
  return app::ExitCode::kSuccess;
}

}  // namespace

void AddModelExport(CLI::App& parent, app::Action& action) {
  const auto options = std::make_shared<ExportOptions>();
  CLI::App& app =
      *parent
           .add_subcommand(
               "export",
               "Export a model as ONNX, for other runtimes. The input of the graph, 'input', is float32 of shape "
               "[1, 3, height, width]: RGB values v, 0 to 255, as v * scale + bias with the numbers that 'posenet "
               "model info' shows. The outputs are named like those of the network and have the shape [1, channels, "
               "rows, columns]; heatmaps are logits, before the sigmoid. The metadata of the file has scale, bias, "
               "output "
               "stride, source and license.")
           ->group(app::kCommandGroup);
  app.footer(base::StrCat(R"(Examples:
  posenet model export mobilenet100 --output mobilenet100.onnx
  posenet model export mobilenet075 --output small.onnx --size 257 \
      --output-stride 8

)",
                          app::ExitStatusHelp("success", "the model is damaged, or the file could not be written")));
  app.add_option("MODEL", options->model, "Model file, or a name that 'posenet model list' shows.")
      ->required()
      ->option_text(" ");
  app::AddOutputFile(app, "--output", options->output, ".onnx", "File to write; its name must end in .onnx. Required.")
      ->required();
  app::AddSize(app, "--size", options->size,
               "Size of the network's input in pixels, fixed in the graph, as runtimes for phones and accelerators "
               "require. A multiple of the output stride plus 1 is best: 257, 513 or 641x481. [variable]");
  app::AddOutputStride(app, "--output-stride", options->output_stride,
                       "Input pixels per cell of the heatmap: 8, 16 or 32. Smaller is finer and slower. [the model's "
                       "own]");
  app.callback([options, &action] { action = [options] { return Export(*options); }; });
}

}  // namespace posenet::cli
