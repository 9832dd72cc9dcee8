// SPDX-License-Identifier: Apache-2.0
// posenet bench
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "cli/bench_subject.h"
#include "cli/commands.h"
#include "cli/model_report.h"
#include "common/command_error.h"
#include "common/help_formatter.h"
#include "common/human_options.h"
#include "common/human_preset.h"
#include "common/model_search.h"
#include "common/numbers.h"
#include "common/option_checks.h"
#include "common/pose_json.h"
#include "common/progress.h"
#include "common/signals.h"
#include "common/standard_streams.h"
#include "human/movenet_layout.h"
#include "media/image_file.h"
#include "model/model_spec.h"
#include "model/model_variants.h"
#include "posenet/runtime.h"

namespace posenet::cli {
namespace {

struct BenchOptions {
  std::optional<app::Preset> preset;
  std::vector<std::string> models;    // Empty means the default of the preset.
  std::vector<int> sizes_px;          // Empty means those of DefaultSizes.
  std::vector<int> thread_counts;     // Empty means 1 and all cores.
  std::vector<Precision> precisions;  // Empty means fp32, and int8 if there is such a model.
  bool has_human_options = false;     // Whether a preset, sizes or precisions were given.
  std::string instruction_set;
  std::string image;
  int rounds = 20;
  bool layers = false;
  bool as_json = false;
};

std::string CpuName() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line)) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown CPU";
}

double PeakMegabytes() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024.0;
}

image::Image ImageFor(const BenchOptions& options) {
  if (!options.image.empty()) return app::FileValueOrThrow(media::ReadImageFile(options.image));
  // Noise, which costs as much to resize as a photo.
  image::Image image = {.width_px = 640, .height_px = 480, .rgb = std::vector<std::uint8_t>(640 * 480 * 3)};
  std::uint32_t state = 1;
  for (std::uint8_t& value : image.rgb) {
    state = state * 1664525U + 1013904223U;
    value = static_cast<std::uint8_t>(state >> 24);
  }
  return image;
}

std::string SizeOf(const BenchSubject& subject) {
  const BenchSetup& setup = subject.setup();
  return setup.width_px == setup.height_px ? base::StrCat(setup.width_px)
                                           : base::StrCat(setup.width_px, "x", setup.height_px);
}

std::string Table(const std::vector<BenchSubject>& subjects) {
  std::vector<std::vector<std::string>> rows = {
      {"MODEL", "SIZE", "PRECISION", "THREADS", "NETWORK", "SPREAD", "GFLOP/S", "OF PEAK", "END TO END", "SPREAD"}};
  for (const BenchSubject& subject : subjects) {
    const auto spread = [](const Times& times) {
      return base::StrCat(app::FormatFixed(times.Quantile(0.25), 2), " to ", app::FormatFixed(times.Quantile(0.75), 2));
    };
    rows.push_back(
        {base::Printable(subject.model()), SizeOf(subject), std::string(app::PrecisionName(subject.setup().precision)),
         std::to_string(subject.setup().thread_count), app::FormatFixed(subject.network_ms().Median(), 2) + " ms",
         spread(subject.network_ms()), app::FormatFixed(subject.GigaOperationsPerSecond(), 1),
         app::FormatFixed(100.0 * subject.ShareOfPeak(), 0) + " %",
         app::FormatFixed(subject.end_to_end_ms().Median(), 2) + " ms", spread(subject.end_to_end_ms())});
  }
  return FormatTable(rows);
}

std::string LayerTable(const BenchSubject& subject) {
  std::vector<std::vector<std::string>> rows = {{"STEP", "TIME", "SHARE"}};
  const double all = subject.network_ms().Median();
  for (int i = 0; i < subject.step_count(); ++i) {
    const double ms = subject.step_ms(i).Median();
    rows.push_back({base::Printable(subject.step_name(i)), app::FormatFixed(ms, 3) + " ms",
                    app::FormatFixed(100.0 * ms / all, 1) + " %"});
  }
  return base::StrCat("\n", base::Printable(subject.model()), ", ", SizeOf(subject), ", ",
                      app::PrecisionName(subject.setup().precision), ", ",
                      base::Counted(subject.setup().thread_count, "thread"), ":\n", FormatTable(rows));
}

nlohmann::ordered_json Json(const std::vector<BenchSubject>& subjects, const BenchOptions& options) {
  nlohmann::ordered_json results = nlohmann::ordered_json::array();
  const auto times = [](const Times& all) {
    return nlohmann::ordered_json{
        {"median_ms", all.Median()}, {"p25_ms", all.Quantile(0.25)}, {"p75_ms", all.Quantile(0.75)}};
  };
  for (const BenchSubject& subject : subjects) {
    nlohmann::ordered_json result = {{"model", app::ValidUtf8(subject.model())},
                                     {"width", subject.setup().width_px},
                                     {"height", subject.setup().height_px},
                                     {"precision", app::PrecisionName(subject.setup().precision)},
                                     {"instruction_set", subject.setup().instruction_set},
                                     {"threads", subject.setup().thread_count},
                                     {"network", times(subject.network_ms())},
                                     {"gflops", subject.GigaOperationsPerSecond()},
                                     {"share_of_peak", subject.ShareOfPeak()},
                                     {"end_to_end", times(subject.end_to_end_ms())}};
    if (options.layers) {
      for (int i = 0; i < subject.step_count(); ++i) {
        result["steps"].push_back(
            {{"name", app::ValidUtf8(subject.step_name(i))}, {"median_ms", subject.step_ms(i).Median()}});
      }
    }
    results.push_back(std::move(result));
  }
  return {{"cpu", CpuName()}, {"rounds", options.rounds}, {"peak_memory_mb", PeakMegabytes()}, {"results", results}};
}

// The variants of `given` to measure in the given precisions; if there are none, in that of the preset, or else fp32
// and int8, as far as they exist.
std::vector<std::pair<Precision, model::ModelVariant>> VariantsOf(const model::ModelVariant& given,
                                                                  const BenchOptions& options) {
  std::vector<std::pair<Precision, model::ModelVariant>> variants;
  for (const Precision wanted : options.precisions) {
    const Precision precision = app::PrecisionFor(options.preset, wanted);
    variants.emplace_back(precision, app::ChooseVariant(given, precision, options.instruction_set));
  }
  if (!variants.empty()) return variants;
  if (options.preset) return {{app::PrecisionFor(options.preset, std::nullopt), given}};
  variants.emplace_back(Precision::kAuto, given);
  if (given.precision != model::WeightPrecision::kFloat) return variants;
  for (model::ModelVariant& other : model::FindOtherVariants(given)) {
    if (other.precision != model::WeightPrecision::kInt8) continue;
    variants.emplace_back(Precision::kInt8, std::move(other));
    break;
  }
  return variants;
}

// Sides of the input to measure: those of the TensorFlow.js demos for a PoseNet; 0, which means the one that it was
// trained for, for a MoveNet.
std::vector<int> DefaultSizes(const model::ModelSpec& spec) {
  if (human::KindOf(spec.network) != human::NetworkKind::kPoseNet) return {0};
  return {257, 513};
}

// Adds all combinations for one model. Camera models have one size and one precision.
void AddSubjects(const model::ModelVariant& given, const BenchOptions& options, const std::vector<int>& thread_counts,
                 std::vector<BenchSubject>& subjects) {
  if (given.model.spec.task == kCameraTask) {
    for (const int thread_count : thread_counts) {
      subjects.emplace_back(given.model, given.file,
                            BenchSetup{.instruction_set = options.instruction_set, .thread_count = thread_count});
    }
    return;
  }
  for (const auto& [precision, variant] : VariantsOf(given, options)) {
    for (const int size_px : options.sizes_px.empty() ? DefaultSizes(variant.model.spec) : options.sizes_px) {
      for (const int thread_count : thread_counts) {
        subjects.emplace_back(variant.model, variant.file,
                              BenchSetup{.preset = options.preset,
                                         .width_px = size_px,
                                         .height_px = size_px,
                                         .precision = precision,
                                         .instruction_set = options.instruction_set,
                                         .thread_count = thread_count});
      }
    }
  }
}

std::vector<model::ModelVariant> LoadModels(const BenchOptions& options) {
  std::vector<model::ModelVariant> models;
  for (const std::string& name : options.models) models.push_back(app::LoadVariantOrThrow(name));
  if (models.empty()) models.push_back(app::LoadVariantOrThrow(std::string(app::DefaultModel(options.preset))));
  const bool all_are_camera_models = std::ranges::all_of(
      models, [](const model::ModelVariant& given) { return given.model.spec.task == kCameraTask; });
  if (all_are_camera_models && options.has_human_options) {
    throw app::UsageError("--preset, --size and --precision have no effect with --model of camera models");
  }
  return models;
}

app::ExitCode Bench(const BenchOptions& options) {
  const image::Image image = ImageFor(options);
  std::vector<int> thread_counts = options.thread_counts;
  if (thread_counts.empty()) {
    thread_counts = {1};
    if (base::AvailableCores() > 1) thread_counts.push_back(base::AvailableCores());
  }
  std::vector<BenchSubject> subjects;
  for (const model::ModelVariant& given : LoadModels(options)) AddSubjects(given, options, thread_counts, subjects);
  app::ProgressBar progress(static_cast<std::size_t>(options.rounds), "rounds");
  for (BenchSubject& subject : subjects) {
    app::ThrowIfInterrupted();
    subject.WarmUp(image);
  }
  // Interleaved, so that a temporary load of the machine affects all combinations.
  for (int round = 0; round < options.rounds; ++round) {
    app::ThrowIfInterrupted();
    for (BenchSubject& subject : subjects) subject.Measure(image);
    progress.Show(static_cast<std::size_t>(round) + 1);
  }
  progress.Hide();
  if (options.as_json) {
    app::WriteStandardOutput(Json(subjects, options).dump() + "\n");
    return app::ExitCode::kSuccess;
  }
  std::string text = Table(subjects);
  if (options.layers) {
    for (const BenchSubject& subject : subjects) text += LayerTable(subject);
  }
  text += base::StrCat("\n", CpuName(), ", ", subjects.front().setup().instruction_set, "; medians of ", options.rounds,
                       " rounds, spread from the first to the third quartile; end to end: from a ",
                       image.View().width_px, "x", image.View().height_px, " image to poses; peak memory ",
                       app::FormatFixed(PeakMegabytes(), 0), " MB in total\n");
  app::WriteStandardOutput(text);
  return app::ExitCode::kSuccess;
}

}  // namespace

void AddBench(CLI::App& parent, app::Action& action) {
  const auto options = std::make_shared<BenchOptions>();
  CLI::App& app =
      *parent
           .add_subcommand("bench",
                           "Benchmark models on this machine. Measures the network alone, with its share of the peak "
                           "arithmetic throughput, and end to end, from a decoded image to poses. All combinations of "
                           "models, sizes, precisions and thread counts are measured in turn, round after round.")
           ->group(app::kCommandGroup);
  app.footer(base::StrCat(R"(Examples:
  posenet bench
  posenet bench --size 257 --precision fp32 --threads 1 --layers
  posenet bench --size 513 --precision auto
  posenet bench --model movenet-lightning --model movenet-thunder

)",
                          app::ExitStatusHelp("success", "a file is damaged")));
  app.add_option("IMAGE", options->image, "Image for the end-to-end times. [640x480 pixels of noise]")
      ->option_text(" ");
  app::AddPreset(app, options->preset)
      ->description(
          "Set of defaults for human pose models. tfjs is what reproduces TensorFlow.js PoseNet: "
          "--model mobilenet100-tfjs and --precision fp32, with its decoder. [none]");
  app.add_option("--model", options->models,
                 "Model: a file, or a name that 'posenet model list' shows; may be given several times. [mobilenet100]")
      ->expected(1)
      ->take_all()
      ->option_text("NAME|FILE");
  app::AddInts(app, "--size", options->sizes_px, 32, kMaxInputSidePx,
               "Side of the network's input in pixels; may be given several times. For human pose models. [257 and "
               "513; of a MoveNet, that for which it was made: 192 of Lightning, 256 of Thunder and MultiPose]");
  const auto precisions = [options](const CLI::results_t& names) {
    for (const std::string& name : names) {
      const std::optional<Precision> precision = app::PrecisionOf(name);
      if (!precision) {
        throw CLI::ValidationError("--precision",
                                   "expected auto, fp32, bf16 or int8, got '" + base::Printable(name) + "'");
      }
      options->precisions.push_back(*precision);
    }
    return true;
  };
  app.add_option("--precision", precisions,
                 "Numeric precision; may be given several times. For human pose models. [that of the model file, and "
                 "int8 if an int8 model is beside it]")
      ->expected(1)
      ->take_all()
      ->option_text("auto|fp32|bf16|int8");
  app::AddInts(app, "--threads", options->thread_counts, 1, kMaxThreads,
               "Number of threads; may be given several times. [1, and one per core]");
  app::AddInstructionSet(app, "--isa", options->instruction_set,
                         "Instruction set to use; must be one that this CPU has. [the best]");
  app::AddInt(app, "--rounds", options->rounds, 1, 100'000, "Number of measurements of each combination. [20]");
  app.add_flag("--layers", options->layers, "Also print the time of each step of the networks.");
  app.add_flag("--json", options->as_json, "Print one JSON object instead of tables.");
  app.callback([options, &app, &action] {
    options->has_human_options = app.get_option("--preset")->count() + app.get_option("--size")->count() +
                                     app.get_option("--precision")->count() >
                                 0;
    action = [options] { return Bench(*options); };
  });
}

}  // namespace posenet::cli
