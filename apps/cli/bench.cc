// SPDX-License-Identifier: Apache-2.0
// posenet bench
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/strings.h"
#include "command_error.h"
#include "commands.h"
#include "human/precision.h"
#include "human_options.h"
#include "media/image_file.h"
#include "model/model_file.h"
#include "model_report.h"
#include "model_search.h"
#include "nn/peak.h"
#include "numbers.h"
#include "option_checks.h"
#include "pose_json.h"
#include "progress.h"
#include "standard_streams.h"

namespace posenet::cli {
namespace {

namespace fs = std::filesystem;

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

// The times of one thing, in milliseconds.
class Times {
 public:
  void Add(double ms) { times_ms_.push_back(ms); }
  // The time that `share` of all are below: 0.5 is the median.
  [[nodiscard]] double Quantile(double share) const {
    std::vector<double> sorted = times_ms_;
    std::sort(sorted.begin(), sorted.end());
    return sorted[static_cast<std::size_t>(std::lround(share * static_cast<double>(sorted.size() - 1)))];
  }

 private:
  std::vector<double> times_ms_;
};

// Multiply-adds of convolutions and fully connected layers, times two.
double OperationsOf(const nn::Network& network, const nn::Shape& input) {
  const auto shapes = ValueOrThrow(nn::InferShapes(network, input));
  double operations = 0.0;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const nn::Shape& in = shapes[static_cast<std::size_t>(network.layers[i].inputs[0])];
    const auto out = static_cast<double>(shapes[i + 1].ElementCount());
    if (const auto* conv = std::get_if<nn::Conv2d>(&network.layers[i].operation)) {
      operations += 2.0 * out * conv->window.kernel_height * conv->window.kernel_width * in.channels / conv->groups;
    } else if (std::holds_alternative<nn::FullyConnected>(network.layers[i].operation)) {
      operations += 2.0 * out * static_cast<double>(in.ElementCount()) / in.batch;
    }
  }
  return operations;
}

// One model at one size, in one precision, on some threads.
struct Subject {
  std::string model;
  PoseEstimatorOptions options;  // In force.
  double operations = 0.0;
  double peak = 0.0;  // Of one core, in operations a second.
  std::shared_ptr<const nn::Plan> plan;
  std::unique_ptr<nn::Context> context;
  std::unique_ptr<ThreadPool> threads;
  std::optional<PoseEstimator> estimator;
  Times network_ms;
  Times end_to_end_ms;
  std::vector<Times> step_ms;
};

nn::ProductKind KindOf(Precision precision) {
  if (precision == Precision::kInt8) return nn::ProductKind::kInt8;
  return precision == Precision::kBFloat16 ? nn::ProductKind::kBFloat16 : nn::ProductKind::kFloat32;
}

template <typename T>
T ForFileOrThrow(Result<T> result, const fs::path& file) {
  if (result.has_value()) return *std::move(result);
  throw UsageError(StrCat(Printable(file.native()), ": ", result.error().message));
}

Subject Prepare(const std::string& model_name, const PoseEstimatorOptions& wanted) {
  const fs::path file = ModelForPrecision(ResolveModel(model_name), wanted.precision, wanted.instruction_set);
  const LoadedModel model = FileValueOrThrow(LoadModelFile(file));
  Subject subject;
  subject.model = model.spec.name;
  PoseEstimatorOptions options = wanted;
  const nn::PackOptions pack = ForFileOrThrow(ChoosePrecision(model, options), file);
  auto packed = ForFileOrThrow(nn::PackedNetwork::Create(model.spec.network, model.weights, pack), file);
  subject.estimator = ForFileOrThrow(PoseEstimator::Create(FileValueOrThrow(Model::Load(file)), wanted), file);
  subject.options = subject.estimator->options();
  const nn::Shape shape = {
      .height = subject.options.input_height_px, .width = subject.options.input_width_px, .channels = 3};
  subject.plan = ForFileOrThrow(nn::Plan::Create(std::move(packed), shape), file);
  subject.context = ForFileOrThrow(nn::Context::Create(subject.plan, subject.options.thread_count), file);
  subject.threads = std::make_unique<ThreadPool>(subject.options.thread_count);
  subject.operations = OperationsOf(model.spec.network, shape);
  subject.peak = nn::MeasurePeak(KindOf(subject.options.precision), subject.options.instruction_set);
  subject.step_ms.resize(static_cast<std::size_t>(subject.plan->step_count()));
  return subject;
}

template <typename Function>
double MillisecondsOf(const Function& function) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  function();
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

void Measure(Subject& subject, const Image& picture) {
  const std::span<float> input = subject.context->input();
  // The memory of the input is reused within a run: its numbers are renewed, and that they are in a cache is as it is
  // when a picture was just prepared.
  for (std::size_t i = 0; i < input.size(); ++i) input[i] = static_cast<float>(i * 37 % 255) / 127.5F - 1.0F;
  std::vector<double> seconds(subject.step_ms.size());
  subject.network_ms.Add(MillisecondsOf([&] { subject.plan->Run(*subject.context, *subject.threads, seconds); }));
  for (std::size_t i = 0; i < seconds.size(); ++i) subject.step_ms[i].Add(seconds[i] * 1e3);
  subject.end_to_end_ms.Add(MillisecondsOf([&] { ValueOrThrow(subject.estimator->Estimate(picture.View())); }));
}

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

Image PictureFor(const BenchOptions& options) {
  if (!options.image.empty()) return FileValueOrThrow(media::ReadImageFile(options.image));
  // Noise: nobody to be found, but as much to prepare.
  Image picture = {.width_px = 640, .height_px = 480, .rgb = std::vector<std::uint8_t>(640 * 480 * 3)};
  std::uint32_t state = 1;
  for (std::uint8_t& value : picture.rgb) {
    state = state * 1664525U + 1013904223U;
    value = static_cast<std::uint8_t>(state >> 24);
  }
  return picture;
}

double GigaOperations(const Subject& subject) { return subject.operations / subject.network_ms.Quantile(0.5) / 1e6; }

double ShareOfPeak(const Subject& subject) {
  return GigaOperations(subject) * 1e9 / subject.peak / subject.options.thread_count;
}

std::string Table(const std::vector<Subject>& subjects) {
  std::vector<std::vector<std::string>> rows = {
      {"MODEL", "SIZE", "PRECISION", "THREADS", "NETWORK", "SPREAD", "GFLOP/S", "OF PEAK", "END TO END", "SPREAD"}};
  for (const Subject& subject : subjects) {
    const auto spread = [](const Times& times) {
      return StrCat(FormatFixed(times.Quantile(0.25), 2), " to ", FormatFixed(times.Quantile(0.75), 2));
    };
    rows.push_back({Printable(subject.model), std::to_string(subject.options.input_width_px),
                    std::string(PrecisionName(subject.options.precision)), std::to_string(subject.options.thread_count),
                    FormatFixed(subject.network_ms.Quantile(0.5), 2) + " ms", spread(subject.network_ms),
                    FormatFixed(GigaOperations(subject), 1), FormatFixed(100.0 * ShareOfPeak(subject), 0) + " %",
                    FormatFixed(subject.end_to_end_ms.Quantile(0.5), 2) + " ms", spread(subject.end_to_end_ms)});
  }
  return FormatTable(rows);
}

std::string LayerTable(const Subject& subject) {
  std::vector<std::vector<std::string>> rows = {{"STEP", "TIME", "SHARE"}};
  const double all = subject.network_ms.Quantile(0.5);
  for (int i = 0; i < subject.plan->step_count(); ++i) {
    const double ms = subject.step_ms[static_cast<std::size_t>(i)].Quantile(0.5);
    rows.push_back(
        {Printable(subject.plan->step_name(i)), FormatFixed(ms, 3) + " ms", FormatFixed(100.0 * ms / all, 1) + " %"});
  }
  return StrCat("\n", Printable(subject.model), ", ", subject.options.input_width_px, ", ",
                PrecisionName(subject.options.precision), ", ", subject.options.thread_count, " threads:\n",
                FormatTable(rows));
}

nlohmann::ordered_json Json(const std::vector<Subject>& subjects, const BenchOptions& options) {
  nlohmann::ordered_json results = nlohmann::ordered_json::array();
  const auto times = [](const Times& all) {
    return nlohmann::ordered_json{
        {"median_ms", all.Quantile(0.5)}, {"p25_ms", all.Quantile(0.25)}, {"p75_ms", all.Quantile(0.75)}};
  };
  for (const Subject& subject : subjects) {
    nlohmann::ordered_json result = {{"model", ValidUtf8(subject.model)},
                                     {"width", subject.options.input_width_px},
                                     {"height", subject.options.input_height_px},
                                     {"precision", PrecisionName(subject.options.precision)},
                                     {"instruction_set", subject.options.instruction_set},
                                     {"threads", subject.options.thread_count},
                                     {"network", times(subject.network_ms)},
                                     {"gflops", GigaOperations(subject)},
                                     {"share_of_peak", ShareOfPeak(subject)},
                                     {"end_to_end", times(subject.end_to_end_ms)}};
    if (options.layers) {
      for (int i = 0; i < subject.plan->step_count(); ++i) {
        result["steps"].push_back({{"name", ValidUtf8(subject.plan->step_name(i))},
                                   {"median_ms", subject.step_ms[static_cast<std::size_t>(i)].Quantile(0.5)}});
      }
    }
    results.push_back(std::move(result));
  }
  return {{"cpu", CpuName()}, {"rounds", options.rounds}, {"peak_memory_mb", PeakMegabytes()}, {"results", results}};
}

ExitCode Bench(const BenchOptions& options) {
  const Image picture = PictureFor(options);
  std::vector<int> thread_counts = options.thread_counts;
  if (thread_counts.empty()) {
    thread_counts = {1};
    if (AvailableCores() > 1) thread_counts.push_back(AvailableCores());
  }
  std::vector<Subject> subjects;
  for (const std::string& model : options.models) {
    for (const int size_px : options.sizes_px) {
      for (const std::string& precision : options.precisions) {
        for (const int thread_count : thread_counts) {
          subjects.push_back(Prepare(model, {.input_width_px = size_px,
                                             .input_height_px = size_px,
                                             .precision = *PrecisionOf(precision),
                                             .instruction_set = options.instruction_set,
                                             .thread_count = thread_count}));
        }
      }
    }
  }
  ProgressBar progress(static_cast<std::size_t>(options.rounds));
  for (Subject& subject : subjects) {
    Subject& warm = subject;
    Measure(warm, picture);
    warm.network_ms = {};
    warm.end_to_end_ms = {};
  }
  // All of them in turn, so that what slows the machine for a while slows all of them.
  for (int round = 0; round < options.rounds; ++round) {
    for (Subject& subject : subjects) Measure(subject, picture);
    progress.Show(static_cast<std::size_t>(round) + 1);
  }
  progress.Hide();
  if (options.as_json) {
    WriteStandardOutput(Json(subjects, options).dump() + "\n");
    return ExitCode::kSuccess;
  }
  std::string text = Table(subjects);
  if (options.layers) {
    for (const Subject& subject : subjects) text += LayerTable(subject);
  }
  text += StrCat("\n", CpuName(), ", ", subjects.front().options.instruction_set, "; medians of ", options.rounds,
                 " rounds, spread from the first to the third quartile; end to end from ", picture.View().width_px, "x",
                 picture.View().height_px, " RGB to poses; peak memory ", FormatFixed(PeakMegabytes(), 0),
                 " MB for all of them together\n");
  WriteStandardOutput(text);
  return ExitCode::kSuccess;
}

}  // namespace

void AddBench(CLI::App& parent, Action& action) {
  const auto options = std::make_shared<BenchOptions>();
  CLI::App& app =
      *parent
           .add_subcommand("bench",
                           "Measures how fast networks run here. The network alone, with the share that it reaches of "
                           "what one core can multiply and add, and end to end: from a decoded picture to poses. All "
                           "combinations run in turn, round after round.")
           ->group(kCommandGroup);
  app.footer(
      "Examples:\n  posenet bench\n  posenet bench --size 257 --precision fp32 --threads 1 --layers\n\n"
      "Exit status: 0 success; 1 a file is damaged; 2 there is no such model, it cannot\n"
      "be run so, or the command line is wrong.");
  app.add_option("IMAGE", options->image, "The picture for end to end. [640x480 of noise]")->option_text(" ");
  app.add_option("--model", options->models, "Models, by name or file; may be given several times. [mobilenet100]")
      ->option_text("NAME|FILE");
  app.add_option("--size", options->sizes_px,
                 "Sides of the network's input in pixels; may be given several times. [257, 513]")
      ->check(CLI::Range(32, 8192))
      ->option_text("N");
  app.add_option("--precision", options->precisions,
                 "auto, fp32, bf16 or int8; may be given several times. [fp32, int8]")
      ->check([](const std::string& text) {
        return PrecisionOf(text) ? std::string() : "expected auto, fp32, bf16 or int8, got '" + Printable(text) + "'";
      })
      ->option_text("NAME");
  app.add_option("--threads", options->thread_counts, "Threads; may be given several times. [1, and one for each core]")
      ->check(CLI::Range(1, 1024))
      ->option_text("N");
  AddInstructionSet(app, "--isa", options->instruction_set, "The instruction set to use. [the best]");
  AddInt(app, "--rounds", options->rounds, 1, 100'000, "How often each combination is measured. [20]");
  app.add_flag("--layers", options->layers, "Say how long each step of the networks takes.");
  app.add_flag("--json", options->as_json, "Print one JSON object instead of tables.");
  app.callback([options, &action] { action = [options] { return Bench(*options); }; });
}

}  // namespace posenet::cli
