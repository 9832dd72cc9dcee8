// SPDX-License-Identifier: Apache-2.0
#include "camera/localizer_network.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.h"
#include "camera/camera_model.h"
#include "camera/dropout_split.h"

namespace posenet::camera {
namespace {

// Samples per run of the second part: enough to read the weights of the last layers seldom, few enough for their values
// to stay in the cache (2048 features of 64 samples are 0.5 MB).
constexpr int kMaxSamplesTogether = 64;

LocalizerOutputs OutputsOf(const nn::Plan& plan) {
  LocalizerOutputs outputs;
  for (int i = 0; i < plan.output_count(); ++i) {
    const std::string& name = plan.output_name(i);
    if (name == kPositionOutput) outputs.position = i;
    if (name == kRotationOutput) outputs.rotation = i;
    if (name == kFeaturesOutput) outputs.features = i;
    if (name == kCutOutput) outputs.cut = i;
  }
  return outputs;
}

// Whether output `index` has `size` numbers for each element of the batch.
Result<void> CheckPlanOutput(const nn::Plan& plan, int index, const char* name, int size) {
  if (index < 0) return base::Fail(ErrorCode::kCorruptData, "the network has no output \"", name, "\"");
  const nn::Shape& shape = plan.output_shape(index);
  const nn::Shape expected = {.batch = plan.input_shape().batch, .height = 1, .width = 1, .channels = size};
  if (shape == expected) return {};
  return base::Fail(ErrorCode::kCorruptData, "output \"", name, "\" has the shape [", shape.batch, ", ", shape.height,
                    ", ", shape.width, ", ", shape.channels, "]; expected [", expected.batch, ", 1, 1, ", size, "]");
}

Result<void> CheckSpec(const model::ModelSpec& spec, const LocalizerNetworkOptions& options) {
  if (spec.network.input_channels != 3) {
    return base::Fail(ErrorCode::kUnsupported, "model ", base::Printable(spec.name), " has ",
                      spec.network.input_channels, " input channels; expected 3");
  }
  if (spec.fit != ImageFit::kCrop || spec.resampling != Resampling::kAntialiased) {
    return base::Fail(ErrorCode::kUnsupported, "model ", base::Printable(spec.name),
                      " fits or resamples photos in an unsupported way; expected crop and antialiased");
  }
  if (spec.input_width_px < 1 || spec.input_height_px < 1) {
    return base::Fail(ErrorCode::kUnsupported, "model ", base::Printable(spec.name), " has no input size, which ",
                      kCameraTask, " needs");
  }
  if (options.passes > 0 && !SamplesPoses(spec.network)) {
    return base::Fail(ErrorCode::kUnsupported, "model ", base::Printable(spec.name),
                      " cannot estimate uncertainty: it has no dropout before its position and rotation");
  }
  if (options.wants_features && !HasFeatures(spec.network)) {
    return base::Fail(ErrorCode::kUnsupported, "model ", base::Printable(spec.name), " has no output \"",
                      kFeaturesOutput, "\"");
  }
  return {};
}

}  // namespace

Result<LocalizerNetwork> LocalizerNetwork::Create(const model::LoadedModel& model, const CameraSpec& camera,
                                                  const LocalizerNetworkOptions& options) {
  const model::ModelSpec& spec = model.spec;
  POSENET_RETURN_IF_ERROR(CheckSpec(spec, options));
  LocalizerNetwork network;
  network.input_ = {.batch = 1, .height = spec.input_height_px, .width = spec.input_width_px, .channels = 3};
  network.rotation_size_ = RotationSize(camera.rotation);
  network.is_for_sequences_ = camera.sequence_length > 1;
  network.passes_ = options.passes;
  network.wants_features_ = options.wants_features;
  const nn::PackOptions pack = {.instruction_set = options.instruction_set, .bfloat16 = nn::BFloat16Use::kNever};
  const std::optional<DropoutSplit> split = options.passes > 0 ? SplitAtDropout(spec.network) : std::nullopt;
  if (split) {
    POSENET_ASSIGN_OR_RETURN(network.second_, nn::PackedNetwork::Create(split->tail, model.weights, pack));
  }
  POSENET_ASSIGN_OR_RETURN(network.first_,
                           nn::PackedNetwork::Create(split ? split->head : spec.network, model.weights, pack));
  return network;
}

Result<std::shared_ptr<const LocalizerPlan>> LocalizerPlan::Create(const LocalizerNetwork& network, int batch) {
  const auto plan = std::make_shared<LocalizerPlan>();
  plan->batch_ = batch;
  plan->passes_ = network.passes_;
  plan->rotation_size_ = static_cast<std::size_t>(network.rotation_size_);
  plan->wants_features_ = network.wants_features_;
  nn::Shape input = network.input_;
  input.batch = batch;
  POSENET_ASSIGN_OR_RETURN(plan->first_, nn::Plan::Create(network.first_, input));
  plan->first_outputs_ = OutputsOf(*plan->first_);
  const nn::Plan* last = plan->first_.get();
  const LocalizerOutputs* outputs = &plan->first_outputs_;
  if (network.second_) {
    nn::Shape cut = plan->first_->output_shape(plan->first_outputs_.cut);
    if (cut.batch != batch) return base::Fail(ErrorCode::kCorruptData, "a layer changes the batch size");
    // Samples of one photo form a batch, which a network for sequences would take for a sequence.
    if (!network.is_for_sequences_) plan->second_samples_ = std::min(network.passes_, kMaxSamplesTogether);
    cut.batch = batch * plan->second_samples_;
    POSENET_ASSIGN_OR_RETURN(plan->second_, nn::Plan::Create(network.second_, cut));
    plan->second_outputs_ = OutputsOf(*plan->second_);
    last = plan->second_.get();
    outputs = &plan->second_outputs_;
  }
  POSENET_RETURN_IF_ERROR(CheckPlanOutput(*last, outputs->position, kPositionOutput, 3));
  POSENET_RETURN_IF_ERROR(CheckPlanOutput(*last, outputs->rotation, kRotationOutput, network.rotation_size_));
  if (network.wants_features_) {
    const int features = plan->first_outputs_.features;
    const int size = features < 0 ? 0 : plan->first_->output_shape(features).channels;
    POSENET_RETURN_IF_ERROR(CheckPlanOutput(*plan->first_, features, kFeaturesOutput, size));
  }
  return plan;
}

Result<std::unique_ptr<LocalizerRun>> LocalizerRun::Create(std::shared_ptr<const LocalizerPlan> plan,
                                                           int thread_count) {
  std::unique_ptr<LocalizerRun> run(new LocalizerRun(std::move(plan), thread_count));
  POSENET_ASSIGN_OR_RETURN(run->first_, nn::Context::Create(run->plan_->first_, thread_count));
  if (run->plan_->second_) {
    POSENET_ASSIGN_OR_RETURN(run->second_, nn::Context::Create(run->plan_->second_, thread_count));
  }
  return run;
}

std::span<float> LocalizerRun::input(int element) {
  const std::span<float> all = first_->input();
  const std::size_t size = all.size() / static_cast<std::size_t>(plan_->batch_);
  return all.subspan(static_cast<std::size_t>(element) * size, size);
}

void LocalizerRun::Run(std::uint64_t seed) {
  positions_.clear();
  rotations_.clear();
  if (plan_->second_) {
    RunParts(seed);
  } else {
    RunWhole(seed);
  }
}

void LocalizerRun::RunWhole(std::uint64_t seed) {
  if (plan_->passes_ == 0) {
    plan_->first_->Run(*first_, threads_);
    StoreFeatures();
    return StoreOutputs(*first_, plan_->first_outputs_, plan_->batch_);
  }
  input_.assign(first_->input().begin(), first_->input().end());
  if (plan_->wants_features_) {
    first_->SampleDropout(std::nullopt);
    plan_->first_->Run(*first_, threads_);
    StoreFeatures();
  }
  for (int pass = 0; pass < plan_->passes_; ++pass) {
    std::ranges::copy(input_, first_->input().begin());
    first_->SampleDropout(seed + static_cast<std::uint64_t>(pass));
    plan_->first_->Run(*first_, threads_);
    StoreOutputs(*first_, plan_->first_outputs_, plan_->batch_);
  }
}

void LocalizerRun::RunParts(std::uint64_t seed) {
  plan_->first_->Run(*first_, threads_);
  StoreFeatures();
  const std::span<const float> cut = first_->output(plan_->first_outputs_.cut);
  const int together = plan_->second_samples_;
  for (int pass = 0; pass < plan_->passes_; pass += together) {
    auto target = second_->input().begin();
    for (int sample = 0; sample < together; ++sample) target = std::ranges::copy(cut, target).out;
    second_->SampleDropout(seed + static_cast<std::uint64_t>(pass));
    plan_->second_->Run(*second_, threads_);
    StoreOutputs(*second_, plan_->second_outputs_, std::min(together, plan_->passes_ - pass) * plan_->batch_);
  }
}

void LocalizerRun::StoreFeatures() {
  if (!plan_->wants_features_) return;
  const std::span<const float> features = first_->output(plan_->first_outputs_.features);
  features_.assign(features.begin(), features.end());
}

void LocalizerRun::StoreOutputs(const nn::Context& context, const LocalizerOutputs& outputs, int count) {
  const auto append = [count](std::span<const float> output, std::size_t size, std::vector<float>& stored) {
    const std::span<const float> used = output.first(static_cast<std::size_t>(count) * size);
    stored.insert(stored.end(), used.begin(), used.end());
  };
  append(context.output(outputs.position), 3, positions_);
  append(context.output(outputs.rotation), plan_->rotation_size_, rotations_);
}

std::span<const float> LocalizerRun::position(int sample, int element) const {
  return std::span(positions_).subspan(static_cast<std::size_t>(sample * plan_->batch_ + element) * 3, 3);
}

std::span<const float> LocalizerRun::rotation(int sample, int element) const {
  const std::size_t size = plan_->rotation_size_;
  return std::span(rotations_).subspan(static_cast<std::size_t>(sample * plan_->batch_ + element) * size, size);
}

std::span<const float> LocalizerRun::features(int element) const {
  const std::size_t size = features_.size() / static_cast<std::size_t>(plan_->batch_);
  return std::span(features_).subspan(static_cast<std::size_t>(element) * size, size);
}

}  // namespace posenet::camera
