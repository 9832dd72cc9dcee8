// SPDX-License-Identifier: Apache-2.0
#include "train/loss_options.h"

namespace posenet::train {

std::string_view LossName(LossKind kind) {
  switch (kind) {
    case LossKind::kBeta:
      return "beta";
    case LossKind::kLearned:
      return "learned";
    case LossKind::kGeometric:
      return "geometric";
  }
  return "";
}

std::optional<LossKind> LossOf(std::string_view name) {
  for (const LossKind kind : {LossKind::kBeta, LossKind::kLearned, LossKind::kGeometric}) {
    if (name == LossName(kind)) return kind;
  }
  return std::nullopt;
}

}  // namespace posenet::train
