// SPDX-License-Identifier: Apache-2.0
#include "train/collapse.h"

namespace posenet::train {

bool HasCollapsed(CollapseWatch& watch, const EpochDistances& epoch, std::int64_t step, std::int64_t total_steps) {
  if (watch.first.rotation == 0.0 && watch.first.position == 0.0) {
    watch.first = epoch;
    return false;
  }
  const auto patience = static_cast<std::int64_t>(kShareToLearn * static_cast<double>(total_steps));
  const bool knows_little = epoch.position >= kCollapsedShare * watch.first.position &&
                            epoch.rotation >= kCollapsedShare * watch.first.rotation;
  const bool is_late = static_cast<double>(total_steps - step) < kShareToBeginAnew * static_cast<double>(total_steps);
  if (!knows_little || is_late || step - watch.since_step < patience || watch.rate <= kSlowestRate) return false;
  watch.rate /= 2.0;
  watch.since_step = step;
  return true;
}

}  // namespace posenet::train
