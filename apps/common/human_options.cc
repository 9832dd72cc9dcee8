// SPDX-License-Identifier: Apache-2.0
#include "common/human_options.h"

#include <CLI/CLI.hpp>
#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>

#include "base/strings.h"
#include "common/command_error.h"
#include "common/model_search.h"
#include "common/numbers.h"
#include "common/option_checks.h"
#include "common/standard_streams.h"
#include "human/estimator_options.h"
#include "human/movenet_layout.h"
#include "model/model_file.h"
#include "model/model_spec.h"
#include "model/model_variants.h"
#include "nn/plan.h"
#include "posenet/decode.h"
#include "posenet/runtime.h"

namespace posenet::app {
namespace {

void AddModelGroup(CLI::App& app, HumanOptions& options) {
  const char* const group = "Model";
  const auto name_or_file = [&options](const CLI::results_t& texts) {
    if (texts.front().empty()) throw CLI::ValidationError("--model", "expected a name or a file, got nothing");
    options.model = texts.front();
    return true;
  };
  AddPreset(app, options.preset)->group(group);
  app.add_option(
         "--model", name_or_file,
         "Model to run: a name that 'posenet model list' shows, or a model file. mobilenet100 is the most accurate "
         "PoseNet, mobilenet075 takes about half the time. mobilenet100-tfjs is TensorFlow.js' graph with its dilation "
         "fault, which detects people less accurately: see --preset tfjs. [mobilenet100]")
      ->option_text("NAME|FILE")
      ->group(group);
  AddPrecision(
      app, "--precision", options.precision,
      "Numeric precision of the network. auto is the fastest on this CPU for which there is a model: int8 or bf16 if "
      "a model beside the given one was quantized to it, otherwise fp32; 'posenet model info' shows which. int8 is a "
      "third faster than fp32 with AVX2, and more on CPUs with int8 dot products; few keypoints move by more than two "
      "pixels. It needs a model from 'posenet model quantize'. bf16 is for AMD CPUs with AVX512-BF16. fp32 is exact. "
      "[auto]")
      ->group(group);
  AddInstructionSet(app, "--isa", options.estimator.instruction_set,
                    "Instruction set to use, for tests and comparisons; must be one that this CPU has. [the best]")
      ->group(group);
  AddInt(app, "--threads", options.estimator.thread_count, 0, kMaxThreads,
         "Threads per image; 0 means one per core. [0]")
      ->group(group);
  app.add_flag("--verbose", options.verbose,
               "Print to standard error which model file runs, in which precision, and with which options.")
      ->group(group);
}

// "running models/mobilenet100-int8.safetensors: precision int8 (AVX2), input 513x513, output stride 16, decoder tfjs,
// threads 2".
std::string Describe(const std::filesystem::path& file, const PoseEstimatorOptions& in_force) {
  return base::StrCat("running ", base::Printable(file.native()), ": precision ", PrecisionName(in_force.precision),
                      " (", in_force.instruction_set, "), input ", in_force.input_width_px, "x",
                      in_force.input_height_px, ", output stride ", in_force.output_stride, ", decoder ",
                      DecoderName(*in_force.decoder), ", threads ", in_force.thread_count, "\n");
}

void AddInputGroup(CLI::App& app, HumanOptions& options) {
  const char* const group = "Network input";
  AddSize(app, "--size", options.estimator,
          "Size of the network's input in pixels; N means NxN. The image is fitted to its shape and resized. 257 is "
          "fast and detects people taller than about a third of the image; 513 detects most people; 801 and more "
          "detect small ones. Time and memory grow with the area. WxH, such as 641x481, suits images that are not "
          "square. Rounded down to a multiple of the output stride plus 1. [the size that the model was made for; 513 "
          "if it was made for any size]")
      ->group(group);
  AddFit(app, "--fit", options.estimator.fit,
         "How an image is fitted to an input of another shape: pad adds black borders, stretch changes the aspect "
         "ratio, crop keeps the center. [the model's own: pad for TensorFlow.js models, stretch for Coral models]")
      ->group(group);
  AddResampling(app, "--resample", options.estimator.resampling,
                "Interpolation: bilinear; nearest; antialiased, which averages over the area of each output pixel. "
                "[the model's own: bilinear for TensorFlow.js models, nearest for Coral models]")
      ->group(group);
  AddOutputStride(app, "--output-stride", options.estimator.output_stride,
                  "Input pixels per cell of the heatmap: 8, 16 or 32. Smaller is finer and slower. [the model's own, "
                  "16]")
      ->group(group);
}

void AddDecoderGroup(CLI::App& app, HumanOptions& options) {
  const char* const group = "Decoding";
  CLI::Option* single =
      app.add_flag_callback(
             "--single", [&options] { options.estimator.decoder = PoseDecoder::kTfjsSingle; },
             "Estimate one pose per image, from the strongest keypoint of each kind: the fastest decoder, for images "
             "of one person. With several people it may mix their keypoints.")
          ->group(group);
  AddInt(app, "--max-poses", options.estimator.multi.max_poses, 1, kMaxPoses,
         "Maximum number of poses per image. [20 with hough, 5 with tfjs; 10 for Coral models; 6 for MoveNet "
         "MultiPose]")
      ->group(group);
  AddScore(app, "--score-threshold", options.estimator.multi.score_threshold,
           "With hough, minimum score of a pose, 0 to 1 (people partly out of view score less); "
           "otherwise of the keypoint that a pose is decoded from. [0.1 with hough, 0.5 with tfjs; 0.2 for Coral "
           "models]")
      ->group(group);
  AddPositive(
      app, "--nms-radius", options.estimator.multi.nms_radius_px,
      "Radius of non-maximum suppression in pixels of the network's input: of two poses with the same keypoint "
      "within it, the weaker is dropped, or loses that keypoint's part of its score. [10 with hough, 20 with tfjs; 10 "
      "for Coral models]")
      ->group(group);
  AddScore(app, "--min-pose-score", options.min_pose_score, "Minimum score, 0 to 1, of poses in the output. [0]")
      ->group(group);
  AddScore(app, "--min-keypoint-score", options.min_keypoint_score,
           "Minimum score, 0 to 1, of keypoints in the output. COCO results keep all 17. [0]")
      ->group(group);
  const auto decoder = [&options, single](const CLI::results_t& texts) {
    const std::string& text = texts.front();
    const std::optional<PoseDecoder> named = DecoderOf(text);
    if (!named) {
      throw CLI::ValidationError("--decoder",
                                 base::StrCat("expected ", kDecoderNames, ", got '", base::Printable(text), "'"));
    }
    if (single->count() > 0 && *named != PoseDecoder::kTfjsMultiple) {
      throw CLI::ValidationError("--decoder", text + " cannot be combined with --single");
    }
    if (single->count() == 0) options.estimator.decoder = named;
    return true;
  };
  app.add_option(
         "--decoder", decoder,
         "Algorithm that turns heatmaps into poses: Hough voting, which is the most accurate; that of TensorFlow.js "
         "PoseNet; or that of Google Coral. [the model's own: hough, or coral for Coral models]")
      ->option_text("hough|tfjs|coral")
      ->group(group);
  app.add_flag_callback(
         "--flip-horizontal", [&options] { options.estimator.mirror = Mirror::kHorizontal; },
         "Mirror positions, for images from a mirrored camera. Left and right keypoints keep their names.")
      ->group(group);
}

}  // namespace

std::vector<std::string> AddEstimatorOptions(CLI::App& app, HumanOptions& options) {
  const std::size_t count_before = app.get_options().size();
  AddModelGroup(app, options);
  AddInputGroup(app, options);
  AddDecoderGroup(app, options);
  AddRefineOptions(app, options.refine);
  std::vector<std::string> names;
  const std::vector<CLI::Option*> all = app.get_options();
  for (std::size_t i = count_before; i < all.size(); ++i) names.push_back(all[i]->get_name());
  return names;
}

void CheckSingleOptions(const CLI::App& app) {
  CheckOptionsExclude(app, {"--max-poses", "--score-threshold", "--nms-radius"}, "--single");
}

void AddOutputOptions(CLI::App& app, const std::string& json_description, HumanOptions& options) {
  const char* const group = "Output";
  AddPath(app, "--json", options.json, "FILE", json_description)->group(group);
  AddPath(app, "--csv", options.csv, "FILE",
          "Write one CSV row per keypoint, below a header row. Images without poses and images that fail have one row.")
      ->group(group);
  AddPath(app, "--coco-results", options.coco_results, "FILE",
          "Write a COCO keypoint results file, which always has all 17 keypoints of a pose.")
      ->group(group);
  AddPath(app, "--openpose", options.openpose, "FOLDER",
          "Write OpenPose JSON, one NAME_keypoints.json per image, to a new folder: 25 keypoints (BODY_25), with the "
          "neck and the mid hip computed from shoulders and hips. The feet, and keypoints below --min-keypoint-score, "
          "are zeros.")
      ->group(group);
  AddPath(app, "--draw", options.draw, "FILE|FOLDER",
          "Draw poses over the images: to a FILE (.png, .jpg or .webp) for one image, to PNG files in a FOLDER, which "
          "is created, for several. Without --min-pose-score, poses that score less than 0.15 are not drawn; without "
          "--min-keypoint-score, keypoints that score less than 0.2 are not.")
      ->group(group);
  app.add_flag_callback(
         "--pretty", [&options] { options.json_layout = JsonLayout::kPretty; }, "Indent the JSON, over several lines.")
      ->group(group);
}

namespace {

/// The decoder for several people, if any, of a model with options in which --single is kTfjsSingle.
PoseDecoder DecoderForSeveral(const HumanOptions& options, const model::ModelSpec& spec) {
  const std::optional<PoseDecoder> given = options.estimator.decoder;
  if (given && *given != PoseDecoder::kTfjsSingle) return *given;
  if (spec.decoder) return spec.decoder->decoder;
  return human::DefaultDecoder(human::KindOf(spec.network), /*is_refined=*/!options.refine.refine.empty());
}

/// Throws CommandError (kUsage) if `decoder`, that of the model for several people, makes a given option useless.
void CheckOptionsHaveEffect(const PoseEstimatorMultiOptions& given, PoseDecoder decoder, const std::string& file) {
  const auto fail = [&file](const char* option, const char* reason) {
    throw UsageError(base::StrCat(file, ": ", option, " has no effect: ", reason));
  };
  if (!DetectsSeveral(decoder)) {
    const char* const reason = "the model estimates one person";
    if (given.max_poses) fail("--max-poses", reason);
    if (given.score_threshold) fail("--score-threshold", reason);
    if (given.nms_radius_px) fail("--nms-radius", reason);
  }
  if (!HasNmsRadius(decoder) && given.nms_radius_px) fail("--nms-radius", "the model's decoder has none");
}

}  // namespace

Engine CreateEngine(const HumanOptions& options) {
  const HumanOptions filled_in = WithDefaults(options);
  const model::ModelVariant variant =
      ChooseVariant(LoadVariantOrThrow(filled_in.model), *filled_in.precision, filled_in.estimator.instruction_set);
  const Model model = FileValueOrThrow(model::MakeModel(variant.model));
  const PoseDecoder decoder_for_several = DecoderForSeveral(filled_in, variant.model.spec);
  CheckOptionsHaveEffect(options.estimator.multi, decoder_for_several, base::Printable(variant.file.native()));
  PoseEstimatorOptions estimator_options = filled_in.estimator;
  // --single works with every model.
  if (estimator_options.decoder == PoseDecoder::kTfjsSingle) {
    estimator_options.decoder = SingleDecoderFor(decoder_for_several);
  }
  // On the chosen file, kAuto means what its weights were made for.
  estimator_options.precision = *filled_in.precision;
  estimator_options.refiner = CreateRefiner(filled_in.refine, *filled_in.precision, estimator_options);
  estimator_options.proposer = CreateProposer(filled_in.refine, *filled_in.precision, estimator_options);
  Result<PoseEstimator> estimator = PoseEstimator::Create(model, estimator_options);
  if (!estimator.has_value()) {
    // An intact file that does not support the options is an error in the command line.
    const ErrorCode code = estimator.error().code;
    const ExitCode exit_code =
        code == ErrorCode::kCorruptData || code == ErrorCode::kIo ? ExitCode::kFailure : ExitCode::kUsage;
    throw CommandError(exit_code, base::Printable(variant.file.native()) + ": " + estimator.error().message);
  }
  const PoseEstimatorOptions& in_force = estimator->options();
  if (in_force.precision == Precision::kBFloat16 &&
      !nn::TraitsOfInstructionSet(in_force.instruction_set).has_bfloat16) {
    WriteStandardError(base::StrCat("note: ", in_force.instruction_set,
                                    " has no bfloat16 arithmetic; it is emulated, which is slower than fp32\n"));
  }
  if (filled_in.verbose) WriteStandardError(Describe(variant.file, in_force));
  return {.model = model.info(), .estimator = *std::move(estimator), .decoder_for_several = decoder_for_several};
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
    case PoseDecoder::kHough:
      return "hough";
    case PoseDecoder::kMoveNetSingle:
      return "movenet single";
    case PoseDecoder::kMoveNetMultiple:
      return "movenet";
  }
  return "";
}

bool DetectsSeveral(PoseDecoder decoder) {
  return decoder != PoseDecoder::kTfjsSingle && decoder != PoseDecoder::kMoveNetSingle;
}

PoseDecoder SingleDecoderFor(PoseDecoder decoder) {
  const bool is_movenet = decoder == PoseDecoder::kMoveNetSingle || decoder == PoseDecoder::kMoveNetMultiple;
  return is_movenet ? PoseDecoder::kMoveNetSingle : PoseDecoder::kTfjsSingle;
}

bool HasNmsRadius(PoseDecoder decoder) { return DetectsSeveral(decoder) && decoder != PoseDecoder::kMoveNetMultiple; }

std::string DescribeDecoder(PoseDecoder decoder, const MultiPoseOptions& options) {
  std::string text(DecoderName(decoder));
  if (DetectsSeveral(decoder)) {
    text += base::StrCat(", max poses ", options.max_poses, ", score threshold ",
                         FormatJsonNumber(options.score_threshold, kScoreDecimals));
  }
  if (HasNmsRadius(decoder)) {
    text += base::StrCat(", NMS radius ", FormatJsonNumber(options.nms_radius_px, kPositionDecimals), " px");
  }
  return text;
}

std::optional<PoseDecoder> DecoderOf(std::string_view name) {
  for (const PoseDecoder decoder : {PoseDecoder::kHough, PoseDecoder::kTfjsMultiple, PoseDecoder::kCoral}) {
    if (name == DecoderName(decoder)) return decoder;
  }
  return std::nullopt;
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
