// SPDX-License-Identifier: Apache-2.0
// What is behind posenet.PoseEstimator.
#ifndef POSENET_PYTHON_ESTIMATOR_H_
#define POSENET_PYTHON_ESTIMATOR_H_

#include "posenet/human.h"
#include "posenet/model.h"

namespace posenet::python {

struct Estimator {
  ModelInfo model;
  PoseEstimator estimator;
};

}  // namespace posenet::python

#endif  // POSENET_PYTHON_ESTIMATOR_H_
