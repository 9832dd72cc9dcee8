// SPDX-License-Identifier: Apache-2.0
#ifndef POSENET_HUMAN_MAP_LAYOUT_H_
#define POSENET_HUMAN_MAP_LAYOUT_H_

#include "nn/plan.h"
#include "posenet/decode.h"

namespace posenet::human {

/// Maps the outputs of a network to the inputs of the decoders.
class MapLayout {
 public:
  /// Errors: kUnsupported if an output is missing or does not have the expected channels, or the size that follows from
  /// `output_stride`.
  static Result<MapLayout> Create(const nn::Network& network, const nn::Plan& plan, int output_stride);

  /// The maps of the last run of `context`; valid until the next run.
  [[nodiscard]] PoseMaps MapsOf(const nn::Context& context) const;

 private:
  /// A range of channels of an output.
  struct Source {
    int output = 0;
    int first_channel = 0;
    int pixel_stride = 0;
  };

  PoseMaps sizes_;  // Without data.
  Source heatmap_;
  Source offsets_;
  Source displacement_fwd_;
  Source displacement_bwd_;
};

}  // namespace posenet::human

#endif  // POSENET_HUMAN_MAP_LAYOUT_H_
