// SPDX-License-Identifier: Apache-2.0
// Localizes the photos of a scene, read from their files.
#ifndef POSENET_CLI_LOCALIZE_FRAMES_H_
#define POSENET_CLI_LOCALIZE_FRAMES_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "camera/scene.h"
#include "common/image_reader.h"
#include "posenet/camera.h"

namespace posenet::cli {

struct LocalizedFrames {
  std::vector<std::optional<CameraEstimate>> estimates;  ///< Parallel to the frames; nothing for frames that failed.
  std::vector<double> frame_ms;  ///< Time of each successful frame, without reading; a window's is shared equally.
  std::size_t failure_count = 0;
};

/// Localizes the frames of one split of `scene`, in order, by a camera::SequenceLocalizer. Prints a line to standard
/// error for each frame that fails, and continues. Throws CommandError on interruption.
LocalizedFrames LocalizeFrames(const CameraLocalizer& localizer, const camera::Scene& scene, camera::Split split,
                               app::ReadAhead read_ahead);

}  // namespace posenet::cli

#endif  // POSENET_CLI_LOCALIZE_FRAMES_H_
