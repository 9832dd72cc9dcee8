// SPDX-License-Identifier: Apache-2.0
#include "common/human_options.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <utility>

#include "base/strings.h"
#include "common/command_error.h"
#include "common/model_search.h"
#include "common/option_checks.h"
#include "common/standard_streams.h"
#include "nn/plan.h"
#include "posenet/decode.h"
#include "posenet/runtime.h"

namespace posenet::app {
namespace {

void AddModelGroup(CLI::App& app, HumanOptions& options) {
  const auto name_or_file = [&options](const CLI::results_t& texts) {
    if (texts.front().empty()) throw CLI::ValidationError("--model", "expected a name or a file, got nothing");
    options.model = texts.front();
    return true;
  };
  app.add_option(
         "--model", name_or_file,
         "The network: a name of 'posenet model list', or a model file. mobilenet100 answers exactly as TensorFlow.js "
         "does, including a fault of the graph that it was released with; mobilenet100-repaired, the same weights "
         "without it, finds people much better. mobilenet075 takes about half of their time. [mobilenet100]")
      ->option_text("NAME|FILE")
      ->group("Network");
  AddSize(
      app, "--size", options.estimator,
      "Pixels of the network's input; the image is fitted to its shape and resized to it. 257 is fast and finds "
      "people taller than roughly a third of the image; 513 finds most; 801 and more find small people. Time and "
      "memory grow with the area: 257 takes a quarter of 513, 1025 four times as much. WxH suits images that are "
      "not square, such as 641x481. Rounded down to a multiple of the output stride plus 1. [the one that the model "
      "was made for; 513 if it was made for any]")
      ->group("Network");
  AddFit(app, "--fit", options.estimator.fit,
         "How the image fits a network's input of another shape: pad adds black at its sides, stretch scales rows and "
         "columns by themselves, crop takes its centre. [the model's own: pad for TensorFlow.js', stretch for Coral's]")
      ->group("Network");
  AddResampling(
      app, "--resample", options.estimator.resampling,
      "How it is resized: bilinear; nearest, which takes one pixel for each; antialiased, which takes the mean "
      "of all that become one. [the model's own: bilinear for TensorFlow.js', nearest for Coral's]")
      ->group("Network");
  AddOutputStride(app, "--output-stride", options.estimator.output_stride,
                  "Input pixels per cell of the network's output: 8, 16 or 32. Smaller is finer and slower. [the "
                  "model's own, 16]")
      ->group("Network");
  AddPrecision(
      app, "--precision", options.estimator.precision,
      "Numbers in which the network is computed. fp32 answers as TensorFlow.js does. int8 is faster, by a third with "
      "AVX2 and by more on CPUs that multiply bytes, and moves few keypoints by more than two pixels; it needs a model "
      "that 'posenet model quantize' made, and takes NAME-int8 for NAME. bf16 is for CPUs with AVX512-BF16. auto is "
      "the fastest of them here that keeps the accuracy; 'posenet model info' says which. [fp32]")
      ->group("Network");
  AddInstructionSet(app, "--isa", options.estimator.instruction_set,
                    "The instruction set to use, for tests and comparisons: one that this CPU has. [the best]")
      ->group("Network");
  AddInt(app, "--threads", options.estimator.thread_count, 0, kMaxThreads,
         "Threads that share the work on an image; 0 takes one for each core. [0]")
      ->group("Network");
}

void AddDecoderGroup(CLI::App& app, HumanOptions& options) {
  CLI::Option* single =
      app.add_flag_callback(
             "--single", [&options] { options.estimator.decoder = PoseDecoder::kTfjsSingle; },
             "Answer one pose an image, of the strongest keypoints: the fastest, for images of one person. Parts of "
             "different people may be mixed. --max-poses, --score-threshold and --nms-radius then have no effect.")
          ->group("People");
  AddInt(app, "--max-poses", options.estimator.multi.max_poses, 1, kMaxPoses,
         "Most people an image; for Coral's models 10 if not given. [5]")
      ->group("People");
  AddScore(app, "--score-threshold", options.estimator.multi.score_threshold,
           "A person is looked for around keypoints that score at least this, 0 to 1; for Coral's models 0.2 if not "
           "given. [0.5]")
      ->group("People");
  AddPositive(app, "--nms-radius", options.estimator.multi.nms_radius_px,
              "Of two people with the same part within this many pixels of the network's input, the weaker is dropped. "
              "For Coral's models 10 if not given. [20]")
      ->group("People");
  AddScore(app, "--min-pose-score", options.min_pose_score, "Hide people that score less, 0 to 1. [0]")
      ->group("People");
  AddScore(app, "--min-keypoint-score", options.min_keypoint_score,
           "Hide keypoints that score less, 0 to 1; COCO results keep all 17. [0]")
      ->group("People");
  const auto decoder = [&options, single](const CLI::results_t& texts) {
    const std::string& text = texts.front();
    if (text != "tfjs" && text != "coral") {
      throw CLI::ValidationError("--decoder", "expected tfjs or coral, got '" + base::Printable(text) + "'");
    }
    if (text == "coral" && single->count() > 0) {
      throw CLI::ValidationError("--decoder", "coral cannot be combined with --single, which is TensorFlow.js'");
    }
    if (text == "coral") {
      options.estimator.decoder = PoseDecoder::kCoral;
    } else if (single->count() == 0) {
      options.estimator.decoder = PoseDecoder::kTfjsMultiple;
    }
    return true;
  };
  app.add_option("--decoder", decoder,
                 "How maps become people: tfjs as TensorFlow.js PoseNet, coral as Google Coral's decoder. [the model's "
                 "own: tfjs, or coral for Coral's]")
      ->option_text("tfjs|coral")
      ->group("People");
  app.add_flag_callback(
         "--flip-horizontal", [&options] { options.estimator.mirror = Mirror::kHorizontal; },
         "Mirror positions, for images of a mirrored camera. Left and right parts keep their names.")
      ->group("People");
}

}  // namespace

void AddEstimatorOptions(CLI::App& app, HumanOptions& options) {
  AddModelGroup(app, options);
  AddDecoderGroup(app, options);
}

void AddOutputOptions(CLI::App& app, const std::string& json_description, HumanOptions& options) {
  const char* const group = "Output";
  AddPath(app, "--json", options.json, "FILE", json_description)->group(group);
  AddPath(app, "--csv", options.csv, "FILE",
          "Write one row a keypoint, below a row that names the columns. Images without people and images that fail "
          "have a row too.")
      ->group(group);
  AddPath(app, "--coco-results", options.coco_results, "FILE",
          "Write a COCO keypoint results file, always with all 17 keypoints.")
      ->group(group);
  AddPath(app, "--draw", options.draw, "FILE|FOLDER",
          "Draw skeletons, keypoints and scores over the images. For one image a FILE (.png, .jpg or .webp), for "
          "several a FOLDER, which is created and gets a PNG for each. People below --min-pose-score, or 0.15 where "
          "that is not given, and keypoints below --min-keypoint-score, or 0.2, are not drawn.")
      ->group(group);
  app.add_flag_callback(
         "--pretty", [&options] { options.json_layout = JsonLayout::kPretty; },
         "Indent JSON, for reading: objects then span several lines.")
      ->group(group);
}

Engine CreateEngine(const HumanOptions& options) {
  const std::filesystem::path file =
      ModelForPrecision(ResolveModel(options.model), options.estimator.precision, options.estimator.instruction_set);
  const Model model = FileValueOrThrow(Model::Load(file));
  Result<PoseEstimator> estimator = PoseEstimator::Create(model, options.estimator);
  if (!estimator.has_value()) {
    // A file that is whole but cannot do what was asked for means that something else should have been asked for.
    const ErrorCode code = estimator.error().code;
    const ExitCode exit_code =
        code == ErrorCode::kCorruptData || code == ErrorCode::kIo ? ExitCode::kFailure : ExitCode::kUsage;
    throw CommandError(exit_code, base::Printable(file.native()) + ": " + estimator.error().message);
  }
  const PoseEstimatorOptions& in_force = estimator->options();
  if (in_force.precision == Precision::kBFloat16 &&
      !nn::TraitsOfInstructionSet(in_force.instruction_set).has_bfloat16) {
    WriteStandardError(base::StrCat("note: ", in_force.instruction_set,
                                    " has no products of bfloat16; they are emulated, which is slower than fp32\n"));
  }
  return {.model = model.info(), .estimator = *std::move(estimator)};
}

std::string_view FitName(ImageFit fit) {
  switch (fit) {
    case ImageFit::kPad:
      return "pad";
    case ImageFit::kStretch:
      return "stretch";
    case ImageFit::kCrop:
      return "crop";
  }
  return "";
}

std::string_view ResamplingName(Resampling resampling) {
  switch (resampling) {
    case Resampling::kBilinear:
      return "bilinear";
    case Resampling::kNearest:
      return "nearest";
    case Resampling::kAntialiased:
      return "antialiased";
  }
  return "";
}

std::string_view DecoderName(PoseDecoder decoder) {
  switch (decoder) {
    case PoseDecoder::kTfjsSingle:
      return "tfjs single";
    case PoseDecoder::kTfjsMultiple:
      return "tfjs";
    case PoseDecoder::kCoral:
      return "coral";
  }
  return "";
}

std::string_view PrecisionName(Precision precision) {
  switch (precision) {
    case Precision::kAuto:
      return "auto";
    case Precision::kFloat32:
      return "fp32";
    case Precision::kBFloat16:
      return "bf16";
    case Precision::kInt8:
      return "int8";
  }
  return "";
}

std::optional<Precision> PrecisionOf(std::string_view name) {
  for (const Precision precision : {Precision::kAuto, Precision::kFloat32, Precision::kBFloat16, Precision::kInt8}) {
    if (name == PrecisionName(precision)) return precision;
  }
  return std::nullopt;
}

}  // namespace posenet::app
