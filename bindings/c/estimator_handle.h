// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_BINDINGS_C_ESTIMATOR_HANDLE_H_
#define POSENET_BINDINGS_C_ESTIMATOR_HANDLE_H_

#include <memory>
#include <vector>

#include "base/idle_list.h"
#include "posenet/human.h"
#include "posenet/movenet.h"
#include "posenet/pose.h"

struct posenet_estimator {
  std::shared_ptr<const posenet::PoseEstimator>
      estimator;  // Shared with followers, and estimators that it proposes to.
  // The results of concurrent calls, before they are copied to the caller's arrays; kept, so that calls do not
  // allocate.
  mutable posenet::base::IdleList<std::vector<posenet::Pose>> poses;
  mutable posenet::base::IdleList<std::vector<posenet::BoxedPose>> people;
};

#endif  // POSENET_BINDINGS_C_ESTIMATOR_HANDLE_H_
