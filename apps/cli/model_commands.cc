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
        base::StrCat("No models are installed. Get them with scripts/fetch-models, or make one with 'posenet "
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
  const fs::path file = app::ResolveModel(options.model);
  const model::LoadedModel model = app::FileValueOrThrow(model::LoadModelFile(file));
  app::WriteStandardOutput(options.as_json ? FormatModelJson(model, file, options.layers, options.json_layout)
                                           : FormatModel(model, file, options.layers));
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

// Mends a graph with a dilation in one direction only if that is wanted, and says what it means if not.
void TreatDilation(Dilation dilation, model::ModelSpec& spec) {
  const std::vector<std::string> lopsided = model::LopsidedLayers(spec.network);
  if (lopsided.empty()) return;
  if (dilation == Dilation::kRepaired) {
    spec.network = app::FileValueOrThrow(model::WithRepairedDilation(spec.network));
    spec.source += ", dilation repaired";
    return;
  }
  app::WriteStandardError(
      base::StrCat("note: ", base::Printable(lopsided.front()),
                   " is dilated in one direction only. The model answers as TensorFlow.js does; with "
                   "--repair-dilation it is more accurate.\n"));
}

app::ExitCode Import(const ImportOptions& options) {
  std::error_code error;
  if (!fs::exists(options.source, error)) {
    throw app::UsageError(base::StrCat(base::Printable(options.source), ": there is no such file"));
  }
  if (fs::equivalent(options.source, options.output, error)) {
    throw app::UsageError("--output: expected another file than the source, which would be overwritten");
  }
  // Opened and dropped, so that what cannot be written is known before the work.
  app::ValueOrThrow(base::AtomicFile::Create(options.output));
  model::LoadedModel model = app::ValueOrThrow(importer::ImportModel(options.source));
  TreatDilation(options.dilation, model.spec);
  model.spec.name = options.name.empty() ? fs::path(options.output).stem().native() : options.name;
  app::ValueOrThrow(model::WriteModelFile(options.output, model));
  const model::VerifyReport report = app::ValueOrThrow(model::VerifyModelFile(options.output));
  app::WriteStandardOutput(base::StrCat(base::Printable(options.output), ": ", base::Printable(model.spec.name), ", ",
                                        base::Printable(model.spec.architecture), ", output stride ",
                                        model.spec.output_stride, ", ", report.parameter_count, " parameters, sha256 ",
                                        report.sha256, "\n"));
  return app::ExitCode::kSuccess;
}

constexpr const char* kModelHelp = "A model file, or a name of 'posenet model list'.";

}  // namespace

void AddModelList(CLI::App& parent, app::Action& action) {
  CLI::App& app =
      *parent
           .add_subcommand(
               "list",
               "Lists the models that can be called by name. Of two files with one name the first one found is shown.")
           ->group(app::kCommandGroup);
  app.footer("Exit status: 0 success; 1 some file is no model.");
  app.callback([&action] { action = List; });
}

void AddModelInfo(CLI::App& parent, app::Action& action) {
  const auto options = std::make_shared<InfoOptions>();
  CLI::App& app = *parent
                       .add_subcommand("info",
                                       "Describes a model file. Says what network it holds, how images enter it, "
                                       "where its weights come from.")
                       ->group(app::kCommandGroup);
  app.footer(
      "Examples:\n  posenet model info mobilenet100\n  posenet model info --layers --json my.safetensors\n\n"
      "Exit status: 0 success; 1 the file is damaged; 2 there is no such model.");
  app.add_option("MODEL", options->model, kModelHelp)->required()->option_text(" ");
  app.add_flag_callback(
      "--layers", [options] { options->layers = Layers::kShow; }, "List every layer, too.");
  app.add_flag("--json", options->as_json, "Print one JSON object instead of a table.");
  app.add_flag_callback(
      "--pretty", [options] { options->json_layout = app::JsonLayout::kPretty; }, "Indent the JSON.");
  app.callback([options, &action] { action = [options] { return Info(*options); }; });
}

void AddModelImport(CLI::App& parent, app::Action& action) {
  const auto options = std::make_shared<ImportOptions>();
  CLI::App& app = *parent
                       .add_subcommand("import",
                                       "Makes a model file of another program's. Reads TensorFlow.js graph models "
                                       "(float32, or quantized to float16, "
                                       "uint8 or uint16) and TFLite PoseNets, float or uint8 as Coral has them. "
                                       "Strides, dilations, padding and "
                                       "outputs are read from the graph; "
                                       "constants are folded into its layers.")
                       ->group(app::kCommandGroup);
  app.footer(
      "Examples:\n  posenet model import posenet/model-stride16.json \\\n      --output mobilenet100.safetensors\n\n"
      "Exit status: 0 success; 1 the source is damaged, incomplete or of a kind that is\nnot imported; 2 there is no "
      "such source, or the command line is wrong.");
  app.add_option("SOURCE", options->source,
                 "A TensorFlow.js model.json, with its weight files beside it, or a .tflite.")
      ->required()
      ->option_text(" ");
  app::AddPath(app, "--output", options->output, "FILE", "The model file to write, named *.safetensors. Required.")
      ->required();
  app.add_option("--name", options->name, "What the model calls itself. [the output's name]")->option_text("NAME");
  app.add_flag_callback(
      "--repair-dilation", [options] { options->dilation = Dilation::kRepaired; },
      "Dilate rows and columns alike where the graph, by a fault of its converter, dilates only one. More accurate, "
      "and "
      "no longer what TensorFlow.js answers.");
  app.callback([options, &action] { action = [options] { return Import(*options); }; });
}

void AddModelVerify(CLI::App& parent, app::Action& action) {
  const auto model = std::make_shared<std::string>();
  CLI::App& app = *parent
                       .add_subcommand("verify",
                                       "Reads every byte of a model file and checks it. Container, network, shapes, "
                                       "finite weights and the SHA-256 of "
                                       "the weights must fit together.")
                       ->group(app::kCommandGroup);
  app.footer("Exit status: 0 the file is whole; 1 it is not; 2 there is no such model.");
  app.add_option("MODEL", *model, kModelHelp)->required()->option_text(" ");
  app.callback([model, &action] { action = [model] { return Verify(*model); }; });
}

}  // namespace posenet::cli
