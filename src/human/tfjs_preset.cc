// SPDX-License-Identifier: Apache-2.0
#include "posenet/human.h"

namespace posenet {

// Nothing refers to defaults, which may change: these are the values of @tensorflow-models/posenet 2.2.2.
PoseEstimatorOptions TfjsPreset() {
  return {.fit = ImageFit::kPad,
          .resampling = Resampling::kBilinear,
          .decoder = PoseDecoder::kTfjsMultiple,
          .multi = {.max_poses = 5, .score_threshold = 0.5F, .nms_radius_px = 20.0F},
          .precision = Precision::kFloat32};
}

}  // namespace posenet
