// SPDX-License-Identifier: Apache-2.0
#include "train/optimizer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

#include "train/failure.h"

namespace posenet::train {
namespace {

// Adam's decay rates for the parameters of a loss. Their gradients are large whenever distances change; with Adam's
// usual memory of a thousand steps for squared gradients, one such change would slow them down for all of a short
// training, and s_q would lag behind the falling rotation error.
constexpr double kMomentumDecay = 0.9;
constexpr double kLossSquareDecay = 0.9;

// One of the optimizer's parameter groups.
struct Group {
  std::vector<torch::Tensor> parameters;
  double rate = 1.0;  // Relative to the learning rate.
  double weight_decay = 0.0;
  bool is_loss = false;
};

// Relative to the rate of the optimizer.
double RateOf(const torch::Tensor& random) {
  if (random.dim() != 2) return 1.0;
  return std::min(1.0, Optimizer::kFullRateInputs / static_cast<double>(random.size(1)));
}

// Adds `parameter` to the group of that rate and decay.
void Add(const torch::Tensor& parameter, double rate, double weight_decay, std::vector<Group>& groups) {
  auto group =
      std::ranges::find_if(groups, [&](const Group& g) { return g.rate == rate && g.weight_decay == weight_decay; });
  if (group == groups.end()) {
    group =
        groups.insert(groups.end(), {.parameters = {}, .rate = rate, .weight_decay = weight_decay, .is_loss = false});
  }
  group->parameters.push_back(parameter);
}

// All groups, in a fixed order.
std::vector<Group> GroupsOf(const TrainedParameters& parameters, double weight_decay) {
  std::vector<Group> groups;
  // Only weights decay, not biases.
  const auto decay = [weight_decay](const torch::Tensor& tensor) { return tensor.dim() > 1 ? weight_decay : 0.0; };
  for (const torch::Tensor& tensor : parameters.pretrained) {
    Add(tensor, Optimizer::kPretrainedRate, decay(tensor), groups);
  }
  for (const torch::Tensor& tensor : parameters.random) Add(tensor, RateOf(tensor), decay(tensor), groups);
  groups.push_back({.parameters = parameters.loss, .rate = Optimizer::kLossRate, .weight_decay = 0.0, .is_loss = true});
  return groups;
}

template <typename Kind, typename Settings>
std::unique_ptr<torch::optim::Optimizer> Make(const std::vector<Group>& groups, const Settings& settings) {
  std::vector<torch::optim::OptimizerParamGroup> torch_groups;
  for (const Group& group : groups) {
    Settings own = settings;
    own.weight_decay(group.weight_decay);
    if constexpr (requires { own.betas(); }) {
      if (group.is_loss) own.betas({kMomentumDecay, kLossSquareDecay});
    }
    torch_groups.emplace_back(group.parameters, std::make_unique<Settings>(own));
  }
  return std::make_unique<Kind>(torch_groups, settings);
}

void RequireFinite(double value, std::string_view what, std::int64_t step) {
  if (std::isfinite(value)) return;
  throw Failure(ErrorCode::kInvalidArgument, "training diverged: the ", what, " of step ", step,
                " is not finite; try a lower --learning-rate");
}

}  // namespace

Optimizer::Optimizer(const OptimizerOptions& options, const TrainedParameters& parameters) : options_(options) {
  const std::vector<Group> groups = GroupsOf(parameters, options.weight_decay);
  for (const Group& group : groups) {
    rates_.push_back(group.rate);
    if (!group.is_loss) {
      network_parameters_.insert(network_parameters_.end(), group.parameters.begin(), group.parameters.end());
    }
  }
  const double rate = options.learning_rate;
  switch (options.kind) {
    case OptimizerKind::kAdam:
      optimizer_ = Make<torch::optim::Adam>(groups, torch::optim::AdamOptions(rate));
      break;
    case OptimizerKind::kAdamW:
      optimizer_ = Make<torch::optim::AdamW>(groups, torch::optim::AdamWOptions(rate));
      break;
    case OptimizerKind::kSgd:
      optimizer_ = Make<torch::optim::SGD>(groups, torch::optim::SGDOptions(rate).momentum(0.9));
      break;
    case OptimizerKind::kAdaGrad:
      optimizer_ = Make<torch::optim::Adagrad>(groups, torch::optim::AdagradOptions(rate));
      break;
  }
}

void Optimizer::Step(const torch::Tensor& loss, std::int64_t step, std::int64_t total_steps) {
  RequireFinite(loss.item<double>(), "loss", step);
  optimizer_->zero_grad();
  loss.backward();
  const double limit =
      options_.max_gradient_norm > 0.0 ? options_.max_gradient_norm : double{std::numeric_limits<float>::max()};
  RequireFinite(torch::nn::utils::clip_grad_norm_(network_parameters_, limit), "gradient", step);
  const double rate = options_.learning_rate * RateShareAt(options_.schedule, step, total_steps);
  auto& groups = optimizer_->param_groups();
  for (std::size_t i = 0; i < groups.size(); ++i) groups[i].options().set_lr(rates_[i] * rate);
  optimizer_->step();
}

}  // namespace posenet::train
