// SPDX-License-Identifier: Apache-2.0
// A network cut before its first dropout, so that the part before it need not run again for each sample.
#ifndef POSENET_CAMERA_DROPOUT_SPLIT_H_
#define POSENET_CAMERA_DROPOUT_SPLIT_H_

#include <optional>

#include "nn/graph/network.h"

namespace posenet::camera {

/// Whether dropout influences both positions and rotations of `network`.
bool SamplesPoses(const nn::Network& network);

/// A network in two parts: the tail's input is the head's output `kCutOutput`.
struct DropoutSplit {
  nn::Network head;  ///< All layers and outputs that do not depend on dropout.
  nn::Network tail;  ///< All that do.
};
inline constexpr const char* kCutOutput = "cut";

/// Cuts `network` before its first dropout. Nothing if one cut is not enough: if the tail would read several values, or
/// the network's input; if only one of position and rotation depends on dropout, or features do.
/// Precondition: `network` is valid.
std::optional<DropoutSplit> SplitAtDropout(const nn::Network& network);

}  // namespace posenet::camera

#endif  // POSENET_CAMERA_DROPOUT_SPLIT_H_
