// SPDX-License-Identifier: Apache-2.0
#include "train/optimizer_options.h"

#include <algorithm>
#include <array>

namespace posenet::train {
namespace {

constexpr std::array kOptimizerKinds = {OptimizerKind::kAdam, OptimizerKind::kAdamW, OptimizerKind::kSgd,
                                        OptimizerKind::kAdaGrad};

}  // namespace

std::string_view OptimizerName(OptimizerKind kind) {
  switch (kind) {
    case OptimizerKind::kAdam:
      return "adam";
    case OptimizerKind::kAdamW:
      return "adamw";
    case OptimizerKind::kSgd:
      return "sgd";
    case OptimizerKind::kAdaGrad:
      return "adagrad";
  }
  return "";
}

std::optional<OptimizerKind> OptimizerOf(std::string_view name) {
  const auto* const found = std::ranges::find(kOptimizerKinds, name, OptimizerName);
  return found == kOptimizerKinds.end() ? std::nullopt : std::optional(*found);
}

}  // namespace posenet::train
