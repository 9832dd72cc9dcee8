// SPDX-License-Identifier: Apache-2.0
#include "nn/plan.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include "base/error.h"
#include "nn/memory_plan.h"
#include "nn/packing/aligned_buffer.h"
#include "nn/packing/packing.h"
#include "nn/steps/make_steps.h"
#include "nn/steps/step.h"

namespace posenet::nn {

struct Plan::Impl {
  std::shared_ptr<const PackedNetwork> network;  // Steps point into it.
  std::vector<Output> outputs;
  std::vector<std::string> layer_names;
  std::vector<Shape> shapes;
  std::vector<std::unique_ptr<Step>> steps;
  std::vector<std::size_t> offsets;  // Of each value, in bytes.
  std::size_t arena_bytes = 0;
  std::size_t scratch_bytes = 0;
};

struct Context::Impl {
  std::shared_ptr<const Plan> plan;
  AlignedBuffer<std::byte> memory;
  Workspace workspace;
};

namespace {

// A value that no step writes takes no bytes; the input lives from the first step on, outputs live to the end.
std::vector<Lifetime> LifetimesOf(std::span<const std::unique_ptr<Step>> steps, std::span<const Shape> shapes,
                                  std::span<const ElementType> types, std::span<const Output> outputs) {
  std::vector<Lifetime> lifetimes(shapes.size());
  const auto bytes_of = [&](std::size_t value) {
    return static_cast<std::uint64_t>(shapes[value].ElementCount() * BytesOf(types[value]));
  };
  lifetimes[0].bytes = bytes_of(0);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const int step = static_cast<int>(i);
    for (const int value : steps[i]->writes()) {
      const auto written = static_cast<std::size_t>(value);
      lifetimes[written] = {.first = step, .last = step, .bytes = bytes_of(written)};
    }
    for (const int value : steps[i]->reads()) lifetimes[static_cast<std::size_t>(value)].last = step;
  }
  for (const Output& output : outputs) {
    lifetimes[static_cast<std::size_t>(output.value)].last = static_cast<int>(steps.size());
  }
  return lifetimes;
}

}  // namespace

Plan::Plan(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
Plan::~Plan() = default;

Result<std::shared_ptr<const Plan>> Plan::Create(std::shared_ptr<const PackedNetwork> network, const Shape& input) {
  const PackedContents& packed = *network->contents_;
  auto impl = std::make_unique<Impl>();
  impl->outputs = packed.network.outputs;
  for (const Layer& layer : packed.network.layers) impl->layer_names.push_back(layer.name);
  POSENET_ASSIGN_OR_RETURN(impl->shapes, InferShapes(packed.network, input));

  POSENET_ASSIGN_OR_RETURN(impl->steps, MakeSteps(packed, impl->shapes));
  for (const auto& step : impl->steps) impl->scratch_bytes = std::max(impl->scratch_bytes, step->scratch_bytes());

  const MemoryPlan memory = PlanMemory(LifetimesOf(impl->steps, impl->shapes, packed.types, impl->outputs));
  constexpr std::uint64_t kMaxBytes =
      std::min<std::uint64_t>(kMaxArenaBytes, std::numeric_limits<std::size_t>::max() / 2);
  if (memory.total_bytes > kMaxBytes || impl->scratch_bytes > kMaxBytes) {
    return base::Fail(ErrorCode::kResourceExhausted, "an input of ", input.height, "x", input.width, " takes ",
                      (memory.total_bytes + impl->scratch_bytes) >> 20, " MiB of working memory; expected at most ",
                      kMaxBytes >> 20);
  }
  for (const std::uint64_t offset : memory.offsets_bytes) {
    impl->offsets.push_back(static_cast<std::size_t>(offset));
  }
  impl->arena_bytes = static_cast<std::size_t>(memory.total_bytes);
  impl->scratch_bytes = (impl->scratch_bytes + kAlignmentBytes - 1) / kAlignmentBytes * kAlignmentBytes;
  impl->network = std::move(network);
  return std::shared_ptr<const Plan>(new Plan(std::move(impl)));
}

const Shape& Plan::input_shape() const { return impl_->shapes[0]; }

int Plan::output_count() const { return static_cast<int>(impl_->outputs.size()); }

const std::string& Plan::output_name(int index) const { return impl_->outputs[static_cast<std::size_t>(index)].name; }

const Shape& Plan::output_shape(int index) const {
  return impl_->shapes[static_cast<std::size_t>(impl_->outputs[static_cast<std::size_t>(index)].value)];
}

std::size_t Plan::arena_bytes() const { return impl_->arena_bytes; }

std::size_t Plan::scratch_bytes() const { return impl_->scratch_bytes; }

void Plan::Run(Context& context, base::ThreadPool& pool, std::span<double> step_seconds) const {
  using Clock = std::chrono::steady_clock;
  for (std::size_t i = 0; i < impl_->steps.size(); ++i) {
    if (step_seconds.empty()) {
      impl_->steps[i]->Run(context.impl_->workspace, pool);
      continue;
    }
    const auto start = Clock::now();
    impl_->steps[i]->Run(context.impl_->workspace, pool);
    step_seconds[i] += std::chrono::duration<double>(Clock::now() - start).count();
  }
}

int Plan::step_count() const { return static_cast<int>(impl_->steps.size()); }

std::string Plan::step_name(int index) const {
  std::string name;
  for (const int value : impl_->steps[static_cast<std::size_t>(index)]->writes()) {
    name += base::StrCat(name.empty() ? "" : " + ", impl_->layer_names[static_cast<std::size_t>(value) - 1]);
  }
  return name;
}

Context::Context(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Context::~Context() = default;

Result<std::unique_ptr<Context>> Context::Create(std::shared_ptr<const Plan> plan, int max_threads) {
  auto impl = std::make_unique<Impl>();
  const Plan::Impl& plan_impl = *plan->impl_;
  Workspace& workspace = impl->workspace;
  workspace.max_threads = std::max(max_threads, 1);
  workspace.offsets = plan_impl.offsets;
  workspace.scratch_bytes = plan_impl.scratch_bytes;
  const std::size_t threads = static_cast<std::size_t>(workspace.max_threads);
  constexpr std::size_t kMaxBytes = std::numeric_limits<std::size_t>::max() / 2;
  if (plan_impl.scratch_bytes <= (kMaxBytes - plan_impl.arena_bytes) / threads) {
    impl->memory = MakeAlignedBuffer<std::byte>(plan_impl.arena_bytes + plan_impl.scratch_bytes * threads);
  }
  if (impl->memory == nullptr) {
    return base::Fail(ErrorCode::kResourceExhausted, "not enough memory for ", plan_impl.arena_bytes >> 20,
                      " MiB of values and ", threads, " times ", plan_impl.scratch_bytes >> 10, " KiB");
  }
  workspace.arena = impl->memory.get();
  workspace.scratch = workspace.arena + plan_impl.arena_bytes;
  impl->plan = std::move(plan);
  return std::unique_ptr<Context>(new Context(std::move(impl)));
}

void Context::SampleDropout(std::optional<std::uint64_t> seed) { impl_->workspace.dropout_seed = seed; }

std::span<float> Context::input() {
  const auto count = static_cast<std::size_t>(impl_->plan->input_shape().ElementCount());
  return {impl_->workspace.Value(0), count};
}

std::span<const float> Context::output(int index) const {
  const auto count = static_cast<std::size_t>(impl_->plan->output_shape(index).ElementCount());
  return {impl_->workspace.Value(impl_->plan->impl_->outputs[static_cast<std::size_t>(index)].value), count};
}

}  // namespace posenet::nn
