// SPDX-License-Identifier: Apache-2.0
// Which loss, and its numbers.
#ifndef POSENET_TRAIN_LOSS_OPTIONS_H_
#define POSENET_TRAIN_LOSS_OPTIONS_H_

#include <optional>
#include <string_view>

namespace posenet::train {

enum class LossKind {
  kBeta,       ///< |x - x'| + beta |q - q'|. Kendall et al., PoseNet, 2015, equation 1.
  kLearned,    ///< L_x exp(-s_x) + s_x + L_q exp(-s_q) + s_q. Kendall and Cipolla 2017, equation 3. Goes below 0.
  kGeometric,  ///< Mean distance of projections. Kendall and Cipolla 2017, equation 5.
};
std::string_view LossName(LossKind kind);
std::optional<LossKind> LossOf(std::string_view name);

/// How a loss weighs positions against rotations.
struct LossOptions {
  LossKind kind = LossKind::kLearned;
  double beta = 1.0;         ///< Of kBeta, for positions in the network's units.
  double initial_s_x = 0.0;  ///< Of kLearned: as Kendall and Cipolla 2017 start.
  double initial_s_q = -3.0;
  bool relative = false;  ///< MapNet's term beside it.
};

}  // namespace posenet::train

#endif  // POSENET_TRAIN_LOSS_OPTIONS_H_
