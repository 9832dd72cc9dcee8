// SPDX-License-Identifier: Apache-2.0
#include "train/trainer.h"

#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "base/statistics.h"
#include "base/strings.h"
#include "base/thread_pool.h"
#include "camera/metrics.h"
#include "train/batches.h"
#include "train/checkpoint.h"
#include "train/failure.h"
#include "train/model_writer.h"
#include "train/network_split.h"
#include "train/objective.h"
#include "train/optimizer.h"
#include "train/photo_store.h"
#include "train/pose_tensors.h"
#include "train/prefetch.h"
#include "train/samples.h"
#include "train/stem.h"
#include "train/targets.h"
#include "train/torch_network.h"
#include "train/train_options.h"
#include "train/weight_average.h"

namespace posenet::train {
namespace {

using torch::Tensor;
using Clock = std::chrono::steady_clock;

// Steps whose time tells how many fit into the budget; the first ones are slower than the rest.
constexpr std::int64_t kSlowSteps = 5;
constexpr std::int64_t kMeasuredSteps = 25;
// The share of the budget that steps may take: validation, reading and saving take the rest.
constexpr double kBudgetShare = 0.95;
constexpr std::int64_t kUnknown = std::numeric_limits<std::int64_t>::max() / 2;

double Seconds(Clock::time_point since) { return std::chrono::duration<double>(Clock::now() - since).count(); }

std::vector<double> Numbers(const Tensor& tensor) {
  const Tensor flat = tensor.to(torch::kCPU).contiguous();
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

std::vector<std::filesystem::path> PhotosOf(const camera::Scene& scene) {
  std::vector<std::filesystem::path> photos;
  for (const camera::Frame& frame : scene.frames) photos.push_back(frame.image);
  return photos;
}

nn::Shape InputShape(const ViewOptions& view) {
  return {.batch = 1, .height = view.input_height_px, .width = view.input_width_px, .channels = 3};
}

class Training {
 public:
  Training(const camera::Scene& scene, const nn::TensorMap& initial, const TrainOptions& options,
           const TrainOutputs& outputs, const TrainEvents& events);

  TrainSummary Run();

 private:
  [[nodiscard]] std::vector<Window> MakeWindows() const;
  [[nodiscard]] int WindowLength() const;
  [[nodiscard]] BatchOptions MakeBatchOptions() const;
  [[nodiscard]] TrainingState State();
  [[nodiscard]] std::vector<Tensor> NetworkTensors() const { return TensorsOf(*network_); }
  /// What is validated and saved.
  [[nodiscard]] std::vector<Tensor> BestGuess() const { return averages_.empty() ? NetworkTensors() : averages_; }

  Batch MakeBatch(std::int64_t step);
  [[nodiscard]] Geometry GeometryNow() const;
  void Learn(const Batch& batch, EpochSums& sums);
  void FixLength(Clock::time_point steps_start);
  void EndEpoch(const EpochSums& sums);
  void WatchForCollapse(const EpochReport& report);
  struct Validation {
    std::optional<double> position;
    std::optional<double> rotation_deg;
    double score = 0.0;
  };
  Validation Validate();
  void SaveModel(const std::vector<Tensor>& weights);
  void SaveCheckpoint();
  void Say(const std::string& message) const {
    if (events_.on_message) events_.on_message(message);
  }

  const camera::Scene& scene_;
  const TrainOptions& options_;
  const TrainOutputs& outputs_;
  const TrainEvents& events_;
  const nn::TensorMap& initial_;
  Clock::time_point start_ = Clock::now();
  int threads_;
  torch::Device device_;

  ValidationSplit split_;
  camera::CameraSpec spec_;
  nn::Network saved_network_;  // Without auxiliary regressors.
  SplitNetwork networks_;
  std::vector<Window> windows_;
  std::int64_t windows_per_batch_ = 1;
  std::int64_t steps_per_epoch_ = 1;

  PhotoStore photos_;
  Stem stem_;
  Stem validation_stem_;  // The other one is busy with the batch after this.
  BatchMaker maker_;
  BatchMaker validation_maker_;
  TorchNetwork network_ = nullptr;
  Objective objective_;
  std::unique_ptr<Optimizer> optimizer_;
  std::vector<Tensor> averages_;
  std::vector<Tensor> first_;
  std::vector<Tensor> best_;
  Position position_;
  std::atomic<std::int64_t> planned_steps_ = kUnknown;  // position_.total_steps for the thread that makes batches.
  Validation last_validation_;
  Clock::time_point last_checkpoint_ = Clock::now();
};

int LengthOfWindows(const TrainOptions& options) {
  if (options.architecture.sequence_length > 1) return options.architecture.sequence_length;
  return options.loss.relative ? options.relative_window : 1;
}

nn::Network TrainedNetwork(const TrainOptions& options) {
  return camera::CameraNetwork(options.architecture, camera::Auxiliary::kInclude);
}

camera::CameraSpec SpecFor(const camera::Scene& scene, const TrainOptions& options) {
  std::vector<camera::RigidPose> poses = camera::PosesOf(scene, camera::Split::kTrain);
  camera::CameraSpec spec = SpecOf(poses);
  spec.rotation = options.architecture.rotation;
  spec.length_unit = scene.units;
  spec.scene = options.scene_name;
  spec.sequence_length = options.architecture.sequence_length;
  if (options.view.crop_from_px > 0) {
    spec.crop_share = static_cast<double>(std::min(options.view.input_width_px, options.view.input_height_px)) /
                      options.view.crop_from_px;
  }
  return spec;
}

Training::Training(const camera::Scene& scene, const nn::TensorMap& initial, const TrainOptions& options,
                   const TrainOutputs& outputs, const TrainEvents& events)
    : scene_(scene),
      options_(options),
      outputs_(outputs),
      events_(events),
      initial_(initial),
      threads_(options.thread_count > 0 ? options.thread_count : base::AvailableCores()),
      device_(torch::cuda::is_available() ? torch::kCUDA : torch::kCPU),
      split_(SetAside(scene, options.validation_share)),
      spec_(SpecFor(scene, options)),
      saved_network_(camera::CameraNetwork(options.architecture, camera::Auxiliary::kLeaveOut)),
      networks_(SplitAfterConvolutions(TrainedNetwork(options), options.frozen_convolutions)),
      windows_(MakeWindows()),
      photos_(PhotosOf(scene), {.width_px = options.view.input_width_px,
                                .height_px = options.view.input_height_px,
                                .shortest_side_px = options.view.crop_from_px}),
      stem_(networks_.stem, initial, InputShape(options.view), threads_),
      validation_stem_(networks_.stem, initial, InputShape(options.view), threads_),
      maker_(scene, photos_, stem_, MakeBatchOptions(), threads_),
      validation_maker_(scene, photos_, validation_stem_, MakeBatchOptions(), threads_),
      objective_(options.loss, spec_, options.auxiliary_weight, WindowLength(), device_) {
  torch::set_num_threads(threads_);
  torch::manual_seed(static_cast<std::int64_t>(options.seed));
  windows_per_batch_ = std::max(1, options.batch_size / WindowLength());
  const auto window_count = static_cast<std::int64_t>(windows_.size());
  steps_per_epoch_ = (window_count + windows_per_batch_ - 1) / windows_per_batch_;
  // Of pixels, which are spread over about half of their range.
  const double deviation =
      networks_.stem.layers.empty() ? 64.0 * model::InputOf(options.architecture.backbone).scale : 1.0;
  network_ = TorchNetwork(
      networks_.rest, stem_.output_shape(),
      LearningOptions{
          .normalization = BatchNormalization::kNone, .input_deviation = deviation, .precision = options.precision});
  const LoadSummary loaded = network_->LoadWeights(initial);
  Say(base::StrCat("learning ", network_->parameters().size(), " tensors of ", ConvolutionCount(networks_.rest),
                   " convolutions and the regressors; ", loaded.loaded, " start from the given weights, ",
                   loaded.missing.size(), " at random; ", ConvolutionCount(networks_.stem), " convolutions are kept"));
  {
    // The first answer is the mean pose.
    const torch::NoGradGuard no_grad;
    for (const nn::Output& output : networks_.rest.outputs) {
      if (!output.name.ends_with(camera::kRotationOutput) || spec_.rotation != camera::RotationParameters::kQuaternion)
        continue;
      network_->OutputBias(output.name)[0] = 1.0F;
    }
  }
  network_->to(device_);
  optimizer_ = std::make_unique<Optimizer>(options.optimizer, network_->parameters(), objective_.loss()->parameters());
  first_ = CopiesOf(NetworkTensors());
  best_ = CopiesOf(NetworkTensors());
  if (options.average_decay > 0.0) averages_ = CopiesOf(NetworkTensors());
  position_.total_steps = options.epochs ? *options.epochs * steps_per_epoch_ : kUnknown;
  position_.best_score = std::numeric_limits<double>::infinity();
  position_.options = DescribeOptions(scene, options);
  if (outputs.resume) {
    TrainingState state = State();
    position_ = ReadCheckpoint(outputs.checkpoint, position_.options, state);
    Say(base::StrCat("going on after ", position_.step, " of ", position_.total_steps, " steps"));
  }
  planned_steps_ = position_.total_steps;
}

int Training::WindowLength() const { return LengthOfWindows(options_); }

std::vector<Window> Training::MakeWindows() const {
  const int length = WindowLength();
  const bool is_sequence = options_.architecture.sequence_length > 1;
  std::vector<Window> windows = WindowsOf(scene_, split_.learn, length, is_sequence ? 1 : options_.relative_skip);
  if (windows.empty()) {
    throw Failure(ErrorCode::kInvalidArgument, "no sequence of the scene is long enough for windows of ", length,
                  " frames", is_sequence ? "" : base::StrCat(", ", options_.relative_skip, " frames apart"));
  }
  return windows;
}

BatchOptions Training::MakeBatchOptions() const {
  constexpr int kPointsPerPhoto = 128;
  const model::BackboneInput input = model::InputOf(options_.architecture.backbone);
  return {.input_width_px = options_.view.input_width_px,
          .input_height_px = options_.view.input_height_px,
          .augmentation = options_.augmentation,
          .normalization = {.scale = input.scale, .bias = input.bias},
          .spec = spec_,
          .point_count = options_.loss.kind == LossKind::kGeometric ? kPointsPerPhoto : 0};
}

TrainingState Training::State() {
  TrainingState state;
  state.parameters = NetworkTensors();
  const std::vector<Tensor> loss = objective_.loss()->parameters();
  state.parameters.insert(state.parameters.end(), loss.begin(), loss.end());
  state.averages = averages_;
  state.best = best_;
  state.optimizer = optimizer_.get();
  return state;
}

Batch Training::MakeBatch(std::int64_t step) {
  const std::int64_t epoch = step / steps_per_epoch_;
  const std::vector<std::size_t> order = OrderOfEpoch(windows_.size(), options_.seed, epoch);
  const auto begin = static_cast<std::size_t>(step % steps_per_epoch_ * windows_per_batch_);
  const std::size_t end = std::min(order.size(), begin + static_cast<std::size_t>(windows_per_batch_));
  std::vector<Window> windows;
  for (std::size_t i = begin; i < end; ++i) windows.push_back(windows_[order[i]]);
  const std::int64_t planned = planned_steps_;
  const double progress = planned == kUnknown ? 0.0 : static_cast<double>(step) / static_cast<double>(planned);
  return maker_.Make(windows, Use::kLearning, progress, MixSeeds(options_.seed + 1, static_cast<std::uint64_t>(step)));
}

Geometry Training::GeometryNow() const {
  const bool has_warmed_up =
      position_.total_steps != kUnknown &&
      static_cast<double>(position_.step) >= options_.geometric_warmup * static_cast<double>(position_.total_steps);
  return options_.loss.kind == LossKind::kGeometric && has_warmed_up ? Geometry::kReprojection : Geometry::kDistances;
}

Batch OnDevice(Batch batch, torch::Device device) {
  batch.input_bchw = batch.input_bchw.to(device);
  batch.truth.position = batch.truth.position.to(device);
  batch.truth.rotation = batch.truth.rotation.to(device);
  if (batch.points) {
    batch.points->points = batch.points->points.to(device);
    batch.points->mask = batch.points->mask.to(device);
  }
  return batch;
}

void Training::Learn(const Batch& batch, EpochSums& sums) {
  // Dropout draws from torch's generator: seeding it at every step makes it depend on nothing before.
  torch::manual_seed(
      static_cast<std::int64_t>(MixSeeds(options_.seed + 2, static_cast<std::uint64_t>(position_.step)) >> 1));
  network_->train();
  const auto outputs = network_->forward(batch.input_bchw, options_.architecture.sequence_length);
  const Tensor loss = objective_.Of(outputs, batch, GeometryNow(), sums);
  optimizer_->Step(loss, position_.step, position_.total_steps, position_.watch.rate);
  sums.loss += loss.item<double>();
  ++sums.steps;
  position_.images += batch.input_bchw.size(0);
  ++position_.step;
  UpdateAverages(options_.average_decay, position_.step, NetworkTensors(), averages_);
}

// How long the training will be, from the time that steps take.
void Training::FixLength(Clock::time_point steps_start) {
  const double seconds_per_step = Seconds(steps_start) / static_cast<double>(kMeasuredSteps - kSlowSteps);
  const double budget = kBudgetShare * 60.0 * options_.minutes - Seconds(start_);
  const std::int64_t left = std::max<std::int64_t>(0, static_cast<std::int64_t>(budget / seconds_per_step));
  const std::int64_t epochs = std::clamp<std::int64_t>((position_.step + left) / steps_per_epoch_, 1, kMaxEpochs);
  position_.total_steps = std::max(position_.step, epochs * steps_per_epoch_);
  planned_steps_ = position_.total_steps;
  Say(base::StrCat("a step takes ", std::lround(1000.0 * seconds_per_step), " ms: ", epochs,
                   epochs == kMaxEpochs ? " epochs, the most that are useful, fit into " : " epochs fit into ",
                   options_.minutes, " minutes (--epochs ", epochs, " --precision ",
                   ConvPrecisionName(options_.precision), " repeats this training anywhere)"));
}

Training::Validation Training::Validate() {
  if (split_.validate.empty())
    return {.position = {}, .rotation_deg = {}, .score = -static_cast<double>(position_.step)};
  std::vector<double> positions;
  std::vector<double> angles;
  const auto sequence = static_cast<std::size_t>(options_.architecture.sequence_length);
  const std::size_t chunk = sequence > 1 ? sequence : static_cast<std::size_t>(options_.batch_size);
  network_->eval();
  for (std::size_t begin = 0; begin < split_.validate.size(); begin += chunk) {
    const std::size_t end = std::min(split_.validate.size(), begin + chunk);
    Window window(split_.validate.begin() + static_cast<std::ptrdiff_t>(begin),
                  split_.validate.begin() + static_cast<std::ptrdiff_t>(end));
    const Batch batch = OnDevice(validation_maker_.Make(std::array{window}, Use::kValidation, 1.0, 0), device_);
    const auto outputs =
        network_->forward(batch.input_bchw, sequence > 1 ? static_cast<std::int64_t>(window.size()) : 1);
    const std::vector<double> distances =
        Numbers((outputs.at(camera::kPositionOutput) - batch.truth.position).norm(2, -1) * spec_.scale);
    const std::vector<double> turns =
        Numbers(AngleDeg(QuaternionOf(outputs.at(camera::kRotationOutput), spec_.rotation), batch.truth.rotation));
    positions.insert(positions.end(), distances.begin(), distances.end());
    angles.insert(angles.end(), turns.begin(), turns.end());
  }
  Validation validation = {.position = base::Quantile(std::move(positions), 0.5),
                           .rotation_deg = base::Quantile(std::move(angles), 0.5)};
  // Both relative to what is usual in the scene: its radius, and a radian.
  validation.score = *validation.position / spec_.scale + *validation.rotation_deg / 57.3;
  return validation;
}

void Training::SaveModel(const std::vector<Tensor>& weights) {
  WithWeights(NetworkTensors(), weights, [&] {
    network_->eval();
    WriteCameraModel(outputs_.model, saved_network_, network_->ExportWeights(), initial_, spec_, options_);
  });
}

void Training::SaveCheckpoint() {
  if (outputs_.checkpoint.empty()) return;
  TrainingState state = State();
  WriteCheckpoint(outputs_.checkpoint, state, position_);
  last_checkpoint_ = Clock::now();
}

void Training::EndEpoch(const EpochSums& sums) {
  const std::vector<Tensor> weights = BestGuess();
  WithWeights(NetworkTensors(), weights, [&] { last_validation_ = Validate(); });
  const bool is_best = last_validation_.score < position_.best_score;
  EpochReport report = {.epoch = position_.step / steps_per_epoch_,
                        .step = position_.step,
                        .seconds = position_.seconds + Seconds(start_),
                        .images = position_.images,
                        .loss = sums.loss / static_cast<double>(sums.steps),
                        .position_loss = sums.position / static_cast<double>(sums.steps),
                        .rotation_loss = sums.rotation / static_cast<double>(sums.steps),
                        .s_x = objective_.loss()->s_x(),
                        .s_q = objective_.loss()->s_q(),
                        .learning_rate = position_.watch.rate * options_.optimizer.learning_rate *
                                         ScheduleAt(options_.optimizer, position_.step - 1, position_.total_steps),
                        .validation_position = last_validation_.position,
                        .validation_rotation_deg = last_validation_.rotation_deg,
                        .is_best = is_best};
  if (is_best) {
    position_.best_position = last_validation_.position.value_or(-1.0);
    position_.best_rotation_deg = last_validation_.rotation_deg.value_or(-1.0);
    position_.best_score = last_validation_.score;
    position_.best_epoch = report.epoch;
    Assign(best_, weights);
    SaveModel(best_);
  }
  if (events_.on_epoch) events_.on_epoch(report);
  WatchForCollapse(report);
  if (Seconds(last_checkpoint_) > kCheckpointSeconds) SaveCheckpoint();
}

void Training::WatchForCollapse(const EpochReport& report) {
  if (position_.total_steps == kUnknown || GeometryNow() != Geometry::kDistances) return;
  const EpochDistances epoch = {.position = report.position_loss, .rotation = report.rotation_loss};
  if (!HasCollapsed(position_.watch, epoch, position_.step, position_.total_steps)) return;
  // Not from the best weights so far, which may be those of a network that was on its way there.
  Assign(NetworkTensors(), first_);
  if (!averages_.empty()) Assign(averages_, first_);
  optimizer_ = std::make_unique<Optimizer>(options_.optimizer, network_->parameters(), objective_.loss()->parameters());
  Say(base::StrCat("the network answers much the same for every photo: beginning anew, at ", position_.watch.rate,
                   " times the learning rate"));
}

TrainSummary Training::Run() {
  photos_.ReadAll(threads_, [&](std::size_t done) {
    if (events_.on_photo) events_.on_photo(done, photos_.size());
  });
  std::int64_t next_step = position_.step;
  Prefetch<Batch> queue([&] { return MakeBatch(next_step++); });
  const std::int64_t first_step = position_.step;
  const std::int64_t first_image = position_.images;
  Clock::time_point measured_from = Clock::now();
  EpochSums sums;
  TrainSummary summary;
  while (position_.step < position_.total_steps) {
    if (events_.should_stop && events_.should_stop()) {
      summary.end = TrainEnd::kInterrupted;
      break;
    }
    Learn(OnDevice(queue.Next(), device_), sums);
    if (position_.step == first_step + kSlowSteps) measured_from = Clock::now();
    if (position_.total_steps == kUnknown && position_.step == first_step + kMeasuredSteps) FixLength(measured_from);
    if (events_.on_step) {
      events_.on_step({.step = position_.step,
                       .total_steps = position_.total_steps == kUnknown ? 0 : position_.total_steps,
                       .images = position_.images - first_image,
                       .seconds = Seconds(start_)});
    }
    if (position_.step % steps_per_epoch_ != 0 && position_.step != position_.total_steps) continue;
    EndEpoch(std::exchange(sums, {}));
    const std::int64_t epoch = position_.step / steps_per_epoch_;
    if (options_.patience > 0 && epoch - position_.best_epoch >= options_.patience) {
      summary.end = TrainEnd::kStoppedEarly;
      break;
    }
  }
  const bool is_complete = summary.end == TrainEnd::kComplete;
  position_.seconds += Seconds(start_);
  if (summary.end == TrainEnd::kInterrupted) SaveCheckpoint();
  if (is_complete || position_.best_epoch < 0) SaveModel(BestGuess());
  if (summary.end != TrainEnd::kInterrupted) RemoveCheckpoint(outputs_.checkpoint);
  Validation saved = last_validation_;
  if (!is_complete && position_.best_position >= 0.0) {
    saved = {.position = position_.best_position, .rotation_deg = position_.best_rotation_deg};
  }
  summary.steps = position_.step;
  summary.epochs = position_.step / steps_per_epoch_;
  summary.seconds = position_.seconds;
  summary.images = position_.images;
  summary.validation_position = saved.position;
  summary.validation_rotation_deg = saved.rotation_deg;
  return summary;
}

}  // namespace

ConvPrecision UsualConvPrecision() {
  return torch::cuda::is_available() ? ConvPrecision::kFloat32 : FastConvPrecision();
}

TrainSummary Train(const camera::Scene& scene, const nn::TensorMap& initial, const TrainOptions& options,
                   const TrainOutputs& outputs, const TrainEvents& events) {
  CheckOptions(scene, options);
  if (options.precision == ConvPrecision::kBFloat16 && FastConvPrecision() != ConvPrecision::kBFloat16 &&
      !torch::cuda::is_available()) {
    throw Failure(ErrorCode::kUnsupported,
                  "this CPU has no instructions for bf16; fp32 is faster here, and more exact");
  }
  return Training(scene, initial, options, outputs, events).Run();
}

}  // namespace posenet::train
