// SPDX-License-Identifier: Apache-2.0
#include "common/refine_options.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <utility>

#include "base/strings.h"
#include "common/command_error.h"
#include "common/model_search.h"
#include "model/model_file.h"
#include "model/model_spec.h"

namespace posenet::app {
namespace {

constexpr const char* kMultiPose = "multipose";
constexpr const char* kRefine = "--refine";

/// "lightning" is short for the model movenet-lightning; other texts are names and files of models.
std::string ModelNameOf(const std::string& text) {
  if (text == "lightning" || text == "thunder" || text == kMultiPose) return "movenet-" + text;
  return text;
}

/// A model, and where it comes from for messages.
struct SecondModel {
  Model model;
  std::filesystem::path file;
};

SecondModel LoadSecondModel(const std::string& text, Precision precision, const std::string& instruction_set) {
  const model::ModelVariant variant = ChooseVariant(LoadVariantOrThrow(ModelNameOf(text)), precision, instruction_set);
  return {.model = FileValueOrThrow(model::MakeModel(variant.model)), .file = variant.file};
}

/// The value of `result`. Throws CommandError (kUsage): the model does not support the options.
template <typename T>
std::shared_ptr<const T> ShareOrThrow(Result<T> result, const SecondModel& second) {
  if (result.has_value()) return std::make_shared<const T>(*std::move(result));
  throw UsageError(base::Printable(second.file.native()) + ": " + result.error().message);
}

CLI::Option* AddModelName(CLI::App& app, const std::string& name, std::string& target, const std::string& label,
                          const std::string& description) {
  const auto assign = [&target, name, is_for_one = name == kRefine](const CLI::results_t& texts) {
    if (texts.front().empty()) throw CLI::ValidationError(name, "expected a name or a file, got nothing");
    if (is_for_one && texts.front() == kMultiPose) {
      throw CLI::ValidationError(name,
                                 "expected lightning, thunder or a file of one, which estimate one person; got "
                                 "'multipose', which is for --proposals");
    }
    target = texts.front();
    return true;
  };
  return app.add_option(name, assign, description)->option_text(label);
}

}  // namespace

void AddRefineOptions(CLI::App& app, RefineOptions& options) {
  const char* const group = "Refinement";
  AddModelName(app, kRefine, options.refine, "lightning|thunder|FILE",
               "Refine each pose with MoveNet on a crop around the person, and remove duplicates: far more accurate, "
               "for a little time per person. lightning is fast, thunder more accurate. --model then only has to find "
               "people: --max-poses defaults to 20 and --score-threshold to 0.2, or 0.02 with hough. [none]")
      ->group(group);
  AddModelName(app, "--proposals", options.proposals, "multipose|FILE",
               "Second model to find people with, before --refine: those that either model finds are refined. [none]")
      ->group(group);
}

std::shared_ptr<const PersonRefiner> CreateRefiner(const RefineOptions& options, Precision precision,
                                                   const PoseEstimatorOptions& estimator) {
  if (options.refine.empty()) {
    if (!options.proposals.empty()) throw UsageError("--proposals has no effect without --refine");
    return nullptr;
  }
  const SecondModel second = LoadSecondModel(options.refine, precision, estimator.instruction_set);
  PersonRefinerOptions refiner;
  refiner.precision = precision;
  refiner.instruction_set = estimator.instruction_set;
  refiner.thread_count = estimator.thread_count;
  return ShareOrThrow(PersonRefiner::Create(second.model, refiner), second);
}

std::shared_ptr<const PoseEstimator> CreateProposer(const RefineOptions& options, Precision precision,
                                                    const PoseEstimatorOptions& estimator) {
  if (options.proposals.empty()) return nullptr;
  const SecondModel second = LoadSecondModel(options.proposals, precision, estimator.instruction_set);
  PoseEstimatorOptions proposer;
  proposer.precision = precision;
  proposer.instruction_set = estimator.instruction_set;
  proposer.thread_count = estimator.thread_count;
  constexpr float kMinProposalScore = 0.1F;
  proposer.multi = {.max_poses = kRefinedMaxPoses, .score_threshold = kMinProposalScore};
  return ShareOrThrow(PoseEstimator::Create(second.model, proposer), second);
}

}  // namespace posenet::app
