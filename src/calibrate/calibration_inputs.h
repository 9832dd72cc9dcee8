// SPDX-License-Identifier: Apache-2.0
// The inputs of a network for quantization, made from images.
#ifndef POSENET_CALIBRATE_CALIBRATION_INPUTS_H_
#define POSENET_CALIBRATE_CALIBRATION_INPUTS_H_

#include <vector>

#include "image/image.h"
#include "model/model_spec.h"
#include "posenet/result.h"
#include "quantize/calibration.h"

namespace posenet::calibrate {

/// The default sides of calibration inputs: that for which the network was made, or 257 and 513.
std::vector<int> DefaultCalibrationSizes(const model::ModelSpec& spec);

/// Inputs of `sides_px` x `sides_px` for each side: each image, padded to a square, and its mirror image. For a MoveNet
/// of one person, also crops around the person whom it finds in the image, as such a network reads them after the first
/// frame of a video or behind a detector. The network must have 3 input channels.
/// Errors: those of PoseEstimator::Create, for a MoveNet.
Result<std::vector<quantize::CalibrationInput>> MakeCalibrationInputs(const model::LoadedModel& model,
                                                                      const std::vector<image::Image>& images,
                                                                      const std::vector<int>& sides_px,
                                                                      int thread_count);

}  // namespace posenet::calibrate

#endif  // POSENET_CALIBRATE_CALIBRATION_INPUTS_H_
