// SPDX-License-Identifier: Apache-2.0
// The frames of a scene through a camera network, one by one or in windows of consecutive ones.
#ifndef POSENET_CLI_LOCALIZE_FRAMES_H_
#define POSENET_CLI_LOCALIZE_FRAMES_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "camera/scene.h"
#include "common/image_reader.h"
#include "posenet/camera.h"

namespace posenet::cli {

/// What a network answers about frames.
struct LocalizedFrames {
  std::vector<std::optional<CameraEstimate>> estimates;  ///< Parallel to the frames; nothing where a frame failed.
  std::vector<double> frame_ms;  ///< The time that each took, without reading; of windows an equal share.
  std::size_t failure_count = 0;
};

/// Answers the frames of one split of `scene`, in order; each failure is a line on standard error and the rest goes on.
/// Models for sequences look at windows of consecutive frames of a sequence; where the last window of a sequence is not
/// full, it looks at frames again that were answered before. Throws CommandError on interruption.
LocalizedFrames LocalizeFrames(const CameraLocalizer& localizer, const camera::Scene& scene, camera::Split split,
                               app::ReadAhead read_ahead);

}  // namespace posenet::cli

#endif  // POSENET_CLI_LOCALIZE_FRAMES_H_
