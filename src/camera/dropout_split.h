// SPDX-License-Identifier: Apache-2.0
// A network cut where chance comes in, so that the part before it need not run again for each sample.
#ifndef POSENET_CAMERA_DROPOUT_SPLIT_H_
#define POSENET_CAMERA_DROPOUT_SPLIT_H_

#include <optional>

#include "nn/graph/network.h"

namespace posenet::camera {

/// Whether `network` has dropout on the way to its positions and rotations.
bool SamplesPoses(const nn::Network& network);

/// Two networks that are one: the tail reads what the head answers as `kCutOutput`.
struct DropoutSplit {
  nn::Network head;  ///< All that does not depend on dropout, with the outputs that do not.
  nn::Network tail;  ///< All that does.
};
inline constexpr const char* kCutOutput = "cut";

/// Cuts `network` before its first dropout. Nothing where that cannot be done in one place: where the tail would read
/// several values, or the network's input; where only one of position and rotation depends on dropout, or features do.
/// Precondition: `network` is valid.
std::optional<DropoutSplit> SplitAtDropout(const nn::Network& network);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_DROPOUT_SPLIT_H_
