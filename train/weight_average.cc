// SPDX-License-Identifier: Apache-2.0
#include "train/weight_average.h"

#include <algorithm>
#include <cstddef>

namespace posenet::train {

using torch::Tensor;

std::vector<Tensor> TensorsOf(const torch::nn::Module& module) {
  std::vector<Tensor> tensors = module.parameters();
  const std::vector<Tensor> buffers = module.buffers();
  tensors.insert(tensors.end(), buffers.begin(), buffers.end());
  return tensors;
}

std::vector<Tensor> CopiesOf(const std::vector<Tensor>& tensors) {
  std::vector<Tensor> copies;
  copies.reserve(tensors.size());
  for (const Tensor& tensor : tensors) copies.push_back(tensor.detach().clone());
  return copies;
}

void Assign(const std::vector<Tensor>& targets, const std::vector<Tensor>& values) {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < targets.size(); ++i) targets[i].detach().copy_(values[i]);
}

void WithWeights(const std::vector<Tensor>& tensors, const std::vector<Tensor>& weights,
                 const std::function<void()>& body) {
  const torch::NoGradGuard no_grad;
  const std::vector<Tensor> kept = CopiesOf(tensors);
  Assign(tensors, weights);
  body();
  Assign(tensors, kept);
}

void UpdateAverages(double decay, std::int64_t step, const std::vector<Tensor>& tensors,
                    const std::vector<Tensor>& averages) {
  const torch::NoGradGuard no_grad;
  const auto steps = static_cast<double>(step);
  const double share = 1.0 - std::min(decay, steps / (steps + 10.0));
  for (std::size_t i = 0; i < averages.size(); ++i) {
    if (tensors[i].is_floating_point()) {
      averages[i].lerp_(tensors[i], share);
    } else {
      averages[i].copy_(tensors[i]);
    }
  }
}

}  // namespace posenet::train
