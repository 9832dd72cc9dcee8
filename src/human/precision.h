// SPDX-License-Identifier: Apache-2.0
// From the precision that is asked for to the one in force.
#ifndef POSENET_HUMAN_PRECISION_H_
#define POSENET_HUMAN_PRECISION_H_

#include "model/model_spec.h"
#include "nn/plan.h"
#include "posenet/human.h"

namespace posenet::human {

/// Fills in the precision and the instruction set that `options` leave open, and answers how to pack `model` for them.
/// The answer points into `options`.
/// Errors: kUnsupported when the model's weights are not of that precision.
Result<nn::PackOptions> ChoosePrecision(const model::LoadedModel& model, PoseEstimatorOptions& options);

}  // namespace posenet::human

#endif  // POSENET_HUMAN_PRECISION_H_
