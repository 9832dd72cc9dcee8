// SPDX-License-Identifier: Apache-2.0
#include "cli/bench_subject.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <numeric>
#include <span>
#include <utility>

#include "base/strings.h"
#include "cli/peak.h"
#include "common/command_error.h"
#include "human/precision.h"
#include "model/model_file.h"
#include "nn/graph/operation_count.h"
#include "posenet/camera.h"

namespace posenet::cli {
namespace {

nn::ProductKind KindOf(Precision precision) {
  if (precision == Precision::kInt8) return nn::ProductKind::kInt8;
  return precision == Precision::kBFloat16 ? nn::ProductKind::kBFloat16 : nn::ProductKind::kFloat32;
}

template <typename T>
T ForFileOrThrow(Result<T> result, const std::filesystem::path& file) {
  if (result.has_value()) return *std::move(result);
  throw app::UsageError(base::StrCat(base::Printable(file.native()), ": ", result.error().message));
}

template <typename Function>
double MillisecondsOf(const Function& function) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  function();
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

}  // namespace

BenchSubject::BenchSubject(const model::LoadedModel& model, const std::filesystem::path& file, const BenchSetup& wanted)
    : model_(model.spec.name), setup_(wanted) {
  const nn::BFloat16Use bfloat16 =
      model.spec.task == kCameraTask ? PrepareCamera(model, file) : PrepareHuman(model, file);
  auto packed =
      ForFileOrThrow(nn::PackedNetwork::Create(model.spec.network, model.weights,
                                               {.instruction_set = setup_.instruction_set, .bfloat16 = bfloat16}),
                     file);
  const nn::Shape shape = {.height = setup_.height_px, .width = setup_.width_px, .channels = 3};
  plan_ = ForFileOrThrow(nn::Plan::Create(std::move(packed), shape), file);
  context_ = ForFileOrThrow(nn::Context::Create(plan_, setup_.thread_count), file);
  threads_ = std::make_unique<base::ThreadPool>(setup_.thread_count);
  step_ms_.resize(static_cast<std::size_t>(step_count()));
  const std::vector<double> counts = ForFileOrThrow(nn::OperationCounts(model.spec.network, shape), file);
  operations_ = std::accumulate(counts.begin(), counts.end(), 0.0);
}

nn::BFloat16Use BenchSubject::PrepareHuman(const model::LoadedModel& model, const std::filesystem::path& file) {
  PoseEstimatorOptions options = setup_.preset == app::Preset::kTfjs ? TfjsPreset() : PoseEstimatorOptions();
  options.input_width_px = setup_.width_px;
  options.input_height_px = setup_.height_px;
  options.precision = setup_.precision;
  options.instruction_set = setup_.instruction_set;
  options.thread_count = setup_.thread_count;
  const auto estimator = std::make_shared<const PoseEstimator>(
      ForFileOrThrow(PoseEstimator::Create(app::FileValueOrThrow(model::MakeModel(model)), options), file));
  const nn::BFloat16Use bfloat16 = ForFileOrThrow(human::ResolvePrecision(model, options), file).bfloat16;
  const PoseEstimatorOptions& in_force = estimator->options();
  setup_ = {.preset = setup_.preset,
            .width_px = in_force.input_width_px,
            .height_px = in_force.input_height_px,
            .precision = in_force.precision,
            .instruction_set = in_force.instruction_set,
            .thread_count = in_force.thread_count};
  end_to_end_ = [estimator](const ImageView& image) { app::ValueOrThrow(estimator->Estimate(image)); };
  return bfloat16;
}

nn::BFloat16Use BenchSubject::PrepareCamera(const model::LoadedModel& model, const std::filesystem::path& file) {
  const auto localizer = std::make_shared<const CameraLocalizer>(ForFileOrThrow(
      CameraLocalizer::Create(app::FileValueOrThrow(model::MakeModel(model)),
                              {.instruction_set = setup_.instruction_set, .thread_count = setup_.thread_count}),
      file));
  setup_ = {.width_px = model.spec.input_width_px,
            .height_px = model.spec.input_height_px,
            .precision = Precision::kFloat32,
            .instruction_set = localizer->options().instruction_set,
            .thread_count = localizer->options().thread_count};
  end_to_end_ = [localizer](const ImageView& image) { app::ValueOrThrow(localizer->Localize(image)); };
  return nn::BFloat16Use::kNever;
}

void BenchSubject::WarmUp(const image::Image& image) {
  Measure(image);
  network_ms_ = {};
  end_to_end_ms_ = {};
  step_ms_.assign(step_ms_.size(), {});
}

void BenchSubject::Measure(const image::Image& image) {
  const std::span<float> input = context_->input();
  // A run overwrites its input, so it is filled again, which also brings it into the cache as preprocessing does.
  for (std::size_t i = 0; i < input.size(); ++i) input[i] = static_cast<float>(i * 37 % 255) / 127.5F - 1.0F;
  std::vector<double> seconds(step_ms_.size());
  network_ms_.Add(MillisecondsOf([&] { plan_->Run(*context_, *threads_, seconds); }));
  for (std::size_t i = 0; i < seconds.size(); ++i) step_ms_[i].Add(seconds[i] * 1e3);
  end_to_end_ms_.Add(MillisecondsOf([&] { end_to_end_(image.View()); }));
  // The clock rate of a core varies; the maximum is the peak.
  peak_ = std::max(peak_, MeasurePeak(KindOf(setup_.precision), setup_.instruction_set));
}

double BenchSubject::GigaOperationsPerSecond() const { return operations_ / network_ms_.Median() / 1e6; }

double BenchSubject::ShareOfPeak() const { return GigaOperationsPerSecond() * 1e9 / peak_ / setup_.thread_count; }

}  // namespace posenet::cli
