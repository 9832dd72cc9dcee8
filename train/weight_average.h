// SPDX-License-Identifier: Apache-2.0
// The running mean of a network's weights, which is more accurate than the weights of any single step.
#ifndef POSENET_TRAIN_WEIGHT_AVERAGE_H_
#define POSENET_TRAIN_WEIGHT_AVERAGE_H_

#include <torch/torch.h>

#include <cstdint>
#include <functional>
#include <vector>

namespace posenet::train {

/// Parameters and buffers of `module`, in a fixed order; not copies.
std::vector<torch::Tensor> TensorsOf(const torch::nn::Module& module);

/// Copies of `tensors`.
std::vector<torch::Tensor> CopiesOf(const std::vector<torch::Tensor>& tensors);

/// Overwrites `targets` with `values`, tensor by tensor.
void Assign(const std::vector<torch::Tensor>& targets, const std::vector<torch::Tensor>& values);

/// Calls `body` while `tensors` have the values of `weights`, then restores their values.
void WithWeights(const std::vector<torch::Tensor>& tensors, const std::vector<torch::Tensor>& weights,
                 const std::function<void()>& body);

/// Moves `averages` towards `tensors`: a_i = d a_i + (1 - d) t_i. d is `decay`, but at most step / (step + 10), as in
/// TensorFlow's ExponentialMovingAverage, so that the initial weights are soon forgotten. Integers are copied.
void UpdateAverages(double decay, std::int64_t step, const std::vector<torch::Tensor>& tensors,
                    const std::vector<torch::Tensor>& averages);

}  // namespace posenet::train

#endif  // POSENET_TRAIN_WEIGHT_AVERAGE_H_
