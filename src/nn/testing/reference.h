// SPDX-License-Identifier: Apache-2.0
// Every operation written as plainly as its definition, in double precision, to test the fast kernels against.
#ifndef POSENET_NN_TESTING_REFERENCE_H_
#define POSENET_NN_TESTING_REFERENCE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "nn/graph/network.h"
#include "nn/graph/weights.h"
#include "nn/plan.h"
#include "posenet/result.h"

namespace posenet::nn {

/// A tensor in NHWC order.
struct ReferenceTensor {
  Shape shape;
  std::vector<float> values;
};

float ReferenceActivate(Activation activation, double value);
ReferenceTensor ReferenceConv2d(const Conv2d& conv, const ReferenceTensor& input, std::span<const float> weights,
                                std::span<const float> bias);
ReferenceTensor ReferencePool(const Pool& pool, const ReferenceTensor& input);
ReferenceTensor ReferenceGlobalAveragePool(const ReferenceTensor& input);
ReferenceTensor ReferenceAdd(const Add& add, std::span<const ReferenceTensor* const> inputs);
ReferenceTensor ReferenceConcat(std::span<const ReferenceTensor* const> inputs);
ReferenceTensor ReferenceUpsample(const Upsample& upsample, const ReferenceTensor& input);
ReferenceTensor ReferenceFullyConnected(const FullyConnected& layer, const ReferenceTensor& input,
                                        std::span<const float> weights, std::span<const float> bias);
ReferenceTensor ReferenceLocalResponseNorm(const LocalResponseNorm& norm, const ReferenceTensor& input);
/// `value` is the index of the result among the values of its network.
ReferenceTensor ReferenceDropout(const Dropout& dropout, const ReferenceTensor& input, int value,
                                 std::optional<std::uint64_t> seed);
ReferenceTensor ReferenceLstm(const Lstm& lstm, const ReferenceTensor& input, std::span<const float> input_weights,
                              std::span<const float> recurrent_weights, std::span<const float> bias);

/// Runs a whole network and returns its outputs in order. `input` has `shape.ElementCount()` elements. Values that a
/// plan stores in low precision (ChooseStorage) are rounded as the plan rounds them. `dropout_seed` is that of
/// Context::SampleDropout.
/// Errors: those of InferShapes and of reading weights (PackedNetwork::Create); kInvalidArgument for an input of
/// another size.
Result<std::vector<ReferenceTensor>> ReferenceRun(const Network& network, const TensorMap& weights,
                                                  std::span<const float> input, const Shape& shape,
                                                  BFloat16Use bfloat16 = BFloat16Use::kNever,
                                                  std::optional<std::uint64_t> dropout_seed = std::nullopt);

}  // namespace posenet::nn

#endif  // POSENET_NN_TESTING_REFERENCE_H_
