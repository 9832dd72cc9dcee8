// SPDX-License-Identifier: Apache-2.0
// What posenet bench measures: a model with an input size, a precision and a thread count.
#ifndef POSENET_CLI_BENCH_SUBJECT_H_
#define POSENET_CLI_BENCH_SUBJECT_H_

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/statistics.h"
#include "base/thread_pool.h"
#include "common/human_preset.h"
#include "image/image.h"
#include "model/model_file.h"
#include "nn/plan.h"
#include "posenet/human.h"

namespace posenet::cli {

/// Repeated measurements of a duration, in milliseconds.
class Times {
 public:
  void Add(double ms) { times_ms_.push_back(ms); }
  /// The time below which `share` of all times are; 0.5 is the median. Requires at least one time.
  [[nodiscard]] double Quantile(double share) const { return base::Quantile(times_ms_, share); }
  [[nodiscard]] double Median() const { return Quantile(0.5); }

 private:
  std::vector<double> times_ms_;
};

/// How a model is run. Camera models have one size, one precision and no preset.
struct BenchSetup {
  std::optional<app::Preset> preset = {};
  int width_px = 0;
  int height_px = 0;
  Precision precision = Precision::kFloat32;
  std::string instruction_set;
  int thread_count = 0;
};

class BenchSubject {
 public:
  /// Prepares `model`; errors name `file`. Throws CommandError if the model does not support the setup.
  BenchSubject(const model::LoadedModel& model, const std::filesystem::path& file, const BenchSetup& wanted);

  /// Runs everything once without measuring.
  void WarmUp(const image::Image& image);
  /// Measures the network alone, the way from the image to poses, and the current peak throughput of a core, once each.
  void Measure(const image::Image& image);

  [[nodiscard]] const std::string& model() const { return model_; }
  /// With the size, precision, instruction set and thread count in effect.
  [[nodiscard]] const BenchSetup& setup() const { return setup_; }
  [[nodiscard]] const Times& network_ms() const { return network_ms_; }
  [[nodiscard]] const Times& end_to_end_ms() const { return end_to_end_ms_; }

  [[nodiscard]] int step_count() const { return plan_->step_count(); }
  [[nodiscard]] std::string step_name(int step) const { return plan_->step_name(step); }
  [[nodiscard]] const Times& step_ms(int step) const { return step_ms_[static_cast<std::size_t>(step)]; }

  /// By the median time of the network.
  [[nodiscard]] double GigaOperationsPerSecond() const;
  /// Relative to the fastest measured core, times the number of threads.
  [[nodiscard]] double ShareOfPeak() const;

 private:
  /// Fill in setup_ and end_to_end_, and return how to pack the network.
  nn::BFloat16Use PrepareHuman(const model::LoadedModel& model, const std::filesystem::path& file);
  nn::BFloat16Use PrepareCamera(const model::LoadedModel& model, const std::filesystem::path& file);

  std::string model_;
  BenchSetup setup_;
  double operations_ = 0.0;
  double peak_ = 0.0;  // Of one core, in operations per second.
  std::function<void(const ImageView& image)> end_to_end_;
  std::shared_ptr<const nn::Plan> plan_;
  std::unique_ptr<nn::Context> context_;
  std::unique_ptr<base::ThreadPool> threads_;
  Times network_ms_;
  Times end_to_end_ms_;
  std::vector<Times> step_ms_;
};

}  // namespace posenet::cli

#endif  // POSENET_CLI_BENCH_SUBJECT_H_
