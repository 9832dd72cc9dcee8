// SPDX-License-Identifier: Apache-2.0
// What posenet bench measures: a model at a size, in a precision, on some threads.
#ifndef POSENET_CLI_BENCH_SUBJECT_H_
#define POSENET_CLI_BENCH_SUBJECT_H_

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/thread_pool.h"
#include "image/image.h"
#include "model/model_file.h"
#include "nn/plan.h"
#include "posenet/human.h"

namespace posenet::cli {

/// The times of one thing, in milliseconds.
class Times {
 public:
  void Add(double ms) { times_ms_.push_back(ms); }
  /// The time that `share` of all are below: 0.5 is the median. At least one was added.
  [[nodiscard]] double Quantile(double share) const;
  [[nodiscard]] double Median() const { return Quantile(0.5); }

 private:
  std::vector<double> times_ms_;
};

/// How a subject is run. Models for camera poses have one size, and float32.
struct BenchSetup {
  int width_px = 0;
  int height_px = 0;
  Precision precision = Precision::kFloat32;
  std::string instruction_set;
  int thread_count = 0;
};

class BenchSubject {
 public:
  /// Of `model`, read from `file`, which is named in errors. Throws CommandError for a model that cannot be run so.
  BenchSubject(const model::LoadedModel& model, const std::filesystem::path& file, const BenchSetup& wanted);

  /// Runs everything once without looking at the clock.
  void WarmUp(const image::Image& image);
  /// Once the network alone, once from the image to poses or the camera's pose, and how fast the core is at present.
  void Measure(const image::Image& image);

  [[nodiscard]] const std::string& model() const { return model_; }
  /// In force.
  [[nodiscard]] const BenchSetup& setup() const { return setup_; }
  [[nodiscard]] const Times& network_ms() const { return network_ms_; }
  [[nodiscard]] const Times& end_to_end_ms() const { return end_to_end_ms_; }

  [[nodiscard]] int step_count() const { return plan_->step_count(); }
  [[nodiscard]] std::string step_name(int step) const { return plan_->step_name(step); }
  [[nodiscard]] const Times& step_ms(int step) const { return step_ms_[static_cast<std::size_t>(step)]; }

  /// Of the network's median time.
  [[nodiscard]] double GigaOperationsPerSecond() const;
  /// Of all threads, were each as fast as the fastest core that was seen.
  [[nodiscard]] double ShareOfPeak() const;

 private:
  /// Fill in setup_ and end_to_end_, and answer what the network is to be packed for.
  nn::BFloat16Use PrepareHuman(const model::LoadedModel& model, const std::filesystem::path& file);
  nn::BFloat16Use PrepareCamera(const model::LoadedModel& model, const std::filesystem::path& file);

  std::string model_;
  BenchSetup setup_;
  double operations_ = 0.0;
  double peak_ = 0.0;  // Of one core, in operations a second.
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
