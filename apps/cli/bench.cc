// SPDX-License-Identifier: Apache-2.0
// posenet bench
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/strings.h"
#include "cli/bench_subject.h"
#include "cli/commands.h"
#include "cli/model_report.h"
#include "common/command_error.h"
#include "common/human_options.h"
#include "common/model_search.h"
#include "common/numbers.h"
#include "common/option_checks.h"
#include "common/pose_json.h"
#include "common/progress.h"
#include "common/standard_streams.h"
#include "human/precision.h"
#include "media/image_file.h"

namespace posenet::cli {
namespace {

struct BenchOptions {
  std::vector<std::string> models = {"mobilenet100"};
  std::vector<int> sizes_px = {257, 513};
  std::vector<int> thread_counts;  // None means 1 and all cores.
  std::vector<std::string> precisions = {"fp32", "int8"};
  std::string instruction_set;
  std::string image;
  int rounds = 20;
  bool layers = false;
  bool as_json = false;
};

// Everything of the CPU that the system tells.
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
  // Noise: nobody to be found, but as much to prepare.
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
                      app::PrecisionName(subject.setup().precision), ", ", subject.setup().thread_count, " threads:\n",
                      FormatTable(rows));
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

// All combinations for one model; for camera poses there are only those of threads.
void AddSubjects(const std::string& name, const BenchOptions& options, const std::vector<int>& thread_counts,
                 std::vector<BenchSubject>& subjects) {
  const std::filesystem::path plain = app::ResolveModel(name);
  const model::LoadedModel plain_model = app::FileValueOrThrow(model::LoadModelFile(plain));
  if (plain_model.spec.task == kCameraTask) {
    for (const int thread_count : thread_counts) {
      subjects.emplace_back(plain_model, plain,
                            BenchSetup{.instruction_set = options.instruction_set, .thread_count = thread_count});
    }
    return;
  }
  for (const std::string& precision_name : options.precisions) {
    const Precision precision = *app::PrecisionOf(precision_name);
    const std::filesystem::path file = app::ModelForPrecision(plain, precision, options.instruction_set);
    const model::LoadedModel model = file == plain ? plain_model : app::FileValueOrThrow(model::LoadModelFile(file));
    for (const int size_px : options.sizes_px) {
      for (const int thread_count : thread_counts) {
        subjects.emplace_back(model, file,
                              BenchSetup{.width_px = size_px,
                                         .height_px = size_px,
                                         .precision = precision,
                                         .instruction_set = options.instruction_set,
                                         .thread_count = thread_count});
      }
    }
  }
}

app::ExitCode Bench(const BenchOptions& options) {
  const image::Image image = ImageFor(options);
  std::vector<int> thread_counts = options.thread_counts;
  if (thread_counts.empty()) {
    thread_counts = {1};
    if (base::AvailableCores() > 1) thread_counts.push_back(base::AvailableCores());
  }
  std::vector<BenchSubject> subjects;
  for (const std::string& model : options.models) AddSubjects(model, options, thread_counts, subjects);
  app::ProgressBar progress(static_cast<std::size_t>(options.rounds));
  for (BenchSubject& subject : subjects) subject.WarmUp(image);
  // All of them in turn, so that what slows the machine for a while slows all of them.
  for (int round = 0; round < options.rounds; ++round) {
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
                       " rounds, spread from the first to the third quartile; end to end from ", image.View().width_px,
                       "x", image.View().height_px, " RGB to the answer; peak memory ",
                       app::FormatFixed(PeakMegabytes(), 0), " MB for all of them together\n");
  app::WriteStandardOutput(text);
  return app::ExitCode::kSuccess;
}

}  // namespace

void AddBench(CLI::App& parent, app::Action& action) {
  const auto options = std::make_shared<BenchOptions>();
  CLI::App& app =
      *parent
           .add_subcommand("bench",
                           "Measures how fast networks run here. The network alone, with the share that it reaches of "
                           "what one core can multiply and add, and end to end: from a decoded image to poses. All "
                           "combinations run in turn, round after round.")
           ->group(app::kCommandGroup);
  app.footer(
      "Examples:\n  posenet bench\n  posenet bench --size 257 --precision fp32 --threads 1 --layers\n\n"
      "Exit status: 0 success; 1 a file is damaged; 2 there is no such model, it cannot\n"
      "be run so, or the command line is wrong.");
  app.add_option("IMAGE", options->image, "The image for end to end. [640x480 of noise]")->option_text(" ");
  app.add_option("--model", options->models, "Models, by name or file; may be given several times. [mobilenet100]")
      ->option_text("NAME|FILE");
  app.add_option("--size", options->sizes_px,
                 "Sides of the network's input in pixels; may be given several times. Models for camera poses have "
                 "theirs. [257, 513]")
      ->check(CLI::Range(32, kMaxInputSidePx))
      ->option_text("N");
  app.add_option("--precision", options->precisions,
                 "auto, fp32, bf16 or int8; may be given several times. [fp32, int8]")
      ->check([](const std::string& text) {
        return app::PrecisionOf(text) ? std::string()
                                      : "expected auto, fp32, bf16 or int8, got '" + base::Printable(text) + "'";
      })
      ->option_text("NAME");
  app.add_option("--threads", options->thread_counts, "Threads; may be given several times. [1, and one for each core]")
      ->check(CLI::Range(1, 1024))
      ->option_text("N");
  app::AddInstructionSet(app, "--isa", options->instruction_set, "The instruction set to use. [the best]");
  app::AddInt(app, "--rounds", options->rounds, 1, 100'000, "How often each combination is measured. [20]");
  app.add_flag("--layers", options->layers, "Say how long each step of the networks takes.");
  app.add_flag("--json", options->as_json, "Print one JSON object instead of tables.");
  app.callback([options, &action] { action = [options] { return Bench(*options); }; });
}

}  // namespace posenet::cli
