// SPDX-License-Identifier: Apache-2.0
#include "bench_subject.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <span>
#include <utility>

#include "base/strings.h"
#include "command_error.h"
#include "human/precision.h"
#include "model/model_file.h"
#include "model_search.h"
#include "nn/operation_count.h"
#include "nn/peak.h"

namespace posenet::cli {
namespace {

nn::ProductKind KindOf(Precision precision) {
  if (precision == Precision::kInt8) return nn::ProductKind::kInt8;
  return precision == Precision::kBFloat16 ? nn::ProductKind::kBFloat16 : nn::ProductKind::kFloat32;
}

template <typename T>
T ForFileOrThrow(Result<T> result, const std::filesystem::path& file) {
  if (result.has_value()) return *std::move(result);
  throw UsageError(StrCat(Printable(file.native()), ": ", result.error().message));
}

template <typename Function>
double MillisecondsOf(const Function& function) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  function();
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

}  // namespace

double Times::Quantile(double share) const {
  std::vector<double> sorted = times_ms_;
  std::sort(sorted.begin(), sorted.end());
  return sorted[static_cast<std::size_t>(std::lround(share * static_cast<double>(sorted.size() - 1)))];
}

BenchSubject::BenchSubject(const std::string& model_name, const PoseEstimatorOptions& wanted) {
  const std::filesystem::path file =
      ModelForPrecision(ResolveModel(model_name), wanted.precision, wanted.instruction_set);
  const LoadedModel model = FileValueOrThrow(LoadModelFile(file));
  model_ = model.spec.name;
  estimator_ = std::make_unique<const PoseEstimator>(
      ForFileOrThrow(PoseEstimator::Create(FileValueOrThrow(MakeModel(model)), wanted), file));

  PoseEstimatorOptions in_force = wanted;
  const nn::PackOptions pack = ForFileOrThrow(ChoosePrecision(model, in_force), file);
  auto packed = ForFileOrThrow(nn::PackedNetwork::Create(model.spec.network, model.weights, pack), file);
  const nn::Shape shape = {.height = options().input_height_px, .width = options().input_width_px, .channels = 3};
  plan_ = ForFileOrThrow(nn::Plan::Create(std::move(packed), shape), file);
  context_ = ForFileOrThrow(nn::Context::Create(plan_, options().thread_count), file);
  threads_ = std::make_unique<ThreadPool>(options().thread_count);
  step_ms_.resize(static_cast<std::size_t>(step_count()));
  const std::vector<double> counts = ForFileOrThrow(nn::OperationCounts(model.spec.network, shape), file);
  operations_ = std::accumulate(counts.begin(), counts.end(), 0.0);
}

void BenchSubject::WarmUp(const Image& picture) {
  Measure(picture);
  network_ms_ = {};
  end_to_end_ms_ = {};
  step_ms_.assign(step_ms_.size(), {});
}

void BenchSubject::Measure(const Image& picture) {
  const std::span<float> input = context_->input();
  // The memory of the input is reused within a run: its numbers are renewed, and that they are in a cache is as it is
  // when a picture was just prepared.
  for (std::size_t i = 0; i < input.size(); ++i) input[i] = static_cast<float>(i * 37 % 255) / 127.5F - 1.0F;
  std::vector<double> seconds(step_ms_.size());
  network_ms_.Add(MillisecondsOf([&] { plan_->Run(*context_, *threads_, seconds); }));
  for (std::size_t i = 0; i < seconds.size(); ++i) step_ms_[i].Add(seconds[i] * 1e3);
  end_to_end_ms_.Add(MillisecondsOf([&] { ValueOrThrow(estimator_->Estimate(picture.View())); }));
  // The clock of a core changes: the most that was seen is what can be had.
  peak_ = std::max(peak_, nn::MeasurePeak(KindOf(options().precision), options().instruction_set));
}

double BenchSubject::GigaOperationsPerSecond() const { return operations_ / network_ms_.Median() / 1e6; }

double BenchSubject::ShareOfPeak() const { return GigaOperationsPerSecond() * 1e9 / peak_ / options().thread_count; }

}  // namespace posenet::cli
