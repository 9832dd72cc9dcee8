// SPDX-License-Identifier: Apache-2.0
// Noticing that a network answers the same for every photo. Knows no libtorch.
#ifndef POSENET_TRAIN_COLLAPSE_H_
#define POSENET_TRAIN_COLLAPSE_H_

#include <cstdint>

namespace posenet::train {

/// Mean distances of an epoch, as the loss sees them.
struct EpochDistances {
  double position = 0.0;
  double rotation = 0.0;
};

/// A learning rate that suits most scenes is too high for some: a few steps drive units into the flat ends of their
/// activations, from where no gradient leads back, and what is left answers the mean pose. The remedy is to begin
/// anew at half the rate. Plain values, so that a checkpoint can hold them.
struct CollapseWatch {
  EpochDistances first = {};    ///< Of the first epoch, when the network knew nothing; 0 before its end.
  double rate = 1.0;            ///< What the learning rate is multiplied by.
  std::int64_t since_step = 0;  ///< The training, or its last new beginning.
};

/// The network is given this share of the training to learn something, from the start and from each new beginning,
constexpr double kShareToLearn = 0.15;
/// which is to fall below this share of what it got wrong in the first epoch. The mean pose is at 0.9.
constexpr double kCollapsedShare = 0.88;
/// So much of the training must be left for a new beginning: with less, what there is is better than what would be.
constexpr double kShareToBeginAnew = 0.3;
/// No slower than this: what does not learn then does not for another reason.
constexpr double kSlowestRate = 0.125;

/// Takes in an epoch that ended at `step`. True when the network has collapsed: `watch` then has the lower rate.
bool HasCollapsed(CollapseWatch& watch, const EpochDistances& epoch, std::int64_t step, std::int64_t total_steps);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_COLLAPSE_H_
