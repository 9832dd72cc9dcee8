// SPDX-License-Identifier: Apache-2.0
// Which loss, and its hyperparameters.
#ifndef POSENET_TRAIN_LOSS_OPTIONS_H_
#define POSENET_TRAIN_LOSS_OPTIONS_H_

#include <optional>
#include <string_view>

namespace posenet::train {

enum class LossKind {
  kBeta,       ///< |x - x'| + beta |q - q'|. Kendall et al., PoseNet, 2015, equation 1.
  kLearned,    ///< L_x exp(-s_x) + s_x + L_q exp(-s_q) + s_q. Kendall and Cipolla 2017, equation 3. Can be negative.
  kGeometric,  ///< Mean reprojection error. Kendall and Cipolla 2017, equation 5.
};
/// "beta", "learned", "geometric"; and back.
std::string_view LossName(LossKind kind);
std::optional<LossKind> LossOf(std::string_view name);

/// How a loss weighs position errors against rotation errors.
struct LossOptions {
  LossKind kind = LossKind::kLearned;
  double beta = 1.0;      ///< Of kBeta, for positions in the network's units.
  bool relative = false;  ///< Adds MapNet's loss of relative poses.
};

}  // namespace posenet::train

#endif  // POSENET_TRAIN_LOSS_OPTIONS_H_
