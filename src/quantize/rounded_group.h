// SPDX-License-Identifier: Apache-2.0
// What the layers of a group become in few bits.
#ifndef POSENET_QUANTIZE_ROUNDED_GROUP_H_
#define POSENET_QUANTIZE_ROUNDED_GROUP_H_

#include <string>
#include <vector>

#include "model/model_spec.h"
#include "posenet/result.h"
#include "quantize/layer_groups.h"
#include "quantize/samples.h"
#include "quantize/tensor_store.h"

namespace posenet::quantize {

struct RoundedGroup {
  /// Name of the units that the group's value is counted in; empty where it stays a real number.
  std::string scales;
  /// In place of those of the group's layers.
  std::vector<nn::Conv2d> products;
  NamedTensors tensors;
  /// Of each layer: power of its results over that of their errors, were it rounded alone.
  std::vector<double> signal_to_noise_db;
};

/// A group of the float model, and what it reads there.
struct FloatGroup {
  const model::LoadedModel& model;
  const LayerGroup& group;
  const Samples& samples;
};

/// `inputs` are what the group reads behind layers that are rounded already, at the cells of `floats.samples`.
/// Errors: those of nn::ReadConvWeights.
Result<RoundedGroup> RoundGroupToInt8(const FloatGroup& floats, const Samples& inputs, TensorStore& store);
Result<RoundedGroup> RoundGroupToBFloat16(const FloatGroup& floats, const Samples& inputs, TensorStore& store);

/// Keeps the units of the value that layer `writer` writes. Answers their name.
std::string KeepScales(const nn::Layer& writer, const Eigen::RowVectorXf& units, TensorStore& store,
                       NamedTensors& tensors);

}  // namespace posenet::quantize

#endif  // POSENET_QUANTIZE_ROUNDED_GROUP_H_
