// SPDX-License-Identifier: Apache-2.0
#include "camera/localizer_network.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/error.h"
#include "camera/dropout_split.h"
#include "camera/network_pose.h"

namespace posenet::camera {
namespace {

// Samples that are computed together: enough for the weights of the last layers to be read seldom, few enough for
// their values to stay in the cache (2048 features of 64 samples are 0.5 MB).
constexpr int kMaxSamplesTogether = 64;

LocalizerOutputs OutputsOf(const nn::Plan& plan) {
  LocalizerOutputs outputs;
  for (int i = 0; i < plan.output_count(); ++i) {
    const std::string& name = plan.output_name(i);
    if (name == model::kPositionOutput) outputs.position = i;
    if (name == model::kRotationOutput) outputs.rotation = i;
    if (name == model::kFeaturesOutput) outputs.features = i;
    if (name == kCutOutput) outputs.cut = i;
  }
  return outputs;
}

/// Whether output `index` has `size` numbers for each element of the batch.
Result<void> CheckOutput(const nn::Plan& plan, int index, const char* name, int size) {
  if (index < 0) return base::Fail(ErrorCode::kCorruptData, "the network has no output \"", name, "\"");
  const nn::Shape& shape = plan.output_shape(index);
  const nn::Shape expected = {.batch = plan.input_shape().batch, .height = 1, .width = 1, .channels = size};
  if (shape == expected) return {};
  return base::Fail(ErrorCode::kCorruptData, "output \"", name, "\" has the shape [", shape.batch, ", ", shape.height,
                    ", ", shape.width, ", ", shape.channels, "]; expected [", expected.batch, ", 1, 1, ", size, "]");
}

bool HasFeatures(const nn::Network& network) {
  return std::ranges::any_of(network.outputs,
                             [](const nn::Output& output) { return output.name == model::kFeaturesOutput; });
}

Result<void> CheckSpec(const model::ModelSpec& spec, const LocalizerNetworkOptions& options) {
  if (spec.task != kCameraTask || !spec.camera || spec.network.input_channels != 3) {
    return base::Fail(ErrorCode::kUnsupported, "model ", base::Printable(spec.name), " is for ",
                      base::Printable(spec.task), " from ", spec.network.input_channels, " channels; expected ",
                      kCameraTask, " from 3");
  }
  if (spec.fit != ImageFit::kCrop || spec.resampling != Resampling::kAntialiased) {
    return base::Fail(ErrorCode::kUnsupported, "model ", base::Printable(spec.name),
                      " wants photos fitted or resampled in another way; expected crop and antialiased");
  }
  if (spec.input_width_px < 1 || spec.input_height_px < 1) {
    return base::Fail(ErrorCode::kUnsupported, "model ", base::Printable(spec.name),
                      " has no input size; expected one, which ", kCameraTask, " needs");
  }
  if (options.passes > 0 && !SamplesPoses(spec.network)) {
    return base::Fail(ErrorCode::kUnsupported, "model ", base::Printable(spec.name),
                      " has no dropout before its position and rotation; expected some to sample uncertainty with");
  }
  if (options.wants_features && !HasFeatures(spec.network)) {
    return base::Fail(ErrorCode::kUnsupported, "model ", base::Printable(spec.name), " does not answer features");
  }
  return {};
}

}  // namespace

Result<LocalizerNetwork> LocalizerNetwork::Create(const model::LoadedModel& model,
                                                  const LocalizerNetworkOptions& options) {
  const model::ModelSpec& spec = model.spec;
  POSENET_RETURN_IF_ERROR(CheckSpec(spec, options));
  LocalizerNetwork network;
  network.input_ = {.batch = 1, .height = spec.input_height_px, .width = spec.input_width_px, .channels = 3};
  network.rotation_size_ = model::RotationSize(spec.camera->rotation);
  network.is_for_sequences_ = spec.camera->sequence_length > 1;
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
  const nn::Plan* answering = plan->first_.get();
  const LocalizerOutputs* outputs = &plan->first_outputs_;
  if (network.second_) {
    nn::Shape cut = plan->first_->output_shape(plan->first_outputs_.cut);
    if (cut.batch != batch) return base::Fail(ErrorCode::kCorruptData, "a layer changes the number of photos");
    // Samples of one photo make a batch. A network for sequences would take it for one.
    if (!network.is_for_sequences_) plan->second_samples_ = std::min(network.passes_, kMaxSamplesTogether);
    cut.batch = batch * plan->second_samples_;
    POSENET_ASSIGN_OR_RETURN(plan->second_, nn::Plan::Create(network.second_, cut));
    plan->second_outputs_ = OutputsOf(*plan->second_);
    answering = plan->second_.get();
    outputs = &plan->second_outputs_;
  }
  POSENET_RETURN_IF_ERROR(CheckOutput(*answering, outputs->position, model::kPositionOutput, 3));
  POSENET_RETURN_IF_ERROR(CheckOutput(*answering, outputs->rotation, model::kRotationOutput, network.rotation_size_));
  if (network.wants_features_) {
    const int features = plan->first_outputs_.features;
    const int size = features < 0 ? 0 : plan->first_->output_shape(features).channels;
    POSENET_RETURN_IF_ERROR(CheckOutput(*plan->first_, features, model::kFeaturesOutput, size));
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
    KeepFeatures();
    return KeepAnswers(*first_, plan_->first_outputs_, plan_->batch_);
  }
  input_.assign(first_->input().begin(), first_->input().end());
  if (plan_->wants_features_) {
    first_->SampleDropout(std::nullopt);
    plan_->first_->Run(*first_, threads_);
    KeepFeatures();
  }
  for (int pass = 0; pass < plan_->passes_; ++pass) {
    std::ranges::copy(input_, first_->input().begin());
    first_->SampleDropout(seed + static_cast<std::uint64_t>(pass));
    plan_->first_->Run(*first_, threads_);
    KeepAnswers(*first_, plan_->first_outputs_, plan_->batch_);
  }
}

void LocalizerRun::RunParts(std::uint64_t seed) {
  plan_->first_->Run(*first_, threads_);
  KeepFeatures();
  const std::span<const float> cut = first_->output(plan_->first_outputs_.cut);
  const int together = plan_->second_samples_;
  for (int pass = 0; pass < plan_->passes_; pass += together) {
    auto target = second_->input().begin();
    for (int sample = 0; sample < together; ++sample) target = std::ranges::copy(cut, target).out;
    second_->SampleDropout(seed + static_cast<std::uint64_t>(pass));
    plan_->second_->Run(*second_, threads_);
    KeepAnswers(*second_, plan_->second_outputs_, std::min(together, plan_->passes_ - pass) * plan_->batch_);
  }
}

void LocalizerRun::KeepFeatures() {
  if (!plan_->wants_features_) return;
  const std::span<const float> features = first_->output(plan_->first_outputs_.features);
  features_.assign(features.begin(), features.end());
}

void LocalizerRun::KeepAnswers(const nn::Context& context, const LocalizerOutputs& outputs, int count) {
  const auto keep = [count](std::span<const float> answers, std::size_t size, std::vector<float>& kept) {
    const std::span<const float> wanted = answers.first(static_cast<std::size_t>(count) * size);
    kept.insert(kept.end(), wanted.begin(), wanted.end());
  };
  keep(context.output(outputs.position), 3, positions_);
  keep(context.output(outputs.rotation), plan_->rotation_size_, rotations_);
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
