// SPDX-License-Identifier: Apache-2.0
// posenet human eval
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "cli/coco_files.h"
#include "cli/commands.h"
#include "cli/estimate_all.h"
#include "cli/eval_report.h"
#include "common/command_error.h"
#include "common/help_formatter.h"
#include "common/human_options.h"
#include "common/image_run.h"
#include "common/inputs.h"
#include "common/option_checks.h"
#include "common/pose_outputs.h"
#include "common/standard_streams.h"
#include "common/text_output.h"
#include "human/coco.h"

namespace posenet::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEvalDescription =
    "Measure the accuracy of human poses on annotated images. Runs the network on every image that the annotation "
    "file lists, or reads the detections of any program, and prints COCO's keypoint AP and AR (by object keypoint "
    "similarity, OKS), the settings that they depend on, and the time per image.";

constexpr const char* kEvalJsonHelp = "Also write the figures, settings and times to this file, as one JSON object.";

const std::string kEvalFooter =
    base::StrCat(R"(The figures follow COCO's definition: OKS thresholds 0.50 to 0.95, 101 recall
points, at most 20 detections per image, crowds and people without annotated
keypoints as ignore regions, medium area 32^2 to 96^2 pixels, large above; -1 if
no annotated person is of that size. All listed images count; one that cannot be
read counts as an image without detections, unless none can.

Detections must be on the annotated images and of the category of their persons,
by image_id and category_id; --coco-results writes those of the annotations. A
person in OpenPose's files scores as the mean of the 17 keypoints.

COCO rewards every detected person, so a lower --score-threshold raises the
figures a little. --flip-horizontal moves keypoints away from the annotations.

Examples:
  posenet human eval --annotations person_keypoints_val2017.json \
      --images val2017
  posenet human eval --annotations a.json --images val2017 --size 257 \
      --coco-results detections.json --json figures.json
  posenet human eval --annotations a.json --detections detections.json
  posenet human eval --annotations a.json --detections openpose-output/

)",
                 app::ExitStatusHelp("success", "some images failed, or a file could not be read or written"));

struct EvalOptions {
  app::HumanOptions human;
  std::string annotations;
  std::string images;
  std::string detections;
};

// The listed images in `folder`. Their names come from an untrusted file, so drawings use only the last part.
std::vector<app::Input> InputsOf(const human::coco::Annotations& annotations, const fs::path& folder) {
  std::vector<app::Input> inputs;
  for (const human::coco::ImageEntry& image : annotations.images) {
    inputs.push_back({.name = (folder / image.file_name).native(),
                      .relative = fs::path(image.file_name).filename(),
                      .error = std::nullopt});
  }
  return inputs;
}

std::vector<std::int64_t> ImageIds(const human::coco::Annotations& annotations) {
  std::vector<std::int64_t> ids;
  for (const human::coco::ImageEntry& image : annotations.images) ids.push_back(image.id);
  return ids;
}

std::size_t CountPersons(const human::coco::Annotations& annotations) {
  return static_cast<std::size_t>(
      std::count_if(annotations.persons.begin(), annotations.persons.end(),
                    [](const human::coco::Person& person) { return !person.is_crowd && person.keypoint_count > 0; }));
}

// Detections, how they were made, and how many images failed.
struct Detected {
  std::vector<human::coco::Detection> detections;
  Protocol protocol;
  std::size_t failure_count = 0;
};

Detected Detect(const EvalOptions& options, const human::coco::Annotations& annotations) {
  const app::Engine engine = app::CreateEngine(options.human);
  const std::vector<app::Input> inputs = InputsOf(annotations, options.images);
  const std::vector<std::int64_t> ids = ImageIds(annotations);
  app::PoseOutputs outputs(options.human, inputs, {.image_ids = ids, .category_id = annotations.category_id},
                           std::nullopt);
  Detected detected;
  const auto collect = [&](std::size_t index, std::span<const Pose> poses) {
    for (const Pose& pose : poses) {
      detected.detections.push_back(human::coco::ToDetection(ids[index], annotations.category_id, pose));
    }
  };
  app::ImageRun run(inputs);
  // Reading ahead would share the cores with the network and distort its times.
  const std::vector<double> estimate_ms =
      EstimateAll(engine.estimator, inputs, app::ReadAhead::kNone, options.human.min_pose_score, run, outputs, collect);
  outputs.Commit();
  run.ThrowIfStopped();
  detected.failure_count = run.failure_count();
  // An AP of 0 would look like a result.
  if (estimate_ms.empty() && !inputs.empty()) {
    throw app::CommandError(
        app::ExitCode::kFailure,
        base::StrCat("--images: no image that ", base::Printable(options.annotations), " lists could be read from ",
                     base::Printable(options.images), "; nothing was evaluated"));
  }
  detected.protocol.estimator = {.model = engine.model,
                                 .options = engine.estimator.options(),
                                 .min_pose_score = options.human.min_pose_score,
                                 .refine = options.human.refine.refine,
                                 .proposals = options.human.refine.proposals};
  detected.protocol.timing = SummarizeTimes(estimate_ms);
  return detected;
}

Detected Read(const EvalOptions& options, const human::coco::Annotations& annotations) {
  Detected detected;
  detected.detections = ReadDetections(options.detections, annotations);
  detected.protocol.detections_file = options.detections;
  return detected;
}

void CheckImages(const EvalOptions& options) {
  std::error_code error;
  if (options.detections.empty() && !fs::is_directory(options.images, error)) {
    throw app::UsageError("--images: expected a folder, got '" + base::Printable(options.images) + "'");
  }
}

app::ExitCode Eval(const EvalOptions& options) {
  CheckImages(options);
  std::optional<app::TextOutput> json;
  if (!options.human.json.empty()) json = app::TextOutput::File(options.human.json);
  const human::coco::Annotations annotations = ReadAnnotations(options.annotations);

  Detected detected = options.detections.empty() ? Detect(options, annotations) : Read(options, annotations);
  detected.protocol.image_count = annotations.images.size();
  detected.protocol.person_count = CountPersons(annotations);
  const human::coco::Summary summary =
      human::coco::Evaluate(ImageIds(annotations), annotations.persons, detected.detections);
  app::WriteStandardOutput(FormatEvalTable(summary, detected.protocol));
  if (json) {
    json->Write(FormatEvalJson(summary, detected.protocol, options.human.json_layout));
    json->Commit();
  }
  return detected.failure_count == 0 ? app::ExitCode::kSuccess : app::ExitCode::kFailure;
}

}  // namespace

void AddHumanEval(CLI::App& parent, app::Action& action) {
  const auto options = std::make_shared<EvalOptions>();
  CLI::App& app = *parent.add_subcommand("eval", kEvalDescription)->group(app::kCommandGroup);
  app.footer(kEvalFooter);
  const char* const group = "Data";
  app::AddPath(app, "--annotations", options->annotations, "FILE", "COCO keypoint annotations. Required.")
      ->required()
      ->group(group);
  app::AddPath(app, "--images", options->images, "FOLDER",
               "Folder of the annotated images, which are found by their file_name. Required without --detections.")
      ->group(group);
  app::AddPath(
      app, "--detections", options->detections, "FILE|FOLDER",
      "Detections of any program to evaluate instead of running a network: a COCO results file, or a folder of "
      "OpenPose's files, NAME_keypoints.json for the image NAME.jpg.")
      ->group(group);
  std::vector<std::string> network_options = app::AddEstimatorOptions(app, options->human);
  app::AddOutputOptions(app, kEvalJsonHelp, options->human);
  network_options.insert(network_options.end(), {"--images", "--csv", "--coco-results", "--openpose", "--draw"});
  app.callback([options, network_options, &app, &action] {
    if (options->images.empty() && options->detections.empty()) {
      throw app::UsageError("expected --images, to run the network, or --detections, to evaluate a results file");
    }
    app::CheckOptionsExclude(app, network_options, "--detections");
    app::CheckOptionsNeed(app, {"--min-keypoint-score"}, {"--csv", "--openpose", "--draw"});
    app::CheckOptionsNeed(app, {"--pretty"}, {"--json"});
    app::CheckSingleOptions(app);
    action = [options] { return Eval(*options); };
  });
}

}  // namespace posenet::cli
