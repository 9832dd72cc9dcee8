// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_IMAGE_NORMALIZATION_H_
#define POSENET_IMAGE_NORMALIZATION_H_

#include <array>

namespace posenet::image {

/// The input of a network for an 8-bit RGB channel value v: v * scale + bias[channel].
struct Normalization {
  float scale = 1.0F;
  std::array<float, 3> bias = {0.0F, 0.0F, 0.0F};
  friend bool operator==(const Normalization&, const Normalization&) = default;
};

}  // namespace posenet::image

#endif  // POSENET_IMAGE_NORMALIZATION_H_
