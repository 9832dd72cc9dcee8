// SPDX-License-Identifier: Apache-2.0
// posenet model list | info | import | verify
#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "base/file.h"
#include "base/strings.h"
#include "cli/commands.h"
#include "cli/model_report.h"
#include "common/camera_engine.h"
#include "common/command_error.h"
#include "common/help_formatter.h"
#include "common/model_search.h"
#include "common/numbers.h"
#include "common/option_checks.h"
#include "common/standard_streams.h"
#include "import/import.h"
#include "model/dilation_repair.h"
#include "model/model_file.h"

namespace posenet::cli {
namespace {

namespace fs = std::filesystem;

std::string FormatMegabytes(const fs::path& file) {
  std::error_code error;
  const std::uintmax_t bytes = fs::file_size(file, error);
  return error ? "?" : app::FormatFixed(static_cast<double>(bytes) / 1e6, 1) + " MB";
}

app::ExitCode List() {
  const std::vector<fs::path> folders = app::ModelFolders();
  const std::vector<app::NamedModel> models = app::FindModels(folders);
  if (models.empty()) {
    std::string searched;
    for (const fs::path& folder : folders) searched += "\n  " + base::Printable(folder.native());
    app::WriteStandardOutput(
        base::StrCat("No models are installed. Fetch them with scripts/fetch-models, or import one with 'posenet "
                     "model import'. Searched:",
                     searched, "\n"));
    return app::ExitCode::kSuccess;
  }
  app::ExitCode exit_code = app::ExitCode::kSuccess;
  std::vector<std::vector<std::string>> rows = {{"NAME", "ARCHITECTURE", "STRIDE", "PARAMETERS", "SIZE", "FILE"}};
  for (const app::NamedModel& model : models) {
    const Result<Model> loaded = Model::Load(model.file);
    if (!loaded.has_value()) {
      app::PrintError(loaded.error().message);
      exit_code = app::ExitCode::kFailure;
      continue;
    }
    const ModelInfo& info = loaded->info();
    rows.push_back({base::Printable(model.name), base::Printable(info.architecture), std::to_string(info.output_stride),
                    FormatCount(info.parameter_count), FormatMegabytes(model.file),
                    base::Printable(model.file.native())});
  }
  app::WriteStandardOutput(FormatTable(rows));
  return exit_code;
}

struct InfoOptions {
  std::string model;
  Layers layers = Layers::kHide;
  bool as_json = false;
  app::JsonLayout json_layout = app::JsonLayout::kLine;
};

app::ExitCode Info(const InfoOptions& options) {
  const model::ModelVariant variant = app::LoadVariantOrThrow(options.model);
  app::WriteStandardOutput(options.as_json ? FormatModelJson(variant, options.layers, options.json_layout)
                                           : FormatModel(variant, options.layers));
  return app::ExitCode::kSuccess;
}

app::ExitCode Verify(const std::string& name_or_file) {
  const fs::path file = app::ResolveModel(name_or_file);
  const model::VerifyReport report = app::FileValueOrThrow(model::VerifyModelFile(file));
  const model::LoadedModel model = app::FileValueOrThrow(model::LoadModelFile(file));
  if (model.spec.task == kCameraTask) app::CameraSpecOrThrow(model, file);
  app::WriteStandardOutput(base::StrCat("OK ", base::Printable(file.native()), ": ", report.parameter_count,
                                        " parameters, sha256 ", report.sha256, "\n"));
  return app::ExitCode::kSuccess;
}

enum class Dilation { kAsWritten, kRepaired };

struct ImportOptions {
  std::string source;
  std::string output;
  std::string name;
  Dilation dilation = Dilation::kAsWritten;
};

// Repairs a graph with layers that are dilated in one direction only, if requested; otherwise prints what that means.
void HandleDilation(Dilation dilation, model::ModelSpec& spec) {
  const std::vector<std::string> lopsided = model::LopsidedLayers(spec.network);
  if (lopsided.empty()) {
    if (dilation == Dilation::kRepaired) {
      app::WriteStandardError("note: --repair-dilation has no effect: the graph does not have that fault\n");
    }
    return;
  }
  if (dilation == Dilation::kRepaired) {
    spec.network = app::FileValueOrThrow(model::WithRepairedDilation(spec.network));
    spec.source += ", dilation repaired";
    return;
  }
  app::WriteStandardError(
      base::StrCat("note: ", base::Printable(lopsided.front()),
                   " is dilated in one direction only. The model reproduces TensorFlow.js; with --repair-dilation it "
                   "is more accurate.\n"));
}

app::ExitCode Import(const ImportOptions& options) {
  std::error_code error;
  if (!fs::exists(options.source, error)) {
    throw app::UsageError(base::StrCat(base::Printable(options.source), ": no such file"));
  }
  if (fs::equivalent(options.source, options.output, error)) {
    throw app::UsageError("--output: is the source itself; expected another file");
  }
  // Opened and dropped, so that an error is reported before the work.
  app::ValueOrThrow(base::AtomicFile::Create(options.output));
  model::LoadedModel model = app::ValueOrThrow(importer::ImportModel(options.source));
  HandleDilation(options.dilation, model.spec);
  model.spec.name = options.name.empty() ? fs::path(options.output).stem().native() : options.name;
  app::ValueOrThrow(model::WriteModelFile(options.output, model));
  const model::VerifyReport report = app::ValueOrThrow(model::VerifyModelFile(options.output));
  app::WriteStandardOutput(base::StrCat(base::Printable(options.output), ": ", base::Printable(model.spec.name), ", ",
                                        base::Printable(model.spec.architecture), ", output stride ",
                                        model.spec.output_stride, ", ", report.parameter_count, " parameters, sha256 ",
                                        report.sha256, "\n"));
  return app::ExitCode::kSuccess;
}

constexpr const char* kModelHelp = "Model file, or a name that 'posenet model list' shows.";

}  // namespace

void AddModelList(CLI::App& parent, app::Action& action) {
  CLI::App& app = *parent
                       .add_subcommand("list",
                                       "List the models that can be given by name. Of two files with the same name, "
                                       "the one that is found first is listed.")
                       ->group(app::kCommandGroup);
  app.footer(app::ExitStatusHelp("success", "a file is not a model"));
  app.callback([&action] { action = List; });
}

void AddModelInfo(CLI::App& parent, app::Action& action) {
  const auto options = std::make_shared<InfoOptions>();
  CLI::App& app =
      *parent
           .add_subcommand("info",
                           "Describe a model file: its network, the preprocessing of images, and the source of its "
                           "weights.")
           ->group(app::kCommandGroup);
  app.footer(base::StrCat(R"(Examples:
  posenet model info mobilenet100
  posenet model info --layers --json my.safetensors

)",
                          app::ExitStatusHelp("success", "the file is damaged")));
  app.add_option("MODEL", options->model, kModelHelp)->required()->option_text(" ");
  app.add_flag_callback(
      "--layers", [options] { options->layers = Layers::kShow; }, "List all layers.");
  app.add_flag("--json", options->as_json, "Print one JSON object instead of a table.");
  app.add_flag_callback(
      "--pretty", [options] { options->json_layout = app::JsonLayout::kPretty; },
      "Indent the JSON, over several lines.");
  app.callback([options, &app, &action] {
    app::CheckOptionsNeed(app, {"--pretty"}, {"--json"});
    action = [options] { return Info(*options); };
  });
}

void AddModelImport(CLI::App& parent, app::Action& action) {
  const auto options = std::make_shared<ImportOptions>();
  CLI::App& app =
      *parent
           .add_subcommand("import",
                           "Import a model from TensorFlow.js or TensorFlow Lite. Reads TensorFlow.js graph models "
                           "(float32, or quantized to float16, uint8 or uint16), and PoseNets as .tflite files (float, "
                           "or uint8 as Coral's). Strides, dilations, padding and outputs are read from the graph; "
                           "constants are folded into its layers.")
           ->group(app::kCommandGroup);
  constexpr const char* kFailure =
      "the source is damaged, incomplete or not supported, or the model could not be written";
  app.footer(base::StrCat(R"(Examples:
  posenet model import posenet/model-stride16.json --repair-dilation \
      --output mobilenet100.safetensors

)",
                          app::ExitStatusHelp("success", kFailure)));
  app.add_option("SOURCE", options->source,
                 "A TensorFlow.js model.json, with its weight files beside it, or a .tflite file.")
      ->required()
      ->option_text(" ");
  app::AddOutputFile(app, "--output", options->output, ".safetensors",
                     "Model file to write; its name must end in .safetensors. Required.")
      ->required();
  app.add_option("--name", options->name, "Name of the model. [that of the output file]")->option_text("NAME");
  app.add_flag_callback(
      "--repair-dilation", [options] { options->dilation = Dilation::kRepaired; },
      "Dilate rows and columns equally in layers that, by a fault of the graph's converter, are dilated in one "
      "direction only. More accurate, but no longer equal to TensorFlow.js.");
  app.callback([options, &action] { action = [options] { return Import(*options); }; });
}

void AddModelVerify(CLI::App& parent, app::Action& action) {
  const auto model = std::make_shared<std::string>();
  CLI::App& app = *parent
                       .add_subcommand("verify",
                                       "Check every byte of a model file: its container, its network, the shapes of "
                                       "its weights, that they are finite, and their SHA-256.")
                       ->group(app::kCommandGroup);
  app.footer(app::ExitStatusHelp("the file is intact", "the file is damaged"));
  app.add_option("MODEL", *model, kModelHelp)->required()->option_text(" ");
  app.callback([model, &action] { action = [model] { return Verify(*model); }; });
}

}  // namespace posenet::cli
