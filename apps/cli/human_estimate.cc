// SPDX-License-Identifier: Apache-2.0
// posenet human estimate
#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "command_error.h"
#include "commands.h"
#include "estimate_all.h"
#include "human_options.h"
#include "inputs.h"
#include "pose_outputs.h"
#include "standard_streams.h"
#include "text_output.h"

namespace posenet::cli {
namespace {

constexpr const char* kEstimateDescription =
    "Finds the people in pictures and answers 17 keypoints for each of them. Every picture is one JSON object on one "
    "line of standard output, in TensorFlow.js PoseNet's shape; positions are pixels of the upright picture, x right, "
    "y down.";

constexpr const char* kInputHelp =
    "Picture files (JPEG, PNG, WebP, BMP, TIFF), folders (searched recursively, in sorted order, by file name "
    "extension), or - for one picture on standard input.";

constexpr const char* kJsonHelp = "Write the JSON lines to this file instead of standard output.";

constexpr const char* kEstimateFooter = R"(Answer:
  {"image": "a.jpg", "width": 640, "height": 427, "poses": [{"score": 0.71,
   "keypoints": [{"part": "nose", "score": 0.99,
                  "position": {"x": 253.1, "y": 76.2}}, ... 17]}]}
  A picture that fails is {"image": "a.jpg", "error": "what is wrong"}, and a
  line on standard error.

CSV columns: image,width,height,pose,pose_score,part,x,y,score,error

COCO results name a picture by the digits that end its file name, as COCO does
(000000000139.jpg is 139). When some name has none, or two are the same,
pictures are numbered 1, 2, 3 in the order of the answers.

Files are complete or not there: they appear under their names at the end.

Examples:
  posenet human estimate photo.jpg
  posenet human estimate --size 257 --draw overlay.png photo.jpg
  posenet human estimate --min-pose-score 0.3 --csv poses.csv photos/
  curl -s https://example.com/a.jpg | posenet human estimate --single -

Exit status: 0 all pictures were answered; 1 some failed, or a file could not
be read or written; 2 the command line is wrong, nothing was done; 130
interrupted.)";

struct EstimateOptions {
  HumanOptions human;
  std::vector<std::string> inputs;
};

ExitCode Estimate(const EstimateOptions& options) {
  const std::vector<Input> inputs = ExpandInputs(options.inputs);
  for (const Input& input : inputs) {
    if (input.name == kStandardInput && StandardInputIsTerminal()) {
      throw UsageError("-: expected a picture on standard input, which is a terminal");
    }
  }
  const Engine engine = CreateEngine(options.human);
  const std::string& json = options.human.json;
  PoseOutputs outputs(options.human, inputs, CocoImageIds(inputs),
                      json.empty() ? TextOutput::StandardOutput() : TextOutput::File(json));
  const RunSummary summary =
      EstimateAll(engine.estimator, inputs, ReadAhead::kOne, options.human.min_pose_score, outputs);
  outputs.Commit();
  return summary.failure_count == 0 ? ExitCode::kSuccess : ExitCode::kFailure;
}

}  // namespace

void AddHumanEstimate(CLI::App& parent, Action& action) {
  const auto options = std::make_shared<EstimateOptions>();
  CLI::App& app = *parent.add_subcommand("estimate", kEstimateDescription)->group(kCommandGroup);
  app.footer(kEstimateFooter);
  app.add_option("INPUT", options->inputs, kInputHelp)->required()->option_text("...");
  AddEstimatorOptions(app, options->human);
  AddOutputOptions(app, kJsonHelp, options->human);
  app.callback([options, &action] { action = [options] { return Estimate(*options); }; });
}

}  // namespace posenet::cli
