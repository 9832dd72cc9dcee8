// SPDX-License-Identifier: Apache-2.0
#include "train/optimizer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "train/failure.h"

namespace posenet::train {
namespace {

// The groups of an optimiser, in this order.
constexpr std::size_t kGroupCount = 3;
constexpr std::size_t kLossGroup = 2;

// Adam's two decays for what a loss learns. Its first gradients are large, as distances at the start are many times
// what the first s expects; the usual memory of a thousand steps would let them slow s down for all of a short
// training, and the weight of rotations would lag behind their falling error.
constexpr double kMomentumDecay = 0.9;
constexpr double kLossMemory = 0.9;

template <typename Settings>
std::vector<torch::optim::OptimizerParamGroup> Groups(
    const std::array<std::vector<torch::Tensor>, kGroupCount>& members, Settings settings, double weight_decay) {
  std::vector<torch::optim::OptimizerParamGroup> groups;
  for (std::size_t i = 0; i < kGroupCount; ++i) {
    settings.weight_decay(i == 0 ? weight_decay : 0.0);
    if constexpr (requires { settings.betas(); }) {
      if (i == kLossGroup) settings.betas({kMomentumDecay, kLossMemory});
    }
    groups.emplace_back(members[i], std::make_unique<Settings>(settings));
  }
  return groups;
}

template <typename Kind, typename Settings>
std::unique_ptr<torch::optim::Optimizer> Make(const std::array<std::vector<torch::Tensor>, kGroupCount>& members,
                                              const Settings& settings, double weight_decay) {
  return std::make_unique<Kind>(Groups(members, settings, weight_decay), settings);
}

}  // namespace

Optimizer::Optimizer(const OptimizerOptions& options, const std::vector<torch::Tensor>& network,
                     const std::vector<torch::Tensor>& loss)
    : options_(options), parameters_(network) {
  std::array<std::vector<torch::Tensor>, kGroupCount> members;
  for (const torch::Tensor& parameter : network) members[parameter.dim() > 1 ? 0 : 1].push_back(parameter);
  members[kLossGroup] = loss;
  const double rate = options.learning_rate;
  switch (options.kind) {
    case OptimizerKind::kAdam:
      optimizer_ = Make<torch::optim::Adam>(members, torch::optim::AdamOptions(rate), options.weight_decay);
      break;
    case OptimizerKind::kAdamW:
      optimizer_ = Make<torch::optim::AdamW>(members, torch::optim::AdamWOptions(rate), options.weight_decay);
      break;
    case OptimizerKind::kSgd:
      optimizer_ = Make<torch::optim::SGD>(members, torch::optim::SGDOptions(rate).momentum(0.9), options.weight_decay);
      break;
    case OptimizerKind::kAdaGrad:
      optimizer_ = Make<torch::optim::Adagrad>(members, torch::optim::AdagradOptions(rate), options.weight_decay);
      break;
  }
}

void Optimizer::Step(const torch::Tensor& loss, std::int64_t step, std::int64_t total_steps, double rate) {
  if (!std::isfinite(loss.item<double>())) {
    throw Failure(ErrorCode::kInvalidArgument, "the loss of step ", step,
                  " is not finite: the training has diverged; a smaller learning rate may help");
  }
  optimizer_->zero_grad();
  loss.backward();
  const double limit =
      options_.max_gradient_norm > 0.0 ? options_.max_gradient_norm : std::numeric_limits<double>::max();
  const double norm = torch::nn::utils::clip_grad_norm_(parameters_, limit);
  if (!std::isfinite(norm)) {
    throw Failure(ErrorCode::kInvalidArgument, "the gradient of step ", step,
                  " is not finite: the training has diverged; a smaller learning rate may help");
  }
  const double rate_now = rate * options_.learning_rate * ScheduleAt(options_, step, total_steps);
  auto& groups = optimizer_->param_groups();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    groups[i].options().set_lr(i == kLossGroup ? kLossRateFactor * rate_now : rate_now);
  }
  optimizer_->step();
}

}  // namespace posenet::train
