// SPDX-License-Identifier: Apache-2.0
// The log of a training as curves on a report page.
#ifndef POSENET_CLI_TRAINING_CURVES_H_
#define POSENET_CLI_TRAINING_CURVES_H_

#include "camera/scene.h"
#include "camera/training_log.h"
#include "report/page.h"

namespace posenet::cli {

/// Adds curves over the steps (or epochs) of the columns position_loss, rotation_loss, s_x, s_q, loss, learning_rate,
/// validation_position and validation_rotation_deg, as far as the log has numbers of them.
void AddTrainingCurves(const camera::TrainingLog& log, LengthUnit units, report::Page& page);

}  // namespace posenet::cli

#endif  // POSENET_CLI_TRAINING_CURVES_H_
