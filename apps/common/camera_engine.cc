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
namespace {}  // namespace

void AddLocalizerOptions(CLI::App& app, LocalizerOptions& options) {
  const char* const group = "Network";
  AddPath(app, "--model", options.model, "FILE",
          "The model that was trained on the scene, or a name of 'posenet model list'. Required.")
      ->required()
      ->group(group);
  AddInt(app, "--dense", options.localizer.crops, 1, kMaxCrops,
         "Look at about so many crops spread over each photo and take the mean of their answers, for models that were "
         "trained on random crops; the paper takes 128. 1 looks at the centre. [1]")
      ->group(group);
  AddInt(app, "--uncertainty", options.localizer.uncertainty_passes, 2, kMaxUncertaintyPasses,
         "Run the network so many times with random dropout and answer the mean, and how far the answers lie apart; "
         "40 are enough.")
      ->group(group);
  const auto seed = [&options](const CLI::results_t& texts) {
    const std::optional<int> value = ParseInt(texts.front());
    if (!value || *value < 0) {
      throw CLI::ValidationError("--seed", "expected a whole number, got '" + base::Printable(texts.front()) + "'");
    }
    options.localizer.seed = static_cast<std::uint64_t>(*value);
    return true;
  };
  app.add_option("--seed", seed, "Of that dropout: the same seed has the same answer. [1]")
      ->option_text("N")
      ->group(group);
  AddInstructionSet(app, "--isa", options.localizer.instruction_set,
                    "The instruction set to use, for tests and comparisons: one that this CPU has. [the best]")
      ->group(group);
  AddInt(app, "--threads", options.localizer.thread_count, 0, kMaxThreads,
         "Threads that share the work on a photo; 0 takes one for each core. [0]")
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
    // A file that is whole but cannot do what was asked for means that something else should have been asked for.
    const bool is_damaged = localizer.error().code == ErrorCode::kCorruptData;
    throw CommandError(is_damaged ? ExitCode::kFailure : ExitCode::kUsage,
                       base::Printable(model.file.native()) + ": " + localizer.error().message);
  }
  return *std::move(localizer);
}

LengthUnit UnitsOf(const CameraLocalizer& localizer) { return localizer.scene().length_unit; }

std::string UnitsName(LengthUnit units) { return units == LengthUnit::kMeters ? "metres" : "arbitrary"; }

}  // namespace posenet::app
