// SPDX-License-Identifier: Apache-2.0
// Rounds the layers of a group to low precision.
#ifndef POSENET_QUANTIZE_ROUNDED_GROUP_H_
#define POSENET_QUANTIZE_ROUNDED_GROUP_H_

#include <string>
#include <string_view>
#include <vector>

#include "model/model_spec.h"
#include "posenet/result.h"
#include "quantize/layer_groups.h"
#include "quantize/samples.h"
#include "quantize/tensor_store.h"

namespace posenet::quantize {

struct RoundedGroup {
  /// The tensors with the units and zero points of the group's value; empty if it needs none.
  std::string scales;
  std::string zero_points;
  /// The operations that replace those of the group's layers.
  std::vector<nn::Conv2d> products;
  NamedTensors tensors;
  /// Of each layer: LayerReport::signal_to_noise_db.
  std::vector<double> signal_to_noise_db;
};

/// A group of the float model, and samples of the value that it reads there.
struct FloatGroup {
  const model::LoadedModel& model;
  const LayerGroup& group;
  const Samples& samples;
};

/// Rounds a group. `inputs` are samples of the value that it reads after the quantized layers before it, at the same
/// cells as `floats.samples`. Errors: those of nn::ReadConvWeights and CrossOf.
Result<RoundedGroup> RoundGroupToInt8(const FloatGroup& floats, Samples inputs, int thread_count, TensorStore& store);
Result<RoundedGroup> RoundGroupToBFloat16(const FloatGroup& floats, const Samples& inputs, int thread_count,
                                          TensorStore& store);

/// Stores numbers of the channels of a value as a tensor and returns its name, which ends in `suffix`.
std::string AddChannels(const nn::Layer& writer, std::string_view suffix, const Eigen::RowVectorXf& numbers,
                        TensorStore& store, NamedTensors& tensors);

}  // namespace posenet::quantize

#endif  // POSENET_QUANTIZE_ROUNDED_GROUP_H_
