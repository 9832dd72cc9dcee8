// SPDX-License-Identifier: Apache-2.0
#include "common/camera_engine.h"

#include <CLI/CLI.hpp>
#include <utility>

#include "base/strings.h"
#include "camera/camera_model.h"
#include "common/command_error.h"
#include "common/model_search.h"
#include "common/option_checks.h"
#include "posenet/runtime.h"

namespace posenet::app {

void AddLocalizerOptions(CLI::App& app, LocalizerOptions& options) {
  const char* const group = "Model";
  AddPath(app, "--model", options.model, "FILE",
          "Model that was trained on the scene: a file, or a name that 'posenet model list' shows. Required.")
      ->required()
      ->group(group);
  AddInt(app, "--dense", options.localizer.crops, 1, kMaxCrops,
         "Number of crops spread over each photo, whose poses are averaged, for models that were trained on random "
         "crops; the PoseNet paper uses 128. 1 is the central crop. [1]")
      ->group(group);
  CLI::Option* uncertainty =
      AddInt(app, "--uncertainty", options.localizer.uncertainty_passes, 2, kMaxUncertaintyPasses,
             "Number of passes with random dropout. The pose is their mean; their standard deviation is its "
             "uncertainty. 40 are enough. [none]")
          ->group(group);
  const auto seed = [&options](const CLI::results_t& texts) {
    const std::optional<int> value = ParseInt(texts.front());
    if (!value || *value < 0) {
      throw CLI::ValidationError("--seed", "expected a whole number, got '" + base::Printable(texts.front()) + "'");
    }
    options.localizer.seed = static_cast<std::uint64_t>(*value);
    return true;
  };
  app.add_option("--seed", seed, "Seed of the dropout of --uncertainty; the same seed gives the same result. [1]")
      ->option_text("N")
      ->needs(uncertainty)
      ->group(group);
  AddInstructionSet(app, "--isa", options.localizer.instruction_set,
                    "Instruction set to use, for tests and comparisons; must be one that this CPU has. [the best]")
      ->group(group);
  AddInt(app, "--threads", options.localizer.thread_count, 0, kMaxThreads,
         "Threads per photo; 0 means one per core. [0]")
      ->group(group);
}

CameraModel LoadCameraModel(const LocalizerOptions& options) {
  std::filesystem::path file = ResolveModel(options.model);
  Model model = FileValueOrThrow(Model::Load(file));
  return {.file = std::move(file), .model = std::move(model)};
}

camera::CameraSpec CameraSpecOrThrow(const model::LoadedModel& model, const std::filesystem::path& file) {
  Result<camera::CameraSpec> spec = camera::CameraSpecOf(model);
  if (spec.has_value()) return *std::move(spec);
  throw CommandError(ExitCode::kFailure, base::Printable(file.native()) + ": " + spec.error().message);
}

CameraLocalizer CreateLocalizer(const CameraModel& model, const CameraLocalizerOptions& options) {
  Result<CameraLocalizer> localizer = CameraLocalizer::Create(model.model, options);
  if (!localizer.has_value()) {
    // An intact file that does not support the options is an error in the command line.
    const bool is_damaged = localizer.error().code == ErrorCode::kCorruptData;
    throw CommandError(is_damaged ? ExitCode::kFailure : ExitCode::kUsage,
                       base::Printable(model.file.native()) + ": " + localizer.error().message);
  }
  return *std::move(localizer);
}

LengthUnit UnitsOf(const CameraLocalizer& localizer) { return localizer.scene().length_unit; }

}  // namespace posenet::app
