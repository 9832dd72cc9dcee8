// SPDX-License-Identifier: Apache-2.0
// posenet human estimate
#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/estimate_all.h"
#include "common/command_error.h"
#include "common/human_options.h"
#include "common/inputs.h"
#include "common/pose_outputs.h"
#include "common/standard_streams.h"
#include "common/text_output.h"

namespace posenet::cli {
namespace {

constexpr const char* kEstimateDescription =
    "Finds the people in images and answers 17 keypoints for each of them. Every image is one JSON object on one "
    "line of standard output, in TensorFlow.js PoseNet's shape; positions are pixels of the upright image, x right, "
    "y down.";

constexpr const char* kInputHelp =
    "Image files (JPEG, PNG, WebP, BMP, TIFF), folders (searched recursively, in sorted order, by file name "
    "extension), or - for one image on standard input.";

constexpr const char* kJsonHelp = "Write the JSON lines to this file instead of standard output.";

constexpr const char* kEstimateFooter = R"(Answer:
  {"image": "a.jpg", "width": 640, "height": 427, "poses": [{"score": 0.71,
   "keypoints": [{"part": "nose", "score": 0.99,
                  "position": {"x": 253.1, "y": 76.2}}, ... 17]}]}
  An image that fails is {"image": "a.jpg", "error": "what is wrong"}, and a
  line on standard error.

CSV columns: image,width,height,pose,pose_score,part,x,y,score,error

COCO results name an image by the digits that end its file name, as COCO does
(000000000139.jpg is 139). When some name has none, or two are the same,
images are numbered 1, 2, 3 in the order of the answers.

Files are complete or not there: they appear under their names at the end.

Examples:
  posenet human estimate photo.jpg
  posenet human estimate --size 257 --draw overlay.png photo.jpg
  posenet human estimate --min-pose-score 0.3 --csv poses.csv photos/
  curl -s https://example.com/a.jpg | posenet human estimate --single -

Exit status: 0 all images were answered; 1 some failed, or a file could not
be read or written; 2 the command line is wrong, nothing was done; 130
interrupted.)";

struct EstimateOptions {
  app::HumanOptions human;
  std::vector<std::string> inputs;
};

app::ExitCode Estimate(const EstimateOptions& options) {
  const std::vector<app::Input> inputs = app::ExpandInputs(options.inputs);
  for (const app::Input& input : inputs) {
    if (input.name == app::kStandardInput && app::StandardInputIsTerminal()) {
      throw app::UsageError("-: expected an image on standard input, which is a terminal");
    }
  }
  const app::Engine engine = app::CreateEngine(options.human);
  const std::string& json = options.human.json;
  app::PoseOutputs outputs(options.human, inputs, app::CocoImageIds(inputs),
                           json.empty() ? app::TextOutput::StandardOutput() : app::TextOutput::File(json));
  const RunSummary summary =
      EstimateAll(engine.estimator, inputs, app::ReadAhead::kOne, options.human.min_pose_score, outputs);
  outputs.Commit();
  return summary.failure_count == 0 ? app::ExitCode::kSuccess : app::ExitCode::kFailure;
}

}  // namespace

void AddHumanEstimate(CLI::App& parent, app::Action& action) {
  const auto options = std::make_shared<EstimateOptions>();
  CLI::App& app = *parent.add_subcommand("estimate", kEstimateDescription)->group(app::kCommandGroup);
  app.footer(kEstimateFooter);
  app.add_option("INPUT", options->inputs, kInputHelp)->required()->option_text("...");
  app::AddEstimatorOptions(app, options->human);
  app::AddOutputOptions(app, kJsonHelp, options->human);
  app.callback([options, &action] { action = [options] { return Estimate(*options); }; });
}

}  // namespace posenet::cli
