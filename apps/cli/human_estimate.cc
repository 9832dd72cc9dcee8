// SPDX-License-Identifier: Apache-2.0
// posenet human estimate
#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "cli/coco_files.h"
#include "cli/commands.h"
#include "cli/estimate_all.h"
#include "common/help_formatter.h"
#include "common/human_options.h"
#include "common/image_run.h"
#include "common/inputs.h"
#include "common/option_checks.h"
#include "common/pose_outputs.h"
#include "common/text_output.h"

namespace posenet::cli {
namespace {

constexpr const char* kEstimateDescription =
    "Estimate the poses of all people in images. Writes one JSON object per image, on one line of standard output, in "
    "the shape of TensorFlow.js PoseNet's results: poses of 17 keypoints, in pixels of the upright image, x to the "
    "right and y down.";

constexpr const char* kInputHelp =
    "Image files (JPEG, PNG, WebP, BMP, TIFF); folders, which are searched recursively for such files; or - for one "
    "image on standard input.";

constexpr const char* kJsonHelp = "Write the JSON lines to this file instead of standard output.";

const std::string kEstimateFooter =
    base::StrCat(R"(Output format:
  {"image": "a.jpg", "width": 640, "height": 427, "poses": [{"score": 0.71,
   "keypoints": [{"part": "nose", "score": 0.99,
                  "position": {"x": 253.1, "y": 76.2}}, ... 17]}]}
  For an image that fails: {"image": "a.jpg", "error": "what is wrong"}, and a
  line on standard error.

CSV columns: image,width,height,pose,pose_score,part,x,y,score,error

OpenPose files are named after the images, with -2, -3 ... if names collide, in
the same subfolders. An image that fails has none. The neck scores as the weaker
shoulder, the mid hip as the weaker hip; "person_id" is [-1].

COCO results identify an image by the digits that end its file name, as COCO
does (000000000139.jpg is 139). If a name has none, or two are the same, images
are numbered 1, 2, 3 in the order of the output. --coco-annotations takes the
IDs from an annotation file instead.

Output files appear when the command ends. If it is interrupted, they contain
the results of the images that were finished.

Examples:
  posenet human estimate photo.jpg
  posenet human estimate --size 257 --draw overlay.png photo.jpg
  posenet human estimate --min-pose-score 0.3 --csv poses.csv photos/
  posenet human estimate --openpose poses/ --json poses.jsonl photos/
  curl -s https://example.com/a.jpg | posenet human estimate --single -

)",
                 app::ExitStatusHelp("success", "some images failed, or a file could not be read or written"));

struct EstimateOptions {
  app::HumanOptions human;
  std::string coco_annotations;
  std::vector<std::string> inputs;
};

app::ExitCode Estimate(const EstimateOptions& options) {
  const std::vector<app::Input> inputs = app::ExpandInputs(options.inputs);
  const app::Engine engine = app::CreateEngine(options.human);
  const std::string& json = options.human.json;
  app::CocoIds coco_ids = options.coco_annotations.empty() ? app::CocoIds{.image_ids = app::CocoImageIds(inputs)}
                                                           : CocoIdsIn(options.coco_annotations, inputs);
  app::PoseOutputs outputs(options.human, inputs, std::move(coco_ids),
                           json.empty() ? app::TextOutput::StandardOutput() : app::TextOutput::File(json));
  app::ImageRun run(inputs);
  EstimateAll(engine.estimator, inputs, app::ReadAhead::kOne, options.human.min_pose_score, run, outputs);
  outputs.Commit();
  run.ThrowIfStopped();
  return run.failure_count() == 0 ? app::ExitCode::kSuccess : app::ExitCode::kFailure;
}

}  // namespace

void AddHumanEstimate(CLI::App& parent, app::Action& action) {
  const auto options = std::make_shared<EstimateOptions>();
  CLI::App& app = *parent.add_subcommand("estimate", kEstimateDescription)->group(app::kCommandGroup);
  app.footer(kEstimateFooter);
  app.add_option("INPUT", options->inputs, kInputHelp)->required()->option_text("...");
  app::AddEstimatorOptions(app, options->human);
  app::AddOutputOptions(app, kJsonHelp, options->human);
  app::AddPath(
      app, "--coco-annotations", options->coco_annotations, "FILE",
      "Take the image IDs and the category ID of --coco-results from this COCO annotation file, by file names. "
      "[the numbers that end the file names; 1]")
      ->group("Output");
  app.callback([options, &app, &action] {
    app::CheckOptionsNeed(app, {"--coco-annotations"}, {"--coco-results"});
    app::CheckSingleOptions(app);
    action = [options] { return Estimate(*options); };
  });
}

}  // namespace posenet::cli
