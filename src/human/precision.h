// SPDX-License-Identifier: Apache-2.0
// Resolves the precision of an estimator.
#ifndef POSENET_HUMAN_PRECISION_H_
#define POSENET_HUMAN_PRECISION_H_

#include "model/model_spec.h"
#include "nn/plan.h"
#include "posenet/human.h"

namespace posenet::human {

/// Sets the precision and instruction set of `options` to the ones in effect, and returns the options to pack the
/// weights of `model` with, which refer to `options.instruction_set`.
/// Errors: kUnsupported if the weights of the model do not have the requested precision.
Result<nn::PackOptions> ResolvePrecision(const model::LoadedModel& model, PoseEstimatorOptions& options);

}  // namespace posenet::human

#endif  // POSENET_HUMAN_PRECISION_H_
