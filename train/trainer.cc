// SPDX-License-Identifier: Apache-2.0
#include "train/trainer.h"

#include <torch/torch.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "base/thread_pool.h"
#include "train/checkpoint.h"
#include "train/cpu_precision.h"
#include "train/failure.h"
#include "train/model_writer.h"
#include "train/network_split.h"
#include "train/objective.h"
#include "train/optimizer.h"
#include "train/prefetch.h"
#include "train/refit.h"
#include "train/samples.h"
#include "train/torch_network.h"
#include "train/training_data.h"
#include "train/training_length.h"
#include "train/validation.h"
#include "train/weight_average.h"

namespace posenet::train {
namespace {

using torch::Tensor;
using Clock = std::chrono::steady_clock;

// The share of TrainOptions::max_minutes that steps may take: validation, reading and saving take the rest.
constexpr double kStepShare = 0.95;
// After this share of the training a network should be better than the constant pose by more than a tenth.
constexpr double kCollapseCheck = 0.3;
constexpr double kCollapsedRatio = 0.9;

double SecondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// The error by which epochs are compared: both errors, relative to the radius of the scene and to a radian.
double ScoreOf(const ValidationErrors& errors, const camera::CameraSpec& spec) {
  return errors.position / spec.scale + errors.rotation_deg / 57.3;
}

class Training {
 public:
  Training(const camera::Scene& scene, const nn::TensorMap& initial, const TrainOptions& options,
           const TrainOutputs& outputs, const TrainEvents& events);

  TrainSummary Run();

 private:
  void BuildNetwork();
  void SetInitialOutputs();
  void Resume();
  [[nodiscard]] TrainingState State();
  [[nodiscard]] std::vector<Tensor> NetworkTensors() const { return TensorsOf(*network_); }
  /// The weights that are validated and saved.
  [[nodiscard]] std::vector<Tensor> AveragedTensors() const { return averages_.empty() ? NetworkTensors() : averages_; }
  [[nodiscard]] Geometry CurrentGeometry() const;

  /// Trains until the end of the training or until something stops it.
  TrainEnd RunSteps();
  void Learn(const Batch& batch, EpochSums& sums);
  void FixLength(double seconds_per_step);
  void ReportStep(std::int64_t first_image) const;
  void EndEpoch(const EpochSums& sums);
  void WarnIfCollapsed(const EpochReport& report) const;
  void SaveModel(const std::vector<Tensor>& weights);
  void SaveCheckpoint();
  void RefitAndValidate();
  TrainSummary Finish(TrainEnd end);
  void Say(const std::string& message) const {
    if (events_.on_message) events_.on_message(message);
  }

  const nn::TensorMap& initial_;
  const TrainOptions& options_;
  const TrainOutputs& outputs_;
  const TrainEvents& events_;
  Clock::time_point start_ = Clock::now();
  int thread_count_;
  torch::Device device_;

  SplitNetwork networks_;
  TrainingData data_;
  TorchNetwork network_ = nullptr;
  Objective objective_;
  std::unique_ptr<Optimizer> optimizer_;
  std::vector<Tensor> averages_;
  std::vector<Tensor> best_;
  Progress progress_;
  std::atomic<std::int64_t> total_steps_;  // progress_.total_steps, for the thread that makes batches.
  std::optional<ValidationErrors> last_validation_;
  Clock::time_point last_checkpoint_ = Clock::now();
};

Training::Training(const camera::Scene& scene, const nn::TensorMap& initial, const TrainOptions& options,
                   const TrainOutputs& outputs, const TrainEvents& events)
    : initial_(initial),
      options_(options),
      outputs_(outputs),
      events_(events),
      thread_count_(options.thread_count > 0 ? options.thread_count : base::AvailableCores()),
      device_(torch::cuda::is_available() ? torch::kCUDA : torch::kCPU),
      networks_(SplitAfterConvolutions(camera::CameraNetwork(options.architecture, camera::Auxiliary::kInclude),
                                       options.frozen_convolutions)),
      data_(scene, networks_.stem, initial, options, thread_count_),
      objective_(options.loss, data_.spec(), options.auxiliary_weight, WindowLength(options), device_) {
  torch::set_num_threads(thread_count_);
  torch::manual_seed(static_cast<std::int64_t>(options.seed));
  BuildNetwork();
  best_ = CopiesOf(NetworkTensors());
  if (options.average_decay > 0.0) averages_ = CopiesOf(NetworkTensors());
  progress_.total_steps = options.epochs * data_.steps_per_epoch();
  progress_.is_length_final = !options.max_minutes || progress_.total_steps <= kLastTimedStep;
  progress_.options = DescribeOptions(scene, options);
  if (outputs.resume) Resume();
  total_steps_ = progress_.total_steps;
}

void Training::BuildNetwork() {
  // Pixel values deviate by about half of their range.
  const double deviation =
      networks_.stem.layers.empty() ? 64.0 * model::InputOf(options_.architecture.backbone).scale : 1.0;
  network_ = TorchNetwork(
      networks_.rest, data_.stem_output(),
      LearningOptions{
          .normalization = BatchNormalization::kNone, .input_deviation = deviation, .precision = options_.precision});
  const LoadSummary loaded = network_->LoadWeights(initial_);
  SetInitialOutputs();
  network_->to(device_);
  Say(base::StrCat("training ", ConvolutionCount(networks_.rest), " convolutions and the regressors (",
                   loaded.loaded.size(), " tensors start from the given weights, ", loaded.missing.size(),
                   " from random ones); ", ConvolutionCount(networks_.stem), " convolutions are frozen"));
  optimizer_ = std::make_unique<Optimizer>(options_.optimizer,
                                           TrainedParameters{.pretrained = network_->ParametersNamed(loaded.loaded),
                                                             .random = network_->ParametersNamed(loaded.missing),
                                                             .loss = objective_.loss()->parameters()});
}

// Regressors start at the mean pose, which is at 0 but for a quaternion's real part.
void Training::SetInitialOutputs() {
  if (data_.spec().rotation != camera::RotationParameters::kQuaternion) return;
  const torch::NoGradGuard no_grad;
  for (const nn::Output& output : networks_.rest.outputs) {
    if (output.name.ends_with(camera::kRotationOutput)) network_->OutputBias(output.name)[0] = 1.0F;
  }
}

void Training::Resume() {
  TrainingState state = State();
  progress_ = ReadCheckpoint(outputs_.checkpoint, progress_.options, state);
  Say(base::StrCat("resuming after ", progress_.step, " of ", progress_.total_steps, " steps"));
}

TrainingState Training::State() {
  TrainingState state;
  state.parameters = NetworkTensors();
  const std::vector<Tensor> loss = TensorsOf(*objective_.loss());
  state.parameters.insert(state.parameters.end(), loss.begin(), loss.end());
  state.averages = averages_;
  state.best = best_;
  state.optimizer = optimizer_.get();
  return state;
}

Geometry Training::CurrentGeometry() const {
  const bool has_warmed_up =
      static_cast<double>(progress_.step) >= options_.geometric_warmup * static_cast<double>(progress_.total_steps);
  return options_.loss.kind == LossKind::kGeometric && has_warmed_up ? Geometry::kReprojection : Geometry::kDistances;
}

void Training::Learn(const Batch& batch, EpochSums& sums) {
  // Dropout draws from torch's generator: seeded at each step, it does not depend on earlier steps.
  torch::manual_seed(
      static_cast<std::int64_t>(MixSeeds(options_.seed + 2, static_cast<std::uint64_t>(progress_.step)) >> 1));
  network_->train();
  const auto outputs = network_->forward(batch.input_bchw, options_.architecture.sequence_length);
  const Tensor loss = objective_.Of(outputs, batch, CurrentGeometry(), sums);
  optimizer_->Step(loss, progress_.step, progress_.total_steps);
  sums.loss += loss.item<double>();
  ++sums.steps;
  progress_.images += batch.input_bchw.size(0);
  ++progress_.step;
  UpdateAverages(options_.average_decay, progress_.step, NetworkTensors(), averages_);
}

// Shortens the training to what fits into max_minutes.
void Training::FixLength(double seconds_per_step) {
  const double seconds_left = kStepShare * 60.0 * *options_.max_minutes - SecondsSince(start_);
  const std::int64_t steps_per_epoch = data_.steps_per_epoch();
  progress_.total_steps =
      StepsWithin(seconds_left, seconds_per_step, progress_.step, steps_per_epoch, progress_.total_steps);
  progress_.is_length_final = true;
  total_steps_ = progress_.total_steps;
  const std::int64_t epochs = progress_.total_steps / steps_per_epoch;
  Say(base::StrCat("a step takes ", std::lround(1000.0 * seconds_per_step), " ms: ", epochs, " of ", options_.epochs,
                   " epochs fit into ", *options_.max_minutes, " minutes"));
}

void Training::ReportStep(std::int64_t first_image) const {
  if (!events_.on_step) return;
  events_.on_step({.step = progress_.step,
                   .total_steps = progress_.is_length_final ? progress_.total_steps : 0,
                   .images = progress_.images - first_image,
                   .seconds = SecondsSince(start_)});
}

TrainEnd Training::RunSteps() {
  std::int64_t next_step = progress_.step;
  Prefetch<Batch> queue([&] {
    const std::int64_t step = next_step++;
    return data_.LearningBatch(step, static_cast<double>(step) / static_cast<double>(total_steps_));
  });
  const std::int64_t first_step = progress_.step;
  const std::int64_t first_image = progress_.images;
  Clock::time_point timed_from = Clock::now();
  EpochSums sums;
  while (progress_.step < progress_.total_steps) {
    if (events_.should_stop && events_.should_stop()) return TrainEnd::kInterrupted;
    Learn(OnDevice(queue.Next(), device_), sums);
    const std::int64_t steps_in_run = progress_.step - first_step;
    if (steps_in_run == kFirstTimedStep) timed_from = Clock::now();
    if (!progress_.is_length_final && steps_in_run == kLastTimedStep) {
      FixLength(SecondsSince(timed_from) / static_cast<double>(kLastTimedStep - kFirstTimedStep));
    }
    ReportStep(first_image);
    if (progress_.step % data_.steps_per_epoch() != 0 && progress_.step != progress_.total_steps) continue;
    EndEpoch(std::exchange(sums, {}));
    const std::int64_t epoch = progress_.step / data_.steps_per_epoch();
    if (options_.patience > 0 && epoch - progress_.best_epoch >= options_.patience) return TrainEnd::kStoppedEarly;
  }
  return TrainEnd::kComplete;
}

void Training::EndEpoch(const EpochSums& sums) {
  const std::vector<Tensor> weights = AveragedTensors();
  WithWeights(NetworkTensors(), weights, [&] { last_validation_ = Validate(network_, data_, options_, device_); });
  // Without held-out frames the latest epoch is the best.
  const double score =
      last_validation_ ? ScoreOf(*last_validation_, data_.spec()) : -static_cast<double>(progress_.step);
  const auto steps = static_cast<double>(sums.steps);
  const EpochReport report = {
      .epoch = progress_.step / data_.steps_per_epoch(),
      .step = progress_.step,
      .seconds = progress_.seconds + SecondsSince(start_),
      .images = progress_.images,
      .loss = sums.loss / steps,
      .position_loss = sums.position / steps,
      .rotation_loss = sums.rotation / steps,
      .s_x = objective_.loss()->s_x(),
      .s_q = objective_.loss()->s_q(),
      .learning_rate = options_.optimizer.learning_rate *
                       RateShareAt(options_.optimizer.schedule, progress_.step - 1, progress_.total_steps),
      .validation = last_validation_,
      .is_best = score < progress_.best_score};
  if (report.is_best) {
    progress_.best = last_validation_;
    progress_.best_score = score;
    progress_.best_epoch = report.epoch;
    Assign(best_, weights);
    SaveModel(best_);
  }
  if (events_.on_epoch) events_.on_epoch(report);
  WarnIfCollapsed(report);
  if (SecondsSince(last_checkpoint_) > kCheckpointSeconds) SaveCheckpoint();
}

void Training::WarnIfCollapsed(const EpochReport& report) const {
  const auto check_step = static_cast<std::int64_t>(kCollapseCheck * static_cast<double>(progress_.total_steps));
  const bool is_time = report.step >= check_step && report.step - data_.steps_per_epoch() < check_step;
  if (!is_time) return;
  const auto [position, rotation] = objective_.ConstantPoseDistances(data_.LearningPoses());
  if (report.position_loss < kCollapsedRatio * position || report.rotation_loss < kCollapsedRatio * rotation) return;
  Say(base::StrCat("warning: after ", base::Counted(report.epoch, "epoch"),
                   " the network still outputs almost the same pose for every image; try a lower "
                   "--learning-rate or more images"));
}

void Training::SaveModel(const std::vector<Tensor>& weights) {
  WithWeights(NetworkTensors(), weights, [&] {
    network_->eval();
    // Auxiliary regressors only help training.
    WriteCameraModel(outputs_.model, camera::CameraNetwork(options_.architecture, camera::Auxiliary::kLeaveOut),
                     network_->ExportWeights(), initial_, data_.spec(), options_);
  });
}

void Training::SaveCheckpoint() {
  if (outputs_.checkpoint.empty()) return;
  WriteCheckpoint(outputs_.checkpoint, State(), progress_);
  last_checkpoint_ = Clock::now();
}

// Solves for the regressors of the network's current weights, and updates last_validation_.
void Training::RefitAndValidate() {
  last_validation_ = Validate(network_, data_, options_, device_);
  if (!options_.refit || !last_validation_ || options_.architecture.sequence_length > 1) return;
  const ValidationErrors trained = *last_validation_;
  RefitRegressors(network_, data_, static_cast<std::size_t>(options_.batch_size), device_,
                  [&] { return *Validate(network_, data_, options_, device_); });
  last_validation_ = Validate(network_, data_, options_, device_);
  const auto percent_less = [](double before, double after) {
    return before > 0.0 ? std::lround(100.0 * (1.0 - after / before)) : 0L;
  };
  Say(base::StrCat("ridge regression of the regressors reduced the errors on the held-out frames by ",
                   percent_less(trained.position, last_validation_->position), " % (position) and ",
                   percent_less(trained.rotation_deg, last_validation_->rotation_deg), " % (rotation)"));
}

TrainSummary Training::Finish(TrainEnd end) {
  progress_.seconds += SecondsSince(start_);
  const bool is_complete = end == TrainEnd::kComplete;
  if (end == TrainEnd::kInterrupted) SaveCheckpoint();
  if (end == TrainEnd::kInterrupted) {
    if (progress_.best_epoch < 0) SaveModel(AveragedTensors());
  } else {
    Assign(NetworkTensors(), is_complete ? AveragedTensors() : best_);
    RefitAndValidate();
    SaveModel(CopiesOf(NetworkTensors()));
    RemoveCheckpoint(outputs_.checkpoint);
  }
  return {.end = end,
          .steps = progress_.step,
          .epochs = progress_.step / data_.steps_per_epoch(),
          .seconds = progress_.seconds,
          .images = progress_.images,
          .validation = end != TrainEnd::kInterrupted && last_validation_ ? last_validation_ : progress_.best};
}

TrainSummary Training::Run() {
  data_.ReadImages(events_.on_image);
  return Finish(RunSteps());
}

}  // namespace

ConvPrecision DefaultConvPrecision() {
  return torch::cuda::is_available() ? ConvPrecision::kFloat32 : FastestCpuPrecision();
}

TrainSummary Train(const camera::Scene& scene, const nn::TensorMap& initial, const TrainOptions& options,
                   const TrainOutputs& outputs, const TrainEvents& events) {
  CheckOptions(scene, options);
  if (options.precision == ConvPrecision::kBFloat16 && FastestCpuPrecision() != ConvPrecision::kBFloat16 &&
      !torch::cuda::is_available()) {
    throw Failure(ErrorCode::kUnsupported,
                  "this CPU has no bf16 instructions; use --precision fp32, which is faster and more accurate here");
  }
  return Training(scene, initial, options, outputs, events).Run();
}

}  // namespace posenet::train
